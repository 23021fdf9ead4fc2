import assert from "node:assert/strict";
import fc from "fast-check";
import { Clock } from "../../../emulator/base/clock.js";
import { AlarmDevice } from "../../../emulator/devices/alarm.js";
import { Bench } from "../bench.js";

function rtc() {
  const bench = new Bench();
  const alarm = bench.add(new AlarmDevice(bench.clock));
  const fired: number[] = [];
  alarm.setAlarmClient({ alarm: () => fired.push(alarm.now()) });
  return { bench, alarm, fired };
}

const cycles = (ticks: number) => Math.ceil((ticks * 15625) / 8);

describe("alarm device", () => {
  it("counts 32768 ticks per second in 24 bits, exactly", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 }), now => {
        const clock = new Clock(64_000_000);
        clock.now = now;
        const exact = (BigInt(now) * 32768n) / 64_000_000n;
        assert.equal(new AlarmDevice(clock).now(), Number(exact % 2n ** 24n));
      }),
    );
  });

  it("an alarm fires at the first cycle of its tick", () => {
    const { bench, alarm, fired } = rtc();
    alarm.setAlarm(0, 1000);
    assert.equal(bench.clock.next, cycles(1000));
    bench.settle();
    assert.deepEqual(fired, [1000]);
    assert.equal(alarm.isArmed(), false);
  });

  it("an alarm in the past, or nearer than the hardware can see, fires two ticks from now", () => {
    for (const [reference, dt] of [
      [50, 10],
      [0, 0],
      [99, 2],
      [200, 50],
    ] as const) {
      const { bench, alarm, fired } = rtc();
      bench.runTo(cycles(100));
      alarm.setAlarm(reference, dt);
      bench.settle();
      assert.deepEqual(fired, [102], `${reference} + ${dt}`);
    }
  });

  it("an alarm beyond the end of the counter fires after the wrap", () => {
    const { bench, alarm, fired } = rtc();
    bench.runTo(cycles(2 ** 24 - 5));
    alarm.setAlarm(2 ** 24 - 5, 10);
    assert.equal(alarm.getAlarm(), 5);
    bench.settle();
    assert.deepEqual(fired, [5]);
  });

  it("nothing is scheduled while no alarm is set", () => {
    const { bench, alarm, fired } = rtc();
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    alarm.setAlarm(0, 50);
    alarm.setAlarm(0, 500);
    alarm.disarm();
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.deepEqual(fired, []);
  });

  it("counts from 0 again after a reset, and alarms are on the new count", () => {
    const { bench, alarm, fired } = rtc();
    bench.runTo(cycles(5000) + 7);
    bench.clock.clear();
    alarm.reset();
    assert.equal(alarm.now(), 0);
    alarm.setAlarm(0, 1000);
    assert.equal(bench.clock.next, cycles(5000) + 7 + cycles(1000));
    bench.settle();
    assert.deepEqual(fired, [1000]);
  });
});
