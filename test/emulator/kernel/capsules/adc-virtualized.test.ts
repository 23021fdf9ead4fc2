import assert from "node:assert/strict";
import { AdcDevice, RP2040_ADC } from "../../../../emulator/devices/adc.js";
import { AnalogInput } from "../../../../emulator/devices/analog-input.js";
import {
  ADC_VIRTUALIZED_GRANT,
  AdcVirtualized,
} from "../../../../emulator/kernel/capsules/adc-virtualized.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const inputs = [0, 1].map(i => bench.add(new AnalogInput(`adc${i}`, 3.3)));
  inputs[1]?.onInput(1.65);
  const adc = bench.add(new AdcDevice(bench.clock, inputs, RP2040_ADC));
  const grant = new FakeGrant(ADC_VIRTUALIZED_GRANT);
  const driver = new AdcVirtualized(adc, 2, grant);
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  return { bench, adc, grant, driver, upcalls };
}

describe("virtualized ADC driver", () => {
  it("tells channels, resolution and reference, and knows no buffers", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(101, 1, 0, a), [129, 12]);
    assert.deepEqual(driver.command(102, 1, 0, a), [129, 3300]);
    for (const command of [1, 101, 102])
      assert.deepEqual(driver.command(command, 2, 0, a), [0, 11]);
    for (const command of [2, 3, 4, 5]) assert.deepEqual(driver.command(command, 0, 0, a), [0, 10]);
  });

  it("a sample that starts at once is told as one of channel 0", () => {
    const { driver, bench, upcalls } = board();
    assert.deepEqual(driver.command(1, 1, 0, a), [128]);
    bench.settle();
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0, 0x8000],
      [0, 1, 0, 0, 0x8000],
    ]);
  });

  it("one request of another process is kept, with its channel", () => {
    const { driver, bench, upcalls } = board();
    driver.command(1, 0, 0, a);
    assert.deepEqual(driver.command(1, 1, 0, b), [128]);
    assert.deepEqual(driver.command(1, 1, 0, b), [0, 2]);
    bench.settle();
    assert.deepEqual(
      upcalls().filter(u => u[1] === 1),
      [
        [0, 1, 0, 0, 0],
        [1, 1, 0, 1, 0x8000],
      ],
    );
  });

  it("a second request of the process that is sampling is forgotten", () => {
    const { driver, bench, upcalls } = board();
    driver.command(1, 0, 0, a);
    assert.deepEqual(driver.command(1, 1, 0, a), [128]);
    bench.settle();
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 1, 0],
      [0, 1, 0, 1, 0],
    ]);
  });

  it("a sample for a process that is gone frees the driver", () => {
    const { driver, grant, bench, upcalls } = board();
    driver.command(1, 0, 0, a);
    grant.kill(a);
    bench.settle();
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
    bench.settle();
    assert.equal(upcalls().length, 2);
  });

  it("saved during a sample and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(1, 1, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.adc.load(structuredClone(first.adc.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.driver.command(1, 0, 0, b);
    second.bench.settle();
    assert.equal(second.upcalls().length, 4);
  });
});
