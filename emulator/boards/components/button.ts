// The buttons of a board (boards/components/src/button.rs).
import { ButtonDevice } from "../../devices/button.js";
import { BUTTON_GRANT, ButtonDriver } from "../../kernel/capsules/button.js";
import type { Workbench } from "./workbench.js";

export function createButtons(bench: Workbench, count: number): void {
  const buttons = Array.from({ length: count }, (_, i) =>
    bench.device(new ButtonDevice(bench.clock, i)),
  );
  bench.driver(BUTTON_GRANT.driver, new ButtonDriver(buttons, bench.grant(BUTTON_GRANT)));
}
