// What the engine knows of a processor: the seam that Cortex-M (thumb.ts) and RISC-V (riscv.ts) fill. The engine itself
// knows no register by its number and no instruction by its name.
import type { Isa } from "../../emulator/index.js";
import type { Instruction, Read16 } from "../flow.js";
import type { Abi } from "../symbols/abi.js";

/** A load or a store. Its address is `base + offset + (index << shift)`. */
export interface Transfer {
  kind: "read" | "write";
  /** What is loaded or stored, in the order of addresses. */
  registers: readonly number[];
  /** Bytes per register. */
  size: number;
  base: number;
  offset: number;
  index: { register: number; shift: number } | undefined;
  /** The base is changed by the access. */
  writeBack: boolean;
  /** By how much, of a single load or store. */
  step?: number;
  /** The address, where the place of the instruction tells it. */
  literal?: number;
}

export type Operand = { register: number } | { constant: number | undefined };

/** How an instruction makes the value of the register that it changes, where that is simple. */
export type Result =
  /** `part`: another instruction adds the rest of the number. */
  | { by: "constant"; value: number | undefined; part?: true }
  | { by: "copy"; register: number }
  /** `left + (right << shift)`, or `left - …`. */
  | {
      by: "sum";
      left: number | { constant: number };
      right: Operand;
      shift: number;
      minus: boolean;
    }
  | { by: "shift"; register: number; amount: number }
  /** `left * right + added` */
  | { by: "product"; left: number; right: number; added: number | undefined }
  /** The upper half of the register is replaced. */
  | { by: "top"; register: number; value: number | undefined }
  | { by: "call" };

export interface Effects {
  transfer: Transfer | undefined;
  /** Registers that it changes. */
  changes: readonly number[];
  result: Result | undefined;
  /** What it does, it may not do (in an IT block). */
  conditional: boolean;
  /** The register through which it calls or jumps. */
  through: number | undefined;
  /** Where a direct call or jump goes. */
  target: number | undefined;
  /** The register that it compares with 0. */
  zeroTest?: number;
  /** A branch that is taken where what was compared, by itself or by the instruction before it, is equal or is not. */
  takenIf?: "equal" | "unequal";
  /** The register that it divides by. */
  divisor?: number;
  /** It returns, or nothing is executed behind it. */
  ends: "return" | "trap" | undefined;
}

/** A part of the address space that means the same on every chip. */
export interface FixedRegion {
  low: number;
  high: number;
  kind: "peripheral" | "private-peripheral";
  /** What lies there, as the end of a sentence. */
  text: string;
}

export interface Architecture {
  /** Disassembler, and registers by name in the order of a scene. */
  isa: Isa;
  abi: Abi;
  /** The register through which position-independent code finds its data, if libtock-c has one. */
  staticBase: number | undefined;
  /** Bytes of an instruction that are written as one number. */
  codeUnit: 2 | 4;
  /** What keeps processes apart, and which of several rules for an address decides. */
  protection: { name: string; decides: "lowest" | "highest" };
  /** Empty where every chip lays out its own. */
  regions: readonly FixedRegion[];
  /** Bytes that an exception or a system call puts on the stack of the process. */
  exceptionFrame: number;
  /** A return may load its address from the stack, and no register shows it then. */
  popsReturns: boolean;
  effectsOf(instruction: Instruction, read16: Read16): Effects;
  /** Whose trap an instruction is, if a compiler puts it where a program has no meaning. */
  trapOf(text: string): "gcc" | "LLVM" | undefined;
  /** Whether the instruction that cannot be executed at `address` is one of a floating-point unit. */
  isFloatingPoint(address: number, read16: Read16): boolean;
  /** The compiler's option for code without one. */
  softFloat: string;
  /** Whether only the kernel may execute it. */
  isPrivileged(text: string): boolean;
}

/** The lowest address that a transfer touches, and how many bytes from there. */
export function touched(
  { base: register, offset, index: by, size, registers: moved, literal }: Transfer,
  registers: readonly (number | undefined)[],
): { address: number; size: number } | undefined {
  if (literal !== undefined) return { address: literal, size };
  const base = registers[register];
  const index = by === undefined ? 0 : registers[by.register];
  if (base === undefined || index === undefined) return undefined;
  const address = (base + offset + (index << (by?.shift ?? 0))) >>> 0;
  return { address, size: size * Math.max(1, moved.length) };
}
