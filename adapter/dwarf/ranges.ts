// .debug_ranges and .debug_rnglists: the code of an entry. DWARF 5 section 2.17, DWARF 4 section 2.17.3.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { readAddress, readOffset } from "./forms.js";
import type { Die, Unit } from "./unit.js";

/** Half-open, in link addresses. */
export interface LinkRange {
  low: number;
  high: number;
}

type Add = (low: number, high: number) => void;

/** The code of `die`: DW_AT_low_pc with DW_AT_high_pc, or DW_AT_ranges. Live and dead alike; empty ranges are dropped. */
export function rangesOf(die: Die): LinkRange[] {
  const list: LinkRange[] = [];
  eachRange(die, (low, high) => list.push({ low, high }));
  return list;
}

export function eachRange(die: Die, found: Add): void {
  const { unit } = die;
  const add: Add = (low, high) => {
    if (high > low) found(low, high);
  };
  if (die.has(C.DW_AT_ranges)) {
    const ranges = die.attribute(C.DW_AT_ranges);
    if (ranges && typeof ranges.value === "number") {
      const { form, value } = ranges;
      unit.dwarf.guard(() => readRanges(unit, form, value, add));
      return;
    }
  }
  const low = die.address(C.DW_AT_low_pc);
  const high = highPc(die, low);
  if (low !== undefined && high !== undefined) add(low, high);
}

function highPc(die: Die, low: number | undefined): number | undefined {
  if (low === undefined) return undefined;
  return die.address(C.DW_AT_high_pc) ?? low + (die.number(C.DW_AT_high_pc) ?? 0);
}

export function readRanges(unit: Unit, form: number, value: number, add: Add): void {
  if (unit.version < 5) readRanges2(unit, value, add);
  else if (form === C.DW_FORM_rnglistx) {
    const base = unit.root?.number(C.DW_AT_rnglists_base) ?? 0;
    const at = unit.dwarf.sections.shared("rnglists", base + value * unit.offsetSize);
    readRanges5(unit, base + readOffset(at, unit.offsetSize), add);
  } else readRanges5(unit, value, add);
}

function readRanges2(unit: Unit, offset: number, add: Add): void {
  const reader = unit.dwarf.sections.shared("ranges", offset);
  const selector = unit.addressSize === 8 ? Number(0xffffffffffffffffn) : 0xffffffff;
  let base = unit.lowPc;
  for (;;) {
    const low = readAddress(reader, unit.addressSize);
    const high = readAddress(reader, unit.addressSize);
    if (low === 0 && high === 0) return;
    if (low === selector) base = high;
    else add(base + low, base + high);
  }
}

function readRanges5(unit: Unit, offset: number, add: Add): void {
  const reader = unit.dwarf.sections.shared("rnglists", offset);
  let base = unit.lowPc;
  for (;;) {
    switch (reader.u8()) {
      case C.DW_RLE_end_of_list:
        return;
      case C.DW_RLE_base_addressx:
        base = indexedAddress(unit, reader);
        break;
      case C.DW_RLE_startx_endx:
        add(indexedAddress(unit, reader), indexedAddress(unit, reader));
        break;
      case C.DW_RLE_startx_length: {
        const low = indexedAddress(unit, reader);
        add(low, low + reader.uleb());
        break;
      }
      case C.DW_RLE_offset_pair:
        add(base + reader.uleb(), base + reader.uleb());
        break;
      case C.DW_RLE_base_address:
        base = readAddress(reader, unit.addressSize);
        break;
      case C.DW_RLE_start_end:
        add(readAddress(reader, unit.addressSize), readAddress(reader, unit.addressSize));
        break;
      case C.DW_RLE_start_length: {
        const low = readAddress(reader, unit.addressSize);
        add(low, low + reader.uleb());
        break;
      }
      default:
        throw reader.error("a range list entry of DWARF 5");
    }
  }
}

/** An address index in the list, resolved through `.debug_addr`. */
export function indexedAddress(unit: Unit, reader: ByteReader): number {
  const index = reader.uleb();
  const address = unit.indexedAddress(index);
  if (address === undefined) throw reader.error(`address ${index} of .debug_addr`);
  return address;
}
