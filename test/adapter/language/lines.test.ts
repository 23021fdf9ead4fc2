// Lines and offsets of a text, against the plainest way to count them.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { TextLines } from "../../../adapter/language/lines.js";

/** The same by splitting. */
function plainPosition(text: string, offset: number): { line: number; character: number } {
  let line = 0;
  let start = 0;
  for (const part of text.matchAll(/\r\n|\r|\n/g)) {
    const next = part.index + part[0].length;
    if (next > offset) return { line, character: Math.min(offset, part.index) - start };
    line++;
    start = next;
  }
  return { line, character: offset - start };
}

const texts = fc
  .array(fc.constantFrom("\r", "\n", "\r\n", "a", "𝐀", ""), { maxLength: 8 })
  .map(parts => parts.join(""));

describe("lines of a text", () => {
  it("end with LF, CR LF or CR", () => {
    const lines = new TextLines("a\nb\r\nc\rd");
    assert.deepEqual(lines.positionAt(2), { line: 1, character: 0 });
    assert.deepEqual(lines.positionAt(5), { line: 2, character: 0 });
    assert.deepEqual(lines.positionAt(7), { line: 3, character: 0 });
    assert.equal(lines.offsetAt({ line: 1, character: 9 }), 3);
    assert.equal(lines.offsetAt({ line: 9, character: 0 }), 8);
    assert.equal(lines.offsetAt({ line: -1, character: 0 }), 0);
  });

  it("after any edits are those of the text", () => {
    const edit = fc.record({ start: fc.nat(12), length: fc.nat(6), text: texts });
    fc.assert(
      fc.property(texts, fc.array(edit, { maxLength: 5 }), (initial, edits) => {
        let text = initial;
        const lines = new TextLines(text);
        for (const { start, length, text: inserted } of edits) {
          const from = Math.min(start, text.length);
          const to = Math.min(text.length, from + length);
          text = text.slice(0, from) + inserted + text.slice(to);
          lines.replace(from, to, inserted);
          assert.equal(lines.text, text);
          for (let offset = 0; offset <= text.length; offset++) {
            const position = lines.positionAt(offset);
            assert.deepEqual(position, plainPosition(text, offset));
            const inEnd = text[offset - 1] === "\r" && text[offset] === "\n";
            if (!inEnd) assert.equal(lines.offsetAt(position), offset);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
