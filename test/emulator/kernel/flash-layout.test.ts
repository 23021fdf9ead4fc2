import assert from "node:assert/strict";
import fc from "fast-check";
import { Memory } from "../../../emulator/bus/memory.js";
import { writePadding } from "../../../emulator/formats/tbf-write.js";
import { findPlace, type Place, withinFlash } from "../../../emulator/kernel/flash-layout.js";
import { sleeper } from "../installer.js";

const FLASH = { start: 0x40000, size: 0x40000 };
const END = FLASH.start + FLASH.size;

function flashWith(objects: readonly { size: number; padding?: boolean }[]) {
  const memory = new Memory({
    flash: { address: 0, size: END },
    ram: { address: 0x20000000, size: 64 },
  });
  let at = FLASH.start;
  const apps: { start: number; end: number }[] = [];
  for (const { size, padding } of objects) {
    memory.writeBytes(at, padding ? writePadding(size).subarray(0, 16) : sleeper("app", size));
    if (!padding) apps.push({ start: at, end: at + size });
    at += size;
  }
  const lines: string[] = [];
  return {
    memory,
    apps,
    lines,
    find: (size: number) => findPlace(memory, FLASH, size, line => lines.push(line)),
  };
}

const place = (start: number, before: Place["before"] = null, after: Place["after"] = null) => ({
  start,
  before,
  after,
});

describe("the place of a new app in flash", () => {
  it("is behind the only app, at a multiple of its own size", () => {
    const { find } = flashWith([{ size: 0x1000 }]);
    assert.deepEqual(find(0x1000), place(0x41000));
    assert.deepEqual(find(0x4000), place(0x44000, { start: 0x41000, length: 0x3000 }));
  });

  it("is the first gap that is larger than the app; one that fits exactly is left alone", () => {
    const { find } = flashWith([
      { size: 0x1000 },
      { size: 0x1000, padding: true },
      { size: 0x2000 },
    ]);
    assert.deepEqual(find(0x800), place(0x41000, null, { start: 0x41800, length: 0x800 }));
    assert.deepEqual(find(0x1000), place(0x44000));
  });

  it("needs padding on both sides where its size makes it so", () => {
    const { find } = flashWith([
      { size: 0x1000 },
      { size: 0x7000, padding: true },
      { size: 0x1000 },
    ]);
    const before = { start: 0x41000, length: 0x1000 };
    assert.deepEqual(find(0x2000), place(0x42000, before, { start: 0x44000, length: 0x4000 }));
  });

  it("is nowhere beyond the end of flash, and its last byte may be the last of flash", () => {
    const { find } = flashWith([{ size: 0x20000 }]);
    assert.deepEqual(find(0x20000), place(0x60000));
    assert.equal(find(0x40000), undefined);
  });

  it("is nowhere when there are ten apps, and with nine behind them", () => {
    const apps = (count: number) => Array.from({ length: count }, () => ({ size: 0x1000 }));
    assert.deepEqual(flashWith(apps(9)).find(0x1000), place(0x49000));
    assert.equal(flashWith(apps(10)).find(0x1000), undefined);
  });

  it("is nowhere when a header in the list has impossible lengths", () => {
    const { memory, find } = flashWith([{ size: 0x1000 }, { size: 0x1000 }]);
    memory.write16(0x41002, 8);
    assert.equal(find(0x1000), undefined);
  });

  it("of no bytes is a panic, as upstream divides by the size", () => {
    const { find } = flashWith([{ size: 0x1000 }]);
    assert.throws(() => find(0), /divisor of zero/);
  });

  it("a header of 16 bytes fits if it ends before the last byte of flash", () => {
    assert.equal(withinFlash(FLASH, END - 17, 16), true);
    assert.equal(withinFlash(FLASH, END - 16, 16), false);
  });

  it("overlaps no app, and the list goes on through its padding", () => {
    const objects = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 16 }).map(n => n * 512), padding: fc.boolean() }),
      { maxLength: 8 },
    );
    const sizes = fc.integer({ min: 1, max: 40 }).map(n => n * 512);
    fc.assert(
      fc.property(objects, sizes, (list, size) => {
        const { find, apps } = flashWith([{ size: 512 }, ...list]);
        const found = find(size)!;
        const { start, before, after } = found;
        const end = start + size;
        assert.equal(start % size, 0);
        for (const app of apps) assert.ok(app.end <= start || app.start >= end);
        const previous = Math.max(...apps.map(app => app.end).filter(at => at <= start));
        assert.equal(previous + (before?.length ?? 0), start);
        const next = apps.find(app => app.start >= end);
        assert.equal(after === null ? undefined : end + after.length, next?.start);
      }),
    );
  });
});
