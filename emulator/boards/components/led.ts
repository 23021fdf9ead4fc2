// The LEDs of a board (boards/components/src/led.rs).
import { LedDevice } from "../../devices/led.js";
import { LED_DRIVER, LedDriver } from "../../kernel/capsules/led.js";
import type { Workbench } from "./workbench.js";

export function createLeds(bench: Workbench, count: number): void {
  const leds = Array.from({ length: count }, (_, i) => bench.device(new LedDevice(bench.trace, i)));
  bench.driver(LED_DRIVER, new LedDriver(leds));
}
