// Where control can go from an instruction: what a step must know. Of Thumb it is read from the disassembly (ARMv7-M ARM,
// chapter A7), of RISC-V from the instruction taken apart (unprivileged ISA 2.5).
import { type Isa, type Rv32Instruction, rv32InstructionAt, rv32Isa } from "../emulator/index.js";
import type { AddressRange } from "./symbols/model.js";

export type Flow =
  /** On to the next instruction. */
  | { kind: "next" }
  /** To `target`, and if `conditional` perhaps on to the next instruction. */
  | { kind: "branch"; target: number; conditional: boolean }
  /** A call: control comes back after it. `target`: where it goes, if its text does not say so. */
  | { kind: "call"; target?: number }
  /** A system call: control comes back after it, perhaps through an upcall. */
  | { kind: "syscall" }
  /** To an address that only execution knows: returns, jump tables, function pointers. */
  | { kind: "computed" };

export interface Instruction {
  address: number;
  /** Bytes. */
  size: number;
  text: string;
  flow: Flow;
}

export type Read16 = (address: number) => number | undefined;

const CONDITION = "(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)";
const WIDTH = "(?:\\.[nw])?";
const is = (mnemonic: string) => new RegExp(`^${mnemonic}${CONDITION}?${WIDTH}$`);
const BRANCH = new RegExp(`^b(${CONDITION}?)${WIDTH}$`);
const CALL = is("blx?");
const COMPUTED = is("(?:bx|tbb|tbh)");
const LOADS_MANY = is("(?:pop|ldm(?:ia|fd|db|ea)?)");
const WRITES_FIRST = is("(?:ldr|movs?|adds?|sub)");

function thumbFlow(text: string): Flow {
  const space = text.search(/\s/);
  const mnemonic = (space < 0 ? text : text.slice(0, space)).toLowerCase();
  const operands = space < 0 ? "" : text.slice(space + 1).toLowerCase();
  const target = /0x([0-9a-f]+)\s*$/.exec(operands)?.[1];
  const branch = BRANCH.exec(mnemonic);
  if (branch !== null || mnemonic === "cbz" || mnemonic === "cbnz") {
    if (target === undefined) return { kind: "computed" };
    const conditional = branch === null || branch[1] !== "";
    return { kind: "branch", target: Number.parseInt(target, 16), conditional };
  }
  if (CALL.test(mnemonic)) return { kind: "call" };
  if (mnemonic.startsWith("svc")) return { kind: "syscall" };
  if (COMPUTED.test(mnemonic)) return { kind: "computed" };
  if (LOADS_MANY.test(mnemonic) && /\bpc\b/.test(operands)) return { kind: "computed" };
  if (WRITES_FIRST.test(mnemonic) && /^pc\b/.test(operands)) return { kind: "computed" };
  return { kind: "next" };
}

const RA = 1;
/** Keeps the return address of functions that save registers for others (`__riscv_save_0`). */
const T0 = 5;

function riscvFlow(address: number, read16: Read16): Flow {
  const instruction = rv32InstructionAt(address, read16);
  if (instruction === undefined) return { kind: "next" };
  const { operation, rd } = instruction;
  if (operation === "ecall") return { kind: "syscall" };
  if (operation === "mret") return { kind: "computed" };
  const target = riscvTarget(address, instruction, read16);
  if (/^b(?:eq|ne|ltu?|geu?)$/.test(operation) && target !== undefined)
    return { kind: "branch", target, conditional: true };
  if (!operation.startsWith("jal")) return { kind: "next" };
  if (rd === RA || rd === T0)
    return target === undefined ? { kind: "call" } : { kind: "call", target };
  return target === undefined
    ? { kind: "computed" }
    : { kind: "branch", target, conditional: false };
}

/** Where a jump or branch goes; through a register where the instruction before it has just put an address there. */
export function riscvTarget(
  address: number,
  { operation, rs1, immediate }: Rv32Instruction,
  read16: Read16,
): number | undefined {
  if (operation !== "jalr") return (address + immediate) >>> 0;
  const before = rv32InstructionAt(address - 4, read16);
  return before?.operation === "auipc" && before.rd === rs1
    ? (address - 4 + before.immediate + immediate) >>> 0
    : undefined;
}

export function instructionAt(isa: Isa, address: number, read16: Read16): Instruction {
  const { size, text } = isa.disassemble(address, read16);
  const flow = isa === rv32Isa ? riscvFlow(address, read16) : thumbFlow(text);
  return { address, size, text, flow };
}

/** The ways out of a range of code, and the instructions in it that must be looked at one by one. */
export interface RangeExits {
  outside: readonly number[];
  inside: readonly number[];
}

/** Every static way out of `range`. A conditional branch in an IT block counts as conditional. */
export function exitsOf(isa: Isa, range: AddressRange, read16: Read16): RangeExits {
  const outside = new Set<number>();
  const inside = new Set<number>();
  const leave = (address: number) => {
    if (address < range.low || address >= range.high) outside.add(address);
  };
  let address = range.low;
  while (address < range.high) {
    const { flow, size } = instructionAt(isa, address, read16);
    if (flow.kind === "branch") leave(flow.target);
    else if (flow.kind !== "next") inside.add(address);
    address += size;
    // Even an unconditional branch may sit in an IT block, so the way past it stays open.
    leave(address);
  }
  return { outside: [...outside], inside: [...inside] };
}
