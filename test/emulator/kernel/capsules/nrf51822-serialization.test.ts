import assert from "node:assert/strict";
import { Nrf51822Device } from "../../../../emulator/devices/nrf51822.js";
import {
  NRF51822_GRANT,
  Nrf51822Serialization,
} from "../../../../emulator/kernel/capsules/nrf51822-serialization.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const device = bench.add(new Nrf51822Device(bench.clock, bench.trace));
  const grant = new FakeGrant(NRF51822_GRANT);
  const driver = new Nrf51822Serialization(device, grant);
  const received = new Uint8Array(3);
  grant.allow("readOnly", a, 0, Uint8Array.of(1, 2));
  grant.allow("readWrite", a, 0, received);
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  };
  return { bench, device, grant, driver, received, run };
}

describe("nRF51822 serialization driver", () => {
  it("sends one buffer at a time, which is an output", () => {
    const { bench, driver, device, run } = board();
    assert.deepEqual([driver.command(0, 0, 0, a), driver.command(4, 0, 0, a)], [[128], [0, 10]]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 1]);
    assert.deepEqual(run(), [[0, 1, 0, 0]]);
    assert.equal(device.shown(), "01 02");
    assert.equal(bench.clock.now, (22 * 64e6) / 250_000);
    driver.command(3, 0, 0, a);
    assert.equal(device.shown(), "reset");
  });

  it("receives again and again, copying what fits", () => {
    const { driver, device, received, run } = board();
    assert.deepEqual(driver.command(2, 10, 0, a), [129, 10]);
    device.onInput("05 06 07 08");
    assert.deepEqual(run(), [[0, 4, 4, 3]]);
    assert.deepEqual([...received], [5, 6, 7]);
    device.onInput("09");
    assert.deepEqual(run(), [[0, 4, 1, 1]]);
  });

  it("is RESERVE for a read once an app that lives has used it, and SIZE beyond 600 bytes", () => {
    const { driver, grant } = board();
    assert.deepEqual(driver.command(2, 601, 0, a), [0, 7]);
    const other = board();
    other.driver.command(1, 0, 0, a);
    assert.deepEqual(other.driver.command(2, 1, 0, a), [0, 5]);
    other.grant.kill(a);
    assert.deepEqual(other.driver.command(2, 1, 0, b), [129, 1]);
    assert.ok(grant);
  });

  it("more than 600 bytes panic the kernel", () => {
    const { driver, grant } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(601));
    assert.throws(() => driver.command(1, 0, 0, a), { name: "KernelPanic" });
  });

  it("anything but bytes is refused with a sentence", () => {
    const { device } = board();
    for (const value of ["", "x", true])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for nrf51822 must be bytes of the chip in hexadecimal: "01 02 ff", not "${value}".`,
      });
  });

  it("saved during a transfer each way and loaded elsewhere, both end", () => {
    const first = board();
    first.driver.command(2, 10, 0, a);
    first.device.onInput("05");
    first.driver.command(1, 0, 0, a);
    const second = board();
    for (const part of ["device", "driver"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [
      [0, 1, 0, 0],
      [0, 4, 1, 1],
    ]);
  });
});
