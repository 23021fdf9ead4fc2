// A panic of the kernel: what it says (core::panic::PanicInfo) and who prints it (kernel/src/debug.rs `panic_print`).
import type { FaultStatus, ProcessView } from "./inspect.js";

/** Of upstream, as its panic text says it. */
export const KERNEL_VERSION = "2.3.0-dev1";

/** Thrown where upstream panics. The kernel catches it at its border, prints the dump and halts the board. */
export class KernelPanic extends Error {
  override readonly name = "KernelPanic";
  /** Upstream's `file:line:column`. */
  readonly location: string;

  constructor(message: string, location: string) {
    super(message);
    this.location = location;
  }
}

/** All that upstream prints when it panics, as data taken at that instant. */
export interface PanicReport {
  /** `kernel/src/process_standard.rs:753:17` */
  location: string;
  message: string;
  /** Fault status registers as the last HardFault handler read them; all 0 if none ran. */
  fault: FaultStatus;
  /** Every process slot in use, in order. */
  processes: readonly ProcessView[];
}

/** Prints a panic to the world, synchronously: nothing else runs afterwards. */
export interface PanicWriter {
  write(report: PanicReport): void;
}
