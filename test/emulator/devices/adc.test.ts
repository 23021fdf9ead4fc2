import assert from "node:assert/strict";
import {
  AdcDevice,
  type AdcOptions,
  EXACT_ADC,
  nrf52Adc,
  RP2040_ADC,
  SAM4L_ADC,
} from "../../../emulator/devices/adc.js";
import { AnalogInput } from "../../../emulator/devices/analog-input.js";
import { Bench } from "../bench.js";

function converter(options: AdcOptions = EXACT_ADC) {
  const bench = new Bench();
  const inputs = [0, 1].map(i => bench.add(new AnalogInput(`adc${i}`, options.fullScale)));
  const device = bench.add(new AdcDevice(bench.clock, inputs, options));
  const samples: number[] = [];
  const buffers: (readonly number[])[] = [];
  device.setAdcClient({ sampleReady: sample => samples.push(sample) });
  device.setHighSpeedClient({ samplesReady: buffer => buffers.push(buffer) });
  return { bench, device, inputs: inputs as [AnalogInput, AnalogInput], samples, buffers };
}

describe("analog input", () => {
  it("takes volts up to its maximum and refuses anything else with a sentence", () => {
    const input = new AnalogInput("adc0", 3.3);
    input.onInput("1.65");
    assert.equal(input.shown(), 1.65);
    for (const value of ["3.4", -1, "high", "", true])
      assert.throws(() => input.onInput(value), {
        name: "UserError",
        message: `Input for adc0 must be volts from 0 to 3.3, for example 1.65, not "${value}".`,
      });
    assert.equal(input.volts, 1.65);
  });
});

describe("ADC device", () => {
  it("samples have twelve bits, left-justified, and stop at the top", () => {
    const { bench, device, inputs, samples } = converter();
    for (const volts of [0, 1.65, 3.3]) {
      inputs[1].onInput(volts);
      device.sample(1);
      bench.settle();
    }
    assert.deepEqual(samples, [0, 0x8000, 0xfff0]);
  });

  it("one operation at a time", () => {
    const { device } = converter();
    device.sample(0);
    assert.equal(device.sample(0), "BUSY");
    assert.equal(device.sampleContinuous(0, 10), "BUSY");
    assert.equal(device.sampleHighspeed(0, 10, 1, 0), "BUSY");
  });

  it("continuous samples come at their rate until stopped", () => {
    const { bench, device, inputs, samples } = converter();
    device.sampleContinuous(0, 1000);
    bench.runMs(2.5);
    inputs[0].onInput(3.3);
    bench.runMs(1);
    assert.deepEqual(samples, [0, 0, 0xfff0]);
    assert.equal(device.stopSampling(), undefined);
    assert.equal(device.stopSampling(), "INVAL");
    bench.settle();
    assert.equal(samples.length, 3);
  });

  it("a buffer holds what was on the input at each of its samples", () => {
    const { bench, device, inputs, buffers } = converter();
    device.sampleHighspeed(0, 1000, 4, 2);
    bench.runMs(1.5);
    inputs[0].onInput(3.3);
    inputs[1].onInput(1);
    bench.runMs(2);
    inputs[0].onInput(1.65);
    bench.runMs(3);
    assert.deepEqual(buffers, [
      [0, 0, 0xfff0, 0xfff0],
      [0x8000, 0x8000],
    ]);
  });

  it("goes on with the next buffer, and takes one more only when it has none waiting", () => {
    const { bench, device, buffers } = converter();
    device.sampleHighspeed(0, 1000, 1, 1);
    assert.equal(device.provideBuffer(1), "BUSY");
    bench.runMs(1);
    assert.equal(device.provideBuffer(2), undefined);
    bench.runMs(3);
    assert.deepEqual(
      buffers.map(b => b.length),
      [1, 1, 2],
    );
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
  });

  it("gives its buffers back when it is stopped", () => {
    const { device } = converter();
    device.sampleHighspeed(0, 1000, 4, 2);
    assert.equal(device.retrieveBuffers(), "INVAL");
    device.stopSampling();
    assert.equal(device.retrieveBuffers(), 2);
    assert.equal(device.retrieveBuffers(), 0);
    assert.equal(device.provideBuffer(1), "INVAL");
  });

  it("saved while a buffer is filled and loaded elsewhere, it fills it", () => {
    const first = converter();
    first.device.sampleHighspeed(0, 1000, 2, 0);
    first.bench.runMs(1.5);
    const second = converter();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.buffers, [[0, 0]]);
  });

  it("the nRF52 knows its supply, takes no continuous samples and no rate below 7816 Hz", () => {
    const { bench, device, buffers } = converter(nrf52Adc(3));
    assert.equal(device.voltageReferenceMillivolts, 2999);
    assert.equal(device.sampleContinuous(0, 10), "FAIL");
    device.sampleHighspeed(0, 10, 10, 0);
    bench.runMs(2);
    assert.equal(buffers.length, 1);
  });

  it("the RP2040 takes single samples only", () => {
    const { device } = converter(RP2040_ADC);
    assert.equal(device.sampleContinuous(0, 10), "NOSUPPORT");
    assert.equal(device.sampleHighspeed(0, 10, 1, 0), "NOSUPPORT");
    assert.equal(device.sample(0), undefined);
  });

  it("the SAM4L has the rates that its clocks give", () => {
    const { bench, device, samples } = converter(SAM4L_ADC);
    assert.equal(device.sampleContinuous(0, 10_001), "INVAL");
    assert.equal(device.sampleHighspeed(0, 250_001, 1, 0), "INVAL");
    device.sampleContinuous(0, 10);
    bench.runMs(1000);
    assert.equal(samples.length, 7);
  });

  it("the SAM4L is off when it is stopped and asked for the rate that its clock has", () => {
    const { bench, device } = converter(SAM4L_ADC);
    device.sampleContinuous(0, 1000);
    device.stopSampling();
    assert.equal(device.sample(0), "OFF");
    assert.equal(device.sampleContinuous(0, 500), undefined);
    device.stopSampling();
    assert.equal(device.sample(0), undefined);
    bench.settle();
    assert.equal(device.sample(0), undefined);
  });
});
