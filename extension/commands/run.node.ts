// Starts a program beside the extension host, which only Node can.
import { spawn } from "node:child_process";
import type { Run } from "./real-board.js";

const isWindows = process.platform === "win32";

export const run: Run = (program, words, { folder, onStop } = {}) =>
  new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    const child = spawn(program, [...words], {
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, which ends as a whole.
      detached: !isWindows,
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
      else
        reject(
          new Error(`${program} cannot be started (${error.code}): make the file executable.`),
        );
    });
    child.on("close", code => resolve({ code: code ?? 1, output, errors }));
    onStop?.(() => {
      const { pid } = child;
      if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      if (isWindows) child.kill();
      else process.kill(-pid);
    });
  });
