import assert from "node:assert/strict";
import fc from "fast-check";
import {
  NRF52_TEMPERATURE,
  RP2040_TEMPERATURE,
  TemperatureDevice,
  type TemperatureOptions,
} from "../../../emulator/devices/temperature.js";
import { Bench } from "../bench.js";

function thermometer(options: TemperatureOptions = NRF52_TEMPERATURE) {
  const bench = new Bench();
  const device = bench.add(new TemperatureDevice(bench.clock, options));
  const read: unknown[] = [];
  device.setTemperatureClient({ temperatureRead: value => read.push(value) });
  return { bench, device, read };
}

describe("temperature device", () => {
  it("nothing is scheduled before somebody measures, and nothing afterwards", () => {
    const { bench, device, read } = thermometer();
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.equal(device.readTemperature(), undefined);
    assert.equal(bench.clock.next, 36 * 64);
    bench.settle();
    assert.deepEqual(read, [2500]);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
  });

  it("a second measurement is refused while one is under way", () => {
    const { bench, device, read } = thermometer();
    device.readTemperature();
    assert.equal(device.readTemperature(), "BUSY");
    bench.settle();
    assert.equal(read.length, 1);
  });

  it("what is set during a measurement is what it finds, in the chip's steps", () => {
    const { bench, device, read } = thermometer();
    for (const value of ["23.5", -3.3, " +7 ", ".6"]) {
      device.readTemperature();
      device.onInput(value);
      bench.settle();
    }
    assert.deepEqual(read, [2350, -325, 700, 50]);
  });

  it("the RP2040's converter is never half a degree off", () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 125, noNaN: true }), celsius => {
        const value = RP2040_TEMPERATURE.convert(celsius);
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
        message: `Input for temperature must be degrees Celsius from -40 to 105, for example 23.5, not "${value}".`,
      });
  });

  it("saved during a measurement and loaded elsewhere, it finishes it", () => {
    const first = thermometer();
    first.device.onInput(30);
    first.device.readTemperature();
    const second = thermometer();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.read, [3000]);
  });

  it("is as warm after a reset, and measures anew", () => {
    const { bench, device, read } = thermometer();
    device.onInput(30);
    device.readTemperature();
    bench.clock.clear();
    device.reset();
    assert.equal(device.readTemperature(), undefined);
    bench.settle();
    assert.deepEqual(read, [3000]);
  });
});
