// Texts of Rust's formatting machinery, read from memory: `core::fmt::Arguments` of both layouts (library/core/src/fmt/mod.rs:
// "Internal representation"; before 1.91 slices of pieces and arguments), and values by their formatting functions.
import { toInteger } from "../bytes.js";
import { bare } from "../format.js";
import type { MemoryReader, SymbolTable, Type } from "../symbols/model.js";
import { createValue } from "../values.js";
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
  // With options or chosen arguments, what stands where is told by a table that changed from release to release.
  const plain = (wordOf(fields, "fmt") ?? 0) === 0;
  const values = wordOf(fields, "args", 4) ?? 0;
  return piecesText(source, { start: pieces, count }, plain ? args : undefined, values);
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
      const { options, chosen, end } = placeholderAt(source, at, args);
      at = end;
      next = (chosen ?? next) + 1;
      text += argumentText(source, args + 8 * (next - 1), options);
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

/** `core::fmt::FormattingOptions`. */
interface Options {
  flags: number;
  width: number;
  precision: number | undefined;
}

const SIGN_PLUS = 1 << 21;
const ALTERNATE = 1 << 23;
const ZERO_PAD = 1 << 24;
const DEBUG_HEX = (1 << 25) | (1 << 26);
const [LEFT, RIGHT, CENTRE, UNALIGNED] = [0, 1, 2, 3] as const;
const PLAIN: Options = { flags: (UNALIGNED << 29) | 0x20, width: 0, precision: undefined };
const HEAD = { flags: 1, width: 2, precision: 4, index: 8, widthOf: 16, precisionOf: 32 } as const;

/** The placeholder whose fields begin at `at`, behind its first byte. */
function placeholderAt(
  { memory }: RustSource,
  at: number,
  args: number,
): { options: Options; chosen: number | undefined; end: number } {
  const head = memory.read(at - 1, 1)?.[0] ?? 0;
  let end = at;
  const field = (bit: number, size: number): number | undefined => {
    if ((head & bit) === 0) return undefined;
    end += size;
    return readNumber(memory, end - size, size);
  };
  // In an argument that is a count, the pointer to a value is null.
  const count = (bit: number, value: number | undefined) =>
    (head & bit) === 0 || value === undefined ? value : readNumber(memory, args + 8 * value + 4, 2);
  const flags = field(HEAD.flags, 4) ?? PLAIN.flags;
  const width = count(HEAD.widthOf, field(HEAD.width, 2)) ?? 0;
  const precision = count(HEAD.precisionOf, field(HEAD.precision, 2));
  return { options: { flags, width, precision }, chosen: field(HEAD.index, 2), end };
}

/** `Formatter::padding`. */
function padded(text: string, { flags, width }: Options, usual: typeof LEFT | typeof RIGHT) {
  const room = Math.max(0, Math.min(width, LONGEST) - [...text].length);
  const fill = String.fromCodePoint(Math.min(flags & 0x1fffff, 0x10ffff));
  const chosen = (flags >>> 29) & 3;
  const align = chosen === UNALIGNED ? usual : chosen;
  const before = align === LEFT ? 0 : align === CENTRE ? room >> 1 : room;
  return fill.repeat(before) + text + fill.repeat(room - before);
}

/** `core::fmt::rt::Argument`: a pointer to the value and its formatting function. */
function argumentText(source: RustSource, address: number, options = PLAIN): string {
  const value = readNumber(source.memory, address, 4);
  const formatter = readNumber(source.memory, address + 4, 4);
  return value === undefined || formatter === undefined
    ? UNKNOWN
    : valueText(source, { value, formatter, options, depth: 0 });
}

/** `&dyn Debug`: a pointer to the value and a table of methods, of which `fmt` is the first behind drop, size, alignment. */
export function dynamicText(source: RustSource, bytes: Uint8Array, depth = 0): string {
  const [value, table] = [wordAt(bytes, 0), wordAt(bytes, 4)];
  const formatter = table === undefined ? undefined : readNumber(source.memory, table + 12, 4);
  return value === undefined || formatter === undefined
    ? UNKNOWN
    : valueText(source, { value, formatter, options: PLAIN, depth });
}

