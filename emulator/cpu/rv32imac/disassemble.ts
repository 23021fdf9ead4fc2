// The text of an instruction as GNU objdump prints it, from the table in encodings.ts; but what has an immediate keeps the
// name that the manual gives it: `addi`, where binutils from 2.40 on write `add`.
import type { Disassembled } from "../cpu.js";
import { csrName } from "./csrs.js";
import { type Decoded, type Decoder, isWide } from "./decode.js";

/** Names of the ABI in the order of x0 to x31 (RISC-V ELF psABI, chapter 1). */
export const REGISTER_NAMES: readonly string[] =
  "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split(
    " ",
  );

export type Read16 = (address: number) => number | undefined;

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** The halfwords of the instruction at `address`; `undefined` where memory ends. */
export function halfwordsAt(
  address: number,
  read16: Read16,
): readonly [first: number, second: number] | undefined {
  const first = read16(address);
  const second = first !== undefined && isWide(first) ? read16(address + 2) : 0;
  return first === undefined || second === undefined ? undefined : [first, second];
}

export function disassemble(decoder: Decoder, address: number, read16: Read16): Disassembled {
  const halfwords = halfwordsAt(address, read16);
  if (halfwords === undefined) return { size: 2, text: "<no memory>" };
  const decoded = decoder.decode(...halfwords);
  if (decoded === undefined) return { size: isWide(halfwords[0]) ? 4 : 2, text: "<undefined>" };
  return { size: decoded.size, text: textOf(decoded, address, decoder.aliases) };
}

function textOf(decoded: Decoded, address: number, aliases: boolean): string {
  const { encoding, ordering } = decoded;
  const { mnemonic, operands } = aliases ? encoding : (encoding.compressed ?? encoding);
  const suffix = ["", ".rl", ".aq", ".aqrl"][ordering] as string;
  const text = operands.replace(/%(.)/g, (_, letter: string) => operand(decoded, letter, address));
  return text === "" ? `${mnemonic}${suffix}` : `${mnemonic}${suffix} ${text}`;
}

function operand(decoded: Decoded, letter: string, address: number): string {
  const { rd, rs1, rs2, immediate } = decoded;
  switch (letter) {
    case "d":
    case "x":
      return REGISTER_NAMES[rd] as string;
    case "s":
      return REGISTER_NAMES[rs1] as string;
    case "t":
      return REGISTER_NAMES[rs2] as string;
    case "h":
      return hex(immediate);
    case "u":
      return hex((immediate >>> 12) & 0xfffff);
    case "b":
      return hex(address + immediate);
    case "c":
      return csrName(decoded.csr);
    case "z":
      return String(decoded.uimm);
    case "p":
      return setText(decoded.predecessor);
    case "w":
      return setText(decoded.successor);
    default:
      return String(immediate);
  }
}

/** What a FENCE orders: input, output, reads, writes. */
const setText = (bits: number): string =>
  bits === 0 ? "unknown" : [..."iorw"].filter((_, i) => (bits >>> (3 - i)) & 1).join("");
