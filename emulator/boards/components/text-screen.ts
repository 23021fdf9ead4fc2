// A display of characters (boards/components/src/{text_screen,hd44780}.rs).
import { TextScreenDevice } from "../../devices/text-screen.js";
import { TEXT_SCREEN_GRANT, TextScreenDriver } from "../../kernel/capsules/text-screen.js";
import type { Workbench } from "./workbench.js";

export function createTextScreen(bench: Workbench): void {
  const device = bench.device(new TextScreenDevice(bench.clock, bench.trace));
  const driver = new TextScreenDriver(device, bench.grant(TEXT_SCREEN_GRANT));
  bench.driver(TEXT_SCREEN_GRANT.driver, driver);
}
