// .debug_abbrev: the shapes of debugging entries. DWARF 5 section 7.5.3.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { type Encoding, passForm, sizesOfForms } from "./forms.js";

export interface AttributeSpecification {
  name: number;
  form: number;
  /** The value itself for DW_FORM_implicit_const, else 0. */
  implicit: number;
  /** Bytes of each value, -1 where only the value tells. */
  size: number;
  /** Bytes from the entry's first value to this one, -1 where only the values before it tell. */
  start: number;
}

/** Where an entry says what it is asked for most: read with the tree, if nothing in front of it varies in size. */
export interface Essentials {
  /** DW_AT_name in `.debug_str` or in the entry itself. */
  name: AttributeSpecification | undefined;
  /** The entry of the same unit that this one is of: DW_AT_type, or what it is a copy of or completes. */
  reference: AttributeSpecification | undefined;
  /** The size of a type, the place of a member, the value of an enumerator, the bound of a dimension. */
  number: AttributeSpecification | undefined;
  /** DW_AT_low_pc as an address of four bytes, and DW_AT_high_pc as a length. */
  low: AttributeSpecification | undefined;
  length: AttributeSpecification | undefined;
  /** DW_AT_ranges as an offset of four bytes. */
  ranges: AttributeSpecification | undefined;
}

export interface Abbreviation {
  /** Among those of its table that have been read. */
  index: number;
  code: number;
  tag: number;
  hasChildren: boolean;
  attributes: readonly AttributeSpecification[];
  /** Bytes of all values, -1 where only they tell. */
  size: number;
  essentials: Essentials;
  /** Its entries are copies of others or complete them. */
  hasOrigin: boolean;
  /** Its entries may be marked as declarations or as enums whose enumerators need its name. */
  hasMarks: boolean;
}

export function hasAttribute({ attributes }: Abbreviation, name: number): boolean {
  for (let i = 0; i < attributes.length; i++) {
    if ((attributes[i] as AttributeSpecification).name === name) return true;
  }
  return false;
}

/** Passes over the values of an entry up to `wanted`: over all once, so that none is damaged when it is asked for. */
export function passValues(
  reader: ByteReader,
  { size: whole, attributes }: Abbreviation,
  encoding: Encoding,
  wanted?: AttributeSpecification,
): void {
  if (whole >= 0 && !wanted) {
    reader.skip(whole);
    return;
  }
  for (let i = 0; i < attributes.length; i++) {
    const attribute = attributes[i] as AttributeSpecification;
    if (attribute === wanted) return;
    if (attribute.size >= 0) reader.skip(attribute.size);
    else passForm(reader, attribute.form, encoding);
  }
}

const STRINGS = new Set([C.DW_FORM_strp, C.DW_FORM_string]);
const REFERENCES = new Set([C.DW_FORM_ref1, C.DW_FORM_ref2, C.DW_FORM_ref4]);
const CONSTANTS = new Set([
  C.DW_FORM_data1,
  C.DW_FORM_data2,
  C.DW_FORM_data4,
  C.DW_FORM_implicit_const,
  C.DW_FORM_udata,
  C.DW_FORM_sdata,
]);

const ORIGIN = 2;
const MARK = 3;

/** What attributes mean to `Abbreviation`, by name; 0: nothing, 1: one of `Essentials`. */
const ROLES = new Uint8Array(256);
for (const name of [
  C.DW_AT_name,
  C.DW_AT_type,
  C.DW_AT_byte_size,
  C.DW_AT_data_member_location,
  C.DW_AT_const_value,
  C.DW_AT_upper_bound,
  C.DW_AT_low_pc,
  C.DW_AT_high_pc,
  C.DW_AT_ranges,
])
  ROLES[name] = 1;
for (const name of [C.DW_AT_abstract_origin, C.DW_AT_specification]) ROLES[name] = ORIGIN;
for (const name of [C.DW_AT_declaration, C.DW_AT_enum_class]) ROLES[name] = MARK;

