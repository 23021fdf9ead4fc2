// .debug_loc and .debug_loclists: which expression locates an entry at an address. DWARF 5 section 2.6.2, 4 section 2.6.2.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { readAddress, readOffset } from "./forms.js";
import { indexedAddress } from "./ranges.js";
import type { Die, Unit } from "./unit.js";

/** `none`: the entry has no location at all; `gap`: its list does not cover the address. */
export type LocationChoice =
  | { kind: "expression"; bytes: Uint8Array }
  | { kind: "none" }
  | { kind: "gap" };

/** The location description in attribute `name` of `die` that holds at link address `address`. */
export function locationOf(die: Die, name: number, address: number | undefined): LocationChoice {
  const attribute = die.attribute(name);
  if (!attribute) return { kind: "none" };
  const { form, value } = attribute;
  if (value instanceof Uint8Array) {
    return value.length > 0 ? { kind: "expression", bytes: value } : { kind: "gap" };
  }
  if (typeof value !== "number" || address === undefined) return { kind: "gap" };
  const { unit } = die;
  const bytes = unit.dwarf.guard(() =>
    unit.version < 5 ? search2(unit, value, address) : search5(unit, form, value, address),
  );
  return bytes && bytes.length > 0 ? { kind: "expression", bytes } : { kind: "gap" };
}

function search2(unit: Unit, offset: number, address: number): Uint8Array | undefined {
  const reader = unit.dwarf.sections.reader("loc", offset);
  const selector = unit.addressSize === 8 ? Number(0xffffffffffffffffn) : 0xffffffff;
  let base = unit.lowPc;
  for (;;) {
    const low = readAddress(reader, unit.addressSize);
    const high = readAddress(reader, unit.addressSize);
    if (low === 0 && high === 0) return undefined;
    if (low === selector) {
      base = high;
      continue;
    }
    const bytes = reader.slice(reader.u16());
    if (address >= base + low && address < base + high) return bytes;
  }
}

function search5(unit: Unit, form: number, value: number, address: number): Uint8Array | undefined {
  const { sections } = unit.dwarf;
  let offset = value;
  if (form === C.DW_FORM_loclistx) {
    const start = unit.root?.number(C.DW_AT_loclists_base) ?? 0;
    const table = sections.reader("loclists", start + value * unit.offsetSize);
    offset = start + readOffset(table, unit.offsetSize);
  }
  const reader = sections.reader("loclists", offset);
  let base = unit.lowPc;
  let fallback: Uint8Array | undefined;
  for (;;) {
    const entry = readEntry5(unit, reader, base);
    if (entry.kind === "end") return fallback;
    if (entry.kind === "base") base = entry.base;
    if (entry.kind === "default") fallback = reader.slice(reader.uleb());
    if (entry.kind === "range") {
      const bytes = reader.slice(reader.uleb());
      if (address >= entry.low && address < entry.high) return bytes;
    }
  }
}

type Entry5 =
  | { kind: "end" | "default" | "view" }
  | { kind: "base"; base: number }
  | { kind: "range"; low: number; high: number };

/** An entry up to its expression. */
function readEntry5(unit: Unit, reader: ByteReader, base: number): Entry5 {
  const address = () => readAddress(reader, unit.addressSize);
  const indexed = () => indexedAddress(unit, reader);
  const withLength = (low: number): Entry5 => ({ kind: "range", low, high: low + reader.uleb() });
  switch (reader.u8()) {
    case C.DW_LLE_end_of_list:
      return { kind: "end" };
    case C.DW_LLE_base_addressx:
      return { kind: "base", base: indexed() };
    case C.DW_LLE_startx_endx:
      return { kind: "range", low: indexed(), high: indexed() };
    case C.DW_LLE_startx_length:
      return withLength(indexed());
    case C.DW_LLE_offset_pair:
      return { kind: "range", low: base + reader.uleb(), high: base + reader.uleb() };
    case C.DW_LLE_default_location:
      return { kind: "default" };
    case C.DW_LLE_base_address:
      return { kind: "base", base: address() };
    case C.DW_LLE_start_end:
      return { kind: "range", low: address(), high: address() };
    case C.DW_LLE_start_length:
      return withLength(address());
    case C.DW_LLE_GNU_view_pair:
      reader.uleb();
      reader.uleb();
      return { kind: "view" };
    default:
      throw reader.error("a location list entry of DWARF 5");
  }
}
