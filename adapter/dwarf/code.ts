// The code of all functions, inlined copies and blocks of a unit as columns of numbers. DWARF 5 section 2.17.
import { type Abbreviation, hasAttribute } from "./abbrev.js";
import * as C from "./constants.js";
import { constantAt } from "./entries.js";
import { eachRange, readRanges } from "./ranges.js";
import type { Unit } from "./unit.js";

/** A row per range, in the order of the entries; link addresses, live and dead ones. */
export interface Code {
  /** Of the unit, by number. */
  entries: readonly number[];
  lows: readonly number[];
  highs: readonly number[];
}

const hasCode = (tag: number): boolean =>
  tag === C.DW_TAG_subprogram ||
  tag === C.DW_TAG_inlined_subroutine ||
  tag === C.DW_TAG_lexical_block;

export function codeOf(unit: Unit): Code {
  const code = { entries: [] as number[], lows: [] as number[], highs: [] as number[] };
  const from = { index: 0 };
  // Damage loses what an entry says of its own code.
  for (const { length } = unit.entries.tags; from.index < length; from.index++) {
    unit.dwarf.guard(() => addCode(unit, code, from));
  }
  return code;
}

function addCode(
  unit: Unit,
  { entries, lows, highs }: { [name in keyof Code]: number[] },
  from: { index: number },
): void {
  const add = (low: number, high: number) => {
    if (high <= low) return;
    entries.push(from.index);
    lows.push(low);
    highs.push(high);
  };
  const reader = unit.dwarf.sections.reader("info");
  const { bytes } = reader;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { tags, offsets, abbreviations } = unit.entries;
  const shapes = unit.abbreviations.entries;
  for (let { index } = from; index < tags.length; index++) {
    if (!hasCode(tags[index] as number)) continue;
    from.index = index;
    const shape = shapes[abbreviations[index] as number] as Abbreviation;
    const { low, length, ranges } = shape.essentials;
    let values = offsets[index] as number;
    while ((bytes[values++] as number) >= 0x80);
    if (ranges) readRanges(unit, ranges.form, view.getUint32(values + ranges.start, true), add);
    else if (low && length) {
      const start = view.getUint32(values + low.start, true);
      add(start, start + constantAt(view, length, values, reader));
    } else if (hasAttribute(shape, C.DW_AT_low_pc) || hasAttribute(shape, C.DW_AT_ranges)) {
      eachRange(unit.die(index), add);
    }
  }
  from.index = tags.length;
}
