// .debug_info: units and their entries (DIEs). DWARF 5 sections 7.5.1 and 7.5.2; versions 2 to 5.
import { UserError } from "../../emulator/base/errors.js";
import type { ByteReader } from "../../emulator/formats/reader.js";
import type { Abbreviation, Abbreviations, AttributeSpecification } from "./abbrev.js";
import * as C from "./constants.js";
import type { Dwarf } from "./dwarf.js";
import { type AttributeValue, type Encoding, readAddress, readForm, readOffset } from "./forms.js";

const NO_CHILDREN: Die[] = [];

/** A debugging information entry. Offsets are into `.debug_info`. Its values stay in the file until one is asked for. */
export class Die {
  readonly unit: Unit;
  readonly offset: number;
  readonly abbreviation: Abbreviation;
  readonly parent: Die | undefined;
  children: readonly Die[] = NO_CHILDREN;
  /** Of its first value. */
  readonly #values: number;

  constructor(
    unit: Unit,
    offset: number,
    values: number,
    abbreviation: Abbreviation,
    parent: Die | undefined,
  ) {
    this.unit = unit;
    this.offset = offset;
    this.#values = values;
    this.abbreviation = abbreviation;
    this.parent = parent;
  }

  adopt(child: Die): void {
    if (this.children === NO_CHILDREN) this.children = [child];
    else (this.children as Die[]).push(child);
  }

  get tag(): number {
    return this.abbreviation.tag;
  }

  /** Form and value of an attribute, as they stand. */
  attribute(name: number): { form: number; value: AttributeValue } | undefined {
    const { attributes } = this.abbreviation;
    for (let i = 0; i < attributes.length; i++) {
      if ((attributes[i] as { name: number }).name === name) {
        return this.unit.valueAt(this.abbreviation, this.#values, i);
      }
    }
    return undefined;
  }

  has(name: number): boolean {
    const { attributes } = this.abbreviation;
    for (let i = 0; i < attributes.length; i++) {
      if ((attributes[i] as { name: number }).name === name) return true;
    }
    return false;
  }

  /** A constant, an offset or an index; 64-bit values that a double cannot hold are rounded. */
  number(name: number): number | undefined {
    const value = this.attribute(name)?.value;
    return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
  }

  flag(name: number): boolean {
    const value = this.attribute(name)?.value;
    return value !== undefined && value !== false && value !== 0;
  }

  block(name: number): Uint8Array | undefined {
    const value = this.attribute(name)?.value;
    return value instanceof Uint8Array ? value : undefined;
  }

  string(name: number): string | undefined {
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
  /** By offset. */
  #dies: readonly Die[] | undefined;
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

  /** The unit's own entry: the only one read unless more is asked for. */
  get root(): Die | undefined {
    if (!this.#root) {
      this.#root = this.dwarf.guard(() => {
        const reader = this.dwarf.sections.reader("info", this.#firstDie);
        return this.#readDie(reader, this.dwarf.abbreviations(this.#abbreviationOffset), undefined);
      });
    }
    return this.#root;
  }

  /** The entry at `offset` of `.debug_info`, if it is one of this unit's. */
  dieAt(offset: number): Die | undefined {
    if (offset < this.#firstDie || offset >= this.end) return undefined;
    const dies = this.#all();
    let low = 0;
    let high = dies.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const die = dies[middle] as Die;
      if (die.offset === offset) return die;
      if (die.offset < offset) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** The root with all its children read. */
  tree(): Die | undefined {
    this.#all();
    return this.root;
  }

  /** All entries, each behind the one that it lies in. */
  get dies(): readonly Die[] {
    return this.#all();
  }

  #all(): readonly Die[] {
    if (this.#dies) return this.#dies;
    const dies: Die[] = [];
    this.#dies = dies;
    const { root } = this;
    if (root) this.dwarf.guard(() => this.#readTree(root, dies));
    return dies;
  }

  #readTree(root: Die, dies: Die[]): void {
    const abbreviations = this.dwarf.abbreviations(this.#abbreviationOffset);
    const reader = this.dwarf.sections.reader("info", this.#firstDie);
    this.#readDie(reader, abbreviations, undefined);
    dies.push(root);
    let parent: Die | undefined = root.abbreviation.hasChildren ? root : undefined;
    while (parent && reader.offset < this.end) {
      const die: Die | undefined = this.#readDie(reader, abbreviations, parent);
      if (!die) {
        parent = parent.parent;
        continue;
      }
      dies.push(die);
      parent.adopt(die);
      if (die.abbreviation.hasChildren) parent = die;
    }
  }

  /** `undefined` at a null entry. Passes over the values, so that none is damaged when it is asked for. */
  #readDie(
    reader: ByteReader,
    abbreviations: Abbreviations,
    parent: Die | undefined,
  ): Die | undefined {
    const offset = reader.offset;
    const code = reader.uleb();
    if (code === 0) return undefined;
    const abbreviation = abbreviations.get(code);
    if (!abbreviation) throw reader.error(`a known abbreviation code, not ${code}`);
    const values = reader.offset;
    this.#passValues(reader, abbreviation, abbreviation.attributes.length);
    return new Die(this, offset, values, abbreviation, parent);
  }

  /** Moves the reader from the first value of an entry to value `count`. */
  #passValues(reader: ByteReader, { attributes, sizes }: Abbreviation, count: number): void {
    let fixed = 0;
    for (let i = 0; i < count; i++) {
      const size = sizes[i] as number;
      if (size >= 0) {
        fixed += size;
        continue;
      }
      if (fixed > 0) reader.skip(fixed);
      fixed = 0;
      const { form } = attributes[i] as { form: number };
      readForm(reader, form === C.DW_FORM_indirect ? reader.uleb() : form, this, 0);
    }
    if (fixed > 0) reader.skip(fixed);
  }

  /** Value `index` of the entry whose first one lies at `values`. */
  valueAt(
    abbreviation: Abbreviation,
    values: number,
    index: number,
  ): { form: number; value: AttributeValue } {
    this.#reader ??= this.dwarf.sections.reader("info");
    const reader = this.#reader.seek(values);
    this.#passValues(reader, abbreviation, index);
    const { form: stated, implicit } = abbreviation.attributes[index] as AttributeSpecification;
    const form = stated === C.DW_FORM_indirect ? reader.uleb() : stated;
    return { form, value: readForm(reader, form, this, implicit) };
  }

  get name(): string {
    return this.root?.string(C.DW_AT_name) ?? "";
  }

  get compilationDirectory(): string {
    return this.root?.string(C.DW_AT_comp_dir) ?? "";
  }

  get producer(): string {
    return this.root?.string(C.DW_AT_producer) ?? "";
  }

  /** Base address of its range and location lists. */
  get lowPc(): number {
    return this.root?.address(C.DW_AT_low_pc) ?? 0;
  }

  stringOf(form: number, value: AttributeValue): string | undefined {
    if (typeof value !== "number") return undefined;
    return this.dwarf.guard(() => {
      const { sections } = this.dwarf;
      switch (form) {
        case C.DW_FORM_string:
          return sections.reader("info", value).cString();
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
          const reader = sections.reader("str_offsets", base + value * this.offsetSize);
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
      const reader = this.dwarf.sections.reader("addr", base + index * this.addressSize);
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
