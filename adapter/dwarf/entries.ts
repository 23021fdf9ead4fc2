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
  /** Offset of the name in `.debug_str`, or with a minus sign in `.debug_info`; 0: only the attribute tells. */
  names: Int32Array;
  /** Offset of the entry in `Essentials`. */
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
  names: new Int32Array(length),
  references: new Uint32Array(length),
  numbers: new Float64Array(length),
});

export const NO_ENTRIES: Entries = columns(0);

/** Longer columns with what was in them. */
function grown(from: Entries): Entries {
  const to = columns(2 * from.offsets.length + 16);
  to.offsets.set(from.offsets);
  to.abbreviations.set(from.abbreviations);
  to.tags.set(from.tags);
  to.parents.set(from.parents);
  to.ends.set(from.ends);
  to.names.set(from.names);
  to.references.set(from.references);
  to.numbers.set(from.numbers);
  return to;
}

const part = (from: Entries, start: number, end?: number): Entries => ({
  offsets: from.offsets.subarray(start, end),
  abbreviations: from.abbreviations.subarray(start, end),
  tags: from.tags.subarray(start, end),
  parents: from.parents.subarray(start, end),
  ends: from.ends.subarray(start, end),
  names: from.names.subarray(start, end),
  references: from.references.subarray(start, end),
  numbers: from.numbers.subarray(start, end),
});

/** A unit of which entries are read. Offsets are into `.debug_info`. */
export interface EntriesOwner extends Encoding {
  offset: number;
  end: number;
  abbreviations: Abbreviations;
}

/** Of how many entries columns are made at once. */
const MANY = 1 << 15;

/** What is left of them for the next unit: its entries are moved only if they turn out to be more. */
let free = columns(0);

/** Reads from the reader's offset up to the first damage, which is returned with what was read before. */
export function readEntries(
  unit: EntriesOwner,
  reader: ByteReader,
): { entries: Entries; damage: unknown } {
  // Few entries take less than eight bytes.
  const many = (unit.end - reader.offset) >> 3;
  if (free.offsets.length < many) free = columns(Math.max(many, MANY));
  const target = { entries: free, count: 0 };
  let damage: unknown;
  try {
    fill(target, unit, reader);
  } catch (error) {
    damage = error;
  }
  const { entries, count } = target;
  for (let last = count - 1; last >= 0; last = entries.parents[last] as number) {
    entries.ends[last] ||= count;
  }
  free = part(entries, count);
  return { entries: part(entries, 0, count), damage };
}

/** Leaves the end of an entry 0 until the list of its children ends. A loop alone, for it is what takes the time. */
function fill(
  target: { entries: Entries; count: number },
  unit: EntriesOwner,
  reader: ByteReader,
): void {
  const { end, abbreviations } = unit;
  const { bytes } = reader;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let { entries } = target;
  let at = reader.offset;
  // The entry whose children come next.
  let open = -1;
  do {
    const offset = at;
    let code = bytes[at++] as number;
    if (!(code < 0x80)) {
      code = reader.seek(offset).uleb();
      at = reader.offset;
    }
    if (code === 0) {
      entries.ends[open] = target.count;
      open = entries.parents[open] as number;
      continue;
    }
    const abbreviation = abbreviations.get(code);
    if (!abbreviation) throw reader.seek(at).error(`a known abbreviation code, not ${code}`);
    const values = at;
    at += abbreviation.size;
    if (abbreviation.size < 0 || at > bytes.length) {
      reader.offset = values;
      passValues(reader, abbreviation, unit);
      at = reader.offset;
    }
    const index = target.count++;
    if (index === entries.offsets.length) entries = target.entries = grown(entries);
    const { name, reference, number } = abbreviation.essentials;
    entries.offsets[index] = offset;
    entries.abbreviations[index] = abbreviation.index;
    entries.tags[index] = abbreviation.tag;
    entries.parents[index] = open;
    entries.ends[index] = abbreviation.hasChildren ? 0 : index + 1;
    entries.names[index] = name ? nameAt(view, name, values) : 0;
    entries.references[index] = reference
      ? unit.offset + constantAt(view, reference, values, reader)
      : 0;
    entries.numbers[index] = number ? constantAt(view, number, values, reader) : 0;
    if (abbreviation.hasChildren) open = index;
  } while (open >= 0 && at < end);
}

const nameAt = (view: DataView, { form, start }: AttributeSpecification, values: number): number =>
  form === C.DW_FORM_string ? -(values + start) : view.getUint32(values + start, true);

/** The value of an attribute in `Essentials` that is a number. */
export function constantAt(
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
