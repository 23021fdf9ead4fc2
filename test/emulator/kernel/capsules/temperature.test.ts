import assert from "node:assert/strict";
import type { SensorFailure, TemperatureClient } from "../../../../emulator/hil/sensors.js";
import {
  TEMPERATURE_GRANT,
  TemperatureDriver,
} from "../../../../emulator/kernel/capsules/temperature.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

/** A sensor that measures when the test says so. */
class Sensor {
  client: TemperatureClient | undefined;
  refusal: SensorFailure | undefined;
  started = 0;

  setTemperatureClient(client: TemperatureClient): void {
    this.client = client;
  }

  readTemperature(): SensorFailure | undefined {
    if (this.refusal === undefined) this.started++;
    return this.refusal;
  }
}

function board() {
  const sensor = new Sensor();
  const grant = new FakeGrant(TEMPERATURE_GRANT);
  const driver = new TemperatureDriver(sensor, grant);
  return { sensor, grant, driver };
}

describe("temperature driver", () => {
  it("command 0 tells that it exists, any but 0 and 1 is NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("everybody who asked during a measurement gets its value once", () => {
    const { driver, grant, sensor } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
    assert.equal(sensor.started, 1);
    sensor.client?.temperatureRead(-325);
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]),
      [
        [0, 0, 0xfffffebb, 0, 0],
        [1, 0, 0xfffffebb, 0, 0],
      ],
    );
    driver.command(1, 0, 0, b);
    sensor.client?.temperatureRead(2500);
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.process),
      [1],
    );
  });

  it("a measurement that fails makes no upcall, and the app goes on waiting for the next one", () => {
    const { driver, grant, sensor } = board();
    driver.command(1, 0, 0, a);
    sensor.client?.temperatureRead("FAIL");
    assert.deepEqual(grant.takeUpcalls(), []);
    driver.command(1, 0, 0, b);
    assert.equal(sensor.started, 2);
    sensor.client?.temperatureRead(100);
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.process),
      [0, 1],
    );
  });

  it("a sensor that refuses makes the command fail and leaves the driver busy", () => {
    const { driver, sensor } = board();
    sensor.refusal = "BUSY";
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
    sensor.refusal = undefined;
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.equal(sensor.started, 0);
  });

  it("saved during a measurement and loaded elsewhere, it starts no second one", () => {
    const first = board();
    first.driver.command(1, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.driver.command(1, 0, 0, b);
    assert.equal(second.sensor.started, 0);
    second.sensor.client?.temperatureRead(1);
    assert.equal(second.grant.takeUpcalls().length, 2);
  });

  it("a process that is gone gets the error of its grant", () => {
    const { driver, grant } = board();
    grant.kill(a);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 6]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });
});
