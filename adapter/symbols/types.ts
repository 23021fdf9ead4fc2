// Types: types of C, C++ and Rust from their debugging entries. Everything is read when asked for, so that types may refer to themselves.
import { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "../dwarf/constants.js";
import type { Die, Unit } from "../dwarf/unit.js";
import type { Frame, Member, MemoryReader, Type, Variant } from "./model.js";
import { declaredCount, isRust, typeName } from "./type-names.js";

type BaseEncoding = Extract<Type, { kind: "base" }>["encoding"];

const ENCODINGS: Record<number, BaseEncoding> = {
  [C.DW_ATE_boolean]: "boolean",
  [C.DW_ATE_float]: "float",
  [C.DW_ATE_signed]: "signed",
  [C.DW_ATE_signed_char]: "char",
  [C.DW_ATE_unsigned]: "unsigned",
  [C.DW_ATE_unsigned_char]: "unsignedChar",
  [C.DW_ATE_UTF]: "utf",
};

export const VOID: Type = { kind: "void", name: "void", size: 0 };

const DEEPEST = 64;
const LONGEST_ADDRESS = 8;
const POINTERS = new Set<number>([
  C.DW_TAG_pointer_type,
  C.DW_TAG_reference_type,
  C.DW_TAG_rvalue_reference_type,
]);

/** The number that an attribute is in a frame. */
type NumberIn = (die: Die, name: number, frame: Frame, memory: MemoryReader) => number | undefined;

/** What every entry of a type has. Names and sizes are made when asked for. */
abstract class Described {
  declare protected readonly types: Types;
  declare protected readonly die: Die;
  declare private ownName: string | undefined;
  declare private ownSize: number | undefined;

  constructor(types: Types, die: Die) {
    this.types = types;
    this.die = die;
    this.ownName = undefined;
    this.ownSize = undefined;
  }

  get name(): string {
    this.ownName ??= typeName(this.die);
    return this.ownName;
  }

  get size(): number {
    this.ownSize ??= this.types.sizeOf(this.die);
    return this.ownSize;
  }

  get rust(): true | undefined {
    return isRust(this.die) || undefined;
  }
}

/** Of one other type. */
class Derived<K extends "pointer" | "typedef" | "const" | "volatile"> extends Described {
  declare readonly kind: K;

  constructor(types: Types, die: Die, kind: K) {
    super(types, die);
    this.kind = kind;
  }

  get target(): () => Type {
    return () => this.types.typeOf(this.die);
  }
}

class Pointer extends Derived<"pointer"> {
  get reference(): true | undefined {
    return this.die.tag !== C.DW_TAG_pointer_type || undefined;
  }
}

abstract class Compound extends Described {
  declare private ownMembers: readonly Member[] | undefined;

  get members(): () => readonly Member[] {
    return () => {
      this.ownMembers ??= this.types.membersOf(this.die);
      return this.ownMembers;
    };
  }
}

class Union extends Compound {
  get kind(): "union" {
    return "union";
  }
}

class Structure extends Compound {
  get kind(): "struct" {
    return "struct";
  }

  get parameters(): () => readonly Type[] {
    return () => this.types.typesOf(this.die, C.DW_TAG_template_type_parameter);
  }
}

class Enumeration extends Described {
  get kind(): "enum" {
    return "enum";
  }
  declare private ownEnumerators: readonly { name: string; value: number }[] | undefined;

  get enumerators(): readonly { name: string; value: number }[] {
    this.ownEnumerators ??= this.types.enumeratorsOf(this.die);
    return this.ownEnumerators;
  }

  get signed(): boolean {
    return this.enumerators.some(({ value }) => value < 0);
  }
}

class FunctionType extends Described {
  get kind(): "function" {
    return "function";
  }

  override get size(): number {
    return 1;
  }

  get returns(): () => Type {
    return () => this.types.typeOf(this.die);
  }

  get parameters(): () => readonly Type[] {
    return () => this.types.typesOf(this.die, C.DW_TAG_formal_parameter);
  }
}

export class Types {
  /** By the number of the entry. */
  readonly #known = new Map<Unit, (Type | undefined)[]>();
  readonly #define: (declaration: Die) => Die | undefined;
  readonly #numberIn: NumberIn;

  /** `define` finds the full definition of a struct, union or enum that is only declared. */
  constructor(define: (declaration: Die) => Die | undefined, numberIn: NumberIn) {
    this.#define = define;
    this.#numberIn = numberIn;
  }

  /** The type that DW_AT_type of `die` (or of its origin) names; void without one. */
  typeOf(die: Die): Type {
    return this.at(die.origin(C.DW_AT_type)?.reference(C.DW_AT_type));
  }

  /** Those of the children of `die` with one tag. */
  typesOf(die: Die, tag: number): readonly Type[] {
    return die.childrenOf(tag).map(child => this.typeOf(child));
  }

  at(die: Die | undefined): Type {
    if (!die) return VOID;
    const { unit, index } = die;
    let known = this.#known.get(unit);
    if (!known) {
      known = new Array(unit.entries.offsets.length);
      this.#known.set(unit, known);
    }
    known[index] ??= this.#read(die);
    return known[index];
  }

  #read(die: Die): Type {
    switch (die.tag) {
      case C.DW_TAG_pointer_type:
      case C.DW_TAG_reference_type:
      case C.DW_TAG_rvalue_reference_type:
        return new Pointer(this, die, "pointer");
      case C.DW_TAG_typedef:
        return new Derived(this, die, "typedef");
      case C.DW_TAG_const_type:
      case C.DW_TAG_immutable_type:
        return new Derived(this, die, "const");
      case C.DW_TAG_volatile_type:
      case C.DW_TAG_restrict_type:
      case C.DW_TAG_atomic_type:
        return new Derived(this, die, "volatile");
      case C.DW_TAG_structure_type:
      case C.DW_TAG_class_type:
        return this.#structure(die);
      case C.DW_TAG_union_type:
        return new Union(this, die);
      case C.DW_TAG_enumeration_type:
        return new Enumeration(this, die);
      case C.DW_TAG_subroutine_type:
      case C.DW_TAG_subprogram:
        return new FunctionType(this, die);
      default:
        return { ...this.#plain(die), ...(isRust(die) ? { rust: true } : {}) };
    }
  }

  /** Types of which there are few. */
  #plain(die: Die): Type {
    if (die.tag === C.DW_TAG_array_type) return this.#array(die, 0);
    const name = typeName(die);
    const size = this.sizeOf(die);
    const encoding = ENCODINGS[die.number(C.DW_AT_encoding) ?? 0];
    if (die.tag === C.DW_TAG_base_type && encoding) return { kind: "base", name, size, encoding };
    if (die.tag === C.DW_TAG_unspecified_type) return { kind: "void", name, size: 0 };
    return { kind: "unknown", name, size };
  }

  /** Bytes; 0 for what has no size. A damaged pointer has the size of the unit's addresses. */
  sizeOf(die: Die): number {
    let count = 1;
    let next: Die | undefined = die;
    for (let steps = 0; next && steps < DEEPEST; steps++) {
      const definition: Die = this.#definition(next);
      const stated = definition.number(C.DW_AT_byte_size);
      if (POINTERS.has(definition.tag)) {
        const { addressSize } = definition.unit;
        return count * (stated === undefined || stated > LONGEST_ADDRESS ? addressSize : stated);
      }
      if (stated !== undefined) return count * stated;
      switch (definition.tag) {
        case C.DW_TAG_array_type:
          for (const range of dimensions(definition)) count *= declaredCount(range) ?? 0;
          break;
        case C.DW_TAG_structure_type:
        case C.DW_TAG_class_type:
        case C.DW_TAG_union_type:
        case C.DW_TAG_subroutine_type:
          return 0;
        default:
      }
      next = definition.reference(C.DW_AT_type);
    }
    return 0;
  }

  #definition(die: Die): Die {
    return die.flag(C.DW_AT_declaration) ? (this.#define(die) ?? die) : die;
  }

  #structure(die: Die): Type {
    const [part] = this.#definition(die).childrenOf(C.DW_TAG_variant_part);
    if (!part) return new Structure(this, die);
    return {
      kind: "variants",
      name: typeName(die),
      size: this.sizeOf(die),
      discriminant: once(() => this.#discriminant(part)),
      variants: once(() => this.#variants(part)),
      ...(isRust(die) ? { rust: true } : {}),
    };
  }

  /** DWARF 5 section 5.7.10. */
  #discriminant(part: Die): Member | undefined {
    const die = part.reference(C.DW_AT_discr);
    return die && { name: "", type: this.typeOf(die), offset: memberOffset(die) };
  }

  #variants(part: Die): readonly Variant[] {
    return part.childrenOf(C.DW_TAG_variant).flatMap(child => {
      const [member] = this.membersOf(child);
      const value = integer(child, C.DW_AT_discr_value);
      return member ? [{ ...member, values: value === undefined ? undefined : [value] }] : [];
    });
  }

  membersOf(declared: Die): readonly Member[] {
    const members: Member[] = [];
    for (const child of this.#definition(declared).childrenOf(
      C.DW_TAG_member,
      C.DW_TAG_inheritance,
    )) {
      // Static members of C++ are declarations and have no place in the object.
      if (child.has(C.DW_AT_external)) continue;
      const type = this.typeOf(child);
      const inherited = child.tag === C.DW_TAG_inheritance;
      const name = inherited ? type.name : (child.string(C.DW_AT_name) ?? "");
      const offset = memberOffset(child);
      const bitSize = child.number(C.DW_AT_bit_size);
      if (bitSize === undefined) members.push({ name, type, offset });
      else members.push({ name, type, bitSize, ...placeOfBits(child, offset, bitSize, type) });
    }
    return members;
  }

  enumeratorsOf(declared: Die): readonly { name: string; value: number }[] {
    return this.#definition(declared)
      .childrenOf(C.DW_TAG_enumerator)
      .map(child => ({
        name: child.string(C.DW_AT_name) ?? "",
        value: child.number(C.DW_AT_const_value) ?? 0,
      }));
  }

  /** `dimension`: the outermost of the dimensions that this type still has. */
  #array(die: Die, dimension: number): Type {
    const ranges = dimensions(die);
    const range = ranges[dimension];
    const element =
      dimension + 1 < ranges.length
        ? once(() => this.#array(die, dimension + 1))
        : () => this.typeOf(die);
    const count = range && declaredCount(range);
    const name = typeName(die, dimension);
    const elementDie = die.reference(C.DW_AT_type);
    const rest = ranges.slice(dimension).reduce((n, r) => n * (declaredCount(r) ?? 0), 1);
    const size = elementDie ? rest * this.sizeOf(elementDie) : 0;
    const array: Type = { kind: "array", name, size, element, count };
    if (!range || count !== undefined || !range.has(C.DW_AT_upper_bound)) return array;
    return {
      ...array,
      countIn: (frame, memory) => {
        const last = this.#numberIn(range, C.DW_AT_upper_bound, frame, memory);
        return last === undefined ? undefined : (last + 1) >>> 0;
      },
    };
  }
}

