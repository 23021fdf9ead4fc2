// The LEDs of a board (boards/components/src/led.rs).
import { LedDevice, type LedLook } from "../../devices/led.js";
import { LED_DRIVER, LedDriver } from "../../kernel/capsules/led.js";
import type { Workbench } from "./workbench.js";

/** `looks`: of the first and so on. */
export function createLeds(bench: Workbench, count: number, looks: readonly LedLook[] = []): void {
  const leds = Array.from({ length: count }, (_, i) =>
    bench.device(new LedDevice(bench.trace, i, looks[i])),
  );
  bench.driver(LED_DRIVER, new LedDriver(leds));
}
