import assert from "node:assert/strict";
import fc from "fast-check";
import { Memory } from "../../../emulator/bus/memory.js";
import {
  BlankStore,
  FlashDevice,
  type FlashOptions,
  MX25R6435F,
  NRF52_NVMC,
} from "../../../emulator/devices/flash.js";
import { Bench } from "../bench.js";

/** Its steps are apart. */
const data = { runsCode: false };
const options: FlashOptions = { ...NRF52_NVMC, name: "flash", firstPage: 0, endPage: 4 };

function chip(changes: Partial<FlashOptions> = {}) {
  const bench = new Bench();
  const memory = new Memory({
    flash: { address: 0, size: 0x4000 },
    ram: { address: 0x20000000, size: 64 },
  });
  const device = bench.add(
    new FlashDevice(bench.clock, bench.trace, { ...options, ...changes }, memory),
  );
  const done: unknown[] = [];
  device.setFlashClient({
    readComplete: page => done.push(page),
    writeComplete: () => done.push("written"),
    eraseComplete: () => done.push("erased"),
  });
  const outputs = () => bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
  return { bench, memory, device, done, outputs };
}

const page = (fill: number) => new Uint8Array(4096).fill(fill);
const cycles = (microseconds: number) => microseconds * 64;

describe("flash device", () => {
  it("writing a blank page takes the time of its words and clears bits", () => {
    const { bench, memory, device, done } = chip();
    assert.equal(device.writePage(1, page(0x5a)), undefined);
    assert.equal(memory.read8(4096), 0xff);
    bench.settle();
    assert.deepEqual(done, ["written"]);
    assert.equal(bench.clock.now, cycles(1024 * 41));
    assert.deepEqual(memory.readBytes(4096, 4096), page(0x5a));
    assert.equal(memory.read8(4095), 0xff);
  });

  it("a page that is not blank is erased first, and wears", () => {
    const { bench, memory, device, outputs } = chip();
    memory.write8(4096, 0);
    device.writePage(1, page(0xf0));
    bench.settle();
    assert.equal(bench.clock.now, cycles(85_000 + 1024 * 41));
    assert.deepEqual(memory.readBytes(4096, 4096), page(0xf0));
    assert.deepEqual(outputs(), [
      { step: "erase", page: 1, erasures: 1 },
      { step: "write", page: 1, erasures: 1 },
    ]);
  });

  it("no instruction finds a page of the processor's own flash between two steps", () => {
    const { bench, memory, device, outputs } = chip();
    memory.write8(4096, 0);
    device.writePage(1, page(0xf0));
    bench.runTo(cycles(85_000 + 1024 * 41) - 1);
    assert.equal(memory.read8(4096), 0);
    assert.deepEqual(outputs(), []);
    bench.runTo(bench.clock.now + 1);
    assert.deepEqual(memory.readBytes(4096, 4096), page(0xf0));
  });

  it("writing only clears bits: what is cleared after the erasure stays", () => {
    const { bench, memory, device } = chip(data);
    memory.write8(4096, 0);
    device.writePage(1, page(0xaa));
    bench.runTo(cycles(85_000));
    memory.write8(4096, 0x0f);
    bench.settle();
    assert.deepEqual([...memory.readBytes(4096, 2)], [0x0a, 0xaa]);
  });

  it("a board that is reset between the steps of a write finds the page erased", () => {
    const { bench, memory, device, done } = chip(data);
    memory.write8(4096, 0);
    device.writePage(1, page(0x12));
    bench.runTo(cycles(85_000));
    bench.clock.clear();
    device.reset();
    bench.settle();
    assert.deepEqual(memory.readBytes(4096, 4096), page(0xff));
    assert.deepEqual(done, []);
    device.writePage(1, page(0x34));
    bench.settle();
    assert.deepEqual(memory.readBytes(4096, 4096), page(0x34));
    assert.deepEqual(device.shown(), { step: "write", page: 1, erasures: 1 });
  });

  it("erasing a blank page takes no erasure where the chip looks first, and one where it does not", () => {
    for (const [changes, erasures, microseconds] of [
      [{}, 0, 16],
      [{ ...MX25R6435F }, 1, 58_000],
    ] as const) {
      const { bench, device, done } = chip(changes);
      device.erasePage(0);
      bench.settle();
      assert.deepEqual(done, ["erased"]);
      assert.equal(bench.clock.now, cycles(microseconds));
      assert.deepEqual(device.save().wear, erasures === 0 ? [] : [[0, erasures]]);
    }
  });

  it("takes one operation at a time, on pages that exist", () => {
    const { bench, device, done } = chip();
    assert.equal(device.readPage(4), "INVAL");
    assert.equal(device.erasePage(-1), "INVAL");
    assert.equal(device.readPage(0), undefined);
    assert.equal(device.writePage(1, page(0)), "BUSY");
    bench.settle();
    assert.deepEqual(done, [page(0xff)]);
  });

  it("saved between the steps of a write and loaded elsewhere, it finishes it", () => {
    const first = chip(data);
    first.memory.write8(0, 0);
    first.device.writePage(0, page(0x77));
    first.bench.runTo(cycles(85_000));
    const second = chip(data);
    second.memory.load(first.memory.save());
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, ["written"]);
    assert.deepEqual(second.memory.readBytes(0, 4096), page(0x77));
    assert.deepEqual(second.device.shown(), { step: "write", page: 0, erasures: 1 });
  });

  it("a chip of its own keeps bytes through a reset, and saves them", () => {
    const bench = new Bench();
    const make = () =>
      new FlashDevice(bench.clock, bench.trace, {
        ...MX25R6435F,
        name: "flash",
        firstPage: 0,
        endPage: 2,
      });
    const device = bench.add(make());
    device.writePage(1, page(0xab));
    bench.settle();
    device.reset();
    const copy = bench.add(make());
    copy.load(structuredClone(device.save()));
    let read: Uint8Array | undefined;
    copy.setFlashClient({
      readComplete: bytes => {
        read = bytes;
      },
      writeComplete: () => {},
      eraseComplete: () => {},
    });
    copy.readPage(1);
    bench.settle();
    assert.deepEqual(read, page(0xab));
  });

  it("a store of blocks holds what a plain array would", () => {
    const write = fc.record({
      at: fc.nat(100),
      bytes: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(write), writes => {
        const store = new BlankStore(16);
        const plain = new Uint8Array(160).fill(0xff);
        for (const { at, bytes } of writes) {
          store.writeBytes(at, bytes);
          plain.set(bytes, at);
        }
        const copy = new BlankStore(16);
        copy.load(structuredClone(store.save()));
        assert.deepEqual(copy.readBytes(3, 150), plain.slice(3, 153));
      }),
    );
  });
});
