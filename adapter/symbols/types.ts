// Types: types of C, C++ and Rust from their debugging entries. Everything is read when asked for, so that types may refer to themselves.
import { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "../dwarf/constants.js";
import type { Die } from "../dwarf/unit.js";
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

/** The number that an attribute is in a frame. */
type NumberIn = (die: Die, name: number, frame: Frame, memory: MemoryReader) => number | undefined;

export class Types {
  readonly #cache = new Map<Die, Type>();
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

  at(die: Die | undefined): Type {
    if (!die) return VOID;
    let type = this.#cache.get(die);
    if (!type) {
      type = isRust(die) ? { ...this.#read(die), rust: true } : this.#read(die);
      this.#cache.set(die, type);
    }
    return type;
  }

  #read(die: Die): Type {
    const name = typeName(die);
    const size = this.sizeOf(die);
    switch (die.tag) {
      case C.DW_TAG_base_type: {
        const encoding = ENCODINGS[die.number(C.DW_AT_encoding) ?? 0];
        return encoding ? { kind: "base", name, size, encoding } : { kind: "unknown", name, size };
      }
      case C.DW_TAG_pointer_type:
        return { kind: "pointer", name, size, target: () => this.typeOf(die) };
      case C.DW_TAG_reference_type:
      case C.DW_TAG_rvalue_reference_type:
        return { kind: "pointer", name, size, target: () => this.typeOf(die), reference: true };
      case C.DW_TAG_typedef:
        return { kind: "typedef", name, size, target: () => this.typeOf(die) };
      case C.DW_TAG_const_type:
      case C.DW_TAG_immutable_type:
        return { kind: "const", name, size, target: () => this.typeOf(die) };
      case C.DW_TAG_volatile_type:
      case C.DW_TAG_restrict_type:
      case C.DW_TAG_atomic_type:
        return { kind: "volatile", name, size, target: () => this.typeOf(die) };
      case C.DW_TAG_structure_type:
      case C.DW_TAG_class_type:
        return this.#structure(die, name, size);
      case C.DW_TAG_union_type:
        return { kind: "union", name, size, members: once(() => this.#members(die)) };
      case C.DW_TAG_enumeration_type:
        return this.#enumeration(die, name, size);
      case C.DW_TAG_array_type:
        return this.#array(die, 0);
      case C.DW_TAG_subroutine_type:
      case C.DW_TAG_subprogram:
        return {
          kind: "function",
          name,
          size: 1,
          returns: () => this.typeOf(die),
          parameters: () =>
            die.children
              .filter(child => child.tag === C.DW_TAG_formal_parameter)
              .map(child => this.typeOf(child)),
        };
      case C.DW_TAG_unspecified_type:
        return { kind: "void", name, size: 0 };
      default:
        return { kind: "unknown", name, size };
    }
  }

  /** Bytes; 0 for what has no size, or a damaged one. */
  sizeOf(die: Die): number {
    let count = 1;
    let next: Die | undefined = die;
    for (let steps = 0; next && steps < DEEPEST; steps++) {
      const definition: Die = this.#definition(next);
      const stated = definition.number(C.DW_AT_byte_size);
      if (stated !== undefined) return count * stated;
      switch (definition.tag) {
        case C.DW_TAG_pointer_type:
        case C.DW_TAG_reference_type:
        case C.DW_TAG_rvalue_reference_type:
          return count * definition.unit.addressSize;
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

  #structure(die: Die, name: string, size: number): Type {
    const part = this.#definition(die).children.find(c => c.tag === C.DW_TAG_variant_part);
    if (part) {
      return {
        kind: "variants",
        name,
        size,
        discriminant: once(() => this.#discriminant(part)),
        variants: once(() => this.#variants(part)),
      };
    }
    const members = once(() => this.#members(die));
    const parameters = () =>
      die.children
        .filter(child => child.tag === C.DW_TAG_template_type_parameter)
        .map(child => this.typeOf(child));
    return { kind: "struct", name, size, members, parameters };
  }

  /** DWARF 5 section 5.7.10. */
  #discriminant(part: Die): Member | undefined {
    const die = part.reference(C.DW_AT_discr);
    return die && { name: "", type: this.typeOf(die), offset: memberOffset(die) };
  }

  #variants(part: Die): readonly Variant[] {
    return part.children
      .filter(child => child.tag === C.DW_TAG_variant)
      .flatMap(child => {
        const [member] = this.#members(child);
        const value = integer(child, C.DW_AT_discr_value);
        return member ? [{ ...member, values: value === undefined ? undefined : [value] }] : [];
      });
  }

  #members(declared: Die): readonly Member[] {
    const die = this.#definition(declared);
    return die.children.flatMap(child => {
      const inherited = child.tag === C.DW_TAG_inheritance;
      // Static members of C++ are declarations and have no place in the object.
      if ((child.tag !== C.DW_TAG_member && !inherited) || child.has(C.DW_AT_external)) return [];
      const type = this.typeOf(child);
      const name = inherited ? type.name : (child.string(C.DW_AT_name) ?? "");
      return { name, type, ...placeOf(child, type.size) };
    });
  }

  #enumeration(declared: Die, name: string, size: number): Type {
    const die = this.#definition(declared);
    const enumerators = die.children
      .filter(child => child.tag === C.DW_TAG_enumerator)
      .map(child => ({
        name: child.string(C.DW_AT_name) ?? "",
        value: child.number(C.DW_AT_const_value) ?? 0,
      }));
    return { kind: "enum", name, size, enumerators, signed: enumerators.some(e => e.value < 0) };
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

const dimensions = (die: Die): Die[] =>
  die.children.filter(child => child.tag === C.DW_TAG_subrange_type);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Offset of a member, and for a bit-field where its bits lie (DWARF 5 section 5.7.6; 2 and 3 count from the top). */
function placeOf(
  die: Die,
  typeSize: number,
): { offset: number; bitSize?: number; bitOffset?: number } {
  const offset = memberOffset(die);
  const bitSize = die.number(C.DW_AT_bit_size);
  if (bitSize === undefined) return { offset };
  const fromStart = die.number(C.DW_AT_data_bit_offset);
  if (fromStart !== undefined) {
    return { offset: Math.floor(fromStart / 8), bitSize, bitOffset: fromStart };
  }
  const storage = 8 * (die.number(C.DW_AT_byte_size) ?? typeSize);
  const fromTop = die.number(C.DW_AT_bit_offset) ?? 0;
  return { offset, bitSize, bitOffset: 8 * offset + storage - fromTop - bitSize };
}

function memberOffset(die: Die): number {
  const block = die.block(C.DW_AT_data_member_location);
  if (!block) return die.number(C.DW_AT_data_member_location) ?? 0;
  return (
    die.unit.dwarf.guard(() => {
      const reader = new ByteReader(block, "DW_AT_data_member_location");
      const opcode = reader.u8();
      return opcode === C.DW_OP_plus_uconst || opcode === C.DW_OP_constu ? reader.uleb() : 0;
    }) ?? 0
  );
}
