// Texts of Rust's formatting machinery, read from memory: `core::fmt::Arguments` of both layouts (library/core/src/fmt/mod.rs:
// "Internal representation"; before 1.91 slices of pieces and arguments), and values by their formatting functions.
import { bare } from "../format.js";
import type { MemoryReader, SymbolTable, Type } from "../symbols/model.js";
import { textOf } from "./call-arguments.js";
import { readNumber } from "./origin.js";

const LONGEST = 512;
const MOST_PIECES = 64;
/** In place of what only running code could format. */
const UNKNOWN = "…";

export interface RustSource {
  symbols: SymbolTable;
  memory: MemoryReader;
}

/** A struct whose bytes are at hand. */
export interface Fields {
  type: Type;
  bytes: Uint8Array;
}

/** A word of a struct, `skip` bytes into its member `name`. */
export function wordOf({ type, bytes }: Fields, name: string, skip = 0): number | undefined {
  const own = bare(type);
  if (own.kind !== "struct") return undefined;
  const member = own.members().find(each => each.name === name);
  if (member === undefined) return undefined;
  return wordAt(bytes, member.offset + skip);
}

export function wordAt(bytes: Uint8Array, offset: number): number | undefined {
  if (offset + 4 > bytes.length) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}

/** `&str` in 8 bytes. */
export function stringOf(memory: MemoryReader, bytes: Uint8Array): string | undefined {
  const [start, length] = [wordAt(bytes, 0), wordAt(bytes, 4)];
  if (start === undefined || length === undefined || length > LONGEST) return undefined;
  return length === 0 ? "" : textOf(memory, start, length);
}

/** The text of a `core::fmt::Arguments`. */
export function argumentsText(source: RustSource, fields: Fields): string | undefined {
  const template = wordOf(fields, "template");
  const args = wordOf(fields, "args");
  if (template !== undefined && args !== undefined) {
    return (args & 1) === 1
      ? textOf(source.memory, template, Math.min(LONGEST, args >>> 1))
      : templateText(source, template, args);
  }
  const pieces = wordOf(fields, "pieces");
  const count = wordOf(fields, "pieces", 4);
  if (pieces === undefined || count === undefined || count > MOST_PIECES) return undefined;
  return piecesText(source, { start: pieces, count }, args, wordOf(fields, "args", 4) ?? 0);
}

function piecesText(
  source: RustSource,
  pieces: { start: number; count: number },
  args: number | undefined,
  values: number,
): string | undefined {
  let text = "";
  for (let i = 0; i < Math.max(pieces.count, Math.min(values, MOST_PIECES)); i++) {
    const bytes =
      i < pieces.count ? source.memory.read(pieces.start + 8 * i, 8) : new Uint8Array(8);
    const piece = bytes && stringOf(source.memory, bytes);
    if (piece === undefined) return undefined;
    text += piece;
    if (i < values) text += args === undefined ? UNKNOWN : argumentText(source, args + 8 * i);
  }
  return text;
}

/** Literal pieces behind their lengths, placeholders as bytes with both highest bits set, 0 at the end. */
function templateText(source: RustSource, template: number, args: number): string | undefined {
  const { memory } = source;
  let text = "";
  let next = 0;
  for (let at = template; at < template + LONGEST; ) {
    const head = memory.read(at, 1)?.[0];
    if (head === undefined) return undefined;
    if (head === 0) return text;
    at++;
    if (head >= 0xc0) {
      at += (head & 1 ? 4 : 0) + (head & 2 ? 2 : 0) + (head & 4 ? 2 : 0);
      const chosen = head & 8 ? readNumber(memory, at, 2) : next;
      if (head & 8) at += 2;
      next = (chosen ?? next) + 1;
      text += argumentText(source, args + 8 * (next - 1));
      continue;
    }
    const long = head === 0x80;
    const length = long ? (readNumber(memory, at, 2) ?? 0) : head;
    if (long) at += 2;
    const piece = length > LONGEST ? undefined : textOf(memory, at, length);
    if (piece === undefined) return undefined;
    text += piece;
    at += length;
  }
  return text;
}

/** `core::fmt::rt::Argument`: a pointer to the value and its formatting function. */
function argumentText(source: RustSource, address: number): string {
  const value = readNumber(source.memory, address, 4);
  const formatter = readNumber(source.memory, address + 4, 4);
  return value === undefined || formatter === undefined
    ? UNKNOWN
    : valueText(source, value, formatter);
}

/** `&dyn Debug`: a pointer to the value and a table of methods, of which `fmt` is the first behind drop, size, alignment. */
export function dynamicText(source: RustSource, bytes: Uint8Array): string {
  const [value, table] = [wordAt(bytes, 0), wordAt(bytes, 4)];
  const formatter = table === undefined ? undefined : readNumber(source.memory, table + 12, 4);
  return value === undefined || formatter === undefined
    ? UNKNOWN
    : valueText(source, value, formatter);
}

/** By the type that the name of the formatting function tells. */
function valueText({ symbols, memory }: RustSource, value: number, formatter: number): string {
  const name =
    symbols.functionAt((formatter & ~1) >>> 0)?.name ??
    symbols.symbolAt((formatter & ~1) >>> 0)?.name ??
    "";
  const [, path] =
    /^<(.+) as core::fmt::/.exec(name) ?? /<impl core::fmt::\w+ for (.+?)>/.exec(name) ?? [];
  if (path === undefined) return UNKNOWN;
  let [type, at] = [path, value];
  for (; type.startsWith("&") && type !== "&str"; type = type.replace(/^&(?:mut )?/, ""))
    at = readNumber(memory, at, 4) ?? 0;
  const [, sign, bits] = /^([iu])(8|16|32|size)$/.exec(type) ?? [];
  if (bits !== undefined) {
    const size = bits === "size" ? 4 : Number(bits) / 8;
    const number = readNumber(memory, at, size);
    if (number === undefined) return UNKNOWN;
    return String(sign === "i" ? (number << (32 - 8 * size)) >> (32 - 8 * size) : number);
  }
  if (type === "bool") return memory.read(at, 1)?.[0] === 1 ? "true" : "false";
  const bytes = type === "&str" ? memory.read(at, 8) : undefined;
  return (bytes && stringOf(memory, bytes)) ?? UNKNOWN;
}
