// Names of functions, variables and types with the namespaces and classes around them, as C++ and Rust write them.
import * as C from "../dwarf/constants.js";
import type { Die } from "../dwarf/unit.js";
import { demangle } from "./demangle.js";

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
  let scope = named.parent;
  if (scope === undefined || !SCOPES.has(scope.tag)) return name;
  const parts = [name];
  for (let i = 0; i < DEEPEST && scope !== undefined && SCOPES.has(scope.tag); i++) {
    parts.unshift(scope.string(C.DW_AT_name) ?? "(anonymous namespace)");
    scope = scope.parent;
  }
  return parts.join("::");
}

/** A function's name. rustc numbers the `impl`s around methods of traits; the symbol says which they are. */
export function functionName(die: Die): string | undefined {
  const name = qualifiedName(die);
  if (name === undefined || !name.includes("{impl#")) return name;
  const symbol = linkageName(die);
  return symbol?.startsWith("_") ? demangle(symbol) : name;
}

/** What tells functions of the same name apart: the name that the linker knows. */
export const linkageName = (die: Die): string | undefined =>
  die.origin(C.DW_AT_linkage_name)?.string(C.DW_AT_linkage_name) ??
  die.origin(C.DW_AT_MIPS_linkage_name)?.string(C.DW_AT_MIPS_linkage_name) ??
  die.name;

/** Whether a user who writes `asked` may mean `name`: with all its scopes and type arguments, or without. */
export function isNamed(name: string, asked: string): boolean {
  if (endsWith(name, asked)) return true;
  if (!name.includes("<")) return false;
  // Rust writes `keep::<u8>` where it calls `keep`; its debug information has `keep<u8>`.
  const plain = (text: string) => text.replaceAll("::<", "<");
  return pathsOf(plain(name)).some(path => endsWith(path, plain(asked)));
}

const endsWith = (name: string, asked: string): boolean =>
  name === asked || (name.endsWith(asked) && name.endsWith(`::${asked}`));

/** `<app::Cat as app::Animal>::legs` as a function of either; each without type arguments, too. */
function pathsOf(name: string): string[] {
  const end = name.startsWith("<") ? closing(name, 0) : -1;
  if (end < 0) return [withoutArguments(name)];
  const inside = name.slice(1, end);
  const rest = name.slice(end + 1);
  const [type = "", trait] = splitAs(inside);
  const owners = trait === undefined ? [type] : [type, trait];
  return owners.flatMap(owner => [owner + rest, withoutArguments(owner) + withoutArguments(rest)]);
}

/** Where the bracket ends that opens at `start`; -1 if nowhere. The `>` of `->` closes nothing. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "<") depth++;
    if (text[i] === ">" && text[i - 1] !== "-" && --depth === 0) return i;
  }
  return -1;
}

function splitAs(text: string): string[] {
  for (let at = text.indexOf(" as "); at >= 0; at = text.indexOf(" as ", at + 1)) {
    const before = text.slice(0, at);
    const opened = before.replaceAll("->", "");
    if (opened.split("<").length === opened.split(">").length) return [before, text.slice(at + 4)];
  }
  return [text];
}

/** `keep<u8>` as `keep`; operators of C++ have brackets that are no arguments. */
export function withoutArguments(name: string): string {
  if (/\boperator\W/.test(name)) return name;
  let plain = "";
  for (let at = 0; at < name.length; ) {
    const open = name.indexOf("<", at);
    const end = open < 0 ? -1 : closing(name, open);
    if (end < 0) return plain + name.slice(at);
    plain += name.slice(at, open).replace(/::$/, "");
    at = end + 1;
  }
  return plain;
}

/** The last word of a type's path, without its type arguments: `Point` of `app::Point<i32>`. */
export function lastWord(name: string): string {
  if (/^[&*([<]/.test(name)) return name;
  const plain = withoutArguments(name);
  return plain.slice(plain.lastIndexOf("::") < 0 ? 0 : plain.lastIndexOf("::") + 2);
}
