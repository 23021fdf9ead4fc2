// What a privileged app may learn of processes and do to them (boards/components/src/process_info_driver.rs).
import { createCapability } from "../../kernel/capability.js";
import { PROCESS_INFO_GRANT, ProcessInfo } from "../../kernel/capsules/process-info.js";
import type { Workbench } from "./workbench.js";

export function createProcessInfo(bench: Workbench): void {
  const management = bench.kernel.management(createCapability("processManagement"));
  const driver = new ProcessInfo(bench.grant(PROCESS_INFO_GRANT), management);
  bench.driver(PROCESS_INFO_GRANT.driver, driver);
}
