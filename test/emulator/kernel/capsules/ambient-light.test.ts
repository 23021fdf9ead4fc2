import assert from "node:assert/strict";
import {
  AMBIENT_LIGHT_GRANT,
  AmbientLight,
} from "../../../../emulator/kernel/capsules/ambient-light.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const sensor = new ManualSensor();
  const grant = new FakeGrant(AMBIENT_LIGHT_GRANT);
  return { sensor, grant, driver: new AmbientLight(sensor, grant) };
}

describe("ambient light driver", () => {
  it("command 0 tells that it exists, any but 0 and 1 is NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("one measurement serves all who asked, each once", () => {
    const { driver, sensor, grant } = board();
    for (const process of [a, a, b]) assert.deepEqual(driver.command(1, 0, 0, process), [128]);
    assert.equal(sensor.requests.length, 1);
    sensor.measured(300);
    sensor.measured(300);
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, ...u.arguments]),
      [
        [0, 300, 0, 0],
        [1, 300, 0, 0],
      ],
    );
  });

  it("the command succeeds without a grant, and for a sensor that refuses, which is not asked again", () => {
    const { driver, sensor, grant } = board();
    sensor.refusal = "BUSY";
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    sensor.refusal = undefined;
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
    assert.deepEqual(sensor.requests, []);
    grant.kill(a);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });

  it("saved during a measurement and loaded elsewhere, it starts no second one", () => {
    const first = board();
    first.driver.command(1, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.driver.command(1, 0, 0, b);
    assert.deepEqual(second.sensor.requests, []);
    second.sensor.measured(1);
    assert.equal(second.grant.takeUpcalls().length, 2);
  });
});
