// What a debugger and a printer see of a process: everything as plain data, taken at one instant.
import type { ProcessView, StateText } from "./inspect.js";
import { type Process, type ProcessState, processSizes, type Task } from "./process.js";

/** `Debug` of upstream's `State` (kernel/src/process.rs, kernel/src/upcall.rs). */
export function stateText(state: ProcessState): StateText {
  switch (state.name) {
    case "YieldedFor": {
      const { driver, subscribe } = state.upcall;
      return `YieldedFor(UpcallId { driver_num: 0x${driver.toString(16)}, subscribe_num: ${subscribe} })`;
    }
    case "Stopped":
      return `Stopped(${stateText(state.previous)})`;
    default:
      return state.name;
  }
}

/** A notification of another process is no upcall yet: it tells the sender. */
function queued(task: Task): ProcessView["queuedUpcalls"][number] {
  const driver = task.source?.driver ?? -1;
  const subscribe = task.source?.subscribe ?? -1;
  if (task.kind === "IPC")
    return { driver: 0x10000, subscribe, functionPointer: 0, arguments: [task.from.index] };
  if (task.kind === "ReturnValue")
    return { driver, subscribe, functionPointer: 0, arguments: [...task.values] };
  const { pc, arguments: values } = task.call;
  return { driver, subscribe, functionPointer: pc, arguments: [...values] };
}

/** The view without its grants; `live` are the registers while the process is on the CPU. */
export function processView(process: Process, live: number[] | null): ProcessView {
  const { data, host } = process;
  const { binary } = data;
  const { boundary, mpu } = host.chip;
  const fixed = binary.fixedAddressRam !== null || binary.fixedAddressFlash !== null;
  return {
    index: data.index,
    pid: data.pid,
    name: binary.name,
    shortId: data.shortId,
    state: stateText(data.state),
    flash: { ...binary.flash },
    memory: {
      start: data.memory.start,
      appBreak: data.appBreak,
      kernelBreak: data.kernelBreak,
      end: data.memory.end,
    },
    initFunction: binary.initFunction,
    fixedAddresses: fixed ? { ram: binary.fixedAddressRam, flash: binary.fixedAddressFlash } : null,
    highestAppBreak: data.highestAppBreak,
    stackTop: data.stackTop,
    heapStart: data.heapStart,
    minimumStackPointer: data.minimumStackPointer,
    completionCode: data.completionCode,
    syscallCount: data.syscallCount,
    lastSyscall: data.lastSyscall,
    restartCount: data.restartCount,
    timesliceExpirations: data.timesliceExpirations,
    droppedUpcalls: data.droppedUpcalls,
    // The first call of all is the kernel's own; drivers' calls and null upcalls name theirs.
    queuedUpcalls: data.tasks.map(queued),
    grants: [],
    mpu: mpu.view(data.mpu),
    registers: live ?? boundary.storedRegisters(process.accessible, data.stored),
    fault: data.fault === null ? null : { ...data.fault },
    stored: boundary.storedContext(process.accessible, data.stored),
    sizes: processSizes(host),
  };
}
