import assert from "node:assert/strict";
import fc from "fast-check";
import { AlarmDevice } from "../../../../emulator/devices/alarm.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { Bench } from "../../bench.js";

function board(count: number) {
  const bench = new Bench();
  const rtc = bench.add(new AlarmDevice(bench.clock));
  const mux = new AlarmMux(rtc);
  const fired: { alarm: number; seconds: number }[] = [];
  const alarms = Array.from({ length: count }, (_, i) => {
    const alarm = new VirtualAlarm(mux);
    alarm.setAlarmClient({
      alarm: () => fired.push({ alarm: i, seconds: bench.clock.now / bench.clock.frequency }),
    });
    return alarm;
  });
  return { bench, rtc, mux, alarms, fired };
}

describe("alarm multiplexer", () => {
  it("every alarm fires once, in order of time, no sooner than set and at most three ticks late", () => {
    const delays = fc.array(fc.nat({ max: 0xfffff0 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(delays, dts => {
        const { bench, alarms, fired } = board(dts.length);
        dts.forEach((dt, i) => {
          alarms[i]?.setAlarm(0, dt);
        });
        bench.settle();
        assert.equal(fired.length, dts.length);
        for (const { alarm, seconds } of fired) {
          const late = seconds * 32768 - (dts[alarm] as number);
          assert.ok(late > -1e-6 && late <= 3, `alarm ${alarm} is ${late} ticks late`);
        }
      }),
    );
  });

  it("an alarm longer than half the counter is waited for in two parts", () => {
    const { bench, alarms, fired } = board(1);
    alarms[0]?.setAlarm(0, 0xf00000);
    bench.runMs(300_000);
    assert.equal(fired.length, 0);
    bench.settle();
    assert.deepEqual(fired, [{ alarm: 0, seconds: 0xf00000 / 32768 }]);
  });

  it("disarming the last alarm disarms the hardware", () => {
    const { rtc, alarms } = board(2);
    alarms[0]?.setAlarm(0, 100);
    alarms[1]?.setAlarm(0, 200);
    alarms[0]?.disarm();
    assert.equal(rtc.isArmed(), true);
    alarms[1]?.disarm();
    assert.equal(rtc.isArmed(), false);
  });

  it("an alarm set again while it fires is armed anew", () => {
    const { bench, alarms, mux } = board(1);
    const alarm = alarms[0] as VirtualAlarm;
    let left = 3;
    alarm.setAlarmClient({
      alarm: () => {
        if (--left > 0) alarm.setAlarm(alarm.now(), 50);
      },
    });
    alarm.setAlarm(0, 50);
    bench.settle();
    assert.equal(left, 0);
    assert.equal(mux.save().next, null);
  });
});
