import assert from "node:assert/strict";
import { NINEDOF_GRANT, NineDof } from "../../../../emulator/kernel/capsules/ninedof.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const c = { index: 2, pid: 2 };

const ACCELEROMETER = 1;
const MAGNETOMETER = 100;
const GYROSCOPE = 200;

function board() {
  const accelerometer = new ManualSensor();
  const magnetometer = new ManualSensor();
  const grant = new FakeGrant(NINEDOF_GRANT);
  const driver = new NineDof({ accelerometer, magnetometer }, grant);
  const upcalls = () =>
    grant.takeUpcalls().map(u => [u.process, ...u.arguments.map(argument => argument | 0)]);
  return { accelerometer, magnetometer, grant, driver, upcalls };
}

describe("nine degrees of freedom driver", () => {
  it("exists; a sensor that no chip has is NODEVICE, an unknown command NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(GYROSCOPE, 0, 0, a), [0, 11]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("a reading is three signed numbers", () => {
    const { driver, accelerometer, magnetometer, upcalls } = board();
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, a), [128]);
    accelerometer.measured(1, -2, 1000);
    assert.deepEqual(driver.command(MAGNETOMETER, 0, 0, a), [128]);
    magnetometer.measured(-3, 4, 5);
    assert.deepEqual(upcalls(), [
      [0, 1, -2, 1000],
      [0, -3, 4, 5],
    ]);
  });

  it("a sensor that fails is all zeroes, and one that refuses makes the command fail", () => {
    const { driver, accelerometer, upcalls } = board();
    accelerometer.refusal = "BUSY";
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, a), [0, 2]);
    accelerometer.refusal = undefined;
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, a), [128]);
    accelerometer.failed("FAIL");
    assert.deepEqual(upcalls(), [[0, 0, 0, 0]]);
  });

  it("one request per process is kept during a measurement, and started behind it", () => {
    const { driver, accelerometer, magnetometer, upcalls } = board();
    driver.command(ACCELEROMETER, 0, 0, a);
    assert.deepEqual(driver.command(MAGNETOMETER, 0, 0, b), [128]);
    assert.deepEqual(driver.command(MAGNETOMETER, 0, 0, b), [0, 2]);
    accelerometer.measured(1, 1, 1);
    assert.deepEqual(magnetometer.requests, ["read 0"]);
    magnetometer.measured(2, 2, 2);
    assert.deepEqual(upcalls(), [
      [0, 1, 1, 1],
      [1, 2, 2, 2],
    ]);
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, c), [128]);
  });

  it("kept requests of one kind share a measurement, but not that of a request which started at once", () => {
    const { driver, accelerometer, upcalls } = board();
    for (const process of [a, b, c]) driver.command(ACCELEROMETER, 0, 0, process);
    accelerometer.measured(1, 1, 1);
    assert.deepEqual(upcalls(), [[0, 1, 1, 1]]);
    accelerometer.measured(2, 2, 2);
    assert.deepEqual(upcalls(), [
      [1, 2, 2, 2],
      [2, 2, 2, 2],
    ]);
    assert.equal(accelerometer.requests.length, 2);
  });

  it("a kept request that the sensor refuses blocks the driver", () => {
    const { driver, accelerometer, magnetometer, upcalls } = board();
    driver.command(ACCELEROMETER, 0, 0, a);
    driver.command(MAGNETOMETER, 0, 0, b);
    magnetometer.refusal = "BUSY";
    accelerometer.measured(1, 1, 1);
    magnetometer.refusal = undefined;
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, a), [128]);
    assert.equal(accelerometer.requests.length, 1);
    assert.equal(upcalls().length, 1);
  });

  it("a measurement for a process that is gone frees the driver", () => {
    const { driver, accelerometer, grant, upcalls } = board();
    driver.command(ACCELEROMETER, 0, 0, a);
    grant.kill(a);
    accelerometer.measured(1, 1, 1);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(ACCELEROMETER, 0, 0, b), [128]);
  });

  it("saved during a measurement and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(ACCELEROMETER, 0, 0, a);
    first.driver.command(MAGNETOMETER, 0, 0, b);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.accelerometer.measured(7, 8, 9);
    assert.deepEqual(second.upcalls(), [[0, 7, 8, 9]]);
    assert.deepEqual(second.magnetometer.requests, ["read 0"]);
  });
});
