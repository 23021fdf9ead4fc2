// What a board is to a front end: a description, and a function that builds it and boots Tock on it.
import type { TraceEvent } from "../base/trace.js";
import type { SyscallDriver } from "../kernel/driver.js";
import type { Kernel } from "../kernel/kernel.js";
import type { ProcessFaultPolicy } from "../kernel/resources.js";
import type { SchedulerName } from "../kernel/schedulers/index.js";
import type { KernelConfig } from "../kernel/table.js";
import type { Machine } from "../machine/machine.js";

export interface BoardOptions {
  /** TBF objects, in the order in which they are to lie in flash. */
  apps?: readonly Uint8Array[];
  kernelConfig?: KernelConfig;
  /** Overrides what the board does about a faulted process. */
  faultPolicy?: ProcessFaultPolicy;
  /** Overrides how the board shares the CPU among processes. */
  scheduler?: SchedulerName;
  /** Seeds the board's random numbers. */
  seed?: number;
  /** Wires between GPIO pins, by their numbers in the GPIO driver. */
  wires?: readonly (readonly [number, number])[];
  /** Hears every event, also those of the boot, which is over when the board function returns. */
  listen?: (event: TraceEvent) => void;
}

/** A board that has booted Tock up to its kernel loop, at cycle 0. */
export interface TockBoard {
  machine: Machine;
  kernel: Kernel;
  /** The drivers that answer system calls, by number. */
  drivers: ReadonlyMap<number, SyscallDriver>;
  /** Numbers of drivers that upstream's board has and ours has not. */
  unbuiltDrivers: readonly number[];
}

export interface BoardDescription {
  name: string;
  /** One line for a list of boards. */
  description: string;
  /** As in the name of a TBF in a TAB, such as `cortex-m4`. */
  architecture: string;
  /** Where app flash lies: an app with a fixed flash address must fit. */
  appFlash: { address: number; size: number };
  build(options?: BoardOptions): TockBoard;
}
