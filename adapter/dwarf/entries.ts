// The entries of a unit as columns of numbers: objects for all of them would cost more than reading them.
import type { ByteReader } from "../../emulator/formats/reader.js";
import { type Abbreviations, type AttributeSpecification, passValues } from "./abbrev.js";
import * as C from "./constants.js";
import type { Encoding } from "./forms.js";

/** Entries are numbered as they lie in the file, each behind the one that it lies in; 0 is the unit's own. */
export interface Entries {
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
export function entryAt({ offsets }: Entries, offset: number): number {
  let low = 0;
  let high = offsets.length - 1;
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
  offsets: new Uint32Array(length),
  abbreviations: new Uint32Array(length),
  tags: new Uint16Array(length),
  parents: new Int32Array(length),
  ends: new Uint32Array(length),
  names: new Uint32Array(length),
  references: new Uint32Array(length),
  numbers: new Float64Array(length),
});

export const NO_ENTRIES: Entries = columns(0);

/** Columns of another length with what was in them. */
function resized(from: Entries, length: number): Entries {
  const to = columns(length);
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

/** A unit of which entries are read. Offsets are into `.debug_info`. */
export interface EntriesOwner extends Encoding {
  offset: number;
  end: number;
  abbreviations: Abbreviations;
}

/** Reads from the reader's offset up to the first damage, which is returned with what was read before. */
export function readEntries(
  unit: EntriesOwner,
  reader: ByteReader,
): { entries: Entries; damage: unknown } {
  const { end, abbreviations } = unit;
  const first = reader.offset;
  const { bytes } = reader;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let entries = columns(((end - first) >> 3) + 1);
  let damage: unknown;
  let count = 0;
  // The entry whose children come next.
  let open = -1;
  let at = first;
  try {
    do {
      const offset = at;
      let code = bytes[at++] as number;
      if (!(code < 0x80)) {
        code = reader.seek(offset).uleb();
        at = reader.offset;
      }
      if (code === 0) {
        entries.ends[open] = count;
        open = entries.parents[open] as number;
        continue;
      }
      const abbreviation = abbreviations.get(code);
      if (!abbreviation) throw reader.seek(at).error(`a known abbreviation code, not ${code}`);
      const values = at;
      const { size, essentials } = abbreviation;
      at += size;
      if (size < 0 || at > bytes.length) {
        reader.offset = values;
        passValues(reader, abbreviation, unit);
        at = reader.offset;
      }
      if (count === entries.offsets.length) entries = resized(entries, 2 * count + 16);
      entries.offsets[count] = offset;
      entries.abbreviations[count] = abbreviation.index;
      entries.tags[count] = abbreviation.tag;
      entries.parents[count] = open;
      entries.ends[count] = count + 1;
      const { name, reference, number } = essentials;
      if (name) {
        const value = values + name.start;
        entries.names[count] = name.form === C.DW_FORM_string ? value : view.getUint32(value, true);
      }
      if (reference) {
        entries.references[count] = unit.offset + constantAt(view, reference, values, reader);
      }
      if (number) entries.numbers[count] = constantAt(view, number, values, reader);
      if (abbreviation.hasChildren) open = count;
      count++;
    } while (open >= 0 && at < end);
  } catch (error) {
    damage = error;
  }
  for (; open >= 0; open = entries.parents[open] as number) entries.ends[open] = count;
  return { entries: resized(entries, count), damage };
}

function constantAt(
  view: DataView,
  { size, form, start, implicit }: AttributeSpecification,
  values: number,
  reader: ByteReader,
): number {
  switch (size) {
    case 0:
      return implicit;
    case 1:
      return view.getUint8(values + start);
    case 2:
      return view.getUint16(values + start, true);
    case 4:
      return view.getUint32(values + start, true);
    default:
      reader.offset = values + start;
      return form === C.DW_FORM_sdata ? reader.sleb() : reader.uleb();
  }
}
