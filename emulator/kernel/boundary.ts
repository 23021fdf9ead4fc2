// Where the kernel meets an ISA (kernel/src/syscall.rs `UserspaceKernelBoundary`, kernel/src/platform/{mpu,chip}.rs).
import type { FaultStatus, MpuRegionView, StoredContext } from "./inspect.js";
import type { Syscall, SyscallReturn } from "./syscalls.js";

/** Why a process left the CPU. */
export type ContextSwitchReason =
  | { reason: "SyscallFired"; syscall: Syscall }
  | { reason: "Interrupted" }
  | { reason: "Fault" };

/** A call into the process: an upcall, or its first instruction. */
export interface FunctionCall {
  pc: number;
  arguments: readonly [number, number, number, number];
}

/** RAM that the process may touch: `[start, appBreak)`. */
export interface AccessibleMemory {
  start: number;
  appBreak: number;
}

/** Saves, restores and rewrites the user context of a process. `S` is plain data, saved with the process. */
export interface UserspaceKernelBoundary<S = unknown> {
  /** Least RAM a process needs to be switched to, in bytes. */
  readonly initialProcessAppBrkSize: number;
  /** Context of a process that has never run; `null` when its RAM is too small. */
  initializeProcess(memory: AccessibleMemory): S | null;
  /** Writes the return registers; false when the stack of the process cannot take them. */
  setSyscallReturnValue(memory: AccessibleMemory, stored: S, values: SyscallReturn): boolean;
  /** Makes the process run `call` next; false when its stack cannot take the frame. */
  setProcessFunction(memory: AccessibleMemory, stored: S, call: FunctionCall): boolean;
  /** Puts the process on the CPU. */
  switchTo(stored: S): void;
  /** The process left the CPU by `exception` (its frame is stacked): saves its context and tells why. */
  switchFrom(memory: AccessibleMemory, stored: S, exception: number): ContextSwitchReason;
  /** Takes an interrupt on the CPU while a process runs, as hardware does. The result is its exception number. */
  interrupt(): number;
  /** Stack pointer of a process off the CPU, its frame still stacked. */
  stackPointer(stored: S): number;
  /** Fault status as the last fault handler read it. */
  readonly faultStatus: FaultStatus;
  /** Registers of the process on the CPU, by index in `Isa.registers`. */
  liveRegisters(): number[];
  setLiveRegister(register: number, value: number): void;
  /** Registers of a process off the CPU as if it ran now; `null` when its stack cannot be read. */
  storedRegisters(memory: AccessibleMemory, stored: S): number[] | null;
  setStoredRegister(memory: AccessibleMemory, stored: S, register: number, value: number): boolean;
  /** What a crash dump prints of the stored state. */
  storedContext(memory: AccessibleMemory, stored: S): StoredContext;
}

/** Access that a process gets to a region. */
export type Permissions = "ReadWriteOnly" | "ReadExecuteOnly" | "ReadOnly";

export interface Region {
  start: number;
  size: number;
}

/** What a process needs for its RAM; bytes. */
export interface AppMemoryRequest {
  /** Where unallocated RAM starts and how much there is. */
  unallocated: Region;
  minMemorySize: number;
  initialAppMemorySize: number;
  initialKernelMemorySize: number;
}

/** Finds protection regions for processes. `C` is plain data, one per process. */
export interface Mpu<C = unknown> {
  newConfig(): C;
  resetConfig(config: C): void;
  /** A region of at least `size` bytes at `start` for flash or a shared buffer; `null` when none can be had. */
  allocateRegion(region: Region, permissions: Permissions, config: C): Region | null;
  /** The RAM block of a process; `null` when there is not enough memory. */
  allocateAppMemoryRegion(request: AppMemoryRequest, config: C): Region | null;
  /** Moves the end of what the app may touch; false when that would reach into the kernel's part. */
  updateAppMemoryRegion(appBreak: number, kernelBreak: number, config: C): boolean;
  /** Writes `config` into the hardware. */
  configure(config: C): void;
  view(config: C): MpuRegionView[];
}

/** The ISA side of a board's chip. */
export interface Chip {
  readonly boundary: UserspaceKernelBoundary;
  readonly mpu: Mpu;
}
