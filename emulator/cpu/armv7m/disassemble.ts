// The text of an instruction in unified assembler language, as GNU objdump prints it, from the table in encodings.ts.
import type { Disassembled } from "../cpu.js";
import { type Decoded, type Decoder, isWide } from "./decode.js";
import { CONDITIONS, type Encoding } from "./encodings.js";

const REGISTER_NAMES = [..."r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 sl fp ip sp lr pc".split(" ")];

type Read16 = (address: number) => number | undefined;

const register = (d: Decoded, place: number): string => REGISTER_NAMES[(d.fields >>> place) & 15];

/** Slots of the register letters of an operand template. */
const PLACES: Record<string, number> = {
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

export function disassemble(decoder: Decoder, address: number, read16: Read16): Disassembled {
  const first = read16(address);
  if (first === undefined) return { size: 2, text: "<no memory>" };
  const second = isWide(first) ? read16(address + 2) : 0;
  if (second === undefined) return { size: 2, text: "<no memory>" };
  const size = isWide(first) ? 4 : 2;
  const decoded = decoder.decode(first, second, address);
  const it = itState(address, read16);
  return { size, text: text(decoded, address, it) };
}

function text(decoded: Decoded, address: number, it: number): string {
  const { encoding } = decoded;
  if (encoding.operation === "ifThen") return ifThen(decoded.immediate);
  const condition = it === 0 ? "" : (CONDITIONS[it >>> 4] ?? "");
  const mnemonic = encoding.mnemonic
    .replace("<c>", condition)
    .replace("<s>", it === 0 ? "s" : condition);
  const operands = encoding.operands.replace(/%(.)/g, (_, letter: string) =>
    operand(decoded, letter, address),
  );
  return operands === "" ? mnemonic : `${mnemonic} ${operands}`;
}

function operand(decoded: Decoded, letter: string, address: number): string {
  const { immediate } = decoded;
  if (PLACES[letter] !== undefined) return register(decoded, PLACES[letter]);
  if (letter === "b") return `0x${(immediate >>> 0).toString(16)}`;
  if (letter === "p") return String((immediate - ((address + 4) & ~3)) | 0);
  if (letter === "r") return list(immediate);
  if (letter === "s") return String((decoded.fields >>> 16) & 63);
  return special(decoded.encoding, immediate);
}

const special = (_encoding: Encoding, immediate: number): string => String(immediate);

function list(bits: number): string {
  return `{${REGISTER_NAMES.filter((_, n) => (bits >>> n) & 1).join(", ")}}`;
}

/** `it` with its pattern of t and e. */
function ifThen(state: number): string {
  const lastBit = 31 - Math.clz32(state & -state & 15);
  let pattern = "";
  for (let bit = 3; bit > lastBit; bit--)
    pattern += ((state >>> bit) & 1) === ((state >>> 4) & 1) ? "t" : "e";
  return `it${pattern} ${CONDITIONS[state >>> 4] ?? "al"}`;
}

/** EPSR.IT at `address`, found by looking back for an IT instruction; 0 outside a block. */
function itState(address: number, read16: Read16): number {
  for (let back = 2; back <= 14; back += 2) {
    const start = address - back;
    const halfword = read16(start);
    if (halfword === undefined || halfword >>> 8 !== 0xbf || (halfword & 15) === 0) continue;
    let state = halfword & 0xff;
    let at = start + 2;
    while (at < address && (state & 15) !== 0) {
      at += isWide(read16(at) ?? 0) ? 4 : 2;
      state = (state & 7) === 0 ? 0 : (state & 0xe0) | ((state << 1) & 0x1f);
    }
    if (at === address && (state & 15) !== 0) return state;
  }
  return 0;
}
