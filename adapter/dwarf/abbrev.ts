// .debug_abbrev: the shapes of debugging entries. DWARF 5 section 7.5.3.
import type { ByteReader } from "../../emulator/formats/reader.js";
import { DW_FORM_implicit_const } from "./constants.js";

export interface AttributeSpecification {
  name: number;
  form: number;
  /** The value itself for DW_FORM_implicit_const, else 0. */
  implicit: number;
}

export interface Abbreviation {
  code: number;
  tag: number;
  hasChildren: boolean;
  attributes: readonly AttributeSpecification[];
}

/** No producer comes near it; a damaged table must not make one entry cost a million. */
const MOST_ATTRIBUTES = 1000;

/** Reads one table, up to its terminating 0 or the end of the section. */
export function readAbbreviations(reader: ByteReader): Map<number, Abbreviation> {
  const table = new Map<number, Abbreviation>();
  while (reader.remaining > 0) {
    const code = reader.uleb();
    if (code === 0) break;
    const tag = reader.uleb();
    const hasChildren = reader.u8() !== 0;
    const attributes: AttributeSpecification[] = [];
    for (;;) {
      const name = reader.uleb();
      const form = reader.uleb();
      if (name === 0 && form === 0) break;
      const implicit = form === DW_FORM_implicit_const ? reader.sleb() : 0;
      attributes.push({ name, form, implicit });
      if (attributes.length > MOST_ATTRIBUTES) throw reader.error("fewer attributes per entry");
    }
    table.set(code, { code, tag, hasChildren, attributes });
  }
  return table;
}
