// Random legal instructions from the encoding table, for comparisons with other implementations.
import type { Encoding } from "../../../../emulator/cpu/armv7m/encodings.js";

/** A small generator of uniform 32-bit numbers (xorshift), so that a failure can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Numbers that sit at corners as often as anywhere. */
  word(): number {
    const corners = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xff, 0x100, 31, 32, 33];
    return this.below(3) === 0 ? this.pick(corners) : this.next() >>> this.below(32);
  }
}

export interface Sample {
  encoding: Encoding;
  bits: number;
  /** Value of each field letter. */
  fields: Record<string, number>;
}

const REGISTER_LETTERS = "dtlxnmahue";

/** Fills the fields of a row at random; registers are r0 to r12. */
export function sample(random: Random, encoding: Encoding): Sample {
  const { pattern } = encoding;
  const fields: Record<string, number> = {};
  for (const letter of new Set(pattern.replace(/[01]/g, ""))) {
    const width = pattern.split(letter).length - 1;
    fields[letter] =
      REGISTER_LETTERS.includes(letter) && width > 1
        ? random.below(Math.min(1 << width, 13))
        : random.next() >>> (32 - width);
  }
  return { encoding, fields, bits: assemble(encoding, fields) };
}

/** The instruction with these field values. */
export function assemble({ pattern }: Encoding, fields: Record<string, number>): number {
  const left: Record<string, number> = {};
  let bits = 0;
  for (const letter of pattern) {
    let bit = letter === "1" ? 1 : 0;
    if (letter !== "0" && letter !== "1") {
      left[letter] ??= pattern.split(letter).length - 1;
      left[letter]--;
      bit = ((fields[letter] as number) >>> left[letter]) & 1;
    }
    bits = ((bits << 1) | bit) >>> 0;
  }
  return bits;
}
