import assert from "node:assert/strict";
import {
  AIR_QUALITY_GRANT,
  AirQualityDriver,
} from "../../../../emulator/kernel/capsules/air-quality.js";
import { FakeGrant } from "./fake-grant.js";
import { ManualSensor } from "./manual-sensor.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const co2 = new ManualSensor();
  const tvoc = new ManualSensor();
  const grant = new FakeGrant(AIR_QUALITY_GRANT);
  return { co2, tvoc, grant, driver: new AirQualityDriver(co2, tvoc, grant) };
}

describe("air quality driver", () => {
  it("exists, and cannot be told temperature and humidity", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 20, 40, a), [0, 10]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("measures one thing at a time for one process at a time", () => {
    const { driver, co2, tvoc, grant } = board();
    assert.deepEqual(driver.command(2, 0, 0, a), [128]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(2, 0, 0, b), [0, 2]);
    co2.measured(420);
    assert.deepEqual(driver.command(3, 0, 0, b), [128]);
    tvoc.measured(20);
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, ...u.arguments]),
      [
        [0, 420, 0, 0],
        [1, 20, 0, 0],
      ],
    );
  });

  it("stays busy behind a measurement that was refused, that failed, or whose process is gone", () => {
    for (const spoil of ["refuse", "fail", "kill"]) {
      const { driver, co2, grant } = board();
      if (spoil === "refuse") co2.refusal = "NODEVICE";
      assert.deepEqual(driver.command(2, 0, 0, a), spoil === "refuse" ? [0, 11] : [128]);
      if (spoil === "fail") co2.failed("FAIL");
      if (spoil === "kill") {
        grant.kill(a);
        co2.measured(1);
      }
      assert.deepEqual(driver.command(3, 0, 0, b), [0, 2], spoil);
      assert.deepEqual(grant.takeUpcalls(), []);
    }
  });

  it("saved during a measurement and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(3, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    assert.deepEqual(second.driver.command(2, 0, 0, b), [0, 2]);
    second.tvoc.measured(9);
    assert.equal(second.grant.takeUpcalls()[0]?.arguments[0], 9);
  });
});
