// .debug_info: units and their entries (DIEs). DWARF 5 sections 7.5.1 and 7.5.2; versions 2 to 5.
import { UserError } from "../../emulator/base/errors.js";
import type { ByteReader } from "../../emulator/formats/reader.js";
import {
  type Abbreviation,
  type Abbreviations,
  type AttributeSpecification,
  hasAttribute,
  passValues,
} from "./abbrev.js";
import { type Code, codeOf } from "./code.js";
import * as C from "./constants.js";
import type { Dwarf } from "./dwarf.js";
import { type Entries, entryAt, NO_ENTRIES, readEntries } from "./entries.js";
import { type AttributeValue, type Encoding, readAddress, readForm, readOffset } from "./forms.js";

/**
 * A debugging information entry. Offsets are into `.debug_info`. Its values stay in the file until one is asked for;
 * the same entry is always the same object.
 */
export class Die {
  // Declared fields are set once; others would be made empty first, which takes longer than the rest of making one.
  declare readonly unit: Unit;
  /** Among the unit's entries. */
  declare readonly index: number;
  declare readonly offset: number;
  declare readonly abbreviation: Abbreviation;

  constructor(unit: Unit, index: number, offset: number, abbreviation: Abbreviation) {
    this.unit = unit;
    this.index = index;
    this.offset = offset;
    this.abbreviation = abbreviation;
  }

  get tag(): number {
    return this.abbreviation.tag;
  }

  get parent(): Die | undefined {
    const parent = this.index === 0 ? -1 : (this.unit.entries.parents[this.index] as number);
    return parent < 0 ? undefined : this.unit.die(parent);
  }

  get children(): readonly Die[] {
    const children: Die[] = [];
    if (!this.abbreviation.hasChildren) return children;
    const { ends } = this.unit.entries;
    const end = ends[this.index] as number;
    for (let next = this.index + 1; next < end; next = ends[next] as number) {
      children.push(this.unit.die(next));
    }
    return children;
  }

  /** Children with one of two tags. */
  childrenOf(tag: number, other = tag): Die[] {
    const children: Die[] = [];
    if (!this.abbreviation.hasChildren) return children;
    const { ends, tags } = this.unit.entries;
    const end = ends[this.index] as number;
    for (let next = this.index + 1; next < end; next = ends[next] as number) {
      if (tags[next] === tag || tags[next] === other) children.push(this.unit.die(next));
    }
    return children;
  }

  /** This entry and all that lie in it. */
  *subtree(): Generator<Die> {
    const end = this.unit.entries.ends[this.index] as number;
    for (let next = this.index; next < end; next++) yield this.unit.die(next);
  }

  /** Form and value of an attribute, as they stand. */
  attribute(name: number): { form: number; value: AttributeValue } | undefined {
    const found = this.#find(name);
    return found && this.unit.attributeAt(this, found);
  }

