import assert from "node:assert/strict";
import { PortExpander } from "../../../../emulator/devices/port-expander.js";
import {
  GPIO_ASYNC_GRANT,
  GpioAsyncDriver,
} from "../../../../emulator/kernel/capsules/gpio-async.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const ports = [0, 1].map(index =>
    bench.add(new PortExpander(bench.clock, bench.trace, { index, pins: 8 })),
  );
  const grant = new FakeGrant(GPIO_ASYNC_GRANT);
  const driver = new GpioAsyncDriver(ports, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, ports: ports as [PortExpander, PortExpander], grant, driver, upcalls };
}

const data = (port: number, other = 0) => ((other << 16) | port) >>> 0;

describe("asynchronous GPIO driver", () => {
  it("tells its ports, but not that it exists", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(10, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(0, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(11, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(0, 0, data(2), a), [0, 6]);
  });

  it("every operation ends with an upcall, and only a reading has a value", () => {
    const { driver, ports, upcalls } = board();
    for (const command of [1, 2, 3, 4, 8]) {
      assert.deepEqual(driver.command(command, 3, data(1), a), [128]);
      assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
    }
    assert.equal(ports[1].shown(), "00010000");
    driver.command(6, 3, data(1), a);
    assert.deepEqual(upcalls(), [[0, 0, 0, 1, 0]]);
    driver.command(9, 3, data(1), a);
    upcalls();
    assert.equal(ports[1].shown(), "00000000");
  });

  it("is busy for everybody during an operation", () => {
    const { driver, upcalls } = board();
    driver.command(6, 0, data(0), a);
    assert.deepEqual(driver.command(6, 0, data(1), b), [0, 2]);
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual(driver.command(6, 0, data(1), b), [128]);
  });

  it("knows three resistors and three edges", () => {
    const { driver, ports, upcalls } = board();
    for (const command of [5, 7])
      assert.deepEqual(driver.command(command, 0, data(0, 3), a), [0, 6]);
    driver.command(5, 0, data(0, 1), a);
    upcalls();
    assert.equal(ports[0].shown(), "10000000");
    driver.command(7, 1, data(0, 1), a);
    upcalls();
    driver.allocateGrant(b);
    ports[0].onInput("1 high");
    ports[0].onInput("1 low");
    assert.deepEqual(upcalls(), [
      [0, 1, 0, 1, 0],
      [1, 1, 0, 1, 0],
    ]);
  });

  it("a pin that is not there is INVAL and leaves the driver free", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(6, 8, data(0), a), [0, 6]);
    assert.deepEqual(driver.command(6, 0, data(0), a), [128]);
  });

  it("an operation of a process that is gone frees the driver", () => {
    const { driver, grant, upcalls } = board();
    driver.command(6, 0, data(0), a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(6, 0, data(0), b), [128]);
  });

  it("saved during an operation and loaded elsewhere, it ends it", () => {
    const first = board();
    first.driver.command(6, 0, data(0), a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.ports[0].load(first.ports[0].save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.driver.command(6, 0, data(1), b), [0, 2]);
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0, 0]]);
  });
});
