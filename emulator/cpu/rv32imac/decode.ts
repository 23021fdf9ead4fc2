// Decoding: from halfwords to an instruction of the base ISA; compressed ones as what they stand for.
import { ENCODINGS, type Encoding } from "./encodings.js";

/** A decoded instruction. What it has no field for is 0, the number of the register that is always 0. */
export interface Decoded {
  encoding: Encoding;
  /** Bytes: 2 or 4. */
  size: number;
  rd: number;
  rs1: number;
  rs2: number;
  /** Sign-extended where the manual says so; of `lui` and `auipc` with its low 12 bits 0. */
  immediate: number;
  /** Number of a CSR. */
  csr: number;
  /** rs1 as a number, of the CSR instructions with an immediate. */
  uimm: number;
  /** `aq` (bit 1) and `rl` (bit 0). */
  ordering: number;
  /** Sets of FENCE: i, o, r, w from bit 3 on. */
  predecessor: number;
  successor: number;
}

interface CompiledRow {
  encoding: Encoding;
  mask: number;
  value: number;
  fixedBits: number;
  /** Positions of each field in the instruction, most significant first. */
  positions: ReadonlyMap<string, readonly number[]>;
  /** For each of the `i` bits its position in the immediate. */
  immediate: readonly number[];
  signed: boolean;
  nonzero: boolean;
}

/** True for the first halfword of an instruction of 32 bits; longer ones are not in this ISA (unprivileged ISA 1.5). */
export const isWide = (halfword: number): boolean => (halfword & 3) === 3;

/** `12|10:5` in the manual's notation, as one position per bit. */
const bitPositions = (notation: string): number[] =>
  notation.split("|").flatMap(part => {
    const [high = 0, low = high] = part.split(":").map(Number);
    return Array.from({ length: high - low + 1 }, (_, i) => high - i);
  });

function compile(encoding: Encoding): CompiledRow {
  const { pattern } = encoding;
  let [mask, value, fixedBits] = [0, 0, 0];
  const positions = new Map<string, number[]>();
  [...pattern].forEach((letter, i) => {
    const bit = pattern.length - 1 - i;
    if (letter === "0" || letter === "1") {
      mask |= 1 << bit;
      value |= Number(letter) << bit;
      fixedBits++;
    } else positions.set(letter, [...(positions.get(letter) ?? []), bit]);
  });
  const [, kind = "", notation] = /^(.*)\[(.*)\]$/.exec(encoding.immediate ?? "") ?? [];
  return {
    encoding,
    mask,
    value,
    fixedBits,
    positions,
    immediate: notation === undefined ? [] : bitPositions(notation),
    signed: kind.endsWith("imm") && !kind.endsWith("uimm"),
    nonzero: kind.startsWith("nz"),
  };
}

/** The field `letter` of `bits`, 0 if the row has none. */
function field({ positions }: CompiledRow, letter: string, bits: number): number {
  let value = 0;
  for (const position of positions.get(letter) ?? [])
    value = (value << 1) | ((bits >>> position) & 1);
  return value;
}

/** Three bits name x8 to x15, the registers that are used most. */
function register(row: CompiledRow, letters: string, bits: number): number | undefined {
  const letter = [...letters].find(each => row.positions.has(each));
  if (letter === undefined) return undefined;
  const short = row.positions.get(letter)?.length === 3;
  return field(row, letter, bits) + (short ? 8 : 0);
}

function immediateOf(row: CompiledRow, bits: number): number {
  const { immediate, positions, signed } = row;
  let value = 0;
  positions.get("i")?.forEach((position, i) => {
    value |= ((bits >>> position) & 1) << (immediate[i] as number);
  });
  const unused = 31 - Math.max(...immediate);
  return signed && immediate.length > 0 ? (value << unused) >> unused : value;
}

const isOf = (row: CompiledRow, bits: number): boolean =>
  ((bits ^ row.value) & row.mask) === 0 &&
  [...(row.encoding.nonzero ?? "")].every(letter => field(row, letter, bits) !== 0) &&
  !(row.nonzero && immediateOf(row, bits) === 0);

export class Decoder {
  readonly aliases: boolean;
  readonly #rows: { readonly narrow: CompiledRow[]; readonly wide: CompiledRow[] };
  readonly #candidates = new Map<number, CompiledRow[]>();

  /** Without aliases every instruction is called by its own name. */
  constructor(aliases: boolean) {
    this.aliases = aliases;
    const rows = ENCODINGS.filter(each => aliases || !each.alias)
      .map(compile)
      .sort((a, b) => b.fixedBits - a.fixedBits);
    const ofLength = (length: number) => rows.filter(row => row.encoding.pattern.length === length);
    this.#rows = { narrow: ofLength(16), wide: ofLength(32) };
  }

  /** `undefined` for what is no instruction of this ISA. `second` is ignored for 16-bit instructions. */
  decode(first: number, second: number): Decoded | undefined {
    const wide = isWide(first);
    const bits = wide ? (second << 16) | first : first;
    const row = this.#rowsOf(bits, wide).find(each => isOf(each, bits));
    if (row === undefined) return undefined;
    const { encoding } = row;
    const fixed = encoding.fixed ?? {};
    return {
      encoding,
      size: wide ? 4 : 2,
      rd: fixed.rd ?? register(row, "dx", bits) ?? 0,
      rs1: fixed.rs1 ?? register(row, "sx", bits) ?? 0,
      rs2: fixed.rs2 ?? register(row, "t", bits) ?? 0,
      immediate: fixed.immediate ?? immediateOf(row, bits),
      csr: field(row, "c", bits),
      uimm: field(row, "z", bits),
      ordering: field(row, "a", bits),
      predecessor: field(row, "p", bits),
      successor: field(row, "w", bits),
    };
  }

  /** Candidates by opcode and funct3, found once. */
  #rowsOf(bits: number, wide: boolean): readonly CompiledRow[] {
    const bucket = wide ? 0x707f : 0xe003;
    const key = bits & bucket;
    let rows = this.#candidates.get(key);
    if (rows === undefined) {
      const all = wide ? this.#rows.wide : this.#rows.narrow;
      rows = all.filter(row => ((row.value ^ bits) & row.mask & bucket) === 0);
      this.#candidates.set(key, rows);
    }
    return rows;
  }
}
