// An SD card slot with a card in it.
import { SdCardDevice, type SdCardOptions } from "../../devices/sdcard.js";
import { SDCARD_GRANT, SdCardDriver } from "../../kernel/capsules/sdcard.js";
import type { Workbench } from "./workbench.js";

export function createSdCard(bench: Workbench, options: SdCardOptions): void {
  const device = bench.device(new SdCardDevice(bench.clock, options));
  bench.driver(SDCARD_GRANT.driver, new SdCardDriver(device, bench.grant(SDCARD_GRANT)));
}
