// The tree of a unit's entries as columns of numbers: objects for all of them would cost more than reading them.
import type { Abbreviation } from "./abbrev.js";

/** Entries are numbered as they lie in the file: each behind the one that it lies in. */
export class Entries {
  /** Of `.debug_info`. */
  #offsets: Uint32Array;
  /** `Abbreviation.index`. */
  #abbreviations: Uint32Array;
  #parents: Int32Array;
  /** Number of the first entry behind all that lie in this one. */
  #ends: Uint32Array;
  #count = 0;
  /** The entry whose children are being read; -1: none. */
  #open = -1;

  /** `expected`: how many there may be; more make it grow. */
  constructor(expected: number) {
    this.#offsets = new Uint32Array(expected);
    this.#abbreviations = new Uint32Array(expected);
    this.#parents = new Int32Array(expected);
    this.#ends = new Uint32Array(expected);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the last entry added, or one around it, has more children to come. */
  get isOpen(): boolean {
    return this.#open >= 0;
  }

  add(offset: number, { index, hasChildren }: Abbreviation): void {
    const number = this.#count++;
    if (number === this.#offsets.length) this.#resize(2 * number + 16);
    this.#offsets[number] = offset;
    this.#abbreviations[number] = index;
    this.#parents[number] = this.#open;
    this.#ends[number] = number + 1;
    if (hasChildren) this.#open = number;
  }

  /** Ends the innermost list of children. */
  close(): void {
    this.#ends[this.#open] = this.#count;
    this.#open = this.#parents[this.#open] as number;
  }

  /** Ends all lists of children, and gives back what was expected too much. */
  finish(): void {
    while (this.isOpen) this.close();
    this.#resize(this.#count);
  }

  offsetOf(number: number): number {
    return this.#offsets[number] as number;
  }

  abbreviationOf(number: number): number {
    return this.#abbreviations[number] as number;
  }

  /** -1: of the unit's own entry. */
  parentOf(number: number): number {
    return this.#parents[number] as number;
  }

  endOf(number: number): number {
    return this.#ends[number] as number;
  }

  /** The entry that begins at `offset`; -1 if none does. */
  at(offset: number): number {
    const offsets = this.#offsets;
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = offsets[middle] as number;
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #resize(length: number): void {
    const resized = <T extends Uint32Array | Int32Array>(from: T, to: T): T => {
      to.set(from.subarray(0, length));
      return to;
    };
    this.#offsets = resized(this.#offsets, new Uint32Array(length));
    this.#abbreviations = resized(this.#abbreviations, new Uint32Array(length));
    this.#parents = resized(this.#parents, new Int32Array(length));
    this.#ends = resized(this.#ends, new Uint32Array(length));
  }
}
