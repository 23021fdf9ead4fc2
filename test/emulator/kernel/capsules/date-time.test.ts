import assert from "node:assert/strict";
import { EPOCH, RtcDevice } from "../../../../emulator/devices/rtc.js";
import { DATE_TIME_GRANT, DateTimeDriver } from "../../../../emulator/kernel/capsules/date-time.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const READ = 1;
const SET = 2;
const DATE = (2026 << 9) | (11 << 5) | 25;
const TIME = (3 << 17) | (12 << 12) | (30 << 6) | 59;
const INVALID_DATE = (2026 << 9) | (13 << 5) | 25;

function board() {
  const bench = new Bench();
  const rtc = bench.add(new RtcDevice(bench.clock, { start: EPOCH, staleMonthAndWeekday: false }));
  const grant = new FakeGrant(DATE_TIME_GRANT);
  const driver = new DateTimeDriver(rtc, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  };
  return { bench, rtc, grant, driver, upcalls };
}

describe("date and time driver", () => {
  it("sets and reads date and time in two words", () => {
    const { driver, rtc, upcalls } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(SET, DATE, TIME, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, 0, 0]]);
    assert.equal(rtc.shown(), "2026-11-25 12:30:59");
    assert.deepEqual(driver.command(READ, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, DATE, TIME]]);
  });

  it("one reading serves all who asked for one, and a setting waits its turn", () => {
    const { driver, upcalls } = board();
    const c = { index: 2, pid: 2 };
    driver.command(READ, 0, 0, a);
    assert.deepEqual(driver.command(READ, 0, 0, b), [128]);
    assert.deepEqual(driver.command(SET, DATE, TIME, c), [128]);
    const epoch = (1970 << 9) | (1 << 5) | 1;
    assert.deepEqual(upcalls(), [
      [0, 0, epoch, 0],
      [1, 0, epoch, 0],
      [2, 0, 0, 0],
    ]);
  });

  it("a second request of a process that waits succeeds and is ignored", () => {
    const { driver, rtc, upcalls } = board();
    driver.command(READ, 0, 0, a);
    assert.deepEqual(driver.command(SET, DATE, TIME, a), [128]);
    assert.equal(upcalls().length, 1);
    assert.equal(rtc.shown(), "1970-01-01 00:00:00");
  });

  it("no date is INVAL", () => {
    for (const [date, time] of [
      [INVALID_DATE, TIME],
      [(2026 << 9) | 25, TIME],
      [DATE, (7 << 17) | 1],
      [DATE, 25 << 12],
      [DATE, 61 << 6],
      [DATE, 61],
      [DATE, 24 << 12],
    ] as const)
      assert.deepEqual(board().driver.command(SET, date, time, a), [0, 6]);
  });

  it("a refused date stays with its process, which hears INVAL of it ever after", () => {
    const { driver, upcalls } = board();
    driver.command(SET, INVALID_DATE, TIME, a);
    assert.deepEqual(driver.command(READ, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 6, 0, 0]]);
    driver.command(READ, 0, 0, b);
    assert.deepEqual(
      upcalls().map(u => u.slice(0, 2)),
      [
        [1, 0],
        [0, 6],
      ],
    );
  });

  it("a request of a process that is gone does not hold up the others", () => {
    const { driver, grant, upcalls } = board();
    driver.command(SET, DATE, TIME, a);
    driver.command(READ, 0, 0, b);
    grant.kill(a);
    assert.deepEqual(upcalls(), [[1, 0, DATE, TIME]]);
    assert.deepEqual(driver.command(READ, 0, 0, a), [0, 1]);
  });

  it("saved during a request and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(SET, DATE, TIME, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.rtc.load(structuredClone(first.rtc.save()));
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0]]);
  });
});
