import assert from "node:assert/strict";
import { AlarmDevice } from "../../../../emulator/devices/alarm.js";
import { ALARM_GRANT, AlarmDriver } from "../../../../emulator/kernel/capsules/alarm.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const rtc = bench.add(new AlarmDevice(bench.clock));
  const mux = new AlarmMux(rtc);
  const grant = new FakeGrant(ALARM_GRANT);
  const driver = new AlarmDriver(new VirtualAlarm(mux), grant);
  const at = (ticks: number) => bench.runTo(Math.ceil((ticks * 15625) / 8));
  return { bench, rtc, mux, grant, driver, at };
}

describe("alarm driver", () => {
  it("the frequency is scaled to ticks that fill 32 bits", () => {
    assert.deepEqual(board().driver.command(1, 0, 0, a), [129, 8388608]);
  });

  it("now is left-justified", () => {
    const { driver, at } = board();
    at(140);
    assert.deepEqual(driver.command(2, 0, 0, a), [129, 35840]);
  });

  it("a relative alarm returns its expiration and fires with now and expiration", () => {
    const { bench, grant, driver, at } = board();
    at(1000);
    assert.deepEqual(driver.command(5, 500 << 8, 0, a), [129, 1500 << 8]);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), [
      { process: 0, subscribe: 0, arguments: [1500 << 8, 1500 << 8, 0] },
    ]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 3]);
  });

  it("a delay that falls between two ticks is rounded up", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(5, (20 << 8) + 1, 0, a), [129, 21 << 8]);
  });

  it("of a reference and a delay the reference is rounded down and the expiration up", () => {
    const { driver, at } = board();
    at(100);
    assert.deepEqual(driver.command(6, (90 << 8) + 200, (50 << 8) + 100, a), [129, 142 << 8]);
  });

  it("an alarm without delay fires at once, also one whose reference lies in the future", () => {
    const { grant, driver, at } = board();
    at(1000);
    driver.command(5, 0, 0, a);
    driver.command(6, 2000 << 8, 10 << 8, b);
    assert.deepEqual(grant.takeUpcalls(), [
      { process: 0, subscribe: 0, arguments: [1000 << 8, 1000 << 8, 0] },
      { process: 1, subscribe: 0, arguments: [1000 << 8, 2010 << 8, 0] },
    ]);
  });

  it("an alarm across the wrap of the counter fires after it", () => {
    const { bench, grant, driver, at } = board();
    at(2 ** 24 - 10);
    const [variant, expiration] = driver.command(5, 40 << 8, 0, a);
    assert.deepEqual([variant, expiration], [129, 30 << 8]);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls()[0]?.arguments, [30 << 8, 30 << 8, 0]);
  });

  it("several processes share one counter; a new alarm of a process replaces its old one", () => {
    const { bench, grant, driver } = board();
    driver.command(5, 300 << 8, 0, a);
    driver.command(5, 200 << 8, 0, b);
    driver.command(5, 100 << 8, 0, a);
    bench.settle();
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, u.arguments[1]]),
      [
        [0, 100 << 8],
        [1, 200 << 8],
      ],
    );
  });

  it("a stopped alarm does not fire and leaves nothing scheduled", () => {
    const { bench, driver } = board();
    driver.command(5, 300 << 8, 0, a);
    assert.deepEqual(driver.command(3, 0, 0, a), [128]);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 3]);
  });

  it("the alarm of a process that died is not waited for a second time", () => {
    const { bench, grant, driver } = board();
    driver.command(5, 300 << 8, 0, a);
    grant.kill(a);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), []);
  });

  it("an app's alarm is in its grant only: bytes written there are what fires", () => {
    const { bench, grant, driver } = board();
    driver.command(5, 300 << 8, 0, a);
    grant.enter(b, view => {
      view.data.set = 1;
      view.data.reference = 0;
      view.data.dt = 200;
    });
    grant.enter(a, view => {
      view.data.dt = 250;
    });
    bench.settle();
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, (u.arguments[1] as number) >>> 8]),
      [
        [0, 250],
        [1, 200],
      ],
    );
  });

  it("commands 4 and 7 are not supported", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(7, 0, 0, a), [0, 10]);
  });
});
