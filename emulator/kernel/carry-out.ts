// Carries out what the kernel has decided about a process (kernel/src/kernel.rs `handle_syscall`, kernel/src/process_standard.rs
// `set_fault_state`, `terminate`, `try_restart`).
import type { Act } from "./acts.js";
import type { ProcessId } from "./driver.js";
import { KernelPanic } from "./panic.js";
import type { Process } from "./process.js";
import type { ProcessTable } from "./table.js";

/** What is asked before a fault policy acts, and what a failed return raises. */
export interface ActHost {
  readonly table: ProcessTable;
  processFaultHook(process: ProcessId): boolean;
  raiseFault(process: Process, byKernel: boolean): void;
}

export function carryOut({ occurrence, pid }: Act, host: ActHost): void {
  const { table } = host;
  const process =
    occurrence.process === null || pid === null
      ? undefined
      : table.getProcess({ index: occurrence.process, pid });
  // Whoever was forgotten meanwhile has nothing to come.
  if (process === undefined) return;
  switch (occurrence.kind) {
    case "syscallReturn":
    case "syscallError":
      if (!process.setSyscallReturn(occurrence.returned)) host.raiseFault(process, true);
      break;
    case "fault":
      // The hook sees only what the process did by itself.
      if (!occurrence.byKernel && host.processFaultHook(process.id)) process.data.fault = null;
      else setFaultState(process, table);
      break;
    case "exit":
      if (occurrence.restart) restart(process, table, occurrence.completionCode);
      else if (process.isRunning) {
        process.terminate(occurrence.completionCode);
        table.emitExited(process);
      }
      break;
    case "restart":
      restart(process, table, null);
      break;
    case "upcallDropped":
      process.data.droppedUpcalls++;
      break;
    case "grantFailed":
    case "panic":
  }
}

function restart(process: Process, table: ProcessTable, completionCode: number | null): void {
  const { pid } = process.data;
  const alive = process.isRunning;
  const lives = process.tryRestart(completionCode);
  if (alive) table.emitExited(process, pid);
  if (lives) table.emitCreated(process);
}

/** Lets the fault policy act. */
export function setFaultState(process: Process, table: ProcessTable): void {
  const { data } = process;
  const action = process.faultAction(line => table.debugWriter(line));
  if (action === "Restart") {
    table.acts.push({ kind: "restart", process: data.index, reason: "fault" }, data.pid);
    return;
  }
  if (action === "Stop") process.terminate(null);
  data.state = { name: "Faulted" };
  if (action === "Stop") table.emitExited(process);
  else
    throw new KernelPanic(
      `Process ${process.name} had a fault`,
      "kernel/src/process_standard.rs:753:17",
    );
}
