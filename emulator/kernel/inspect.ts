// What a debugger and a printer may see of a process: plain data, taken at one instant.
import type { Syscall } from "./syscalls.js";

/** Text of the state as upstream's `Debug` prints it: `Running`, `Yielded`, `YieldedFor(…)`, `Stopped(…)`, `Faulted`, `Terminated`. */
export type StateText = string;

export interface MpuRegionView {
  number: number;
  enabled: boolean;
  /** Physical base address and size in bytes of the region. */
  address: number;
  size: number;
  /** RASR.AP, 0–7. */
  accessPermission: number;
  executeNever: boolean;
  /** Bit n set: sub-region n is disabled (RASR.SRD). */
  subregionsDisabled: number;
}

export interface GrantRegionView {
  /** Grant number: the order in which the board created its grants. */
  number: number;
  driver: number;
  /** Address and size in bytes of the whole allocation; size is 0 while it is not allocated. */
  address: number;
  size: number;
  upcalls: { subscribe: number; functionPointer: number; userdata: number }[];
  readOnlyAllows: { allow: number; address: number; length: number }[];
  readWriteAllows: { allow: number; address: number; length: number }[];
  /** The driver's own fields, decoded. */
  fields: { name: string; address: number; type: string; value: string }[];
}

/** Saved fault status of the last fault, as the HardFault handler read it. */
export interface FaultStatus {
  cfsr: number;
  hfsr: number;
  mmfar: number;
  bfar: number;
}

export interface ProcessView {
  index: number;
  pid: number;
  name: string;
  state: StateText;
  /** Flash of the whole TBF object; `appStart` is where the binary begins (after header and trailer). */
  flash: { start: number; appStart: number; end: number };
  /** RAM block. `[start, appBreak)` is the app's; from `kernelBreak` on it is the kernel's. */
  memory: { start: number; appBreak: number; kernelBreak: number; end: number };
  /** Entry point as the header gives it, with the Thumb bit. */
  initFunction: number;
  /** Fixed addresses of TLV 5, `null` for position-independent apps. */
  fixedAddresses: { ram: number | null; flash: number | null } | null;
  stackTop: number | null;
  heapStart: number | null;
  /** Lowest stack pointer seen at a switch. */
  minimumStackPointer: number | null;
  /** `null`: never ended; `"faulted"`: ended by a fault or the kernel; a number: its exit code. */
  completionCode: number | "faulted" | null;
  syscallCount: number;
  lastSyscall: Syscall | null;
  restartCount: number;
  timesliceExpirations: number;
  droppedUpcalls: number;
  queuedUpcalls: {
    driver: number;
    subscribe: number;
    functionPointer: number;
    arguments: number[];
  }[];
  grants: GrantRegionView[];
  mpu: MpuRegionView[];
  /** Registers r0–r12, sp, lr, pc, xpsr of the process as if it ran now; `null` when its stacked frame cannot be read. */
  registers: number[] | null;
  /** Where the last fault happened, while the process is faulted. */
  fault: FaultStatus | null;
}
