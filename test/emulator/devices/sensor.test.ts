import assert from "node:assert/strict";
import fc from "fast-check";
import { SensorDevice, type SensorOptions } from "../../../emulator/devices/sensor.js";
import * as chips from "../../../emulator/devices/sensor-chips.js";
import { Bench } from "../bench.js";

const { NRF52_TEMPERATURE, RP2040_TEMPERATURE } = chips;

function sensorOf(options: SensorOptions) {
  const bench = new Bench();
  const device = bench.add(new SensorDevice(bench.clock, options));
  const read: unknown[] = [];
  device.setSensorClient({
    sensorRead: (failure, ...values) =>
      read.push(failure ?? (values[1] === undefined ? values[0] : values)),
  });
  const measure = (value: string, argument?: number) => {
    device.onInput(value);
    device.read(argument);
    bench.settle();
    return read.pop();
  };
  return { bench, device, read, measure };
}
const thermometer = () => sensorOf(NRF52_TEMPERATURE);

describe("sensor device", () => {
  it("nothing is scheduled before somebody measures, and nothing afterwards", () => {
    const { bench, device, read } = thermometer();
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.equal(device.read(), undefined);
    assert.equal(bench.clock.next, 36 * 64);
    bench.settle();
    assert.deepEqual(read, [2500]);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
  });

  it("a second measurement is refused while one is under way", () => {
    const { bench, device, read } = thermometer();
    device.read();
    assert.equal(device.read(), "BUSY");
    bench.settle();
    assert.equal(read.length, 1);
  });

  it("what is set during a measurement is what it finds, in the chip's steps", () => {
    const { bench, device, read } = thermometer();
    for (const value of ["23.5", -3.3, " +7 ", ".6"]) {
      device.read();
      device.onInput(value);
      bench.settle();
    }
    assert.deepEqual(read, [2350, -325, 700, 50]);
  });

  it("the RP2040's converter is never half a degree off", () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 125, noNaN: true }), celsius => {
        const value = Number(RP2040_TEMPERATURE.convert(celsius, 0, 0));
        assert.ok(Number.isInteger(value));
        assert.ok(Math.abs(value - celsius * 100) < 50, `${value} for ${celsius}`);
      }),
    );
  });

  it("anything but degrees in its range is refused with a sentence", () => {
    const { device } = thermometer();
    for (const value of ["warm", "", "1e1", 200, "-41", true, Number.NaN])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for temperature must be degrees Celsius from -40 to 105, for example 25, not "${value}".`,
      });
  });

  it("saved during a measurement and loaded elsewhere, it finishes it", () => {
    const first = thermometer();
    first.device.onInput(30);
    first.device.read();
    const second = thermometer();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.read, [3000]);
  });

  it("is as warm after a reset, and measures anew", () => {
    const { bench, device, read } = thermometer();
    device.onInput(30);
    device.read();
    bench.clock.clear();
    device.reset();
    assert.equal(device.read(), undefined);
    bench.settle();
    assert.deepEqual(read, [3000]);
  });

  it("several axes are set with commas between and shown so", () => {
    const { device, measure } = sensorOf(chips.FXOS8700_ACCELERATION);
    assert.deepEqual(measure("0, 0,-9.80665"), [0, 0, -999]);
    assert.equal(device.shown(), "0,0,-9.80665");
    for (const value of ["1,2", 1, "1,2,3,4", "1,2,"])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for acceleration must be 3 numbers with commas between, metres per second squared from -20 to 20, for example 0,0,9.81, not "${value}".`,
      });
  });

  it("a value that is waited for is measured when it comes, or at once if it is there", () => {
    const { bench, device, read } = sensorOf(chips.APDS9960_PROXIMITY);
    device.onInput(50);
    device.readOnInterrupt(10, 100);
    for (const value of [10, 100]) device.onInput(value);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    device.onInput(101);
    bench.settle();
    device.onInput(200);
    bench.settle();
    assert.deepEqual(read, [101]);
    device.readOnInterrupt(10, 100);
    bench.settle();
    assert.deepEqual(read, [101, 200]);
  });

  it("a measurement ends the wait for a value", () => {
    const { bench, device, read } = sensorOf(chips.APDS9960_PROXIMITY);
    device.readOnInterrupt(0, 100);
    device.read();
    assert.equal(device.readOnInterrupt(0, 100), "BUSY");
    bench.settle();
    device.onInput(150);
    bench.settle();
    assert.deepEqual(read, [0]);
  });

  it("a chip that counts as busy while it hands over refuses what its client asks meanwhile", () => {
    for (const busyInCallback of [true, false]) {
      const { bench, device } = sensorOf({ ...NRF52_TEMPERATURE, busyInCallback });
      let refused: unknown;
      device.setSensorClient({ sensorRead: () => (refused = device.read()) });
      device.read();
      bench.runMs(0.04);
      assert.equal(refused, busyInCallback ? "BUSY" : undefined);
    }
  });

  it("chips see what upstream's drivers make of it", () => {
    assert.equal(sensorOf(chips.SI7021_HUMIDITY).measure("45.5"), 4550);
    assert.equal(sensorOf(chips.SI7021_HUMIDITY).measure("0"), 0);
    assert.equal(sensorOf(chips.SI7021_TEMPERATURE).measure("-10.25"), -1026);
    for (const [celsius, told] of [
      ["25", 2500],
      ["35", 1500],
    ] as const) {
      const value = Number(sensorOf(chips.STM32F4_TEMPERATURE).measure(celsius));
      assert.ok(Math.abs(value - told) < 40, `${value} for ${celsius}`);
    }
    assert.equal(sensorOf(chips.ISL29035_LIGHT).measure("300"), 296);
    assert.equal(sensorOf(chips.ISL29035_LIGHT).measure("4000"), 3984);
    assert.equal(sensorOf(chips.EXACT_PRESSURE).measure("1013.9"), 1013);
    assert.equal(sensorOf(chips.HC_SR04_DISTANCE).measure("1000"), 1000);
    assert.equal(sensorOf(chips.HC_SR04_DISTANCE).measure("9000"), "INVAL");
    assert.equal(sensorOf(chips.EXACT_MOISTURE).measure("12.34"), 1234);
    assert.deepEqual(sensorOf(chips.EXACT_ACCELERATION).measure("0,0,9.80665"), [0, 0, 1000]);
  });

  it("it rains evenly, 1 to 24 hours back", () => {
    const { device, measure } = sensorOf(chips.EXACT_RAINFALL);
    assert.equal(measure("1.5", 1), 1500);
    assert.equal(measure("1.5", 24), 36_000);
    for (const hours of [0, 25]) assert.equal(device.read(hours), "NOSUPPORT");
  });
});
