// Inter-process communication (kernel/src/ipc.rs).
import { createCapability } from "../../kernel/capability.js";
import { Ipc, ipcGrant } from "../../kernel/ipc.js";
import type { Workbench } from "./workbench.js";

export function createIpc(bench: Workbench): void {
  const host = bench.kernel.ipcHost(createCapability("processManagement"));
  const shape = ipcGrant(bench.kernel.processSlots);
  bench.ipc = bench.driver(shape.driver, new Ipc(host, bench.grant(shape)));
}
