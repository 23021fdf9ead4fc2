// The code of all functions, inlined copies and blocks of a unit as columns of numbers. DWARF 5 section 2.17.
import * as C from "./constants.js";
import { eachRange } from "./ranges.js";
import type { Unit } from "./unit.js";

/** A row per range, in the order of the entries; link addresses, live and dead ones. */
export interface Code {
  /** Of the unit, by number. */
  entries: readonly number[];
  lows: readonly number[];
  highs: readonly number[];
}

export function codeOf(unit: Unit): Code {
  const entries: number[] = [];
  const lows: number[] = [];
  const highs: number[] = [];
  const { tags } = unit.entries;
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index];
    if (
      tag !== C.DW_TAG_subprogram &&
      tag !== C.DW_TAG_inlined_subroutine &&
      tag !== C.DW_TAG_lexical_block
    ) {
      continue;
    }
    eachRange(unit.die(index), (low, high) => {
      entries.push(index);
      lows.push(low);
      highs.push(high);
    });
  }
  return { entries, lows, highs };
}
