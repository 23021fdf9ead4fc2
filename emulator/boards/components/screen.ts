// Screens and the drivers that give them to apps (boards/components/src/{screen,ssd1306}.rs).
import type { I2CBus } from "../../devices/i2c.js";
import { ScreenDevice, type ScreenOptions } from "../../devices/screen.js";
import { Ssd1306Device } from "../../devices/ssd1306.js";
import type { Screen, ScreenSetup } from "../../hil/screen.js";
import { SCREEN_GRANT, ScreenDriver } from "../../kernel/capsules/screen.js";
import {
  SCREEN_SHARED_GRANT,
  ScreenShared,
  type ScreenSharedOptions,
} from "../../kernel/capsules/screen-shared.js";
import { Ssd1306 } from "../../kernel/capsules/ssd1306.js";
import type { MuxI2C } from "../../kernel/capsules/virtual-i2c.js";
import type { Workbench } from "./workbench.js";

export const SSD1306_ADDRESS = 0x3c;
/** Bytes that go to an SSD1306 at once. */
export const SSD1306_BUFFER_LENGTH = 1032;

/** A screen that a board can hand to one of the drivers below. */
export const createScreenDevice = (bench: Workbench, options: ScreenOptions): ScreenDevice =>
  bench.device(new ScreenDevice(bench.clock, bench.trace, options));

/** An SSD1306 on a bus and the capsule that drives it. The board calls `initScreen` where upstream's does. */
export function createSsd1306(bench: Workbench, bus: I2CBus, mux: MuxI2C): Ssd1306 {
  bus.attach(SSD1306_ADDRESS, bench.device(new Ssd1306Device(bench.clock, bench.trace)));
  return bench.part("ssd1306", new Ssd1306(mux.device(SSD1306_ADDRESS), true));
}

/** `setup`: what the screen can be set to; the boards with an SSD1306 leave it out. */
export function createScreen(
  bench: Workbench,
  screen: Screen,
  setup: ScreenSetup | undefined,
  bufferLength: number,
): void {
  const driver = new ScreenDriver({ screen, setup, bufferLength }, bench.grant(SCREEN_GRANT));
  bench.driver(SCREEN_GRANT.driver, driver);
}

export function createScreenShared(bench: Workbench, options: ScreenSharedOptions): void {
  const driver = new ScreenShared(options, bench.grant(SCREEN_SHARED_GRANT));
  bench.driver(SCREEN_SHARED_GRANT.driver, driver);
}
