import assert from "node:assert/strict";
import {
  DISTANCE,
  HUMIDITY,
  MOISTURE,
  PRESSURE,
  RAINFALL,
  SensorDriver,
  type SensorProtocol,
  TEMPERATURE,
} from "../../../../emulator/kernel/capsules/sensor.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board(protocol: SensorProtocol = TEMPERATURE) {
  const sensor = new ManualSensor();
  const grant = new FakeGrant(protocol.grant);
  const limits = protocol === DISTANCE ? { minimum: 20, maximum: 4000 } : undefined;
  const driver = new SensorDriver(protocol, sensor, grant, limits);
  const upcalls = () =>
    grant.takeUpcalls().map(u => [u.process, ...u.arguments.map(argument => argument | 0)]);
  return { sensor, grant, driver, upcalls };
}

describe("sensor driver", () => {
  it("command 0 tells that it exists, any but 0 and 1 is NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    for (const command of [2, 3, 4]) assert.deepEqual(driver.command(command, 0, 0, a), [0, 10]);
  });

  it("everybody who asked during a measurement gets its value once", () => {
    const { driver, upcalls, sensor } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
    assert.equal(sensor.requests.length, 1);
    sensor.measured(-325);
    assert.deepEqual(upcalls(), [
      [0, -325, 0, 0],
      [1, -325, 0, 0],
    ]);
    driver.command(1, 0, 0, b);
    sensor.measured(2500);
    assert.deepEqual(upcalls(), [[1, 2500, 0, 0]]);
  });

  it("a temperature that fails makes no upcall, and the app goes on waiting for the next one", () => {
    const { driver, upcalls, sensor } = board();
    driver.command(1, 0, 0, a);
    sensor.failed("FAIL");
    assert.deepEqual(upcalls(), []);
    driver.command(1, 0, 0, b);
    assert.equal(sensor.requests.length, 2);
    sensor.measured(100);
    assert.deepEqual(
      upcalls().map(u => u[0]),
      [0, 1],
    );
  });

  it("temperature and humidity have no status, the others have one before the value", () => {
    for (const protocol of [TEMPERATURE, HUMIDITY, PRESSURE, DISTANCE, MOISTURE, RAINFALL]) {
      const { driver, upcalls, sensor } = board(protocol);
      driver.command(1, 0, 0, a);
      sensor.measured(7);
      const status = protocol !== TEMPERATURE && protocol !== HUMIDITY;
      assert.deepEqual(upcalls(), [status ? [0, 0, 7, 0] : [0, 7, 0, 0]]);
      driver.command(1, 0, 0, a);
      sensor.failed("NOACK");
      assert.deepEqual(upcalls(), status ? [[0, 13, 0, 0]] : []);
    }
  });

  it("a refusal leaves temperature and humidity busy for good", () => {
    for (const protocol of [TEMPERATURE, HUMIDITY]) {
      const { driver, sensor } = board(protocol);
      sensor.refusal = "BUSY";
      assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
      sensor.refusal = undefined;
      assert.deepEqual(driver.command(1, 0, 0, a), [128]);
      assert.deepEqual(sensor.requests, []);
    }
  });

  it("after a refusal the others measure again, and only a distance is not waited for", () => {
    for (const protocol of [PRESSURE, DISTANCE, MOISTURE, RAINFALL]) {
      const { driver, upcalls, sensor } = board(protocol);
      sensor.refusal = "NOSUPPORT";
      assert.deepEqual(driver.command(1, 0, 0, a), [0, 10]);
      sensor.refusal = undefined;
      assert.deepEqual(driver.command(1, 0, 0, b), [128]);
      sensor.measured(1);
      assert.deepEqual(
        upcalls().map(u => u[0]),
        protocol === DISTANCE ? [1] : [0, 1],
      );
    }
  });

  it("the sensor is told the hours of rainfall", () => {
    const { driver, sensor } = board(RAINFALL);
    driver.command(1, 24, 0, a);
    assert.deepEqual(sensor.requests, ["read 24"]);
  });

  it("a distance has a least and a greatest", () => {
    const { driver } = board(DISTANCE);
    assert.deepEqual(driver.command(2, 0, 0, a), [129, 20]);
    assert.deepEqual(driver.command(3, 0, 0, a), [129, 4000]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("saved during a measurement and loaded elsewhere, it starts no second one", () => {
    const first = board();
    first.driver.command(1, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.driver.command(1, 0, 0, b);
    assert.equal(second.sensor.requests.length, 0);
    second.sensor.measured(1);
    assert.equal(second.upcalls().length, 2);
  });

  it("a process that is gone gets the error of its grant", () => {
    const { driver, grant } = board();
    grant.kill(a);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 6]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });
});
