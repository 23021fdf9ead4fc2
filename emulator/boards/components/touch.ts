// A touch panel (boards/components/src/touch.rs).
import { TouchDevice } from "../../devices/touch.js";
import type { TouchScreen } from "../../hil/touch.js";
import { TOUCH_GRANT, TouchDriver } from "../../kernel/capsules/touch.js";
import type { Workbench } from "./workbench.js";

/** `touches`: how many fingers it tells apart. */
export function createTouch(bench: Workbench, touches: number, screen?: TouchScreen): void {
  const panel = bench.device(new TouchDevice(bench.clock, touches));
  bench.driver(TOUCH_GRANT.driver, new TouchDriver(panel, bench.grant(TOUCH_GRANT), screen));
}
