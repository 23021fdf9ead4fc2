// Starts a program beside the extension host, which only Node can.
import { spawn } from "node:child_process";
import type { Run } from "./real-board.js";

export const run: Run = (program, words, folder) =>
  new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    const child = spawn(program, [...words], {
      stdio: ["ignore", "pipe", "pipe"],
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve({ code: undefined, output, errors });
      else reject(error);
    });
    child.on("close", code => resolve({ code: code ?? 1, output, errors }));
  });
