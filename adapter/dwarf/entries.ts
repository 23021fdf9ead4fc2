// The entries of a unit as columns of numbers: objects for all of them would cost more than reading them.
import type { ByteReader } from "../../emulator/formats/reader.js";
import type { Abbreviation, AttributeSpecification } from "./abbrev.js";
import * as C from "./constants.js";

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
  /** Offsets of the strings and entries in `Essentials`; 0 where it has none. */
  names: Uint32Array;
  references: Uint32Array;
  /** The number in `Essentials`. */
  numbers: Float64Array;
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
  names: new Uint32Array(length),
  references: new Uint32Array(length),
  numbers: new Float64Array(length),
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
  to.names.set(from.names.subarray(0, length));
  to.references.set(from.references.subarray(0, length));
  to.numbers.set(from.numbers.subarray(0, length));
  return to;
}

/** Builds the columns from the entries in the order of the file. */
export class EntriesBuilder {
  #entries: Entries;
  /** The entry whose children come next; -1: none. */
  #open = -1;
  readonly #reader: ByteReader;
  readonly #unitOffset: number;

  /** `expected`: how many there may be; more make it grow. `reader`: of the section, for values. */
  constructor(expected: number, reader: ByteReader, unitOffset: number) {
    this.#entries = columns(expected);
    this.#reader = reader;
    this.#unitOffset = unitOffset;
  }

  /** Whether the last entry added, or one around it, has more children to come. */
  get isOpen(): boolean {
    return this.#open >= 0;
  }

  /** An entry at `offset` whose values begin at `values`. */
  add(offset: number, values: number, abbreviation: Abbreviation): void {
    let entries = this.#entries;
    const index = entries.count;
    if (index === entries.offsets.length) {
      entries = resized(entries, 2 * index + 16);
      this.#entries = entries;
    }
    entries.count = index + 1;
    entries.offsets[index] = offset;
    entries.abbreviations[index] = abbreviation.index;
    entries.tags[index] = abbreviation.tag;
    entries.parents[index] = this.#open;
    entries.ends[index] = index + 1;
    const { name, reference, number } = abbreviation.essentials;
    if (name) entries.names[index] = this.#nameAt(name, values);
    if (reference) {
      entries.references[index] = this.#unitOffset + this.#constantAt(reference, values);
    }
    if (number) entries.numbers[index] = this.#constantAt(number, values);
    if (abbreviation.hasChildren) this.#open = index;
  }

  #nameAt({ form, start }: AttributeSpecification, values: number): number {
    if (form === C.DW_FORM_string) return values + start;
    this.#reader.offset = values + start;
    return this.#reader.u32();
  }

  #constantAt({ size, form, start, implicit }: AttributeSpecification, values: number): number {
    const reader = this.#reader;
    reader.offset = values + start;
    switch (size) {
      case 0:
        return implicit;
      case 1:
        return reader.u8();
      case 2:
        return reader.u16();
      case 4:
        return reader.u32();
      default:
        return form === C.DW_FORM_sdata ? reader.sleb() : reader.uleb();
    }
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
