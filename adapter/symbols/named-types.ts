// Named: types, enumerators, variables and Rust's tables of methods of one program, by name or address.

import * as C from "../dwarf/constants.js";
import type { Dwarf } from "../dwarf/dwarf.js";
import type { Die, Unit } from "../dwarf/unit.js";
import { staticAddress } from "./locate.js";
import type { Type } from "./model.js";
import { isNamed, qualifiedName } from "./names.js";
import { isC, isRust } from "./type-names.js";
import type { Types } from "./types.js";

interface Enumerator {
  name: string;
  type: Type;
  value: number;
}

const SCOPE = 1;
const ENUM = 2;
const ENUMERATOR = 3;
const TYPE = 4;
const VARIABLE = 5;

/** Of entries that have names for the whole program. Scopes and enums have others inside. */
const KINDS: Readonly<Record<number, number>> = {
  [C.DW_TAG_namespace]: SCOPE,
  [C.DW_TAG_structure_type]: SCOPE,
  [C.DW_TAG_class_type]: SCOPE,
  [C.DW_TAG_union_type]: SCOPE,
  [C.DW_TAG_enumeration_type]: ENUM,
  [C.DW_TAG_enumerator]: ENUMERATOR,
  [C.DW_TAG_base_type]: TYPE,
  [C.DW_TAG_typedef]: TYPE,
  [C.DW_TAG_variable]: VARIABLE,
};

/** Entries by name. A name of C is not made into a string for that: where it lies in `.debug_str` does as well. */
class ByName<T> {
  /** With all scopes. */
  readonly full = new Map<string, T>();
  readonly places = new Map<number, T>();

  set(name: string | number, value: T): void {
    if (typeof name === "number") this.places.set(name, value);
    else this.full.set(name, value);
  }

  get(name: string | number): T | undefined {
    return typeof name === "number" ? this.places.get(name) : this.full.get(name);
  }
}

/** Entries of all units, by their offsets. */
interface Names {
  /** Definitions by tag. */
  types: Map<number, ByName<number>>;
  enums: number[];
  /** Those that are named without their enum. */
  enumerators: ByName<number>;
  /** At file level; several files may have one of a name. */
  variables: ByName<number[]>;
}

/** Of a variable that holds a table of methods, as rustc names it. */
const VTABLE = "::{vtable}";

export const isVtable = (name: string): boolean => name.endsWith(VTABLE);

export class Named {
  readonly #dwarf: Dwarf;
  readonly #types: Types;
  #names: Names | undefined;
  /** Name → where it lies in `.debug_str`. */
  readonly #places = new Map<string, number[]>();
  #scoped: Map<string, Enumerator> | undefined;
  #vtables: Map<number, Die> | undefined;

  constructor(dwarf: Dwarf, types: Types) {
    this.#dwarf = dwarf;
    this.#types = types;
  }

  /** The full definition, in any unit, of a type that is only declared. */
  definitionOf(declaration: Die): Die | undefined {
    const name = qualifiedName(declaration);
    return name === undefined
      ? undefined
      : this.#dieAt(this.#allOf(this.#all.types.get(declaration.tag), name).at(-1));
  }

  /** A type by its name with all its scopes, or without; C's structs, unions and enums only with `keyword`. */
  definition(tag: number, name: string, keyword = false): Die | undefined {
    const named = this.#all.types.get(tag);
    const plain = tag === C.DW_TAG_typedef || tag === C.DW_TAG_base_type || keyword;
    const meant = (offset: number | undefined) => {
      const die = this.#dieAt(offset);
      return die && (plain || !isC(die)) ? die : undefined;
    };
    const exact = meant(this.#allOf(named, name).at(-1));
    if (exact) return exact;
    for (const [full, offset] of named?.full ?? []) {
      const die = isNamed(full, name) ? meant(offset) : undefined;
      if (die) return die;
    }
    return undefined;
  }

  /** What there is of a name, in the order of the file. */
  #allOf(named: ByName<number | number[]> | undefined, name: string): number[] {
    if (named === undefined) return [];
    let places = this.#places.get(name);
    if (!places) this.#places.set(name, (places = this.#dwarf.sections.strings.offsetsOf(name)));
    return [name, ...places].flatMap(key => named.get(key) ?? []).sort((a, b) => a - b);
  }

