// A board as upstream's tutorials wire it: an SSD1306 behind a two-wire bus that is shared.
import assert from "node:assert/strict";
import { createAlarm, createAlarmMux } from "../../../../emulator/boards/components/alarm.js";
import { createConsole, createSerialLine } from "../../../../emulator/boards/components/console.js";
import { createI2cBus, createI2cMux } from "../../../../emulator/boards/components/i2c.js";
import {
  createScreen,
  createSsd1306,
  SSD1306_BUFFER_LENGTH,
} from "../../../../emulator/boards/components/screen.js";
import { board } from "../../../../emulator/boards/components/tock.js";
import { APP_FLASH, APP_RAM, MEMORY_MAP } from "../../../../emulator/boards/nrf52840dk.js";
import { NRF52_RTC } from "../../../../emulator/devices/alarm.js";
import { NRF52_NVMC } from "../../../../emulator/devices/flash.js";
import { nrf52I2c } from "../../../../emulator/devices/i2c.js";
import type { Picture } from "../../../../emulator/devices/picture.js";
import { SyscallClass } from "../../../../emulator/index.js";
import { panicFaultPolicy } from "../../../../emulator/kernel/policies.js";
import { program, tbf } from "../../guest.js";

const SCREEN = 0x90001;

const tutorial = board({
  name: "tutorial",
  description: "",
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: NRF52_NVMC,
  processSlots: 4,
  faultPolicy: panicFaultPolicy,
  create(bench) {
    const line = createSerialLine(bench);
    createAlarm(bench, createAlarmMux(bench, NRF52_RTC));
    createConsole(bench, line);
    const bus = createI2cBus(bench, nrf52I2c("i2c1"));
    const screen = createSsd1306(bench, bus, createI2cMux(bench, bus));
    createScreen(bench, screen, undefined, SSD1306_BUFFER_LENGTH);
    return { start: () => screen.initScreen() };
  },
});

/** Waits until the screen is on, then writes "hello" as pixels into a frame in its second row of eight. */
const painter = () =>
  program()
    .command(SCREEN, 0, 0)
    .address(2, "text", false)
    .syscall(SyscallClass.ReadOnlyAllow, SCREEN, 0, undefined, 5)
    .command(0, 5, 10_000 * 256)
    .yieldWaitFor(0, 0)
    .command(SCREEN, 100, (16 << 16) | 8, (5 << 16) | 8)
    .yieldWaitFor(SCREEN, 0)
    .command(SCREEN, 200, 5)
    .yieldWaitFor(SCREEN, 0)
    .command(SCREEN, 3, 0x4000)
    .yieldWaitFor(SCREEN, 0)
    .label("end")
    .yieldWait()
    .branch("end")
    .text("text", "hello");

describe("a screen behind a bus", () => {
  it("is switched on at boot and shows what an app writes", () => {
    const pictures: Picture[] = [];
    const { machine } = tutorial.build({
      apps: [tbf(painter(), { name: "painter" })],
      listen: e => {
        if (e.type === "output" && e.device === "screen")
          pictures.push(e.value as unknown as Picture);
      },
    });
    machine.run(machine.clock.frequency);
    const [first, last] = [pictures[0], pictures.at(-1)] as [Picture, Picture];
    assert.deepEqual([first.on, first.width, first.height], [true, 128, 64]);
    assert.equal(last.brightness, 0x40 * 257);
    const column = (x: number) =>
      Array.from({ length: 8 }, (_, bit) =>
        last.pixels[3 * (128 * (8 + bit) + x)] ? 1 << bit : 0,
      );
    const text = Array.from({ length: 5 }, (_, i) =>
      String.fromCharCode(column(16 + i).reduce((sum, bit) => sum + bit)),
    );
    assert.equal(text.join(""), "hello");
    assert.equal(
      last.pixels.filter(byte => byte !== 0).length,
      3 *
        [..."hello"]
          .map(c => c.charCodeAt(0).toString(2).replaceAll("0", "").length)
          .reduce((a, b) => a + b),
    );
  });
});
