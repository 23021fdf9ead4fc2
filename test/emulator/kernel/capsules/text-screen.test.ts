import assert from "node:assert/strict";
import { TextScreenDevice } from "../../../../emulator/devices/text-screen.js";
import {
  TEXT_SCREEN_GRANT,
  TextScreenDriver,
} from "../../../../emulator/kernel/capsules/text-screen.js";
import { Bench, bytesOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const screen = bench.add(new TextScreenDevice(bench.clock, bench.trace));
  const grant = new FakeGrant(TEXT_SCREEN_GRANT);
  const driver = new TextScreenDriver(screen, grant);
  grant.allow("readOnly", a, 0, bytesOf("hello, world"));
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  };
  const state = () => screen.shown() as Record<string, unknown>;
  return { bench, screen, grant, driver, run, state };
}

describe("text screen driver", () => {
  it("each command ends with an upcall, a print with the number of bytes", () => {
    const { driver, run, state } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    for (const command of [2, 4, 6, 11]) {
      assert.deepEqual(driver.command(command, 1, 1, a), [128]);
      assert.deepEqual(run(), [[0, 0, 0, 0]]);
    }
    assert.deepEqual(driver.command(8, 5, 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 5, 0]]);
    const { text, cursor, blink, on } = state();
    assert.deepEqual(
      [text, cursor, blink, on],
      [`${" ".repeat(16)}\n hello          `, true, true, true],
    );
    for (const command of [5, 7, 10, 9, 3]) {
      driver.command(command, 0, 0, a);
      run();
    }
    const { cursor: c, blink: bl, on: o, cursorY } = state();
    assert.deepEqual([c, bl, o, cursorY], [false, false, false, 0]);
    assert.deepEqual(driver.command(12, 0, 0, a), [0, 10]);
  });

  it("a print of nothing is NOMEM, of more than the app shares a panic", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(8, 0, 0, a), [0, 9]);
    assert.throws(() => driver.command(8, 13, 0, a), {
      name: "KernelPanic",
      message: "index out of bounds: the len is 12 but the index is 12",
    });
  });

  it("a print takes at most the kernel's 64 bytes", () => {
    const { driver, grant, run } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(100));
    driver.command(8, 100, 0, a);
    assert.deepEqual(run(), [[0, 0, 64, 0]]);
  });

  it("a command waits for the one under way, one for each process", () => {
    const { driver, run } = board();
    driver.command(2, 0, 0, a);
    assert.deepEqual(driver.command(6, 0, 0, a), [128]);
    assert.deepEqual(driver.command(6, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(4, 0, 0, b), [128]);
    // The end of the first command takes away the mark of the second of the same process.
    assert.deepEqual(run(), [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it("after the size was asked for, commands wait for ever", () => {
    const { driver, run } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 16, 2]]);
    assert.deepEqual(driver.command(2, 0, 0, a), [128]);
    assert.deepEqual(run(), []);
  });

  it("goes on with others when a process dies", () => {
    const { driver, grant, run } = board();
    driver.command(2, 0, 0, a);
    driver.command(6, 0, 0, b);
    grant.kill(a);
    assert.deepEqual(run(), [[1, 0, 0, 0]]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 6]);
  });

  it("saved during a print and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(8, 5, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.screen.load(structuredClone(first.screen.save()));
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[0, 0, 5, 0]]);
    assert.deepEqual(second.driver.command(8, 1, 0, a), [128]);
  });
});
