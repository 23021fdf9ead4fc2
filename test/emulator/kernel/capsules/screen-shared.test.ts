// With the SSD1306 and its bus below, as the tutorials have it.
import assert from "node:assert/strict";
import { I2CBus, nrf52I2c } from "../../../../emulator/devices/i2c.js";
import type { Picture } from "../../../../emulator/devices/picture.js";
import { Ssd1306Device } from "../../../../emulator/devices/ssd1306.js";
import {
  SCREEN_SHARED_GRANT,
  ScreenShared,
} from "../../../../emulator/kernel/capsules/screen-shared.js";
import { Ssd1306 } from "../../../../emulator/kernel/capsules/ssd1306.js";
import { MuxI2C } from "../../../../emulator/kernel/capsules/virtual-i2c.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const c = { index: 2, pid: 2 };

function board() {
  const bench = new Bench();
  const bus = bench.add(new I2CBus(bench.clock, bench.trace, nrf52I2c("i2c0")));
  const device = bench.add(new Ssd1306Device(bench.clock, bench.trace));
  bus.attach(0x3c, device);
  const mux = new MuxI2C(bus);
  const screen = new Ssd1306(mux.device(0x3c), true);
  const grant = new FakeGrant(SCREEN_SHARED_GRANT);
  const regions = [
    { x: 0, y: 0, width: 128, height: 56 },
    { x: 64, y: 56, width: 64, height: 8 },
  ];
  const driver = new ScreenShared(
    { screen, bufferLength: 1032, regionOf: process => regions[process.index] },
    grant,
  );
  screen.initScreen();
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  };
  const lit = (x: number, y: number) =>
    (device.shown() as unknown as Picture).pixels[3 * (128 * y + x)] === 255;
  return { bench, bus, device, mux, screen, grant, driver, run, lit };
}

describe("shared screen driver, on an SSD1306", () => {
  it("gives each app the size of its region, and NOSUPPORT to one without", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(23, 0, 0, a), [130, 128, 56]);
    assert.deepEqual(driver.command(23, 0, 0, b), [130, 64, 8]);
    assert.deepEqual(driver.command(23, 0, 0, c), [0, 10]);
    assert.deepEqual(driver.command(200, 0, 0, c), [0, 10]);
    const got = [0, 21, 25, 2].map(n => driver.command(n, 0, 0, c));
    assert.deepEqual(got, [[128], [129, 0], [129, 6], [0, 10]]);
  });

  it("an app draws at the place of its region, cut where that ends", () => {
    const { driver, grant, run, lit } = board();
    run();
    grant.allow("readOnly", b, 0, Uint8Array.of(0x81, 1));
    assert.deepEqual(driver.command(100, 62 << 16, (4 << 16) | 8, b), [128]);
    assert.deepEqual(run(), [[1, 0, 0, 0]]);
    assert.deepEqual(driver.command(200, 2, 0, b), [128]);
    assert.deepEqual(run(), [[1, 0, 0, 0]]);
    assert.deepEqual(
      [lit(126, 56), lit(126, 63), lit(127, 56), lit(127, 63)],
      [true, true, true, false],
    );
  });

  it("writes of several apps follow one another; a second of the same is BUSY while its first waits", () => {
    const { driver, grant, run } = board();
    run();
    for (const app of [a, b]) {
      grant.allow("readOnly", app, 0, Uint8Array.of(1));
      driver.command(100, 0, (8 << 16) | 8, app);
    }
    run();
    assert.deepEqual(driver.command(200, 1, 0, a), [128]);
    assert.deepEqual(driver.command(200, 1, 0, a), [0, 2]);
    assert.deepEqual(driver.command(200, 1, 0, b), [128]);
    assert.deepEqual(run(), [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it("nothing to write is told in the upcall, when the frame is set", () => {
    const { driver, run } = board();
    run();
    driver.command(100, 0, (8 << 16) | 8, a);
    run();
    assert.deepEqual(driver.command(200, 1, 0, a), [128]);
    assert.deepEqual(run(), [[0, 9, 0, 0]]);
  });

  it("a screen that is still being switched on refuses, which the upcall tells", () => {
    const { driver, run } = board();
    assert.deepEqual(driver.command(200, 1, 0, a), [128]);
    assert.deepEqual(run(), [[0, 2, 0, 0]]);
  });

  it("saved during a write and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.run();
    first.grant.allow("readOnly", a, 0, Uint8Array.of(1));
    first.driver.command(100, 0, (8 << 16) | 8, a);
    first.run();
    first.driver.command(200, 1, 0, a);
    const second = board();
    for (const part of ["bus", "device", "mux", "screen", "driver"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[0, 0, 0, 0]]);
    assert.equal(second.lit(0, 0), true);
  });
});
