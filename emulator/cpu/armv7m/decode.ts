// Decoding: from halfwords to an operation number, an operand word (instructions/operands.ts) and an immediate.
import { ENCODINGS, type Encoding, type ImmediateKind, OPERATIONS } from "./encodings.js";
import { Shift } from "./instructions/operands.js";

/** A decoded instruction; `operation` is a position in OPERATIONS. */
export interface Decoded {
  encoding: Encoding;
  operation: number;
  fields: number;
  immediate: number;
}

/** Bit positions of each field, most significant first. */
interface CompiledRow {
  encoding: Encoding;
  mask: number;
  value: number;
  fixedBits: number;
  positions: Record<string, number[]>;
}

const operationNumbers = new Map(OPERATIONS.map((name, number) => [name, number]));
const operationNumber = (name: string): number => operationNumbers.get(name) as number;

export const UNDECODED = 0;
export const BREAKPOINT = 1;
export const IF_THEN = 2;
const UNDEFINED = 3;

/** For each operation the one that takes its place in an IT block. */
export const IN_IT_BLOCK: Int32Array = Int32Array.from(OPERATIONS, (_, number) => number);
for (const { operation, inIT } of ENCODINGS) {
  if (inIT !== undefined) IN_IT_BLOCK[operationNumber(operation)] = operationNumber(inIT);
}

/** Register letters and the place of their slot in the operand word. `x` is Rd and Rn. */
const SLOTS: Record<string, number[]> = {
  d: [0],
  t: [0],
  l: [0],
  x: [0, 4],
  n: [4],
  m: [8],
  a: [12],
  h: [12],
  u: [12],
  e: [12],
};

const signExtend = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);
const pcOf = (at: number): number => at + 4;
const alignedPc = (at: number): number => pcOf(at) & ~3;

/** ThumbExpandImm() (A5.3.2). */
export function thumbExpandImmediate(imm12: number): number {
  const byte = imm12 & 0xff;
  if (imm12 >>> 10 === 0) {
    const kind = imm12 >>> 8;
    if (kind === 0) return byte;
    if (kind === 1) return byte | (byte << 16);
    if (kind === 2) return (byte << 8) | (byte << 24);
    return byte | (byte << 8) | (byte << 16) | (byte << 24);
  }
  const unrotated = 0x80 | (imm12 & 0x7f);
  const rotation = imm12 >>> 7;
  return (unrotated >>> rotation) | (unrotated << (32 - rotation));
}

/** Offset of B<c>.W: the bits arrive as S:imm6:J1:J2:imm11. */
function branch20(bits: number): number {
  const [s, j1, j2] = [(bits >>> 19) & 1, (bits >>> 12) & 1, (bits >>> 11) & 1];
  const imm6 = (bits >>> 13) & 0x3f;
  return (-s << 20) | (j2 << 19) | (j1 << 18) | (imm6 << 12) | ((bits & 0x7ff) << 1);
}

/** Offset of B.W and BL: the bits arrive as S:imm10:J1:J2:imm11. */
function branch24(bits: number): number {
  const [s, j1, j2] = [(bits >>> 23) & 1, (bits >>> 12) & 1, (bits >>> 11) & 1];
  const imm10 = (bits >>> 13) & 0x3ff;
  const i1 = 1 - (j1 ^ s);
  const i2 = 1 - (j2 ^ s);
  return (-s << 24) | (i1 << 23) | (i2 << 22) | (imm10 << 12) | ((bits & 0x7ff) << 1);
}

/** The immediate from its field `i`, the address of the instruction and the second field `j`. */
const immediates: Record<ImmediateKind, (i: number, at: number, j: number) => number> = {
  plain: i => i,
  times2: i => i * 2,
  times4: i => i * 4,
  minus: i => -i,
  minus4: i => -i * 4,
  expand: thumbExpandImmediate,
  label: (i, at) => alignedPc(at) + i,
  label4: (i, at) => alignedPc(at) + i * 4,
  labelMinus: (i, at) => alignedPc(at) - i,
  labelMinus4: (i, at) => alignedPc(at) - i * 4,
  pc: (_, at) => pcOf(at),
  branch8: (i, at) => pcOf(at) + signExtend(i, 8) * 2,
  branch11: (i, at) => pcOf(at) + signExtend(i, 11) * 2,
  branch20: (i, at) => pcOf(at) + branch20(i),
  branch24: (i, at) => pcOf(at) + branch24(i),
  forward: (i, at) => pcOf(at) + i * 2,
  list: i => i,
  listLr: i => i | (1 << 14),
  listPc: i => i | (1 << 15),
  wide: (i, _, j) => (i << 12) | j,
  special: (i, _, j) => i | (j << 8),
  field: (i, _, j) => j | ((i + 1) << 8),
  fieldTo: (i, _, j) => j | (Math.max(i - j + 1, 0) << 8),
  plus1: i => i + 1,
};

