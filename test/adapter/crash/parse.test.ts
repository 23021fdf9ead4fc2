import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { DumpNode } from "../../../adapter/crash/model.js";
import { type ParsedDump, parseDumps } from "../../../adapter/crash/parse.js";
import { printCrashReport } from "../../../emulator/index.js";
import { cortexReport, riscvReport } from "./reports.js";

const folder = "test/golden/transcripts";
const transcripts = readdirSync(folder).filter(name => name.endsWith(".txt"));
const transcript = (name: string): string => readFileSync(`${folder}/${name}.txt`, "utf8");
const dumpOf = (name: string): string => {
  const text = transcript(name);
  return text.slice(text.indexOf("\r\npanicked at"));
};

/** The dump of a text that has exactly one. */
function only(text: string): ParsedDump {
  const { dumps } = parseDumps(text);
  assert.equal(dumps.length, 1);
  return dumps[0] as ParsedDump;
}

/** Every line that is not blank lies in exactly one node, and nodes follow each other. */
function assertCovered(text: string, nodes: readonly DumpNode[]): void {
  let end = 0;
  for (const node of nodes) {
    assert.ok(node.start >= end && node.end > node.start && node.end <= text.length);
    assert.equal(
      text.slice(end, node.start).trim(),
      "",
      "between nodes there are blank lines only",
    );
    for (const value of node.values)
      assert.ok(value.start >= node.start && value.end > value.start && value.end <= node.end);
    end = node.end;
  }
  assert.equal(text.slice(end).trim(), "");
}

describe("the parser of crash dumps", () => {
  for (const file of transcripts)
    it(`puts every line of ${file} into exactly one node`, () => {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      const { nodes } = parseDumps(text);
      assertCovered(text, nodes);
      const kinds = new Set(nodes.map(node => node.kind));
      assert.equal(kinds.has("registers"), text.includes("panicked at"));
    });

  for (const name of transcripts.map(file => file.slice(0, -4)))
    if (transcript(name).includes("\r\npanicked at") && !name.includes("2.2"))
      it(`reads all of ${name}: printed again, it is the same text`, () => {
        assert.equal(printCrashReport(only(dumpOf(name)).report), dumpOf(name));
      });

  for (const [isa, report] of [
    ["Cortex-M", cortexReport],
    ["RISC-V", riscvReport],
  ] as const)
    it(`reads what the kernel prints on ${isa}: printed again, it is the same text`, () => {
      fc.assert(
        fc.property(report, made => {
          const text = printCrashReport(made);
          const { dumps, nodes } = parseDumps(text);
          assert.equal(dumps.length, 1);
          assert.equal(printCrashReport((dumps[0] as ParsedDump).report), text);
          assertCovered(text, nodes);
        }),
        { numRuns: 300 },
      );
    });
});
