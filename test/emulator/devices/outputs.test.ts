import assert from "node:assert/strict";
import { DacDevice } from "../../../emulator/devices/dac.js";
import type { Device } from "../../../emulator/devices/device.js";
import { NRF52_PWM, PwmDevice } from "../../../emulator/devices/pwm.js";
import { ServoDevice } from "../../../emulator/devices/servo.js";
import { Bench } from "../bench.js";

/** What the world was told of a device. */
const told = (bench: Bench) => bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));

const assertSaves = (device: Device, fresh: Device) => {
  fresh.load(structuredClone(device.save()));
  assert.deepEqual(fresh.shown?.(), device.shown?.());
};

describe("PWM device", () => {
  it("tells frequency and duty when they change, and nothing otherwise", () => {
    const bench = new Bench();
    const pin = new PwmDevice("pwm0", bench.trace, NRF52_PWM);
    pin.stop();
    pin.start(440, pin.maximumDutyCycle / 4);
    pin.start(440, pin.maximumDutyCycle / 4);
    assertSaves(pin, new PwmDevice("pwm0", bench.trace, NRF52_PWM));
    pin.start(0, 1);
    assert.deepEqual(told(bench), [
      { frequency: 440, duty: 25 },
      { frequency: 0, duty: 0 },
    ]);
    assert.deepEqual(pin.shown(), { frequency: 0, duty: 0 });
  });

  it("is still after a reset", () => {
    const bench = new Bench();
    const pin = new PwmDevice("pwm0", bench.trace, NRF52_PWM);
    pin.start(440, 1000);
    pin.reset();
    assert.deepEqual(pin.shown(), { frequency: 0, duty: 0 });
  });
});

describe("servo device", () => {
  it("turns to angles up to 180 degrees and stays there over a reset", () => {
    const bench = new Bench();
    const servo = new ServoDevice(bench.trace, 1);
    assert.equal(servo.name, "servo1");
    for (const angle of [90, 90, 180]) assert.equal(servo.setAngle(angle), undefined);
    assert.equal(servo.setAngle(181), "INVAL");
    assert.equal(servo.getAngle(), "NOSUPPORT");
    servo.reset();
    assert.equal(servo.shown(), 180);
    assert.deepEqual(told(bench), [90, 180]);
    assertSaves(servo, new ServoDevice(bench.trace, 1));
  });
});

describe("DAC device", () => {
  it("puts out the low 10 bits, and nothing after a reset", () => {
    const bench = new Bench();
    const dac = new DacDevice(bench.trace);
    dac.setValue(512);
    dac.setValue(0x400 + 512);
    assert.equal(dac.shown(), 512);
    assertSaves(dac, new DacDevice(bench.trace));
    dac.reset();
    assert.deepEqual(told(bench), [512, 0]);
  });
});