/** Puts an attribute whose place is known where it belongs. */
function addEssential(essentials: Essentials, attribute: AttributeSpecification): void {
  const { name, form, size } = attribute;
  switch (name) {
    case C.DW_AT_name:
      if (STRINGS.has(form) && size <= 4) essentials.name = attribute;
      break;
    case C.DW_AT_type:
      if (REFERENCES.has(form)) essentials.reference = attribute;
      break;
    case C.DW_AT_abstract_origin:
    case C.DW_AT_specification:
      if (REFERENCES.has(form)) essentials.reference ??= attribute;
      break;
    case C.DW_AT_byte_size:
    case C.DW_AT_data_member_location:
    case C.DW_AT_const_value:
    case C.DW_AT_upper_bound:
      if (CONSTANTS.has(form)) essentials.number ??= attribute;
      break;
    case C.DW_AT_low_pc:
      if (form === C.DW_FORM_addr && size === 4) essentials.low = attribute;
      break;
    case C.DW_AT_high_pc:
      if (CONSTANTS.has(form)) essentials.length = attribute;
      break;
    case C.DW_AT_ranges:
      if (form === C.DW_FORM_sec_offset && size === 4) essentials.ranges = attribute;
      break;
    default:
  }
}

/** No producer comes near it; a damaged table must not make one entry cost a million. */
const MOST_ATTRIBUTES = 1000;

const MOST_SMALL_CODES = 10_000;

/** One table. Entries are read up to the one that is asked for: a unit's own entry seldom needs the last ones. */
export class Abbreviations {
  readonly #reader: ByteReader;
  readonly #sizes: Int8Array;
  /** Compilers number them from 1 on. */
  readonly #byCode: (Abbreviation | undefined)[] = [];
  readonly #byLargeCode = new Map<number, Abbreviation>();
  readonly #entries: Abbreviation[] = [];
  #complete = false;

  /** Begins at the reader's offset. `encoding` is that of the units that use it. */
  constructor(reader: ByteReader, encoding: Encoding) {
    this.#reader = reader;
    this.#sizes = sizesOfForms(encoding);
  }

  get(code: number): Abbreviation | undefined {
    return this.#byCode[code] ?? this.#find(code);
  }

  #find(code: number): Abbreviation | undefined {
    let found = this.#byLargeCode.get(code);
    while (!found && !this.#complete) {
      const next = this.#read();
      if (next?.code === code) found = next;
    }
    return found;
  }

  /** By `Abbreviation.index`. */
  get entries(): readonly Abbreviation[] {
    return this.#entries;
  }

  /** `undefined` at the terminating 0 or the end of the section. Damage ends the table, too. */
  #read(): Abbreviation | undefined {
    const reader = this.#reader;
    this.#complete = true;
    if (reader.remaining === 0) return undefined;
    const code = reader.uleb();
    if (code === 0) return undefined;
    const tag = reader.uleb();
    const hasChildren = reader.u8() !== 0;
    const index = this.#entries.length;
    const entry = { index, code, tag, hasChildren, ...this.#readAttributes(reader) };
    this.#entries.push(entry);
    if (code > MOST_SMALL_CODES) this.#byLargeCode.set(code, this.#byLargeCode.get(code) ?? entry);
    else this.#byCode[code] ??= entry;
    this.#complete = false;
    return entry;
  }

  #readAttributes(reader: ByteReader) {
    const { bytes } = reader;
    const sizes = this.#sizes;
    const attributes: AttributeSpecification[] = [];
    const essentials: Essentials = {
      name: undefined,
      reference: undefined,
      number: undefined,
      low: undefined,
      length: undefined,
      ranges: undefined,
    };
    let hasOrigin = false;
    let hasMarks = false;
    let start = 0;
    for (;;) {
      let name = bytes[reader.offset] as number;
      let form = bytes[reader.offset + 1] as number;
      // Most are one byte each.
      if (name < 0x80 && form < 0x80) reader.offset += 2;
      else {
        name = reader.uleb();
        form = reader.uleb();
      }
      if (name === 0 && form === 0) break;
      const implicit = form === C.DW_FORM_implicit_const ? reader.sleb() : 0;
      const size = sizes[form] ?? -1;
      const attribute = { name, form, implicit, size, start };
      attributes.push(attribute);
      const role = ROLES[name];
      if (role) {
        if (role === ORIGIN) hasOrigin = true;
        if (role === MARK) hasMarks = true;
        if (start >= 0) addEssential(essentials, attribute);
      }
      start = start < 0 || size < 0 ? -1 : start + size;
      if (attributes.length > MOST_ATTRIBUTES) throw reader.error("fewer attributes per entry");
    }
    return { attributes, size: start, essentials, hasOrigin, hasMarks };
  }
}
