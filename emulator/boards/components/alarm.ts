// The alarm driver over the board's counter (boards/components/src/alarm.rs).
import { AlarmDevice, type AlarmOptions } from "../../devices/alarm.js";
import { ALARM_GRANT, AlarmDriver } from "../../kernel/capsules/alarm.js";
import { AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import type { Workbench } from "./workbench.js";

/** Every part of the board has an alarm of its own from the multiplexer. */
export const createAlarmMux = (bench: Workbench, counter: AlarmOptions): AlarmMux =>
  bench.part("alarmMux", new AlarmMux(bench.device(new AlarmDevice(bench.clock, counter))));

export function createAlarm(bench: Workbench, mux: AlarmMux): void {
  const grant = bench.grant(ALARM_GRANT);
  bench.driver(ALARM_GRANT.driver, new AlarmDriver(new VirtualAlarm(mux), grant));
}
