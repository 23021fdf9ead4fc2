// What apps may learn of time and the kernel: read-only state and the cycle counter
// (boards/components/src/{read_only_state,cycle_count}.rs).
import { CycleCounterDevice } from "../../devices/cycle-counter.js";
import { CYCLE_COUNT_GRANT, CycleCount } from "../../kernel/capsules/cycle-count.js";
import { READ_ONLY_STATE_GRANT, ReadOnlyState } from "../../kernel/capsules/read-only-state.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import type { Workbench } from "./workbench.js";

export function createReadOnlyState(bench: Workbench, alarms: AlarmMux): void {
  const grant = bench.grant(READ_ONLY_STATE_GRANT);
  const driver = new ReadOnlyState(new VirtualAlarm(alarms), bench.memory, grant);
  bench.driver(READ_ONLY_STATE_GRANT.driver, driver);
  bench.contextSwitch = driver;
}

export function createCycleCount(bench: Workbench): void {
  const counter = bench.device(new CycleCounterDevice(bench.clock));
  bench.driver(CYCLE_COUNT_GRANT.driver, new CycleCount(counter, bench.grant(CYCLE_COUNT_GRANT)));
}
