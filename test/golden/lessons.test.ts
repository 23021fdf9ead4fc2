// The command lines in the READMEs of the lessons, run as they stand there: every byte of the console and of stderr.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertGolden } from "./golden.js";

/** The commands in the fenced blocks of a page, with their continued lines joined. */
function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks
    .join("")
    .replaceAll(/ \\\n\s*/g, " ")
    .split("\n")
    .filter(line => line.startsWith("npx tock-debug "));
}

/** As a shell splits it, as far as our pages go: blanks, and single quotes around a whole word. */
const words = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

describe("command lines of the lessons", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-lessons-"));
    copyFileSync("examples/hello/hello.elf", join(folder, "hello.elf"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What a lesson makes, a TAB and a TBF beside the ELF, is made elsewhere. */
  const elsewhere = (word: string) =>
    word
      .replace(/^hello-sha256\.tab$/, join(folder, "hello-sha256.tab"))
      .replace(/^examples\/hello\/hello\.elf/, join(folder, "hello.elf"));

  for (const lesson of ["sensor-board", "button-snooping", "root-of-trust"])
    it(`${lesson}: all give what they gave`, () => {
      const page = readFileSync(`examples/lessons/${lesson}/README.md`, "utf8");
      const commands = commandsIn(page);
      assert.ok(commands.length > 0);
      const shown = commands.map(command => {
        const [, , ...args] = words(command);
        const { CI: _, ...env } = process.env;
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          ["out/cli/main.js", ...args.map(elsewhere)],
          { encoding: "utf8", env },
        );
        return `$ ${command}\n${stdout.replaceAll("\r", "")}\n--- stderr\n${stderr}--- exit code ${status}\n`;
      });
      assertGolden(`test/golden/lessons/${lesson}.txt`, shown.join("\n"));
    });
});
