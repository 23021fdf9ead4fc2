// What RV32IMAC's instructions touch and change (RISC-V unprivileged ISA, chapters 2, 13 and 14), for the engine.
import { type Rv32Instruction, rv32InstructionAt, rv32Isa } from "../../emulator/index.js";
import { type Instruction, type Read16, riscvTarget } from "../flow.js";
import { RISCV_ABI } from "../symbols/abi.js";
import type { Architecture, Effects, Result, Transfer } from "./architecture.js";

const LOADS: Readonly<Record<string, number>> = { lb: 1, lbu: 1, lh: 2, lhu: 2, lw: 4, "lr.w": 4 };
const STORES: Readonly<Record<string, number>> = { sb: 1, sh: 2, sw: 4 };
/** `sc.w` and `amo….w` store, and change rd. */
const ATOMIC = /^(?:sc|amo\w+)\.w$/;
/** Of what remains, these change nothing. */
const NO_RESULT = /^(?:s[bhw]|b(?:eq|ne|ltu?|geu?)|fence.*|ebreak|unimp|mret|wfi)$/;

const ZERO = 0;
const RA = 1;
const T0 = 5;
/** What a call may change: ra, t0 to t6, a0 to a7. */
const CALL_CHANGES = [1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31];
/** The kernel answers a system call in a0 to a3 (TRD 104, section 3.2). */
const SYSCALL_CHANGES = [10, 11, 12, 13];

function transferOf({ operation, rd, rs1, rs2, immediate }: Rv32Instruction): Transfer | undefined {
  const loaded = LOADS[operation];
  const stored = ATOMIC.test(operation) ? 4 : STORES[operation];
  const size = loaded ?? stored;
  if (size === undefined) return undefined;
  const place = { size, base: rs1, offset: immediate, index: undefined, writeBack: false };
  return loaded === undefined
    ? { kind: "write", registers: [rs2], ...place }
    : { kind: "read", registers: [rd], ...place };
}

function changesOf({ operation, rd }: Rv32Instruction, flow: Instruction["flow"]): number[] {
  // Functions that save registers for others get theirs in t0 and keep all arguments.
  if (flow.kind === "call") return rd === T0 ? [T0, RISCV_ABI.sp] : CALL_CHANGES;
  if (flow.kind === "syscall") return SYSCALL_CHANGES;
  return rd === ZERO || NO_RESULT.test(operation) ? [] : [rd];
}

const operandOf = (register: number) => (register === ZERO ? { constant: 0 } : { register });

function resultOf(
  { operation, rs1, rs2, immediate }: Rv32Instruction,
  { address, flow }: Instruction,
): Result | undefined {
  switch (operation) {
    case "lui":
      return { by: "constant", value: immediate >>> 0, part: true };
    case "auipc":
      return { by: "constant", value: (address + immediate) >>> 0, part: true };
    case "addi":
      if (rs1 === ZERO) return { by: "constant", value: immediate };
      if (immediate === 0) return { by: "copy", register: rs1 };
      return { by: "sum", left: rs1, right: { constant: immediate }, shift: 0, minus: false };
    case "add":
    case "sub": {
      const minus = operation === "sub";
      if (rs2 === ZERO) return { by: "copy", register: rs1 };
      if (rs1 === ZERO && !minus) return { by: "copy", register: rs2 };
      const left = rs1 === ZERO ? { constant: 0 } : rs1;
      return { by: "sum", left, right: operandOf(rs2), shift: 0, minus };
    }
    case "slli":
      return { by: "shift", register: rs1, amount: immediate };
    default:
      return flow.kind === "call" ? { by: "call" } : undefined;
  }
}

function endOf({ operation, rd, rs1 }: Rv32Instruction): Effects["ends"] {
  if (operation === "jalr" && rd === ZERO && (rs1 === RA || rs1 === T0)) return "return";
  return /^(?:ebreak|unimp|mret)$/.test(operation) ? "trap" : undefined;
}

const NOTHING: Effects = {
  transfer: undefined,
  changes: [],
  result: undefined,
  conditional: false,
  through: undefined,
  target: undefined,
  ends: undefined,
};

function effectsOf(instruction: Instruction, read16: Read16): Effects {
  const { address, flow } = instruction;
  const parts = rv32InstructionAt(address, read16);
  if (parts === undefined) return NOTHING;
  const isJump = parts.operation.startsWith("jal");
  const target = isJump ? riscvTarget(address, parts, read16) : undefined;
  return {
    transfer: transferOf(parts),
    changes: changesOf(parts, flow),
    result: resultOf(parts, instruction),
    conditional: false,
    through: isJump && target === undefined ? parts.rs1 : undefined,
    target,
    ends: endOf(parts),
    ...comparison(parts),
  };
}

/** Of branches that compare with x0, and divisions. */
function comparison({ operation, rs1, rs2 }: Rv32Instruction): Partial<Effects> {
  if (/^(?:div|rem)u?$/.test(operation)) return { divisor: rs2 };
  if (operation !== "beq" && operation !== "bne") return {};
  const takenIf = operation === "beq" ? "equal" : "unequal";
  if (rs1 !== ZERO && rs2 !== ZERO) return { takenIf };
  return { takenIf, zeroTest: rs1 === ZERO ? rs2 : rs1 };
}

/** Major opcodes of the floating-point extensions, and funct3 of their compressed loads and stores. */
const FLOAT_OPCODES = [0x07, 0x27, 0x43, 0x47, 0x4b, 0x4f, 0x53];
const FLOAT_COMPRESSED = [1, 3, 5, 7];

function isFloatingPoint(address: number, read16: Read16): boolean {
  const first = read16(address);
  if (first === undefined) return false;
  if ((first & 3) === 3) return FLOAT_OPCODES.includes(first & 0x7f);
  return (first & 1) === 0 && FLOAT_COMPRESSED.includes(first >>> 13);
}

export const RISCV: Architecture = {
  isa: rv32Isa,
  abi: RISCV_ABI,
  codeUnit: 4,
  protection: { name: "PMP entry", decides: "lowest" },
  regions: [],
  // The kernel keeps the registers of a process in memory of its own.
  exceptionFrame: 0,
  popsReturns: false,
  effectsOf,
  trapOf: text => (text === "ebreak" ? "gcc" : text === "unimp" ? "LLVM" : undefined),
  isFloatingPoint,
  softFloat: "-mabi=ilp32",
  staticBase: undefined,
  isPrivileged: text => /^(?:csr|mret|wfi)/.test(text),
};
