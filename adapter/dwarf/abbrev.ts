// .debug_abbrev: the shapes of debugging entries. DWARF 5 section 7.5.3.
import type { ByteReader } from "../../emulator/formats/reader.js";
import { DW_FORM_implicit_const } from "./constants.js";
import { FIXED_SIZES } from "./forms.js";

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
  /** Bytes of each value where its form alone tells, else -1. */
  sizes: readonly number[];
}

/** No producer comes near it; a damaged table must not make one entry cost a million. */
const MOST_ATTRIBUTES = 1000;

/** One table. Entries are read up to the one that is asked for: a unit's own entry seldom needs the last ones. */
export class Abbreviations {
  readonly #reader: ByteReader;
  readonly #entries = new Map<number, Abbreviation>();
  #complete = false;

  /** Begins at the reader's offset. */
  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  get(code: number): Abbreviation | undefined {
    let found = this.#entries.get(code);
    while (!found && !this.#complete) {
      const next = this.#read();
      if (next?.code === code) found = next;
    }
    return found;
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
    const attributes: AttributeSpecification[] = [];
    for (;;) {
      const name = reader.uleb();
      const form = reader.uleb();
      if (name === 0 && form === 0) break;
      const implicit = form === DW_FORM_implicit_const ? reader.sleb() : 0;
      attributes.push({ name, form, implicit });
      if (attributes.length > MOST_ATTRIBUTES) throw reader.error("fewer attributes per entry");
    }
    const sizes = attributes.map(({ form }) => FIXED_SIZES.get(form) ?? -1);
    const entry = { code, tag, hasChildren, attributes, sizes };
    if (!this.#entries.has(code)) this.#entries.set(code, entry);
    this.#complete = false;
    return entry;
  }
}
