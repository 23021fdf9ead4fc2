// What others may know of a processor, whatever its ISA and tier.
import type { Stateful } from "../base/stateful.js";

/** Why `run` returned. */
export const Exit = {
  /** The clock stands exactly at the deadline. */
  Deadline: 0,
  /** An exception's frame is stacked and its end is the supervisor; see `Cpu.exception`. */
  Exception: 1,
  /** The pc stands on a breakpoint; the instruction has not been executed. */
  Breakpoint: 2,
  /** The next instruction would touch a watched address; it has not been executed. */
  Watchpoint: 3,
  /** WFI or WFE, and nothing is pending. */
  Sleep: 4,
  /** A fault inside a fault handler: the core has stopped for good. */
  Lockup: 5,
  /** `bkpt 0xab` with semihosting on; the pc stands on it. */
  Semihosting: 6,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

export interface Register {
  /** Name as the manual writes it, lower case: `r0`, `sp`, `lr`, `pc`, `xpsr`. */
  name: string;
  /** Register number in DWARF for this ISA, -1 if it has none. */
  dwarf: number;
}

/** One disassembled instruction. */
export interface Disassembled {
  /** Bytes: 2 or 4. */
  size: number;
  /** UAL text, mnemonic and operands separated by one space, e.g. `ldr r0, [r1, #4]`. Undefined ones read `udf` or `<undefined>`. */
  text: string;
}

export interface Isa {
  readonly name: string;
  readonly registers: readonly Register[];
  /** Disassembles at `address`; `read16` gives halfwords or `undefined` where there is no memory. */
  disassemble(address: number, read16: (address: number) => number | undefined): Disassembled;
}

export interface Cpu<S = unknown> extends Stateful<S> {
  readonly isa: Isa;
  /** Instructions executed since reset. */
  readonly instructions: number;
  /** Number of the exception taken when `run` returned `Exit.Exception` (2 NMI, 3 HardFault, 11 SVCall, 15 SysTick, 16+n IRQ n). */
  readonly exception: number;
  readonly breakpoints: ReadonlySet<number>;
  addBreakpoint(address: number): void;
  removeBreakpoint(address: number): void;
  /**
   * A breakpoint at this address is ignored until the instruction there has been executed once; -1 for none.
   * Set by a debugger that resumes from a stop, so that the same stop is not reported twice.
   */
  resumeAddress: number;
  /** Runs until the clock stands exactly at `deadline`, or earlier with a reason. One instruction is one cycle. */
  run(deadline: number): Exit;
  /** Registers by index in `isa.registers`, unsigned. */
  readRegister(index: number): number;
  writeRegister(index: number, value: number): void;
}
