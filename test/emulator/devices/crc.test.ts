import assert from "node:assert/strict";
import { CrcDevice } from "../../../emulator/devices/crc.js";
import { Bench, bytesOf } from "../bench.js";

function unit() {
  const bench = new Bench();
  const device = bench.add(new CrcDevice(bench.clock));
  const done: unknown[] = [];
  device.setCrcClient({
    inputDone: () => done.push("input"),
    crcDone: (output, algorithm) => done.push([algorithm, output]),
  });
  return { bench, device, done };
}

describe("CRC device", () => {
  it("has upstream's values, of input in pieces too", () => {
    // examples/tests/crc/test_cases.h of libtock-c, and the catalogue's check values.
    for (const [algorithm, text, value] of [
      ["Crc16CCITT", "ABCDEFG", 0x1541],
      ["Crc32", "123456789", 0xcbf43926],
      ["Crc32C", "123456789", 0xe3069283],
    ] as const) {
      const { bench, device, done } = unit();
      assert.equal(device.setAlgorithm(algorithm), undefined);
      for (const piece of [text.slice(0, 3), text.slice(3)]) {
        assert.equal(device.input(bytesOf(piece)), undefined);
        bench.settle();
      }
      assert.equal(device.compute(), undefined);
      bench.settle();
      assert.deepEqual(done, ["input", "input", [algorithm, value]]);
    }
  });

  it("RESERVE without an algorithm, BUSY while it works", () => {
    const { device } = unit();
    assert.equal(device.input(bytesOf("a")), "RESERVE");
    assert.equal(device.compute(), "RESERVE");
    device.setAlgorithm("Crc32");
    device.input(bytesOf("a"));
    assert.equal(device.input(bytesOf("a")), "BUSY");
    assert.equal(device.compute(), "BUSY");
    assert.equal(device.setAlgorithm("Crc32"), "BUSY");
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = unit();
    first.device.setAlgorithm("Crc32");
    first.device.input(bytesOf("123456789"));
    const second = unit();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    second.device.compute();
    second.bench.settle();
    assert.deepEqual(second.done, ["input", ["Crc32", 0xcbf43926]]);
  });
});
