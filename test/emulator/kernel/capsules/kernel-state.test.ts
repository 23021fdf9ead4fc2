import assert from "node:assert/strict";
import { AlarmDevice, NRF52_RTC } from "../../../../emulator/devices/alarm.js";
import { CycleCounterDevice } from "../../../../emulator/devices/cycle-counter.js";
import { CYCLE_COUNT_GRANT, CycleCount } from "../../../../emulator/kernel/capsules/cycle-count.js";
import {
  READ_ONLY_STATE_GRANT,
  ReadOnlyState,
} from "../../../../emulator/kernel/capsules/read-only-state.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

describe("read-only state driver", () => {
  const board = () => {
    const bench = new Bench();
    const alarm = bench.add(new AlarmDevice(bench.clock, NRF52_RTC));
    const grant = new FakeGrant(READ_ONLY_STATE_GRANT);
    const written: { address: number; words: number[] }[] = [];
    const memory = {
      writeBytes: (address: number, bytes: Uint8Array) => {
        written.push({ address, words: [...new Uint32Array(bytes.slice().buffer)] });
      },
    };
    return { bench, grant, written, driver: new ReadOnlyState(alarm, memory, grant) };
  };

  it("tells its version, and takes one buffer", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0), [128]);
    assert.deepEqual(driver.command(1), [129, 1]);
    assert.deepEqual(driver.command(2), [0, 10]);
    assert.equal(driver.allowUserspaceReadable(a, 1, 0x20000000, 16), 10);
    assert.deepEqual(driver.allowUserspaceReadable(a, 0, 0x20000000, 16), [0, 0]);
    assert.deepEqual(driver.allowUserspaceReadable(a, 0, 0, 0), [0x20000000, 16]);
  });

  it("writes switches, tasks and ticks at every switch to the process that shared the buffer", () => {
    const { bench, driver, written } = board();
    driver.contextSwitchHook(a, 0);
    driver.allowUserspaceReadable(a, 0, 0x20000000, 16);
    bench.runMs(1000);
    driver.contextSwitchHook(a, 3);
    driver.contextSwitchHook(b, 7);
    driver.contextSwitchHook(a, 0);
    assert.deepEqual(written, [
      { address: 0x20000000, words: [1, 3, 32768, 0] },
      { address: 0x20000000, words: [2, 0, 32768, 0] },
    ]);
  });

  it("a short buffer gets the words that fit whole", () => {
    for (const [size, words] of [
      [3, 0],
      [4, 1],
      [15, 2],
      [40, 4],
    ] as const) {
      const { driver, written } = board();
      driver.allowUserspaceReadable(a, 0, 0x20000000, size);
      driver.contextSwitchHook(a, 0);
      assert.equal(written[0]?.words.length ?? 0, words);
    }
  });

  it("a process without room for the grant panics the kernel, and one that is gone shares nothing", () => {
    const { driver, grant } = board();
    grant.kill(a);
    assert.equal(driver.allowUserspaceReadable(a, 0, 0x20000000, 16), 6);
    assert.throws(() => driver.contextSwitchHook(a, 0), {
      name: "KernelPanic",
      message: "called `Result::unwrap()` on an `Err` value: NoSuchApp",
    });
  });
});

describe("cycle count driver", () => {
  const board = () => {
    const bench = new Bench();
    const counter = bench.add(new CycleCounterDevice(bench.clock));
    const grant = new FakeGrant(CYCLE_COUNT_GRANT);
    return { bench, counter, grant, driver: new CycleCount(counter, grant) };
  };
  const START = 1;
  const READ = 2;
  const RESET = 3;
  const STOP = 4;

  it("counts cycles from start to stop, and goes on from there", () => {
    const { bench, driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(READ, 0, 0, a), [131, 0, 0]);
    driver.command(START, 0, 0, a);
    bench.runTo(100);
    assert.deepEqual(driver.command(READ, 0, 0, b), [131, 100, 0]);
    driver.command(STOP, 0, 0, a);
    bench.runTo(200);
    driver.command(START, 0, 0, a);
    bench.runTo(250);
    assert.deepEqual(driver.command(READ, 0, 0, a), [131, 150, 0]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 10]);
  });

  it("a reset stops it, too", () => {
    const { bench, driver } = board();
    driver.command(START, 0, 0, a);
    bench.runTo(100);
    assert.deepEqual(driver.command(RESET, 0, 0, a), [128]);
    bench.runTo(200);
    assert.deepEqual(driver.command(READ, 0, 0, a), [131, 0, 0]);
  });

  it("has 32 bits", () => {
    const { bench, driver } = board();
    driver.command(START, 0, 0, a);
    bench.runTo(2 ** 32 + 5);
    assert.deepEqual(driver.command(READ, 0, 0, a), [131, 5, 0]);
  });

  it("belongs to who used it first, until that is gone", () => {
    const { driver, grant } = board();
    driver.command(STOP, 0, 0, a);
    for (const command of [START, RESET, STOP])
      assert.deepEqual(driver.command(command, 0, 0, b), [0, 5]);
    grant.kill(a);
    assert.deepEqual(driver.command(START, 0, 0, b), [128]);
  });

  it("saved while it counts and loaded elsewhere, it goes on", () => {
    const first = board();
    first.driver.command(START, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.counter.load(structuredClone(first.counter.save()));
    second.bench.runTo(70);
    assert.deepEqual(second.driver.command(READ, 0, 0, a), [131, 70, 0]);
    assert.deepEqual(second.driver.command(STOP, 0, 0, b), [0, 5]);
  });
});
