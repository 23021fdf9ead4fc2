import assert from "node:assert/strict";
import {
  SOUND_PRESSURE_GRANT,
  SoundPressureDriver,
} from "../../../../emulator/kernel/capsules/sound-pressure.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const sensor = new ManualSensor();
  const grant = new FakeGrant(SOUND_PRESSURE_GRANT);
  return { sensor, grant, driver: new SoundPressureDriver(sensor, grant) };
}

describe("sound pressure driver", () => {
  it("exists, can be turned on and off, and knows no other command", () => {
    const { driver } = board();
    for (const command of [0, 2, 3]) assert.deepEqual(driver.command(command, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("is busy during a measurement of another process", () => {
    const { driver, sensor, grant } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, b), [0, 2]);
    sensor.measured(60);
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, ...u.arguments]),
      [[0, 60, 0, 0]],
    );
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
  });

  it("a failure makes no upcall and lets the next one measure", () => {
    const { driver, sensor, grant } = board();
    driver.command(1, 0, 0, a);
    sensor.failed("FAIL");
    assert.deepEqual(grant.takeUpcalls(), []);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
  });

  it("stays busy behind a refusal and behind a process that is gone", () => {
    const first = board();
    first.sensor.refusal = "BUSY";
    assert.deepEqual(first.driver.command(1, 0, 0, a), [0, 2]);
    first.sensor.refusal = undefined;
    assert.deepEqual(first.driver.command(1, 0, 0, b), [0, 2]);
    const second = board();
    second.driver.command(1, 0, 0, a);
    second.grant.kill(a);
    second.sensor.measured(1);
    assert.deepEqual(second.driver.command(1, 0, 0, b), [0, 2]);
  });

  it("saved during a measurement and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(1, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    assert.deepEqual(second.driver.command(1, 0, 0, b), [0, 2]);
    second.sensor.measured(9);
    assert.equal(second.grant.takeUpcalls()[0]?.arguments[0], 9);
  });
});
