import assert from "node:assert/strict";
import { SdCardDevice } from "../../../emulator/devices/sdcard.js";
import { Bench } from "../bench.js";

const MIB = 1024 * 1024;

function slot() {
  const bench = new Bench();
  const device = bench.add(new SdCardDevice(bench.clock, { size: 2 * MIB }));
  const done: unknown[] = [];
  device.setSdCardClient({
    cardDetectionChanged: installed => done.push(installed ? "in" : "out"),
    initDone: (blockSize, size) => done.push([blockSize, size]),
    readDone: block => done.push([...block.subarray(0, 3)]),
    writeDone: () => done.push("written"),
    sdCardError: error => done.push(error),
  });
  const settle = () => {
    bench.settle();
    return done.splice(0);
  };
  return { bench, device, done, settle };
}

const block = (fill: number) => new Uint8Array(512).fill(fill);

describe("SD card slot", () => {
  it("a card is initialized before its blocks are read and written", () => {
    const { device, settle } = slot();
    assert.equal(device.readBlock(0), "RESERVE");
    assert.equal(device.initialize(), undefined);
    assert.equal(device.initialize(), "NOMEM");
    assert.deepEqual(settle(), [[512, 2 * MIB]]);
    assert.equal(device.writeBlock(7, block(5)), undefined);
    assert.deepEqual(settle(), ["written"]);
    device.readBlock(7);
    assert.deepEqual(settle(), [[5, 5, 5]]);
    device.readBlock(8);
    assert.deepEqual(settle(), [[255, 255, 255]]);
  });

  it("blocks beyond the end fail", () => {
    const { device, settle } = slot();
    device.initialize();
    settle();
    device.readBlock(4096);
    assert.deepEqual(settle(), ["ReadFailure"]);
    device.writeBlock(0xffffffff, block(0));
    assert.deepEqual(settle(), ["WriteFailure"]);
    assert.equal(device.readBlock(4095), undefined);
  });

  it("a card that is taken out and put back is told half a second later, and must be initialized", () => {
    const { bench, device, done, settle } = slot();
    device.initialize();
    settle();
    device.writeBlock(0, block(9));
    settle();
    device.onInput("remove");
    assert.equal(device.initialize(), "UNINSTALLED");
    bench.runMs(499);
    assert.deepEqual(done, []);
    bench.runMs(1);
    assert.deepEqual(settle(), ["out"]);
    device.onInput("insert");
    assert.deepEqual(settle(), ["in"]);
    assert.equal(device.readBlock(0), "RESERVE");
    device.initialize();
    settle();
    device.readBlock(0);
    assert.deepEqual(settle(), [[9, 9, 9]]);
  });

  it("an operation under way ends when the card is taken out", () => {
    const { device, settle } = slot();
    device.initialize();
    device.onInput("remove");
    assert.deepEqual(settle(), ["CardStateChanged", "out"]);
  });

  it("what happens within the half second is seen at its end", () => {
    const { bench, device, settle } = slot();
    device.onInput("remove");
    bench.runMs(100);
    device.onInput("insert");
    assert.deepEqual(settle(), ["in"]);
  });

  it("another card comes with its bytes, its size rounded up to what a card can tell", () => {
    const { device, settle } = slot();
    device.onInput(Uint8Array.of(1, 2, 3));
    assert.deepEqual(settle(), ["in"]);
    assert.deepEqual(device.shown(), { inserted: true, kilobytes: 512 });
    device.initialize();
    settle();
    device.readBlock(0);
    assert.deepEqual(settle(), [[1, 2, 3]]);
    device.onInput("remove");
    assert.deepEqual(device.shown(), { inserted: false, kilobytes: 0 });
  });

  it("any other input is refused with a sentence", () => {
    const { device } = slot();
    for (const value of ["eject", 1, true])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for sdcard must be insert, remove, or the bytes of a card to insert, not "${value}".`,
      });
    assert.throws(() => device.onInput(new Uint8Array()), { name: "UserError" });
  });

  it("saved during a write and loaded elsewhere, it finishes it; a reset keeps the card", () => {
    const first = slot();
    first.device.initialize();
    first.settle();
    first.device.writeBlock(3, block(4));
    const second = slot();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.settle(), ["written"]);
    second.device.reset();
    assert.equal(second.device.readBlock(3), "RESERVE");
    second.device.initialize();
    second.settle();
    second.device.readBlock(3);
    assert.deepEqual(second.settle(), [[4, 4, 4]]);
  });
});