/** An attribute that is an integer of any size. */
function integer(die: Die, name: number): bigint | undefined {
  const value = die.attribute(name)?.value;
  if (value instanceof Uint8Array) {
    return value.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }
  return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined;
}

const dimensions = (die: Die): Die[] => die.childrenOf(C.DW_TAG_subrange_type);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Where the bits of a bit-field lie (DWARF 5 section 5.7.6; 2 and 3 count from the top). */
function placeOfBits(
  die: Die,
  offset: number,
  bitSize: number,
  type: Type,
): { offset: number; bitOffset: number } {
  const fromStart = die.number(C.DW_AT_data_bit_offset);
  if (fromStart !== undefined) return { offset: Math.floor(fromStart / 8), bitOffset: fromStart };
  const storage = 8 * (die.number(C.DW_AT_byte_size) ?? type.size);
  const fromTop = die.number(C.DW_AT_bit_offset) ?? 0;
  return { offset, bitOffset: 8 * offset + storage - fromTop - bitSize };
}

function memberOffset(die: Die): number {
  const offset = die.number(C.DW_AT_data_member_location);
  if (offset !== undefined) return offset;
  const block = die.block(C.DW_AT_data_member_location);
  if (!block) return 0;
  return (
    die.unit.dwarf.guard(() => {
      const reader = new ByteReader(block, "DW_AT_data_member_location");
      const opcode = reader.u8();
      return opcode === C.DW_OP_plus_uconst || opcode === C.DW_OP_constu ? reader.uleb() : 0;
    }) ?? 0
  );
}
