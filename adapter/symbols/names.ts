// Names of functions, variables and types with the namespaces and classes around them, as C++ and Rust write them.
import * as C from "../dwarf/constants.js";
import type { Die } from "../dwarf/unit.js";

const SCOPES = new Set([
  C.DW_TAG_namespace,
  C.DW_TAG_structure_type,
  C.DW_TAG_class_type,
  C.DW_TAG_union_type,
]);

const DEEPEST = 32;

/** `zoo::Cat::feed`; in C, where nothing encloses a name, the name. */
export function qualifiedName(die: Die): string | undefined {
  const named = die.origin(C.DW_AT_name);
  const name = named?.string(C.DW_AT_name);
  if (named === undefined || name === undefined) return undefined;
  const parts = [name];
  let scope = named.parent;
  for (let i = 0; i < DEEPEST && scope !== undefined && SCOPES.has(scope.tag); i++) {
    parts.unshift(scope.string(C.DW_AT_name) ?? "(anonymous namespace)");
    scope = scope.parent;
  }
  return parts.join("::");
}

/** What tells functions of the same name apart: the name that the linker knows. */
export const linkageName = (die: Die): string | undefined =>
  die.origin(C.DW_AT_linkage_name)?.string(C.DW_AT_linkage_name) ??
  die.origin(C.DW_AT_MIPS_linkage_name)?.string(C.DW_AT_MIPS_linkage_name) ??
  die.name;

/** Whether a user who writes `asked` may mean `name`: with all its scopes, or without. */
export const isNamed = (name: string, asked: string): boolean =>
  name === asked || name.endsWith(`::${asked}`);
