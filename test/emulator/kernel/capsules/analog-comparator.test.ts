import assert from "node:assert/strict";
import {
  ComparatorDevice,
  NRF52_COMPARATOR,
} from "../../../../emulator/devices/analog-comparator.js";
import {
  ANALOG_COMPARATOR_GRANT,
  AnalogComparatorDriver,
} from "../../../../emulator/kernel/capsules/analog-comparator.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const comparator = bench.add(new ComparatorDevice(bench.clock, 0, NRF52_COMPARATOR));
  const grant = new FakeGrant(ANALOG_COMPARATOR_GRANT);
  // As on imix, two channels are one comparator.
  const driver = new AnalogComparatorDriver([comparator, comparator], grant);
  return { bench, comparator, grant, driver };
}

describe("analog comparator driver", () => {
  it("compares on the channels it has", () => {
    const { driver, comparator } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(1, 1, 0, a), [129, 0]);
    comparator.onInput("2,1");
    assert.deepEqual(driver.command(1, 1, 0, a), [129, 1]);
    for (const command of [1, 2, 3]) assert.deepEqual(driver.command(command, 2, 0, a), [0, 6]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 10]);
  });

  it("tells its owner of the comparator that fired, not of the channel", () => {
    const { driver, comparator, bench, grant } = board();
    assert.deepEqual(driver.command(2, 1, 0, a), [128]);
    comparator.onInput("2,1");
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 0, arguments: [0, 0, 0] }]);
    assert.deepEqual(driver.command(3, 1, 0, a), [128]);
    comparator.onInput("0,1");
    comparator.onInput("2,1");
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), []);
  });

  it("belongs to the process that called it first, until that is gone", () => {
    const { driver, comparator, bench, grant } = board();
    driver.command(2, 0, 0, a);
    assert.deepEqual(driver.command(0, 0, 0, b), [128]);
    assert.deepEqual(driver.command(1, 0, 0, b), [0, 9]);
    grant.kill(a);
    comparator.onInput("2,1");
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), []);
    assert.deepEqual(driver.command(1, 0, 0, b), [129, 1]);
  });

  it("saved and loaded elsewhere, it knows its owner", () => {
    const first = board();
    first.driver.command(2, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    assert.deepEqual(second.driver.command(1, 0, 0, b), [0, 9]);
  });
});
