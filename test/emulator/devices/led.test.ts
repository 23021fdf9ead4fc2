import assert from "node:assert/strict";
import { LedDevice } from "../../../emulator/devices/led.js";
import { Bench } from "../bench.js";

describe("LED device", () => {
  it("reports changes only", () => {
    const bench = new Bench();
    const led = new LedDevice(bench.trace, 3);
    led.off();
    led.on();
    led.on();
    led.toggle();
    assert.deepEqual(
      bench.events.map(e => e.type === "led" && [e.index, e.on]),
      [
        [3, true],
        [3, false],
      ],
    );
    assert.equal(led.name, "led3");
  });

  it("a loaded LED is as lit as the saved one", () => {
    const bench = new Bench();
    const led = new LedDevice(bench.trace, 0);
    led.on();
    const other = new LedDevice(bench.trace, 0);
    other.load(led.save());
    assert.equal(other.read(), true);
  });

  it("is off after a reset, and says so", () => {
    const bench = new Bench();
    const led = new LedDevice(bench.trace, 0);
    led.on();
    led.reset();
    assert.deepEqual(
      bench.events.map(e => e.type === "led" && e.on),
      [true, false],
    );
  });
});
