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
  /** The next instruction would touch a watched byte, see `Cpu.watchpointHit`; it has not been executed. */
  Watchpoint: 3,
  /** WFI or WFE, and nothing is pending. */
  Sleep: 4,
  /** A fault inside a fault handler: the core has stopped for good. */
  Lockup: 5,
  /** `bkpt 0xab` with semihosting on; the pc stands on it. */
  Semihosting: 6,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Bytes that a debugger watches, and what must happen to them. */
export interface Watchpoint {
  /** Guest address of the first byte, unsigned. */
  readonly address: number;
  /** Bytes. */
  readonly length: number;
  readonly access: "read" | "write" | "readWrite";
}

/** An access that touches watched bytes. */
export interface WatchpointHit {
  /** The first watched byte that is touched. */
  readonly address: number;
  readonly access: "read" | "write";
  /** All that it touches, in the order they were set; the very objects. */
  readonly watchpoints: readonly Watchpoint[];
}

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
  readonly watchpoints: readonly Watchpoint[];
  /**
   * Replaces all watchpoints; any number of them. Watched are loads and stores of instructions, not their fetch and not
   * the frames of exceptions. The stop is before the instruction, however many bytes it moves.
   */
  setWatchpoints(watchpoints: readonly Watchpoint[]): void;
  /** What `run` reported last with `Exit.Watchpoint`. */
  readonly watchpointHit: WatchpointHit | undefined;
  /** What a write by the host (the kernel) to these bytes touches of what is watched. */
  watchedByHostWrite(address: number, length: number): WatchpointHit | undefined;
  /**
   * A breakpoint at this address is ignored until the instruction there has been executed once; -1 for none.
   * Watchpoints are too if they were what `run` reported last there.
   * Set by a debugger that resumes from a stop, so that the same stop is not reported twice.
   */
  resumeAddress: number;
  /**
   * Counts how often each instruction is executed, at the halfword of flash where it begins, while there is an array: one
   * counter per halfword from the first byte of flash on. Slower by a factor; without an array it costs nothing.
   */
  counts: Uint32Array | undefined;
  /** Runs until the clock stands exactly at `deadline`, or earlier with a reason. One instruction is one cycle. */
  run(deadline: number): Exit;
  /** Registers by index in `isa.registers`, unsigned. */
  readRegister(index: number): number;
  writeRegister(index: number, value: number): void;
}
