import assert from "node:assert/strict";
import { LedDevice } from "../../../../emulator/devices/led.js";
import { LedDriver } from "../../../../emulator/kernel/capsules/led.js";
import { Bench } from "../../bench.js";

describe("LED driver", () => {
  const { trace } = new Bench();
  const leds = [0, 1].map(i => new LedDevice(trace, i));
  const driver = new LedDriver(leds);

  it("command 0 tells how many LEDs there are", () => {
    assert.deepEqual(driver.command(0, 0), [129, 2]);
  });

  it("on, off, toggle and read act on one LED", () => {
    assert.deepEqual(driver.command(1, 1), [128]);
    assert.deepEqual(driver.command(4, 1), [129, 1]);
    assert.deepEqual(driver.command(2, 1), [128]);
    assert.deepEqual(driver.command(4, 1), [129, 0]);
    driver.command(3, 0);
    assert.deepEqual(
      leds.map(led => led.read()),
      [true, false],
    );
  });

  it("an index beyond the last LED is INVAL, an unknown command NOSUPPORT", () => {
    for (const command of [1, 2, 3, 4]) assert.deepEqual(driver.command(command, 2), [0, 6]);
    assert.deepEqual(driver.command(5, 0), [0, 10]);
    assert.deepEqual(driver.command(5, 9), [0, 10]);
  });
});
