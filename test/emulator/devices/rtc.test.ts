import assert from "node:assert/strict";
import fc from "fast-check";
import { EPOCH, RtcDevice } from "../../../emulator/devices/rtc.js";
import type { DateTimeValues } from "../../../emulator/hil/date-time.js";
import { Bench } from "../bench.js";

function clock(staleMonthAndWeekday = false, start: DateTimeValues = EPOCH) {
  const bench = new Bench();
  const device = bench.add(new RtcDevice(bench.clock, { start, staleMonthAndWeekday }));
  const read: DateTimeValues[] = [];
  let set = 0;
  device.setDateTimeClient({
    getDateTimeDone: values => read.push(values),
    setDateTimeDone: () => set++,
  });
  const pass = (seconds: number) => {
    bench.runTo(bench.clock.now + seconds * bench.clock.frequency);
  };
  return { bench, device, read, pass, timesSet: () => set };
}

describe("real-time clock device", () => {
  it("runs in virtual time from the board's date", () => {
    const { device, pass } = clock();
    assert.equal(device.shown(), "1970-01-01 00:00:00");
    pass(61.5);
    assert.equal(device.shown(), "1970-01-01 00:01:01");
  });

  it("knows every day of the Gregorian calendar", () => {
    const date = fc.date({
      min: new Date("1970-01-01T00:00:00Z"),
      max: new Date("2399-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 1e9 }), (from, seconds) => {
        const text = (when: Date) => when.toISOString().slice(0, 19).replace("T", " ");
        const { bench, device, read, pass } = clock();
        device.onInput(text(from));
        pass(seconds);
        const then = new Date(Math.floor(from.getTime() / 1000) * 1000 + seconds * 1000);
        assert.equal(device.shown(), text(then));
        device.getDateTime();
        bench.settle();
        assert.equal(read[0]?.dayOfWeek, then.getUTCDay());
      }),
    );
  });

  it("tells the date as it was when it was asked, and has one request at a time", () => {
    const { bench, device, read, timesSet } = clock();
    assert.equal(device.getDateTime(), undefined);
    assert.equal(device.getDateTime(), "ALREADY");
    assert.equal(device.setDateTime(EPOCH), "BUSY");
    bench.settle();
    assert.deepEqual(read, [EPOCH]);
    assert.equal(device.setDateTime({ ...EPOCH, hour: 12 }), undefined);
    assert.equal(device.setDateTime(EPOCH), "ALREADY");
    assert.equal(device.getDateTime(), "BUSY");
    bench.settle();
    assert.equal(timesSet(), 1);
    assert.equal(device.shown(), "1970-01-01 12:00:00");
  });

  it("refuses what is no date", () => {
    const { device } = clock();
    for (const wrong of [{ day: 0 }, { hour: 24 }, { minute: 60 }, { seconds: 60 }])
      assert.equal(device.setDateTime({ ...EPOCH, ...wrong }), "INVAL");
    for (const value of [
      "2026-02-29 00:00:00",
      "2026-13-01 00:00:00",
      "noon",
      5,
      "2026-01-01 24:00:00",
    ])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for rtc must be a date such as 2026-11-25 12:30:00, not "${value}".`,
      });
  });

  it("the RP2040's month and day of the week stay as they were set", () => {
    const { bench, device, read, pass } = clock(true);
    device.onInput("2026-11-30 23:59:59");
    pass(1);
    device.getDateTime();
    bench.settle();
    assert.deepEqual(read, [
      { year: 2026, month: 11, day: 1, dayOfWeek: 1, hour: 0, minute: 0, seconds: 0 },
    ]);
  });

  it("starts anew at a reset, and goes on when it is saved and loaded", () => {
    const { device, pass } = clock();
    device.onInput("2026-11-25 12:30:00");
    const second = clock();
    second.device.load(structuredClone(device.save()));
    second.pass(5);
    assert.equal(second.device.shown(), "2026-11-25 12:30:05");
    pass(5);
    device.reset();
    assert.equal(device.shown(), "1970-01-01 00:00:00");
  });
});
