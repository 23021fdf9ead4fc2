// The text of an instruction in unified assembler language, as GNU objdump prints it, from the table in encodings.ts.
import type { Disassembled } from "../cpu.js";
import { type Decoded, type Decoder, isWide } from "./decode.js";
import { CONDITIONS } from "./encodings.js";

const REGISTER_NAMES = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 sl fp ip sp lr pc".split(" ");
const SHIFT_NAMES = ["lsl", "lsr", "asr", "ror"];

/** Place of the slot of each register letter in the operand word. */
const PLACES: Readonly<Record<string, number>> = {
  d: 0,
  t: 0,
  l: 0,
  x: 0,
  n: 4,
  m: 8,
  a: 12,
  h: 12,
  u: 12,
  e: 12,
};

/** SYSm of MRS and MSR (B5.1.1). */
const SPECIAL_REGISTERS: Readonly<Record<number, string>> = {
  0: "CPSR",
  1: "IAPSR",
  2: "EAPSR",
  3: "PSR",
  5: "IPSR",
  6: "EPSR",
  7: "IEPSR",
  8: "MSP",
  9: "PSP",
  16: "PRIMASK",
  17: "BASEPRI",
  18: "BASEPRI_MAX",
  19: "FAULTMASK",
  20: "CONTROL",
};

type Read16 = (address: number) => number | undefined;

const hex = (value: number, digits = 1): string =>
  `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;

export function disassemble(decoder: Decoder, address: number, read16: Read16): Disassembled {
  const first = read16(address);
  const second = first !== undefined && isWide(first) ? read16(address + 2) : 0;
  if (first === undefined || second === undefined) return { size: 2, text: "<no memory>" };
  const decoded = decoder.decode(first, second, address);
  return { size: isWide(first) ? 4 : 2, text: textOf(decoded, address, itState(address, read16)) };
}

function textOf(decoded: Decoded, address: number, it: number): string {
  const { encoding, immediate } = decoded;
  if (encoding.operation === "ifThen") return ifThen(immediate);
  if (encoding.operation === "cps") return changeState(immediate);
  const condition = it === 0 ? "" : (CONDITIONS[it >>> 4] ?? "");
  const mnemonic = encoding.mnemonic
    .replace("<c>", condition)
    .replace("<s>", it === 0 ? "s" : condition);
  const operands = encoding.operands
    .replace(/%(.)/g, (_, letter: string) => operand(decoded, letter, address))
    // objdump leaves an offset of zero out of 32-bit instructions.
    .replace(/, #-?0\](?!!)/, encoding.pattern.length === 32 ? "]" : ", #0]")
    // LDM with its base in the list does not write it back.
    .replace("!", isBaseLoaded(decoded) ? "" : "!");
  return operands === "" ? mnemonic : `${mnemonic} ${operands}`;
}

const isBaseLoaded = ({ encoding, fields, immediate }: Decoded): boolean =>
  encoding.operation === "ldmWriteback" &&
  encoding.pattern.length === 16 &&
  ((immediate >>> ((fields >>> 4) & 15)) & 1) !== 0;

function operand(decoded: Decoded, letter: string, address: number): string {
  const { fields, immediate } = decoded;
  const place = PLACES[letter];
  if (place !== undefined) return REGISTER_NAMES[(fields >>> place) & 15] as string;
  if (letter === "b") return hex(immediate);
  if (letter === "p") return distance(decoded, address);
  if (letter === "r") return `{${registerList(immediate)}}`;
  if (letter === "s") return shiftText(decoded);
  return immediateText(decoded);
}

/** Distance of a literal from the aligned pc; the sign of an offset of zero is in the encoding. */
function distance({ encoding, immediate }: Decoded, address: number): string {
  const bytes = (immediate - ((address + 4) & ~3)) | 0;
  const sign = bytes === 0 && encoding.immediate?.startsWith("labelMinus") ? "-" : "";
  const magnitude = encoding.mnemonic.startsWith("subw") ? -bytes : bytes;
  return encoding.mnemonic.startsWith("subw") ? String(magnitude) : `${sign}${bytes}`;
}

const registerList = (bits: number): string =>
  REGISTER_NAMES.filter((_, n) => (bits >>> n) & 1).join(", ");

/** After another operand ", lsl #2" or nothing; as an operand of its own "#2". */
function shiftText({ encoding, fields }: Decoded): string {
  const amount = (fields >>> 16) & 63;
  const type = (fields >>> 22) & 7;
  if (/[, ] ?%s$/.test(encoding.operands)) return `#${amount}`;
  if (type === 4) return ", rrx";
  if (amount === 0) return "";
  if (encoding.shift === "bytes") return `, ror #${amount}`;
  return `, ${encoding.shift === "right" ? "asr" : SHIFT_NAMES[type]} #${amount}`;
}

