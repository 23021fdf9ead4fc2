// What every board function takes and gives back. A board is a function, not a type, so that it reads top to bottom.
import type { TraceEvent } from "../base/trace.js";
import type { Kernel } from "../kernel/kernel.js";
import type { ProcessFaultPolicy } from "../kernel/resources.js";
import type { KernelConfig } from "../kernel/table.js";
import type { Machine } from "../machine/machine.js";

export interface BoardOptions {
  /** TBF objects, in the order in which they are to lie in flash. */
  apps?: readonly Uint8Array[];
  kernelConfig?: KernelConfig;
  /** Overrides what the board does about a faulted process. */
  faultPolicy?: ProcessFaultPolicy;
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
}
