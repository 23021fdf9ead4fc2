// Blocks of a log: where dumps begin and end, and that edits give what a new scan gives.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { Blocks } from "../../../adapter/language/blocks.js";

const transcripts = "test/golden/transcripts";
const read = (name: string): string => readFileSync(`${transcripts}/${name}`, "utf8");
const names = readdirSync(transcripts).filter(name => name.endsWith(".txt"));

/** Dumps as offsets, and logs with neighbours joined: where a long log is cut means nothing. */
function shape(blocks: Blocks): string[] {
  const joined: { start: number; end: number; isDump: boolean }[] = [];
  for (const { block, start } of blocks.all) {
    const end = start + block.length;
    const last = joined.at(-1);
    if (last && !last.isDump && !block.isDump && last.end === start) last.end = end;
    else joined.push({ start, end, isDump: block.isDump });
  }
  return joined.map(({ start, end, isDump }) => `${isDump ? "dump" : "log"} ${start}-${end}`);
}

const logLines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `[app] reading ${n}\n`).join("");

describe("blocks of a log", () => {
  it("follow one another without a gap over every transcript", () => {
    for (const name of names) {
      let at = 0;
      const text = read(name);
      for (const { block, start } of new Blocks(text).all) {
        assert.equal(start, at);
        at += block.length;
      }
      assert.equal(at, text.length, name);
    }
  });

  it("hold one dump each", () => {
    const dump = read("nrf52840dk_x_f_null.txt");
    const text = dump + logLines(500) + dump + dump;
    const dumps = new Blocks(text).all.filter(({ block }) => block.isDump);
    assert.equal(dumps.length, 3);
    for (const { block, start } of dumps) {
      const part = text.slice(start, start + block.length);
      assert.equal(part.match(/panicked at/g)?.length, 1);
      assert.equal(part.match(/App Status/g)?.length, 1);
      assert.match(part, /^panicked at[\s\S]+\.lst file\./);
    }
  });

  it("keep pending debug text with the panic behind it", () => {
    const text = `---| Debug buffer not empty. Flushing. May repeat some of last message(s):\nhello\n\n${read("nrf52840dk_x_f_null.txt")}`;
    const dumps = new Blocks(text).all.filter(({ block }) => block.isDump);
    assert.deepEqual(
      dumps.map(({ start }) => start),
      [0],
    );
  });

  it("find a dump without a banner, behind the prefixes of a log", () => {
    const text =
      "12:00:01.250 | ---| Fault Status |---\n12:00:01.251 | Data Access Violation:              true\n";
    assert.deepEqual(shape(new Blocks(logLines(3) + text)), [
      `log 0-${logLines(3).length}`,
      `dump ${logLines(3).length}-${logLines(3).length + text.length}`,
    ]);
  });

  it("behind an edit are the blocks of before", () => {
    const dump = read("nrf52840dk_x_f_null.txt");
    const text = dump + logLines(5000) + dump + logLines(5000) + dump;
    const blocks = new Blocks(text);
    const before = blocks.all.map(({ block }) => block);
    const at = text.length / 2;
    blocks.update(`${text.slice(0, at)}!${text.slice(at)}`, at, text.length - at);
    const after = new Set(blocks.all.map(({ block }) => block));
    const lost = before.filter(block => !after.has(block));
    assert.ok(lost.length <= 2, `${lost.length} of ${before.length} blocks are new`);
  });

  it("after any edits equal those of a new scan", () => {
    const pieces = [
      "panicked at kernel/src/x.rs:1:2:\n",
      "---| Cortex-M Fault Status |---\r\n",
      "---| Debug buffer not empty. Flushing. May repeat some of last message(s):\n",
      "𝐀𝐩𝐩: blink   -   [Faulted]\n",
      "  R0 : 0x00000000    R6 : 0x00000000\n",
      "hello\n",
      "\n",
      "\r",
      "pan",
      "icked at",
      logLines(65),
      logLines(1200),
    ];
    const edit = fc.record({
      from: fc.nat(10_000),
      length: fc.oneof(fc.nat(5), fc.nat(3000)),
      text: fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map(parts => parts.join("")),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (initial, edits) => {
          let text = initial.join("");
          const blocks = new Blocks(text);
          for (const { from, length, text: inserted } of edits) {
            const start = Math.floor((from / 10_000) * text.length);
            const end = Math.min(text.length, start + length);
            const suffix = text.length - end;
            text = text.slice(0, start) + inserted + text.slice(end);
            blocks.update(text, start, suffix);
            assert.deepEqual(shape(blocks), shape(new Blocks(text)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