/** A value at an address and the function that formats it. */
interface Formatted {
  value: number;
  formatter: number;
  options: Options;
  /** Tables of methods passed on the way here. */
  depth: number;
}

const DEEPEST = 4;

/** By the type that the name of the formatting function tells. */
function valueText(source: RustSource, formatted: Formatted): string {
  const { symbols, memory } = source;
  const address = (formatted.formatter & ~1) >>> 0;
  const name = symbols.functionAt(address)?.name ?? symbols.symbolAt(address)?.name ?? "";
  const { path, trait = "" } =
    (
      /^<(?<path>.+) as core::fmt::(?<trait>\w+)/.exec(name) ??
      /<impl core::fmt::(?<trait>\w+) for (?<path>.+?)>/.exec(name)
    )?.groups ?? {};
  if (path === undefined) return UNKNOWN;
  let [type, at] = [path, formatted.value];
  for (; /^&(?!str$|(?:mut )?(?:dyn |\[))/.test(type); type = type.replace(/^&(?:mut )?/, ""))
    at = readNumber(memory, at, 4) ?? 0;
  if (/^&(?:mut )?dyn core::fmt::/.test(type)) {
    const bytes = formatted.depth < DEEPEST ? memory.read(at, 8) : undefined;
    return bytes ? dynamicText(source, bytes, formatted.depth + 1) : UNKNOWN;
  }
  const [, sign, bits] = /^([iu])(8|16|32|64|128|size)$/.exec(type) ?? [];
  if (bits !== undefined) {
    const bytes = memory.read(at, bits === "size" ? 4 : Number(bits) / 8);
    return bytes ? integerText(bytes, sign === "i", trait, formatted.options) : UNKNOWN;
  }
  if (type === "bool") return memory.read(at, 1)?.[0] === 1 ? "true" : "false";
  if (type === "&str") {
    const bytes = memory.read(at, 8);
    const text = bytes && stringOf(memory, bytes);
    if (text === undefined) return UNKNOWN;
    if (trait === "Debug") return JSON.stringify(text);
    const { precision } = formatted.options;
    return padded([...text].slice(0, precision).join(""), formatted.options, LEFT);
  }
  return WORDS.get(type) ?? (trait === "Debug" ? structureText(source, type, at) : UNKNOWN);
}

/** Types of core with but one text. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["core::cell::BorrowMutError", "RefCell already borrowed"],
  ["core::cell::BorrowError", "RefCell already mutably borrowed"],
  ["core::str::error::Utf8Error", "invalid UTF-8"],
  ["core::array::TryFromSliceError", "could not convert slice to array"],
]);

const RADIX: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  Display: [10, ""],
  Debug: [10, ""],
  LowerHex: [16, "0x"],
  UpperHex: [16, "0x"],
  Binary: [2, "0b"],
  Octal: [8, "0o"],
};

/** `Formatter::pad_integral`. */
function integerText(bytes: Uint8Array, signed: boolean, trait: string, options: Options): string {
  const { flags, width } = options;
  const [radix, prefix] = (flags & DEBUG_HEX ? RADIX["LowerHex"] : RADIX[trait]) ?? [];
  if (radix === undefined) return UNKNOWN;
  // Other bases show the bits.
  const number = toInteger(bytes, signed && radix === 10);
  const digits = (number < 0n ? -number : number).toString(radix);
  const sign = number < 0n ? "-" : flags & SIGN_PLUS ? "+" : "";
  const head = sign + (flags & ALTERNATE ? prefix : "");
  const cased = trait === "UpperHex" ? digits.toUpperCase() : digits;
  return flags & ZERO_PAD
    ? head + cased.padStart(Math.min(width, LONGEST) - head.length, "0")
    : padded(head + cased, options, RIGHT);
}

/** What a derived `Debug` shows, by the debug information of the type. */
function structureText({ symbols, memory }: RustSource, name: string, address: number): string {
  const type = symbols.typeNamed(name);
  if (type === undefined) return UNKNOWN;
  const location = { kind: "memory", address } as const;
  return createValue(type, location, { memory, registers: [], symbols }).text;
}