/** The immediate as its instruction writes it. */
function immediateText({ encoding, immediate }: Decoded): string {
  const { operation } = encoding;
  if (operation === "bkpt") return hex(immediate, 4);
  if (operation === "mrs" || operation === "msr") return specialRegister(operation, immediate);
  if (encoding.immediate === "field" || encoding.immediate === "fieldTo") {
    return `#${immediate & 31}, #${immediate >>> 8}`;
  }
  if (/^(dsb|dmb|isb)/.test(encoding.mnemonic)) return barrier(immediate);
  if (encoding.immediate === "minus" || encoding.immediate === "minus4") {
    return immediate === 0 ? "-0" : String(immediate);
  }
  return String(encoding.immediate === "expand" ? immediate >>> 0 : immediate);
}

const barrier = (option: number): string => (option === 15 ? "sy" : `#${option}`);

function specialRegister(operation: string, immediate: number): string {
  const name = SPECIAL_REGISTERS[immediate & 0xff] ?? String(immediate & 0xff);
  if (operation === "mrs" || (immediate & 0xff) > 0) return name;
  return `${name}_${immediate & 0x200 ? "f" : ""}${immediate & 0x100 ? "s" : ""}`;
}

const changeState = (immediate: number): string =>
  `cpsi${immediate & 4 ? "d" : "e"} ${immediate & 2 ? "i" : ""}${immediate & 1 ? "f" : ""}`;

/** `it` with its pattern of t and e. */
function ifThen(state: number): string {
  let pattern = "";
  for (let bit = 3; (state & ((1 << bit) - 1)) !== 0; bit--) {
    pattern += ((state >>> bit) & 1) === ((state >>> 4) & 1) ? "t" : "e";
  }
  return `it${pattern} ${CONDITIONS[state >>> 4] ?? "al"}`;
}

/** EPSR.IT at `address`, found by looking back for an IT instruction; 0 outside a block. */
function itState(address: number, read16: Read16): number {
  for (let back = 2; back <= 14; back += 2) {
    const start = address - back;
    const halfword = read16(start);
    if (halfword === undefined || halfword >>> 8 !== 0xbf || (halfword & 15) === 0) continue;
    if (isSecondHalf(start, read16)) continue;
    const state = stateAfter(start, halfword & 0xff, address, read16);
    if (state !== 0) return state;
  }
  return 0;
}

/**
 * Whether the halfword at `address` ends a 32-bit instruction. What follows a halfword that cannot start one always starts
 * an instruction, so the number of those in between that can decides.
 */
function isSecondHalf(address: number, read16: Read16): boolean {
  let wide = 0;
  for (let at = address - 2; wide < 16; at -= 2) {
    const halfword = read16(at) ?? 0xffff;
    if (!isWide(halfword) || halfword === 0xffff) break;
    wide++;
  }
  return wide % 2 === 1;
}

/** EPSR.IT when the block that starts at `start` reaches `address`; 0 if it does not. */
function stateAfter(start: number, it: number, address: number, read16: Read16): number {
  let state = it;
  let at = start + 2;
  while (at < address && state !== 0) {
    at += isWide(read16(at) ?? 0) ? 4 : 2;
    state = (state & 7) === 0 ? 0 : (state & 0xe0) | ((state << 1) & 0x1f);
  }
  return at === address ? state : 0;
}
