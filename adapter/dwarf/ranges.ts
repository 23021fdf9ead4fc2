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

/** The code of `die`: DW_AT_low_pc with DW_AT_high_pc, or DW_AT_ranges. Live and dead alike; empty ranges are dropped. */
export function rangesOf(die: Die): LinkRange[] {
  const { unit } = die;
  const ranges = die.attribute(C.DW_AT_ranges);
  if (ranges && typeof ranges.value === "number") {
    const { form, value } = ranges;
    const list: LinkRange[] = [];
    unit.dwarf.guard(() => readRanges(unit, form, value, list));
    return list;
  }
  const low = die.address(C.DW_AT_low_pc);
  const high = highPc(die, low);
  if (low === undefined || high === undefined || high <= low) return [];
  return [{ low, high }];
}

function highPc(die: Die, low: number | undefined): number | undefined {
  const absolute = die.address(C.DW_AT_high_pc);
  if (absolute !== undefined) return absolute;
  const size = die.number(C.DW_AT_high_pc);
  return size === undefined || low === undefined ? undefined : low + size;
}

function readRanges(unit: Unit, form: number, value: number, list: LinkRange[]): void {
  if (unit.version < 5) readRanges2(unit, value, list);
  else if (form === C.DW_FORM_rnglistx) {
    const base = unit.root?.number(C.DW_AT_rnglists_base) ?? 0;
    const at = unit.dwarf.sections.shared("rnglists", base + value * unit.offsetSize);
    readRanges5(unit, base + readOffset(at, unit.offsetSize), list);
  } else readRanges5(unit, value, list);
}

function readRanges2(unit: Unit, offset: number, list: LinkRange[]): void {
  const reader = unit.dwarf.sections.shared("ranges", offset);
  const selector = unit.addressSize === 8 ? Number(0xffffffffffffffffn) : 0xffffffff;
  let base = unit.lowPc;
  for (;;) {
    const low = readAddress(reader, unit.addressSize);
    const high = readAddress(reader, unit.addressSize);
    if (low === 0 && high === 0) return;
    if (low === selector) base = high;
    else if (high > low) list.push({ low: base + low, high: base + high });
  }
}

function readRanges5(unit: Unit, offset: number, list: LinkRange[]): void {
  const reader = unit.dwarf.sections.shared("rnglists", offset);
  const add = (low: number, high: number) => {
    if (high > low) list.push({ low, high });
  };
  const address = () => readAddress(reader, unit.addressSize);
  const indexed = () => indexedAddress(unit, reader);
  let base = unit.lowPc;
  for (;;) {
    switch (reader.u8()) {
      case C.DW_RLE_end_of_list:
        return;
      case C.DW_RLE_base_addressx:
        base = indexed();
        break;
      case C.DW_RLE_startx_endx:
        add(indexed(), indexed());
        break;
      case C.DW_RLE_startx_length: {
        const low = indexed();
        add(low, low + reader.uleb());
        break;
      }
      case C.DW_RLE_offset_pair:
        add(base + reader.uleb(), base + reader.uleb());
        break;
      case C.DW_RLE_base_address:
        base = address();
        break;
      case C.DW_RLE_start_end:
        add(address(), address());
        break;
      case C.DW_RLE_start_length: {
        const low = address();
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