  #value(name: number): AttributeValue | undefined {
    const found = this.#find(name);
    return found && this.unit.valueAt(this, found);
  }

  #find(name: number): AttributeSpecification | undefined {
    const { attributes } = this.abbreviation;
    for (let i = 0; i < attributes.length; i++) {
      if ((attributes[i] as AttributeSpecification).name === name) return attributes[i];
    }
    return undefined;
  }

  has(name: number): boolean {
    return hasAttribute(this.abbreviation, name);
  }

  /** A constant, an offset or an index; 64-bit values that a double cannot hold are rounded. */
  number(name: number): number | undefined {
    if (this.abbreviation.essentials.number?.name === name && this.index > 0) {
      return this.unit.entries.numbers[this.index];
    }
    const value = this.#value(name);
    if (typeof value === "number") return value;
    return typeof value === "bigint" ? Number(value) : undefined;
  }

  flag(name: number): boolean {
    const value = this.#value(name);
    return value !== undefined && value !== false && value !== 0;
  }

  block(name: number): Uint8Array | undefined {
    const value = this.#value(name);
    return value instanceof Uint8Array ? value : undefined;
  }

  string(name: number): string | undefined {
    if (name === C.DW_AT_name && this.abbreviation.essentials.name && this.index > 0) {
      return this.unit.nameOf(this.index);
    }
    return this.attributeString(name);
  }

  /** Without a look at the columns. */
  attributeString(name: number): string | undefined {
    const attribute = this.attribute(name);
    return attribute && this.unit.stringOf(attribute.form, attribute.value);
  }

  /** A link address, from DW_FORM_addr or through `.debug_addr`. */
  address(name: number): number | undefined {
    const attribute = this.attribute(name);
    if (!attribute || typeof attribute.value !== "number") return undefined;
    switch (attribute.form) {
      case C.DW_FORM_addr:
        return attribute.value;
      case C.DW_FORM_addrx:
      case C.DW_FORM_addrx1:
      case C.DW_FORM_addrx2:
      case C.DW_FORM_addrx3:
      case C.DW_FORM_addrx4:
      case C.DW_FORM_GNU_addr_index:
        return this.unit.indexedAddress(attribute.value);
      default:
        return undefined;
    }
  }

  /** Offset of the entry that the attribute points to, in `.debug_info`. */
  referenceOffset(name: number): number | undefined {
    if (this.abbreviation.essentials.reference?.name === name && this.index > 0) {
      return this.unit.entries.references[this.index];
    }
    const attribute = this.attribute(name);
    if (!attribute || typeof attribute.value !== "number") return undefined;
    switch (attribute.form) {
      case C.DW_FORM_ref1:
      case C.DW_FORM_ref2:
      case C.DW_FORM_ref4:
      case C.DW_FORM_ref8:
      case C.DW_FORM_ref_udata:
        return this.unit.offset + attribute.value;
      case C.DW_FORM_ref_addr:
        return attribute.value;
      default:
        return undefined;
    }
  }

  reference(name: number): Die | undefined {
    const offset = this.referenceOffset(name);
    if (offset === undefined) return undefined;
    return this.unit.dieAt(offset) ?? this.unit.dwarf.dieAt(offset);
  }

  /** This entry or what it completes: follows DW_AT_abstract_origin and DW_AT_specification until `name` is there. */
  origin(name: number): Die | undefined {
    let die: Die | undefined = this;
    for (let steps = 0; die && steps < 8; steps++) {
      if (die.has(name)) return die;
      if (!die.abbreviation.hasOrigin) return undefined;
      die = die.reference(C.DW_AT_abstract_origin) ?? die.reference(C.DW_AT_specification);
    }
    return undefined;
  }

  /** DW_AT_name, its own or that of its origin. */
  get name(): string | undefined {
    return this.origin(C.DW_AT_name)?.string(C.DW_AT_name);
  }
}

/** One unit. Its entries are read when first asked for; what is damaged ends its tree early and is noted. */
export class Unit implements Encoding {
  readonly dwarf: Dwarf;
  /** Of its header in `.debug_info`. */
  readonly offset: number;
  readonly end: number;
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: number;
  readonly type: number;
  readonly #abbreviationOffset: number;
  readonly #firstDie: number;
  #root: Die | undefined;
  #language: number | undefined;
  #lowPc: number | undefined;
  #code: Code | undefined;
  /** Of its entries those that somebody has asked for. */
  #dies: (Die | undefined)[] | undefined;
  #entries: Entries | undefined;
  #abbreviations: Abbreviations | undefined;
  /** Where values are read when they are asked for. */
  #reader: ByteReader | undefined;