/** True for the first halfword of a 32-bit instruction (A5.1). */
export const isWide = (halfword: number): boolean => halfword >>> 11 >= 0b11101;

function compile(encoding: Encoding): CompiledRow {
  const { pattern } = encoding;
  const row: CompiledRow = { encoding, mask: 0, value: 0, fixedBits: 0, positions: {} };
  [...pattern].forEach((letter, i) => {
    const bit = pattern.length - 1 - i;
    if (letter === "0" || letter === "1") {
      row.mask |= 1 << bit;
      row.value |= Number(letter) << bit;
      row.fixedBits++;
    } else {
      (row.positions[letter === "r" ? "i" : letter] ??= []).push(bit);
    }
  });
  return row;
}

const compiled = ENCODINGS.map(compile).sort((a, b) => b.fixedBits - a.fixedBits);

/** The field `letter` of `bits`, 0 if the row has none. */
function field(row: CompiledRow, letter: string, bits: number): number {
  let value = 0;
  for (const position of row.positions[letter] ?? [])
    value = (value << 1) | ((bits >>> position) & 1);
  return value;
}

/** A field is a register in the rows' sense only if it can name all of them; three bits never read 15. */
function registers(row: CompiledRow, bits: number): number {
  let fields = row.encoding.fixed ?? 0;
  for (const letter of Object.keys(SLOTS)) {
    if (row.positions[letter] === undefined) continue;
    const register = field(row, letter, bits);
    if (register === 15) return -1;
    for (const place of SLOTS[letter] as number[]) fields |= register << place;
  }
  return fields;
}

/** Shift amount and type in place: DecodeImmShift() (A7.4.2). */
function shiftFields(row: CompiledRow, bits: number): number {
  const typeBits = row.positions["y"];
  let amount = field(row, "s", bits);
  // SSAT and USAT have one bit: LSL or ASR.
  let type = field(row, "y", bits) << (typeBits?.length === 1 ? 1 : 0);
  if (row.encoding.shift === "bytes") amount *= 8;
  const right = typeBits === undefined ? row.encoding.shift === "right" : type === 1 || type === 2;
  if (amount === 0 && right) amount = 32;
  if (amount === 0 && type === Shift.ROR) type = Shift.RRX;
  return (amount << 16) | (type << 22);
}

/** Decodes for one architecture; candidates per leading bits are found once. */
export class Decoder {
  readonly #buckets = new Map<number, CompiledRow[]>();
  readonly #rows: CompiledRow[];

  constructor(architecture: 6 | 7, dsp: boolean) {
    this.#rows = compiled.filter(({ encoding: { since } }) =>
      since === "dsp" ? dsp : since <= architecture,
    );
  }

  /** `second` is ignored for 16-bit instructions. */
  decode(first: number, second: number, at: number): Decoded {
    const wide = isWide(first);
    const bits = wide ? (first << 16) | second : first;
    const size = (wide ? 4 : 2) << 29;
    for (const row of this.#candidates(first, wide)) {
      if ((bits & row.mask) !== row.value) continue;
      const slots = registers(row, bits);
      if (slots < 0) continue;
      const { encoding } = row;
      const kind = encoding.immediate ?? "plain";
      const raw = field(row, "i", bits);
      const immediate = immediates[kind](raw, at, field(row, "j", bits)) | 0;
      // ThumbExpandImm_C: a rotated constant gives its top bit as carry.
      const carry = kind === "expand" && raw >>> 10 !== 0 ? 2 | (immediate >>> 31) : 0;
      const shifted = row.positions["s"] === undefined ? 0 : shiftFields(row, bits);
      return {
        encoding,
        operation: operationNumber(encoding.operation),
        fields: size | slots | shifted | (carry << 25),
        immediate,
      };
    }
    return { encoding: undefinedEncoding, operation: UNDEFINED, fields: size, immediate: 0 };
  }

  #candidates(first: number, wide: boolean): CompiledRow[] {
    const key = first >>> 6;
    let rows = this.#buckets.get(key);
    if (rows === undefined) {
      const drop = wide ? 22 : 6;
      rows = this.#rows.filter(
        row =>
          row.encoding.pattern.length === (wide ? 32 : 16) &&
          (((row.value >>> drop) ^ key) & (row.mask >>> drop)) === 0,
      );
      this.#buckets.set(key, rows);
    }
    return rows;
  }
}

const undefinedEncoding: Encoding = {
  pattern: "",
  mnemonic: "<undefined>",
  operands: "",
  operation: "undefined_",
  since: 6,
};
