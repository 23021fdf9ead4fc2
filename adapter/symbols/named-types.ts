// NamedTypes: types, enumerators and Rust's tables of methods of one program, by name or address.
import * as C from "../dwarf/constants.js";
import type { Dwarf } from "../dwarf/dwarf.js";
import type { Die } from "../dwarf/unit.js";
import { staticAddress } from "./locate.js";
import type { Type } from "./model.js";
import { isNamed, qualifiedName } from "./names.js";
import { isC, isRust } from "./type-names.js";
import type { Types } from "./types.js";

interface Enumerator {
  type: Type;
  value: number;
}

const SCOPES = new Set([
  C.DW_TAG_namespace,
  C.DW_TAG_structure_type,
  C.DW_TAG_class_type,
  C.DW_TAG_union_type,
]);

const TYPES = new Set([
  C.DW_TAG_base_type,
  C.DW_TAG_typedef,
  C.DW_TAG_structure_type,
  C.DW_TAG_class_type,
  C.DW_TAG_union_type,
  C.DW_TAG_enumeration_type,
]);

const ENUMS = new Set([C.DW_TAG_enumeration_type]);

/** Of a variable that holds a table of methods, as rustc names it. */
const VTABLE = "::{vtable}";

export const isVtable = (name: string): boolean => name.endsWith(VTABLE);

export class NamedTypes {
  readonly #dwarf: Dwarf;
  readonly #types: Types;
  #definitions: Map<number, Map<string, Die>> | undefined;
  #enumerators: Map<string, Enumerator> | undefined;
  #scopedEnumerators: Map<string, Enumerator> | undefined;
  #vtables: Map<number, Die> | undefined;

  constructor(dwarf: Dwarf, types: Types) {
    this.#dwarf = dwarf;
    this.#types = types;
  }

  /** The full definition, in any unit, of a type that is only declared. */
  definitionOf(declaration: Die): Die | undefined {
    const name = qualifiedName(declaration);
    return name === undefined ? undefined : this.#all.get(declaration.tag)?.get(name);
  }

  /** A type by its name with all its scopes, or without; C's structs, unions and enums only with `keyword`. */
  definition(tag: number, name: string, keyword = false): Die | undefined {
    const named = this.#all.get(tag);
    const plain = tag === C.DW_TAG_typedef || tag === C.DW_TAG_base_type || keyword;
    const isMeant = (die: Die | undefined) => die && (plain || !isC(die));
    const exact = named?.get(name);
    if (isMeant(exact)) return exact;
    for (const [full, die] of named ?? []) if (isNamed(full, name) && isMeant(die)) return die;
    return undefined;
  }

  get #all(): Map<number, Map<string, Die>> {
    if (!this.#definitions) {
      this.#definitions = new Map();
      for (const die of this.#scopeMembers(TYPES)) {
        if (die.flag(C.DW_AT_declaration)) continue;
        const name = qualifiedName(die);
        if (name === undefined) continue;
        let named = this.#definitions.get(die.tag);
        if (!named) this.#definitions.set(die.tag, (named = new Map()));
        named.set(name, die);
      }
    }
    return this.#definitions;
  }

  /** What has one of `tags` in namespaces and types, outside of functions. */
  #scopeMembers(tags: ReadonlySet<number>): Die[] {
    const found: Die[] = [];
    for (const unit of this.#dwarf.units) {
      const { count, ends, tags: tagsOf } = unit.entries;
      const waiting = count > 0 ? [0] : [];
      for (let scope = waiting.pop(); scope !== undefined; scope = waiting.pop()) {
        const end = ends[scope] as number;
        for (let next = scope + 1; next < end; next = ends[next] as number) {
          const tag = tagsOf[next] as number;
          if (tags.has(tag)) found.push(unit.die(next));
          if (SCOPES.has(tag)) waiting.push(next);
        }
      }
    }
    return found;
  }

  /** `RED` in C; `Colour::Red`, with or without its scopes, where the enum is one of its own. */
  enumerator(name: string): Enumerator | undefined {
    if (!name.includes("::")) {
      this.#enumerators ??= this.#readEnumerators(false);
      return this.#enumerators.get(name);
    }
    this.#scopedEnumerators ??= this.#readEnumerators(true);
    const exact = this.#scopedEnumerators.get(name);
    if (exact) return exact;
    for (const [full, found] of this.#scopedEnumerators) if (isNamed(full, name)) return found;
    return undefined;
  }

  /** By their names with those of their enums, or alone where C allows that. */
  #readEnumerators(scoped: boolean): Map<string, Enumerator> {
    const enumerators = new Map<string, Enumerator>();
    for (const die of this.#scopeMembers(ENUMS)) {
      if (!scoped && die.flag(C.DW_AT_enum_class)) continue;
      const type = this.#types.at(die);
      for (const { name, value } of type.kind === "enum" ? type.enumerators : []) {
        enumerators.set(scoped ? `${type.name}::${name}` : name, { type, value });
      }
    }
    return enumerators;
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