  /** Reads the header at the reader's offset. */
  constructor(dwarf: Dwarf, reader: ByteReader) {
    this.dwarf = dwarf;
    this.offset = reader.offset;
    const { length, offsetSize } = readLength(reader);
    this.offsetSize = offsetSize;
    this.end = Math.min(reader.offset + length, reader.length);
    this.version = reader.u16();
    if (this.version < 2 || this.version > 5) {
      throw reader.error(`DWARF version 2 to 5, not ${this.version}`);
    }
    if (this.version >= 5) {
      this.type = reader.u8();
      this.addressSize = reader.u8();
      this.#abbreviationOffset = readOffset(reader, offsetSize);
      if (this.type === C.DW_UT_skeleton || this.type === C.DW_UT_split_compile) reader.skip(8);
      if (this.type === C.DW_UT_type || this.type === C.DW_UT_split_type) {
        reader.skip(8 + offsetSize);
      }
    } else {
      this.type = C.DW_UT_compile;
      this.#abbreviationOffset = readOffset(reader, offsetSize);
      this.addressSize = reader.u8();
    }
    this.#firstDie = reader.offset;
  }

  get abbreviations(): Abbreviations {
    return this.#abbreviations ?? this.#findAbbreviations();
  }

  #findAbbreviations(): Abbreviations {
    this.#abbreviations = this.dwarf.abbreviations(this.#abbreviationOffset, this);
    return this.#abbreviations;
  }

  /** The unit's own entry: the only one read unless more is asked for. */
  get root(): Die | undefined {
    if (!this.#root) {
      this.#root = this.dwarf.guard(() => {
        const reader = this.dwarf.sections.reader("info", this.#firstDie);
        const code = reader.uleb();
        if (code === 0) return undefined;
        const abbreviation = this.abbreviations.get(code);
        if (!abbreviation) throw reader.error(`a known abbreviation code, not ${code}`);
        passValues(reader, abbreviation, this);
        return new Die(this, 0, this.#firstDie, abbreviation);
      });
    }
    return this.#root;
  }

  /** The entry at `offset` of `.debug_info`, if it is one of this unit's. */
  dieAt(offset: number): Die | undefined {
    if (offset < this.#firstDie || offset >= this.end) return undefined;
    const index = entryAt(this.entries, offset);
    return index < 0 ? undefined : this.die(index);
  }

  /** Entry `index`; 0 is the unit's own. */
  die(index: number): Die {
    this.#dies ??= new Array(this.entries.offsets.length);
    const known = index === 0 ? this.root : this.#dies[index];
    if (known) return known;
    const offset = this.entries.offsets[index] as number;
    const made = new Die(this, index, offset, this.abbreviationOf(index));
    this.#dies[index] = made;
    return made;
  }

  abbreviationOf(index: number): Abbreviation {
    return this.abbreviations.entries[this.entries.abbreviations[index] as number] as Abbreviation;
  }

  /** DW_AT_name of an entry; `undefined` if it has none of its own. */
  nameOf(index: number): string | undefined {
    const offset = this.entries.names[index] as number;
    const text = offset > 0 ? this.dwarf.sections.strings.at(offset) : undefined;
    return text ?? this.#rareNameOf(index, offset);
  }

  #rareNameOf(index: number, offset: number): string | undefined {
    if (offset < 0) return this.dwarf.guard(() => this.dwarf.sections.inlineString(-offset));
    if (offset > 0) return this.stringOf(C.DW_FORM_strp, offset);
    return this.die(index).attributeString(C.DW_AT_name);
  }

  /** The root with all its children read. */
  tree(): Die | undefined {
    return this.entries.offsets.length > 0 ? this.root : undefined;
  }

  /** All entries of a tag, in the order of the file. */
  diesOf(tag: number): Die[] {
    const found: Die[] = [];
    const { tags } = this.entries;
    for (let index = 0; index < tags.length; index++) {
      if (tags[index] === tag) found.push(this.die(index));
    }
    return found;
  }

  /** The tree of all entries, read when first asked for. */
  get entries(): Entries {
    return this.#entries ?? this.#readEntries();
  }

  #readEntries(): Entries {
    const reader = this.dwarf.sections.reader("info", this.#firstDie);
    const { entries, damage } = this.root
      ? readEntries(this, reader)
      : { entries: NO_ENTRIES, damage: undefined };
    this.#entries = entries;
    this.dwarf.guard(() => {
      if (damage) throw damage;
    });
    return entries;
  }

  get code(): Code {
    this.#code ??= codeOf(this);
    return this.#code;
  }

  /** A reader at an attribute of an entry of this unit. */
  #seek(die: Die, wanted: AttributeSpecification): ByteReader {
    this.#reader ??= this.dwarf.sections.reader("info");
    const reader = this.#reader;
    reader.offset = die.offset;
    reader.uleb();
    if (wanted.start >= 0) reader.offset += wanted.start;
    else passValues(reader, die.abbreviation, this, wanted);
    return reader;
  }

  valueAt(die: Die, wanted: AttributeSpecification): AttributeValue {
    const reader = this.#seek(die, wanted);
    const { form, implicit } = wanted;
    return readForm(reader, form === C.DW_FORM_indirect ? reader.uleb() : form, this, implicit);
  }

  attributeAt(die: Die, wanted: AttributeSpecification): { form: number; value: AttributeValue } {
    const reader = this.#seek(die, wanted);
    const form = wanted.form === C.DW_FORM_indirect ? reader.uleb() : wanted.form;
    return { form, value: readForm(reader, form, this, wanted.implicit) };
  }

  get name(): string {
    return this.root?.string(C.DW_AT_name) ?? "";
  }

  /** DW_LANG_…; 0 if it does not say. */
  get language(): number {
    this.#language ??= this.root?.number(C.DW_AT_language) ?? 0;
    return this.#language;
  }

  get compilationDirectory(): string {
    return this.root?.string(C.DW_AT_comp_dir) ?? "";
  }

  get producer(): string {
    return this.root?.string(C.DW_AT_producer) ?? "";
  }

  /** Base address of its range and location lists. */
  get lowPc(): number {
    return this.#lowPc ?? this.#readLowPc();
  }

  #readLowPc(): number {
    this.#lowPc = this.root?.address(C.DW_AT_low_pc) ?? 0;
    return this.#lowPc;
  }

  stringOf(form: number, value: AttributeValue): string | undefined {
    if (typeof value !== "number") return undefined;
    return this.dwarf.guard(() => {
      const { sections } = this.dwarf;
      switch (form) {
        case C.DW_FORM_string:
          return sections.inlineString(value);
        case C.DW_FORM_strp:
          return sections.string("str", value);
        case C.DW_FORM_line_strp:
          return sections.string("line_str", value);
        case C.DW_FORM_strx:
        case C.DW_FORM_strx1:
        case C.DW_FORM_strx2:
        case C.DW_FORM_strx3:
        case C.DW_FORM_strx4:
        case C.DW_FORM_GNU_str_index: {
          // Without the attribute the table begins after an 8-byte (16-byte) header.
          const base =
            this.root?.number(C.DW_AT_str_offsets_base) ?? (this.offsetSize === 8 ? 16 : 8);
          const reader = sections.shared("str_offsets", base + value * this.offsetSize);
          return sections.string("str", readOffset(reader, this.offsetSize));
        }
        default:
          return undefined;
      }
    });
  }

  /** Entry `index` of its part of `.debug_addr`. */
  indexedAddress(index: number): number | undefined {
    return this.dwarf.guard(() => {
      const base = this.root?.number(C.DW_AT_addr_base) ?? 8;
      const reader = this.dwarf.sections.shared("addr", base + index * this.addressSize);
      return readAddress(reader, this.addressSize);
    });
  }
}

/** An initial length: 4 bytes, or 12 in the 64-bit format (section 7.4). */
export function readLength(reader: ByteReader): { length: number; offsetSize: 4 | 8 } {
  const length = reader.u32();
  if (length < 0xfffffff0) return { length, offsetSize: 4 };
  if (length === 0xffffffff) return { length: Number(reader.u64()), offsetSize: 8 };
  throw new UserError(`${reader.name}: expected a length, found 0x${length.toString(16)}`);
}
