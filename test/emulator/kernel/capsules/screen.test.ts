import assert from "node:assert/strict";
import type { Picture } from "../../../../emulator/devices/picture.js";
import { ScreenDevice } from "../../../../emulator/devices/screen.js";
import { SCREEN_GRANT, ScreenDriver } from "../../../../emulator/kernel/capsules/screen.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board({ setup = true, bufferLength = 6 } = {}) {
  const bench = new Bench();
  const options = {
    resolutions: [
      [4, 2],
      [2, 2],
    ],
    formats: [3, 2, 0],
  } as const;
  const screen = bench.add(new ScreenDevice(bench.clock, bench.trace, options));
  const grant = new FakeGrant(SCREEN_GRANT);
  const driver = new ScreenDriver(
    { screen, setup: setup ? screen : undefined, bufferLength },
    grant,
  );
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  };
  const pixels = () => [...(screen.shown() as unknown as Picture).pixels];
  const frame = (x: number, y: number, width: number, height: number) =>
    driver.command(100, (x << 16) | y, (width << 16) | height, a);
  return { bench, screen, grant, driver, run, pixels, frame };
}

describe("screen driver", () => {
  it("tells what the screen is and can be set to", () => {
    const { driver } = board();
    const got = [0, 1, 11, 13, 21, 23, 25].map(n => driver.command(n, 0, 0, a));
    assert.deepEqual(got, [[128], [129, 1], [129, 2], [129, 3], [129, 0], [130, 4, 2], [129, 3]]);
    assert.deepEqual(driver.command(12, 1, 0, a), [130, 2, 2]);
    assert.deepEqual(driver.command(12, 2, 0, a), [0, 6]);
    assert.deepEqual(driver.command(14, 1, 0, a), [129, 2]);
    assert.deepEqual(driver.command(14, 3, 0, a), [0, 6]);
    assert.deepEqual(driver.command(26, 7, 0, a), [0, 6]);
    for (const n of [7, 15, 27, 101, 301]) assert.deepEqual(driver.command(n, 0, 0, a), [0, 10]);
  });

  it("without setup it can neither be asked nor set", () => {
    const { driver } = board({ setup: false });
    assert.deepEqual(driver.command(1, 0, 0, a), [129, 0]);
    for (const n of [11, 12, 13, 14, 22, 24, 26])
      assert.deepEqual(driver.command(n, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(23, 0, 0, a), [130, 4, 2]);
  });

  it("each command ends with an upcall", () => {
    const { driver, screen, run, frame } = board();
    const commands = [
      [2, 0, 0],
      [2, 1, 0],
      [3, 0x12345, 0],
      [4, 0, 0],
      [5, 0, 0],
      [6, 1, 0],
      [22, 1, 0],
      [24, 2, 2],
      [26, 2, 0],
    ] as const;
    for (const [n, x, y] of commands) {
      assert.deepEqual(driver.command(n, x, y, a), [128], String(n));
      assert.deepEqual(run(), [[0, 0, 0, 0]], String(n));
    }
    assert.deepEqual(frame(0, 0, 1, 1), [128]);
    assert.deepEqual(run(), [[0, 0, 0, 0]]);
    const { rotation, format, brightness, inverted, resolution } = screen.save();
    assert.deepEqual(
      [rotation, format, brightness, inverted, resolution],
      [1, 2, 0x2345, true, [2, 2]],
    );
  });

  it("writes the app's buffer in parts as long as the kernel's", () => {
    const { bench, driver, grant, run, pixels, frame } = board();
    const bytes = Array.from({ length: 24 }, (_, i) => i);
    grant.allow("readOnly", a, 0, Uint8Array.from([...bytes, 99]));
    frame(0, 0, 4, 2);
    run();
    assert.deepEqual(driver.command(200, 24, 0, a), [128]);
    assert.equal(bench.clock.next, bench.clock.now + 6 * 64);
    assert.deepEqual(run(), [[0, 0, 0, 0]]);
    assert.deepEqual(pixels(), bytes);
  });

  it("fills the frame with the first pixel", () => {
    const { driver, grant, run, pixels, frame } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2, 3));
    frame(1, 0, 2, 2);
    run();
    assert.deepEqual(driver.command(300, 0, 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 0, 0]]);
    const line = [0, 0, 0, 1, 2, 3, 1, 2, 3, 0, 0, 0];
    assert.deepEqual(pixels(), [...line, ...line]);
  });

  it("nothing to write is NOMEM, no whole pixels INVAL, and the next command runs all the same", () => {
    const { driver, grant, run } = board();
    assert.deepEqual(driver.command(200, 3, 0, a), [0, 9]);
    assert.deepEqual(driver.command(300, 0, 0, a), [0, 9]);
    grant.allow("readOnly", a, 0, new Uint8Array(4));
    assert.deepEqual(driver.command(200, 4, 0, a), [0, 6]);
    assert.deepEqual(driver.command(3, 1, 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 0, 0]]);
  });

  it("a command waits for another process's, but not for the own one", () => {
    const { driver, run } = board();
    assert.deepEqual(driver.command(3, 1, 0, a), [128]);
    assert.deepEqual(driver.command(3, 2, 0, a), [0, 2]);
    assert.deepEqual(driver.command(3, 3, 0, b), [128]);
    assert.deepEqual(driver.command(3, 4, 0, b), [0, 2]);
    assert.deepEqual(run(), [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it("a command that fails when its turn comes makes no upcall", () => {
    const { driver, run } = board();
    driver.command(3, 1, 0, a);
    assert.deepEqual(driver.command(24, 9, 9, b), [128]);
    assert.deepEqual(run(), [[0, 0, 0, 0]]);
    assert.deepEqual(driver.command(3, 1, 0, b), [128]);
  });

  it("goes on with others when a process dies", () => {
    const { driver, grant, run } = board();
    driver.command(3, 1, 0, a);
    driver.command(3, 1, 0, b);
    grant.kill(a);
    assert.deepEqual(run(), [[1, 0, 0, 0]]);
  });

  it("saved during a write and loaded elsewhere, it finishes it", () => {
    const first = board();
    const bytes = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
    first.grant.allow("readOnly", a, 0, bytes);
    first.driver.command(200, 12, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.screen.load(structuredClone(first.screen.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[0, 0, 0, 0]]);
    assert.deepEqual(second.pixels().slice(0, 12), [...bytes]);
  });
});
