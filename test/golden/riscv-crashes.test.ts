// What a dump of RISC-V says of each way to crash: test/fixtures/riscv/crashes.c, run until it traps.
import { readFileSync } from "node:fs";
import { explainDump } from "../../adapter/crash/dump-body.js";
import { parseDump } from "../../adapter/crash/parse.js";
import { nodeHost } from "../../adapter/host.node.js";
import { crashText } from "../../cli/crash-text.js";
import { crashDump, RISCV_CRASHES } from "../adapter/crash/riscv-process.js";
import { assertGolden } from "./golden.js";

const elf = RISCV_CRASHES;
const source = readFileSync("test/fixtures/riscv/crashes.c", "utf8");
const cases = [...source.matchAll(/^ {4}case (\d+): .*; \/\/ ([\w-]+)$/gm)];

describe("golden crashes of RISC-V", () => {
  for (const [, which, name] of cases) {
    it(`${name} is explained from its dump`, async () => {
      const text = crashDump(Number(which));
      const dump = parseDump(text);
      if (dump === undefined) throw new Error("the dump is not read");
      const options = { elfs: [elf], folders: [], option: "--elf", kernel: undefined };
      const { body } = await explainDump(text, dump, options, nodeHost.files);
      assertGolden(`test/golden/crashes/riscv/${name}.txt`, crashText(body, undefined));
    });
  }
});
