// The tree of a unit's entries as columns of numbers: objects for all of them would cost more than reading them.
import type { Abbreviation } from "./abbrev.js";

/** Entries are numbered as they lie in the file, each behind the one that it lies in; 0 is the unit's own. */
export interface Entries {
  count: number;
  /** Of `.debug_info`, ascending. */
  offsets: Uint32Array;
  /** `Abbreviation.index`. */
  abbreviations: Uint32Array;
  tags: Uint16Array;
  /** -1: of the unit's own entry. */
  parents: Int32Array;
  /** The first entry behind all that lie in this one: its next sibling, if it has one. */
  ends: Uint32Array;
}

/** The entry that begins at `offset`; -1 if none does. */
export function entryAt({ offsets, count }: Entries, offset: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = offsets[middle] as number;
    if (found === offset) return middle;
    if (found < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

const columns = (length: number): Entries => ({
  count: 0,
  offsets: new Uint32Array(length),
  abbreviations: new Uint32Array(length),
  tags: new Uint16Array(length),
  parents: new Int32Array(length),
  ends: new Uint32Array(length),
});

/** Columns of another length with what was in them. */
function resized(from: Entries, length: number): Entries {
  const to = columns(length);
  to.count = from.count;
  to.offsets.set(from.offsets.subarray(0, length));
  to.abbreviations.set(from.abbreviations.subarray(0, length));
  to.tags.set(from.tags.subarray(0, length));
  to.parents.set(from.parents.subarray(0, length));
  to.ends.set(from.ends.subarray(0, length));
  return to;
}

/** Builds a tree from its entries in the order of the file. */
export class EntriesBuilder {
  #entries: Entries;
  /** The entry whose children come next; -1: none. */
  #open = -1;

  /** `expected`: how many there may be; more make it grow. */
  constructor(expected: number) {
    this.#entries = columns(expected);
  }

  /** Whether the last entry added, or one around it, has more children to come. */
  get isOpen(): boolean {
    return this.#open >= 0;
  }

  add(offset: number, { index, tag, hasChildren }: Abbreviation): void {
    let entries = this.#entries;
    const number = entries.count;
    if (number === entries.offsets.length) {
      entries = resized(entries, 2 * number + 16);
      this.#entries = entries;
    }
    entries.count = number + 1;
    entries.offsets[number] = offset;
    entries.abbreviations[number] = index;
    entries.tags[number] = tag;
    entries.parents[number] = this.#open;
    entries.ends[number] = number + 1;
    if (hasChildren) this.#open = number;
  }

  /** Ends the innermost list of children. */
  close(): void {
    const { ends, parents, count } = this.#entries;
    ends[this.#open] = count;
    this.#open = parents[this.#open] as number;
  }

  /** Ends all lists of children. */
  finish(): Entries {
    while (this.isOpen) this.close();
    return resized(this.#entries, this.#entries.count);
  }
}
