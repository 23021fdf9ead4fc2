// What a board is to a front end: a description, and a function that builds it and boots Tock on it.
import type { TraceEvent } from "../base/trace.js";
import type { ChipImages } from "../formats/chips.js";
import type { InstalledApp } from "../kernel/app-list.js";
import type { SyscallDriver } from "../kernel/driver.js";
import type { Kernel } from "../kernel/kernel.js";
import type { ProcessFaultPolicy } from "../kernel/resources.js";
import type { SchedulerName } from "../kernel/schedulers/index.js";
import type { KernelConfig } from "../kernel/table.js";
import type { Machine } from "../machine/machine.js";

export interface BoardOptions {
  /** TBF objects, in the order in which they are to lie in flash. */
  apps?: readonly Uint8Array[];
  /** What flash holds from its first byte on, as tockloader's flash files have it; apps are installed over it. */
  flash?: Uint8Array;
  /** What other memory chips hold, by the names of their devices; see `TockBoard.chips`. */
  chips?: ChipImages;
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

/** What can be asked of the loader outside of the board; it is told by `machine.input("loader", …)`. */
export interface AppLoader {
  /** The apps in flash, in their order. */
  readonly apps: readonly InstalledApp[];
  /** Flash is being changed, or about to be. */
  readonly busy: boolean;
  /** The address at which a TBF would be installed now. @throws UserError why it cannot be */
  placeFor(tbf: Uint8Array): number;
  /** Whether a TBF would find room now; of the variants in a TAB one may. */
  suits(tbf: Uint8Array): boolean;
  /** Bytes of flash up to the last one that matters, as a flash file has them. */
  flashImage(): Uint8Array;
}

/** A board that has booted Tock up to its kernel loop, at cycle 0. */
export interface TockBoard {
  machine: Machine;
  kernel: Kernel;
  /** Installs apps while the board runs. */
  loader: AppLoader;
  /** What memory chips beside flash keep without power, by the names of their devices. */
  chips(): ChipImages;
  /** What the process console would answer to a line that only looks, with nothing sent; `undefined` if it would change something, or there is none. */
  consolePeek(line: string): string | undefined;
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
  /** Where processes have their RAM. */
  appRam: { address: number; size: number };
  build(options?: BoardOptions): TockBoard;
  /** Whether an app finds flash and RAM in an image of flash when `before` have been installed over it. */
  findsRoom(app: Uint8Array, image: Uint8Array, before: readonly Uint8Array[]): boolean;
}
