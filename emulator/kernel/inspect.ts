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
  /** What was asked for, as a crash dump prints it; differs from the physical region where sub-regions cut one out. */
  logical: { address: number; size: number } | null;
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
  fields: { name: string; address: number; size: number; type: string; value: string }[];
}

/** Saved fault status of the last fault, as the HardFault handler read it. */
export interface FaultStatus {
  cfsr: number;
  hfsr: number;
  mmfar: number;
  bfar: number;
}

/** The stored user context of a Cortex-M process (arch/cortex-m/src/syscall.rs `CortexMStoredState`). */
export interface StoredContext {
  /** r4 to r11. */
  regs: number[];
  yieldPc: number;
  psr: number;
  /** Stack pointer with the exception frame still on the stack. */
  psp: number;
  /** r0, r1, r2, r3, r12, lr, pc, xPSR of the stacked frame; `null` when `psp` is not in the app's RAM. */
  frame: number[] | null;
}

/** Bytes of the kernel's part of every process block, from its end downward. */
export interface ProcessSizes {
  grantPointers: number;
  upcallList: number;
  processControlBlock: number;
}

/** `Display` of upstream's `ShortId` (kernel/src/process.rs). */
export const shortIdText = (shortId: number | null): string =>
  shortId === null ? "Unique" : `0x${shortId.toString(16).padEnd(8)} `;

export interface ProcessView {
  index: number;
  pid: number;
  name: string;
  /** `null`: locally unique. */
  shortId: number | null;
  state: StateText;
  /** Flash of the whole TBF object; `appStart` is where the binary begins (after header and trailer). */
  flash: { start: number; appStart: number; end: number };
  /** RAM block. `[start, appBreak)` is the app's; from `kernelBreak` on it is the kernel's. */
  memory: { start: number; appBreak: number; kernelBreak: number; end: number };
  /** Entry point as the header gives it, with the Thumb bit. */
  initFunction: number;
  /** Fixed addresses of TLV 5, `null` for position-independent apps. */
  fixedAddresses: { ram: number | null; flash: number | null } | null;
  /** The highest that the app break has been in this life. */
  highestAppBreak: number;
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
  /** Fault status of this process's last fault, while it is faulted or its fault policy has not acted yet. */
  fault: FaultStatus | null;
  /** Context as the kernel stored it; stale while the process is on the CPU. */
  stored: StoredContext;
  sizes: ProcessSizes;
}

/** How the CPU is shared, at one instant. */
export interface SchedulingView {
  /** Name of the scheduler, as a user chooses it. */
  scheduler: string;
  /** Slot of the process whose turn it is. */
  current: number | null;
  /** What is left of its timeslice in microseconds; `null` without a turn or a timeslice. */
  timesliceLeftUs: number | null;
  /** Slots of the other ready processes in the order in which they would run if nothing else became ready. */
  next: number[];
}

/**
 * What the process console may do (kernel/src/capabilities.rs `ProcessManagementCapability`, kernel/src/process.rs).
 * A board makes one from its capability; an index without a process is ignored.
 */
export interface ProcessManagement {
  /** Every process slot in use, in order. */
  processes(): ProcessView[];
  /** Number of process slots in use. */
  readonly loadedCount: number;
  /** Number of processes in state Running or Yielded. */
  readonly activeCount: number;
  /** Sum over all processes. */
  readonly timesliceExpirations: number;
  stop(index: number): void;
  resume(index: number): void;
  terminate(index: number): void;
  /** The fault policy acts at once, so this may panic. */
  setFault(index: number): void;
  /** Starts a terminated process again. */
  boot(index: number): void;
  tryRestart(index: number): void;
  /** `hardfault_all_apps` */
  faultAll(): void;
  /** Panics the kernel; `location` is upstream's `file:line:column`. */
  panic(message: string, location: string): never;
}
