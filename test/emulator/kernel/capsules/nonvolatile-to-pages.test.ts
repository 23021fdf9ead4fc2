import assert from "node:assert/strict";
import fc from "fast-check";
import { NonvolatileToPages } from "../../../../emulator/kernel/capsules/nonvolatile-to-pages.js";
import { FlashMux, FlashUser } from "../../../../emulator/kernel/capsules/virtual-flash.js";
import { flashBench } from "./storage-bench.js";

function board() {
  const { bench, store, flash } = flashBench(4, 64);
  const mux = new FlashMux(flash);
  const make = () => {
    const pages = new NonvolatileToPages(new FlashUser(mux));
    const done: unknown[] = [];
    pages.setNonvolatileStorageClient({
      readDone: bytes => done.push([...bytes]),
      writeDone: length => done.push(length),
    });
    return { pages, done };
  };
  return { bench, store, flash, mux, first: make(), second: make() };
}

describe("storage by address over pages", () => {
  it("any write changes its bytes and no other, and reads back", () => {
    const range = fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), writes => {
        const { bench, store, first } = board();
        const plain = new Uint8Array(256).fill(0xff);
        for (const [address, all] of writes) {
          const bytes = all.subarray(0, 256 - address);
          assert.equal(first.pages.write(address, bytes), undefined);
          bench.settle();
          plain.set(bytes, address);
          assert.equal(first.done.pop(), bytes.length);
          first.pages.read(address, bytes.length);
          bench.settle();
          assert.deepEqual(first.done.pop(), [...bytes]);
        }
        assert.deepEqual(store.readBytes(0, 256), plain);
      }),
    );
  });

  it("whole pages are not read before they are written, others are", () => {
    const { bench, first } = board();
    first.pages.write(64, new Uint8Array(64));
    const whole = bench.clock.next;
    bench.settle();
    assert.equal(whole, 58_000 * 64);
    const start = bench.clock.now;
    first.pages.write(64, new Uint8Array(63));
    assert.equal(bench.clock.next - start, 4160 * 64);
  });

  it("takes one operation at a time", () => {
    const { bench, first } = board();
    first.pages.write(0, new Uint8Array(3));
    assert.equal(first.pages.read(0, 1), "BUSY");
    assert.equal(first.pages.write(0, new Uint8Array(1)), "BUSY");
    bench.settle();
    assert.deepEqual(first.done, [3]);
  });

  it("two users share the flash: the last made is served first when both wait", () => {
    const { bench, mux, first, second } = board();
    const order: string[] = [];
    first.pages.setNonvolatileStorageClient({
      readDone: () => order.push("first read"),
      writeDone: () => {
        order.push("first wrote");
        first.pages.read(0, 1);
        second.pages.read(0, 1);
      },
    });
    second.pages.setNonvolatileStorageClient({
      readDone: () => order.push("second read"),
      writeDone: () => {},
    });
    first.pages.write(0, new Uint8Array(64));
    bench.settle();
    // The read of the first was started at once, as nothing was under way.
    assert.deepEqual(order.splice(0), ["first wrote", "first read", "second read"]);
    const third = new FlashUser(mux);
    third.setFlashClient({
      readComplete: () => order.push("third read"),
      writeComplete: () => {},
      eraseComplete: () => {},
    });
    first.pages.write(0, new Uint8Array(64));
    first.pages.setNonvolatileStorageClient({
      readDone: () => {},
      writeDone: () => order.push("first wrote"),
    });
    second.pages.read(0, 1);
    third.readPage(0);
    bench.settle();
    assert.deepEqual(order, ["first wrote", "third read", "second read"]);
  });

  it("saved in the middle of a long write and loaded elsewhere, it finishes it", () => {
    const one = board();
    one.first.pages.write(10, new Uint8Array(120).fill(7));
    one.second.pages.read(0, 4);
    one.bench.runMs(120);
    const other = board();
    other.store.load(structuredClone(one.store.save()));
    other.flash.load(structuredClone(one.flash.save()));
    other.mux.load(structuredClone(one.mux.save()));
    other.first.pages.load(structuredClone(one.first.pages.save()));
    other.second.pages.load(structuredClone(one.second.pages.save()));
    other.bench.clock.load(one.bench.clock.save());
    other.bench.settle();
    assert.deepEqual(other.first.done, [120]);
    assert.deepEqual(other.store.readBytes(10, 120), new Uint8Array(120).fill(7));
    assert.deepEqual(other.store.readBytes(130, 1), Uint8Array.of(0xff));
  });
});
