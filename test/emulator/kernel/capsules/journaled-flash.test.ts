import assert from "node:assert/strict";
import fc from "fast-check";
import { JournaledFlash } from "../../../../emulator/kernel/capsules/journaled-flash.js";
import { flashBench } from "./storage-bench.js";

const PAGE = 64;
/** Pages 6 and 7 are spare. */
const RECORD = 6;

function board(expendable: readonly number[] = []) {
  const { bench, store, flash } = flashBench(8, PAGE);
  const journal = new JournaledFlash(flash, {
    firstPage: RECORD,
    isExpendable: page => expendable.includes(page),
    read: (address, length) => store.readBytes(address, length),
    programmer: flash,
  });
  const done: string[] = [];
  journal.setFlashClient({
    readComplete: page => done.push(`read ${page[0]}`),
    writeComplete: () => done.push("write"),
    eraseComplete: () => done.push("erase"),
  });
  const page = (n: number) => store.readBytes(n * PAGE, PAGE);
  return { bench, store, journal, done, page };
}

const filled = (byte: number): Uint8Array => new Uint8Array(PAGE).fill(byte);

describe("flash with a journal", () => {
  it("writes a page that holds bytes by way of the spare ones, and leaves no record", () => {
    const { bench, store, journal, done, page } = board();
    assert.equal(journal.recover(), undefined);
    store.writeBytes(0, filled(1));
    assert.equal(journal.writePage(0, filled(2)), undefined);
    bench.settle();
    assert.deepEqual(done, ["write"]);
    assert.deepEqual(page(0), filled(2));
    assert.deepEqual(page(RECORD), filled(0xff));
    assert.deepEqual(page(RECORD + 1), filled(2));
  });

  it("writes what only clears bits, and a page that may be lost, without a copy", () => {
    const { bench, store, journal, done, page } = board([1]);
    journal.recover();
    store.writeBytes(PAGE, filled(1));
    store.writeBytes(2 * PAGE, filled(3));
    for (const n of [0, 1, 2]) {
      journal.writePage(n, filled(2));
      bench.settle();
      assert.deepEqual(page(n), filled(2));
    }
    assert.deepEqual(done, ["write", "write", "write"]);
    assert.deepEqual(page(RECORD + 1), filled(0xff));
  });

  it("reads and erases as the flash below, one operation at a time", () => {
    const { bench, store, journal, done, page } = board();
    journal.recover();
    store.writeBytes(0, filled(7));
    journal.readPage(0);
    assert.equal(journal.writePage(0, filled(1)), "BUSY");
    assert.equal(journal.erasePage(0), "BUSY");
    bench.settle();
    journal.erasePage(0);
    bench.settle();
    assert.deepEqual(done, ["read 7", "erase"]);
    assert.deepEqual(page(0), filled(0xff));
    assert.equal(journal.writePage(99, filled(1)), "INVAL");
    assert.equal(journal.readPage(0), undefined);
  });

  it("leaves spare pages alone that hold bytes of others", () => {
    const { bench, store, journal, page } = board();
    store.writeBytes(RECORD * PAGE, filled(0x55));
    store.writeBytes(0, filled(1));
    assert.equal(journal.recover(), undefined);
    journal.writePage(0, filled(2));
    bench.settle();
    assert.deepEqual(page(0), filled(2));
    assert.deepEqual(page(RECORD), filled(0x55));
    assert.deepEqual(page(RECORD + 1), filled(0xff));
  });

  it("power may fail at any change: a page holds its old bytes or its new ones, and others keep theirs", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: PAGE, maxLength: PAGE }), fc.nat(5), (bytes, n) => {
        const { bench, store, journal } = board();
        for (let i = 0; i < 6; i++) store.writeBytes(i * PAGE, filled(i));
        journal.recover();
        journal.writePage(n, bytes);
        const images = [store.readBytes(0, 8 * PAGE)];
        while (bench.clock.next !== Number.POSITIVE_INFINITY) {
          bench.runTo(bench.clock.next);
          images.push(store.readBytes(0, 8 * PAGE));
        }
        let found = 0;
        for (const image of images) {
          const next = board();
          next.store.writeBytes(0, image);
          if (next.journal.recover() !== undefined) found++;
          for (let i = 0; i < 6; i++)
            if (i !== n) assert.deepEqual(next.page(i), filled(i));
            else assert.ok([filled(n), bytes].some(b => Buffer.compare(b, next.page(n)) === 0));
          assert.deepEqual(next.page(RECORD), filled(0xff));
        }
        assert.ok(found >= 2);
      }),
      { numRuns: 30 },
    );
  });

  it("goes on from a saved state at any event", () => {
    const one = board();
    one.journal.recover();
    one.store.writeBytes(0, filled(1));
    one.journal.writePage(0, filled(2));
    let events = 0;
    for (; one.bench.clock.next !== Number.POSITIVE_INFINITY; events++) {
      const state = structuredClone(one.journal.save());
      const other = board();
      other.journal.load(state);
      assert.deepEqual(other.journal.save(), state);
      one.journal.load(state);
      one.bench.runTo(one.bench.clock.next);
    }
    assert.ok(events > 5);
    assert.deepEqual(one.done, ["write"]);
    assert.deepEqual(one.page(0), filled(2));
  });
});
