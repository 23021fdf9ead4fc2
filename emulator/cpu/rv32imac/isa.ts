// What a debugger knows of the ISA: registers with their DWARF numbers, the disassembler, and instructions taken apart.
import type { Isa } from "../cpu.js";
import { Decoder } from "./decode.js";
import { disassemble, halfwordsAt, REGISTER_NAMES, type Read16 } from "./disassemble.js";

/** x0 to x31 have their numbers in DWARF, too; the pc has none. */
const REGISTERS = [
  ...REGISTER_NAMES.map((name, dwarf) => ({ name, dwarf })),
  { name: "pc", dwarf: -1 },
];

const decoder = new Decoder(true);

export const rv32Isa: Isa = {
  name: "rv32imac",
  registers: REGISTERS,
  disassemble: (address, read16) => disassemble(decoder, address, read16),
};

/** An instruction taken apart; registers by number, 0 where there is none. */
export interface Rv32Instruction {
  /** As the manual calls it, also where it is compressed or has another name: `addi` for `li`. */
  operation: string;
  rd: number;
  rs1: number;
  rs2: number;
  immediate: number;
}

/** `undefined` where there is no memory, or no instruction. */
export function rv32InstructionAt(address: number, read16: Read16): Rv32Instruction | undefined {
  const halfwords = halfwordsAt(address, read16);
  const decoded = halfwords && decoder.decode(...halfwords);
  if (decoded === undefined) return undefined;
  const { encoding, rd, rs1, rs2, immediate } = decoded;
  return { operation: encoding.operation, rd, rs1, rs2, immediate };
}
