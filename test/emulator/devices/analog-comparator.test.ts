import assert from "node:assert/strict";
import {
  ComparatorDevice,
  type ComparatorOptions,
  NRF52_COMPARATOR,
  SAM4L_COMPARATOR,
} from "../../../emulator/devices/analog-comparator.js";
import { Bench } from "../bench.js";

function comparator(options: ComparatorOptions = NRF52_COMPARATOR) {
  const bench = new Bench();
  const device = bench.add(new ComparatorDevice(bench.clock, 1, options));
  const fired: number[] = [];
  device.setComparatorClient({ fired: index => fired.push(index) });
  const apply = (voltages: string) => {
    device.onInput(voltages);
    bench.settle();
  };
  return { bench, device, fired, apply };
}

describe("comparator device", () => {
  it("compares two voltages that the user applies", () => {
    const { device, apply } = comparator();
    assert.equal(device.comparison(), false);
    apply("1.8, 1.2");
    assert.equal(device.comparison(), true);
    assert.equal(device.shown(), "1.8,1.2");
    apply("1.2,1.2");
    assert.equal(device.comparison(), false);
  });

  it("fires when the positive input rises above the negative one while it is comparing", () => {
    const { device, fired, apply } = comparator();
    apply("2,1");
    device.startComparing();
    apply("3,1");
    assert.deepEqual(fired, []);
    apply("0,1");
    apply("2,1");
    assert.deepEqual(fired, [1]);
    device.stopComparing();
    apply("0,1");
    apply("2,1");
    assert.deepEqual(fired, [1]);
  });

  it("the SAM4L's fires at once when it is above already, and cannot be stopped", () => {
    const { bench, device, fired, apply } = comparator(SAM4L_COMPARATOR);
    apply("2,1");
    device.startComparing();
    bench.settle();
    device.stopComparing();
    apply("0,1");
    apply("2,1");
    assert.deepEqual(fired, [1, 1]);
  });

  it("anything but two voltages is refused with a sentence", () => {
    const { device } = comparator();
    for (const value of ["1", "1,2,3", "4,1", ".,.", 1, true])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for comparator1 must be the voltages of the positive and the negative input from 0 to 3.3, with a comma between, for example 1.8,1.2, not "${value}".`,
      });
  });

  it("keeps its voltages over a reset, and its state when it is saved and loaded", () => {
    const { device, fired, apply } = comparator();
    device.startComparing();
    device.reset();
    apply("2,1");
    assert.deepEqual(fired, []);
    const second = comparator();
    device.startComparing();
    second.device.load(structuredClone(device.save()));
    second.apply("0,1");
    second.apply("2,1");
    assert.deepEqual(second.fired, [1]);
  });
});