  #dieAt(offset: number | undefined): Die | undefined {
    return offset === undefined ? undefined : this.#dwarf.dieAt(offset);
  }

  get #all(): Names {
    if (!this.#names) {
      this.#names = {
        types: new Map(),
        enums: [],
        enumerators: new ByName(),
        variables: new ByName(),
      };
      for (const unit of this.#dwarf.units) addNames(unit, this.#names);
    }
    return this.#names;
  }

  /** File-level variables of a name: first those of just this name, then others that may be meant, by their names. */
  *variables(name: string): Generator<Die[]> {
    const { variables } = this.#all;
    const diesOf = (offsets: number[]) => offsets.flatMap(at => this.#dieAt(at) ?? []);
    yield diesOf(this.#allOf(variables, name));
    for (const [full, offsets] of variables.full) if (isNamed(full, name)) yield diesOf(offsets);
  }

  /** `RED` in C; `Colour::Red`, with or without its scopes, where the enum is one of its own. */
  enumerator(name: string): Enumerator | undefined {
    if (!name.includes("::")) {
      const die = this.#dieAt(this.#allOf(this.#all.enumerators, name).at(-1));
      return die && this.#enumeratorsOf(die.parent).find(found => found.name === name);
    }
    this.#scoped ??= new Map(
      this.#all.enums
        .flatMap(offset => this.#enumeratorsOf(this.#dieAt(offset)))
        .map(found => [`${found.type.name}::${found.name}`, found]),
    );
    const exact = this.#scoped.get(name);
    if (exact) return exact;
    for (const [full, found] of this.#scoped) if (isNamed(full, name)) return found;
    return undefined;
  }

  #enumeratorsOf(die: Die | undefined): Enumerator[] {
    const type = this.#types.at(die);
    return type.kind === "enum" ? type.enumerators.map(found => ({ ...found, type })) : [];
  }

  /** The type whose methods the table at a link address holds. */
  typeOfVtable(linked: number): Type | undefined {
    this.#vtables ??= this.#readVtables();
    const die = this.#vtables.get(linked);
    return die && this.#types.at(die);
  }

  #readVtables(): Map<number, Die> {
    const vtables = new Map<number, Die>();
    for (const unit of this.#dwarf.units) {
      const { root } = unit;
      if (!root || !isRust(root)) continue;
      for (const die of unit.tree()?.childrenOf(C.DW_TAG_variable) ?? []) {
        if (!isVtable(die.name ?? "")) continue;
        const place = die.block(C.DW_AT_location);
        const type = die.reference(C.DW_AT_type)?.reference(C.DW_AT_containing_type);
        const address = place && staticAddress(place, unit);
        if (type && address) vtables.set(address, type);
      }
    }
    return vtables;
  }
}

/** Everything in namespaces and types of a unit, outside of functions. */
function addNames(unit: Unit, names: Names): void {
  const { tags, ends, parents, offsets, names: places } = unit.entries;
  const { root } = unit;
  // Names of other languages have scopes and arguments, and may be asked for without.
  const byPlace = root !== undefined && isC(root) && unit.dwarf.sections.strings.isPlain;
  let next = 1;
  for (let index = next; index < tags.length; index = next) {
    const tag = tags[index] as number;
    const kind = KINDS[tag];
    next = kind === SCOPE || kind === ENUM ? index + 1 : (ends[index] as number);
    if (kind === undefined || tag === C.DW_TAG_namespace) continue;
    const scope = parents[index] as number;
    const offset = offsets[index] as number;
    if (kind === ENUM) names.enums.push(offset);
    const isEnumerator = kind === ENUMERATOR;
    const place = places[index] as number;
    const name =
      byPlace && place > 0 && (isEnumerator || scope === 0)
        ? place
        : isEnumerator
          ? unit.nameOf(index)
          : nameIn(unit, index, scope);
    if (name === undefined) continue;
    if (isEnumerator) {
      if (!isMarked(unit, scope, C.DW_AT_enum_class)) names.enumerators.set(name, offset);
    } else if (kind === VARIABLE) {
      if (scope === 0 || tags[scope] === C.DW_TAG_namespace) addVariable(name, offset, names);
    } else if (!isMarked(unit, index, C.DW_AT_declaration)) typesOf(tag, names).set(name, offset);
  }
}

function typesOf(tag: number, names: Names): ByName<number> {
  let named = names.types.get(tag);
  if (!named) names.types.set(tag, (named = new ByName()));
  return named;
}

function addVariable(name: string | number, offset: number, names: Names): void {
  if (typeof name === "string" && isVtable(name)) return;
  const known = names.variables.get(name);
  if (known) known.push(offset);
  else names.variables.set(name, [offset]);
}

const isMarked = (unit: Unit, index: number, flag: number): boolean =>
  unit.abbreviationOf(index).hasMarks && unit.die(index).flag(flag);

/** The name, with all its scopes, of an entry in `scope`. */
const nameIn = (unit: Unit, index: number, scope: number): string | undefined =>
  scope === 0 && unit.entries.names[index] !== 0
    ? unit.nameOf(index)
    : qualifiedName(unit.die(index));
