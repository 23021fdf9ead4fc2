// What the ABI says of registers, by their numbers in DWARF: Arm (AAPCS32, AADWARF32) and RISC-V (RISC-V ELF psABI, ilp32).
import { EM_RISCV } from "../../emulator/formats/elf.js";
import type { MemoryReader } from "./model.js";

export interface Abi {
  sp: number;
  /** Holds the return address while a function has called nobody. */
  link: number;
  /** Where the pc stands in arrays of registers; those of the program lie before it. */
  pc: number;
  /** Those in which arguments are passed, in their order. */
  arguments: readonly number[];
  /** What a function leaves as it was, sp aside. */
  kept: readonly number[];
  /** What no code of an app changes, with its value where that is known. */
  constants: ReadonlyMap<number, number | undefined>;
  /** Whether the instruction at `pc` returns to where the link register says. */
  isReturn(memory: MemoryReader, pc: number): boolean;
  /** Whether a system call ends in front of `pc`, in the function that begins `offset` bytes before the call's last byte. */
  followsSystemCall(memory: MemoryReader, pc: number, offset: number | undefined): boolean;
}

function halfword(memory: MemoryReader, address: number): number | undefined {
  const bytes = memory.read(address, 2);
  return bytes && (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
}

/** The instruction `bx lr` (ARMv7-M ARM A7.7.20). */
const BX_LR = 0x4770;

export const ARM_ABI: Abi = {
  sp: 13,
  link: 14,
  pc: 15,
  arguments: [0, 1, 2, 3],
  // r9 is the base of position-independent data and never changes.
  kept: [4, 5, 6, 7, 8, 9, 10, 11],
  constants: new Map(),
  isReturn: (memory, pc) => halfword(memory, pc) === BX_LR,
  followsSystemCall(memory, pc, offset) {
    if (((halfword(memory, pc - 2) ?? 0) & 0xff00) !== 0xdf00) return false;
    // The second half of a `bl` may look like an `svc`: walk the instructions from the function's start.
    let at = offset !== undefined && offset < 4096 ? (pc - 1 - offset) & ~1 : pc - 2;
    while (at >>> 0 < pc - 2) at += ((halfword(memory, at) ?? 0) & 0xf800) >= 0xe800 ? 4 : 2;
    return at >>> 0 === pc - 2;
  },
};

/** `ret` as 16 and as 32 bits: `jalr x0, 0(x1)`. */
const C_RET = 0x8082;
const RET = [0x8067, 0x0000];
/** Both halves; no other instruction ends in them. */
const ECALL = [0x0073, 0x0000];

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const isAt = (memory: MemoryReader, address: number, halfwords: readonly number[]): boolean =>
  halfwords.every((each, i) => halfword(memory, address + 2 * i) === each);

export const RISCV_ABI: Abi = {
  sp: 2,
  link: 1,
  pc: 32,
  arguments: range(10, 17),
  kept: [8, 9, ...range(18, 27)],
  // zero, gp and tp.
  constants: new Map([
    [0, 0],
    [3, undefined],
    [4, undefined],
  ]),
  isReturn: (memory, pc) => halfword(memory, pc) === C_RET || isAt(memory, pc, RET),
  followsSystemCall: (memory, pc) => isAt(memory, pc - 4, ECALL),
};

/** By the machine that an ELF is for. */
export const abiOf = (machine: number): Abi => (machine === EM_RISCV ? RISCV_ABI : ARM_ABI);
