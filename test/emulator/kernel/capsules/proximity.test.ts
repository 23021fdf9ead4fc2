import assert from "node:assert/strict";
import {
  PROXIMITY_GRANT,
  ProximityDriver,
} from "../../../../emulator/kernel/capsules/proximity.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const READ = 1;
const READ_ON_INTERRUPT = 2;

function board() {
  const sensor = new ManualSensor();
  const grant = new FakeGrant(PROXIMITY_GRANT);
  const driver = new ProximityDriver(sensor, grant);
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, u.arguments[0]]);
  return { sensor, grant, driver, upcalls };
}

describe("proximity driver", () => {
  it("command 0 tells that it exists, any beyond 2 is NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 10]);
  });

  it("a process has one request at a time, and a measurement serves all who read", () => {
    const { driver, sensor, upcalls } = board();
    assert.deepEqual(driver.command(READ, 0, 0, a), [128]);
    assert.deepEqual(driver.command(READ, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(READ, 0, 0, b), [128]);
    sensor.measured(200);
    assert.deepEqual(upcalls(), [
      [0, 200],
      [1, 200],
    ]);
    assert.deepEqual(driver.command(READ, 0, 0, a), [128]);
  });

  it("the sensor waits for what any process waits for, and each hears its own values only", () => {
    const { driver, sensor, upcalls } = board();
    driver.command(READ_ON_INTERRUPT, 10, 100, a);
    driver.command(READ_ON_INTERRUPT, 5, 50, b);
    assert.deepEqual(sensor.requests, ["window 10 100", "window 10 50"]);
    sensor.measured(60);
    assert.deepEqual(upcalls(), [[1, 60]]);
    assert.deepEqual(sensor.requests.slice(2), ["window 10 100"]);
    sensor.measured(9);
    assert.deepEqual(upcalls(), [[0, 9]]);
    assert.equal(sensor.requests.length, 3);
  });

  it("a reading goes before a wait, which goes on behind it", () => {
    const { driver, sensor, upcalls } = board();
    driver.command(READ_ON_INTERRUPT, 10, 100, a);
    driver.command(READ, 0, 0, b);
    sensor.measured(50);
    assert.deepEqual(upcalls(), [[1, 50]]);
    assert.deepEqual(sensor.requests, ["window 10 100", "read 0", "window 10 100"]);
  });

  it("a wait that begins during such a reading is kept until it is over", () => {
    const { driver, sensor } = board();
    driver.command(READ_ON_INTERRUPT, 10, 100, a);
    driver.command(READ, 0, 0, b);
    const c = { index: 2, pid: 2 };
    driver.command(READ_ON_INTERRUPT, 20, 90, c);
    assert.equal(sensor.requests.length, 2);
    sensor.measured(50);
    assert.deepEqual(sensor.requests.slice(2), ["window 20 90"]);
  });

  it("thresholds are bytes", () => {
    const { driver, sensor } = board();
    driver.command(READ_ON_INTERRUPT, 0x105, 0x1fe, a);
    assert.deepEqual(sensor.requests, ["window 5 254"]);
  });

  it("a process that is gone is waited for no more", () => {
    const { driver, grant, sensor, upcalls } = board();
    driver.command(READ_ON_INTERRUPT, 10, 100, a);
    grant.kill(a);
    assert.deepEqual(driver.command(READ, 0, 0, a), [0, 6]);
    sensor.measured(200);
    assert.deepEqual(upcalls(), []);
    assert.equal(sensor.requests.length, 1);
  });

  it("saved during a wait and loaded elsewhere, a reading interrupts it", () => {
    const first = board();
    first.driver.command(READ_ON_INTERRUPT, 10, 100, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.driver.command(READ, 0, 0, b);
    second.sensor.measured(50);
    assert.deepEqual(second.sensor.requests, ["read 0", "window 10 100"]);
  });
});
