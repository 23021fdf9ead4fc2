// Documents: after any edits they are what a document that is opened anew is, and dumps that are not touched stay.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { parseDumps } from "../../../adapter/crash/parse.js";
import { CrashDocument } from "../../../adapter/language/document.js";
import { foldsOf, symbolsOf } from "../../../adapter/language/symbols.js";
import { manglings } from "../crash/manglings.js";

const read = (name: string): string => readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");
const dump = read("nrf52840dk_x_f_null");
const riscv = read("rv32_x_f_null");
const log = (lines: number): string => "[app] 21.5 degrees\n".repeat(lines);

/** All that features are made of. */
const shape = (document: CrashDocument) => ({
  text: document.text,
  dumps: [...document.dumps()].map(({ dump: { nodes, parsed, headline }, start }) => ({
    start,
    nodes,
    report: parsed.report,
    headline,
  })),
  symbols: symbolsOf(document),
  folds: foldsOf(document),
});

const opened = (text: string) => new CrashDocument("file:///a", 1, text);

describe("a document", () => {
  it("has the dumps that the parser finds in its whole text", () => {
    const text = log(3) + dump + log(200) + riscv + log(70) + dump + read("rv32_panic_cmd");
    const found = [...opened(text).dumps()].map(({ dump: { parsed }, start }) => ({
      start: start + parsed.start,
      report: parsed.report,
    }));
    const whole = parseDumps(text).dumps.map(({ start, report }) => ({ start, report }));
    assert.deepEqual(found, whole);
    assert.equal(found.length, 4);
  });

  for (const [what, mangle] of Object.entries(manglings))
    it(`has the dumps that the parser finds where they are written ${what}`, () => {
      for (const [name, one] of Object.entries({ dump, riscv })) {
        const text = mangle(one.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"));
        const found = [...opened(text).dumps()].map(placed => placed.dump.parsed.report);
        const whole = parseDumps(text).dumps.map(({ report }) => report);
        assert.deepEqual(found, whole, name);
        assert.ok(whole.length > 0, name);
      }
    });

  it("keeps what it knows of dumps that an edit does not touch", () => {
    const document = opened(dump + log(200) + riscv + log(200) + dump);
    const before = [...document.dumps()].map(placed => placed.dump);
    const at = { line: 400, character: 2 };
    document.update([{ range: { start: at, end: at }, text: "x" }], 2);
    const after = [...document.dumps()].map(placed => placed.dump);
    assert.equal(after[0], before[0]);
    assert.equal(after[2], before[2]);
    assert.equal(document.version, 2);
  });

  it("after any edits equals one that is opened with the same text", () => {
    const lines = `${dump}${log(70)}${riscv}`.split("\n");
    const line = fc.constantFrom(...lines, "panicked at kernel/src/x.rs:1:2:", "", "\r");
    const edit = fc.record({
      from: fc.nat(1000),
      to: fc.nat(30),
      column: fc.nat(40),
      text: fc.array(line, { maxLength: 5 }).map(some => some.join("\n")),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
        batches => {
          const document = opened(`${dump}${log(70)}${riscv}`);
          let version = 1;
          for (const batch of batches) {
            const changes = batch.map(({ from, to, column, text }) => ({
              range: {
                start: { line: from, character: column },
                end: { line: from + to, character: column },
              },
              text,
            }));
            document.update(changes, ++version);
            assert.deepEqual(shape(document), shape(opened(document.text)));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
