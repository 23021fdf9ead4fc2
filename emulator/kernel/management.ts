// The operations behind the process management capability (kernel/src/process.rs, used by the process console).
import type { ProcessManagement, ProcessView } from "./inspect.js";
import { KernelPanic } from "./panic.js";
import type { Process } from "./process.js";

/** What the operations need of the kernel. */
export interface ManagementHost {
  slots(): readonly (Process | null)[];
  view(index: number): ProcessView;
  setFault(process: Process): void;
  exited(process: Process, pid: number): void;
  restarted(process: Process): void;
  restart(process: Process): void;
}

export function manageProcesses(host: ManagementHost): ProcessManagement {
  const loaded = () => host.slots().filter(process => process !== null);
  const on = (index: number, act: (process: Process) => void) => {
    const process = host.slots()[index];
    if (process !== null && process !== undefined) act(process);
  };
  const ending = (act: (process: Process) => boolean) => (process: Process) => {
    const { pid } = process.data;
    const alive = process.isRunning;
    const lives = act(process);
    if (alive) host.exited(process, pid);
    if (lives) host.restarted(process);
  };
  return {
    processes: () => loaded().map(process => host.view(process.data.index)),
    get loadedCount() {
      return loaded().length;
    },
    get activeCount() {
      return loaded().filter(({ data: { state } }) => /^(Running|Yielded)$/.test(state.name))
        .length;
    },
    get timesliceExpirations() {
      return loaded().reduce((sum, { data }) => sum + data.timesliceExpirations, 0);
    },
    stop: index => on(index, process => process.stop()),
    resume: index => on(index, process => process.resume()),
    terminate: index =>
      on(
        index,
        ending(process => {
          process.terminate(null);
          return false;
        }),
      ),
    setFault: index => on(index, host.setFault),
    boot: index =>
      on(
        index,
        ending(process => process.start()),
      ),
    tryRestart: index => on(index, host.restart),
    faultAll: () => {
      for (const process of loaded()) host.setFault(process);
    },
    panic: (message, location) => {
      throw new KernelPanic(message, location);
    },
  };
}
