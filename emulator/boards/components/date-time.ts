// Date and time (boards/components/src/date_time.rs).
import { RtcDevice, type RtcOptions } from "../../devices/rtc.js";
import { DATE_TIME_GRANT, DateTimeDriver } from "../../kernel/capsules/date-time.js";
import type { Workbench } from "./workbench.js";

export function createDateTime(bench: Workbench, options: RtcOptions): void {
  const device = bench.device(new RtcDevice(bench.clock, options));
  bench.driver(DATE_TIME_GRANT.driver, new DateTimeDriver(device, bench.grant(DATE_TIME_GRANT)));
}
