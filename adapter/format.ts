// Text of C scalars and strings, as gdb users know it: `97 'a'`, `"text"`, `GREEN`, `0x20001234`.
import { fromFloat, fromInteger, toFloat, toInteger } from "./bytes.js";
import type { Type } from "./symbols/model.js";
import { isNamed } from "./symbols/names.js";

/** The type behind typedefs and qualifiers. */
export function bare(type: Type): Type {
  let bared = type;
  for (let steps = 0; steps < 64; steps++) {
    if (bared.kind !== "typedef" && bared.kind !== "const" && bared.kind !== "volatile") {
      return bared;
    }
    bared = bared.target();
  }
  return { kind: "unknown", name: type.name, size: 0 };
}

export const isCharacter = (type: Type): boolean =>
  type.kind === "base" &&
  type.size === 1 &&
  (type.encoding === "char" || type.encoding === "unsignedChar");

/** Whether the bytes of a scalar are a signed number. */
export function isSigned(type: Type): boolean {
  if (type.kind === "enum") return type.signed;
  return type.kind === "base" && (type.encoding === "signed" || type.encoding === "char");
}

export const hexText = (value: bigint): string => `0x${value.toString(16)}`;

const ESCAPES: Record<number, string> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  27: "\\033",
  92: "\\\\",
};

const escapeByte = (byte: number, quote: string): string => {
  const text = String.fromCharCode(byte);
  if (text === quote) return `\\${quote}`;
  if (byte >= 32 && byte < 127 && byte !== 92) return text;
  return ESCAPES[byte] ?? `\\${byte.toString(8).padStart(3, "0")}`;
};

/** Quoted and escaped; valid UTF-8 beyond ASCII stays readable. */
export function stringText(bytes: Uint8Array): string {
  let text: string | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: escaped byte by byte below.
    text = undefined;
  }
  const escaped =
    text === undefined
      ? Array.from(bytes, byte => escapeByte(byte, '"'))
      : Array.from(text, letter => {
          const code = letter.codePointAt(0) ?? 0;
          return code < 128 ? escapeByte(code, '"') : letter;
        });
  return `"${escaped.join("")}"`;
}

/** The shortest text that is this number in `size` bytes. */
export function floatText(value: number, size: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (size !== 4) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** Text of a scalar from its bytes. `hex`: integers in hexadecimal. */
export function scalarText(type: Type, bytes: Uint8Array, hex: boolean): string {
  const value = toInteger(bytes, isSigned(type));
  const unsigned = toInteger(bytes, false);
  if (type.kind === "enum") return enumText(type, value, hex);
  if (type.kind !== "base") return hexText(unsigned);
  if (type.encoding === "float") {
    const float = toFloat(bytes);
    return float === undefined ? hexText(unsigned) : floatText(float, bytes.length);
  }
  if (type.encoding === "boolean" && value <= 1n) return value === 1n ? "true" : "false";
  const number = hex ? hexText(unsigned) : value.toString();
  if (isCharacter(type)) return `${number} '${escapeByte(bytes[0] ?? 0, "'")}'`;
  if (type.encoding === "utf" && value < 0x110000n) {
    return `${number} '${String.fromCodePoint(Number(value))}'`;
  }
  return number;
}

function enumText(type: Extract<Type, { kind: "enum" }>, value: bigint, hex: boolean): string {
  const number = Number(value);
  const exact = type.enumerators.find(e => e.value === number);
  if (exact) return exact.name;
  return flagsText(type.enumerators, number) ?? (hex ? hexText(value) : value.toString());
}

/** `A | B` where every enumerator is one bit. */
function flagsText(
  enumerators: readonly { name: string; value: number }[],
  value: number,
): string | undefined {
  const flags = enumerators.filter(e => e.value !== 0);
  const single = (n: number) => n > 0 && (n & (n - 1)) === 0;
  if (value <= 0 || flags.length < 2 || !flags.every(e => single(e.value))) return undefined;
  const set = flags.filter(e => (value & e.value) !== 0);
  const covered = set.reduce((sum, e) => sum | e.value, 0);
  return covered === value ? set.map(e => e.name).join(" | ") : undefined;
}

/** What somebody typed, as it may stand in a sentence: in quotes where it would not be seen, or end the line. */
export const typed = (text: string): string =>
  /^\S(.*\S)?$/u.test(text) ? text : JSON.stringify(text);

/** The bytes of `text` as a value of `type`, or one sentence why it is none. */
export function encodeScalar(type: Type, text: string): Uint8Array | { why: string } {
  const target = bare(type);
  const trimmed = text.trim();
  if (target.kind === "enum") {
    // With or without the path that Rust and C++ have in front.
    const named = target.enumerators.find(e => isNamed(`${target.name}::${e.name}`, trimmed));
    if (named) return fromInteger(BigInt(named.value), target.size);
  }
  if (target.kind === "base" && target.encoding === "float") {
    const value = Number(trimmed);
    if (trimmed === "" || Number.isNaN(value)) return { why: `${typed(text)} is no number` };
    return fromFloat(value, target.size);
  }
  if (target.kind === "base" && target.encoding === "boolean") {
    if (trimmed === "true" || trimmed === "false") {
      return fromInteger(trimmed === "true" ? 1n : 0n, target.size);
    }
  }
  if (target.kind !== "base" && target.kind !== "enum" && target.kind !== "pointer") {
    return { why: `a value of type ${type.name} cannot be written as a whole` };
  }
  const value = parseInteger(trimmed);
  if (value === undefined) return { why: `${typed(text)} is no value of type ${type.name}` };
  const bits = BigInt(8 * target.size);
  if (value >= 1n << bits || value < -(1n << (bits - 1n))) {
    return { why: `${typed(text)} does not fit into ${target.size} bytes of ${type.name}` };
  }
  return fromInteger(value, target.size);
}

/** Decimal, 0x…, 0b…, a leading minus, or a character in quotes. */
export function parseInteger(text: string): bigint | undefined {
  const character = /^'(\\?.)'$/u.exec(text)?.[1];
  if (character !== undefined) return characterCode(character);
  const match = /^(-?)(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlL]*$/.exec(text);
  if (!match) return undefined;
  const magnitude = match[2] ?? "0";
  const octal = /^0[0-7]+$/.test(magnitude);
  const value = BigInt(octal ? `0o${magnitude.slice(1)}` : magnitude);
  return match[1] === "-" ? -value : value;
}

function characterCode(character: string): bigint {
  const escapes: Record<string, number> = { n: 10, t: 9, r: 13, "0": 0, a: 7, b: 8, f: 12, v: 11 };
  const code = character.startsWith("\\")
    ? (escapes[character.slice(1)] ?? character.charCodeAt(1))
    : (character.codePointAt(0) ?? 0);
  return BigInt(code);
}

const RUST_ESCAPES: Record<string, string> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\0",
  "\\": "\\\\",
};

const rustLetter = (letter: string, quote: string): string => {
  if (letter === quote) return `\\${quote}`;
  const code = letter.codePointAt(0) ?? 0;
  const isControl = code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code < 0xe000);
  return RUST_ESCAPES[letter] ?? (isControl ? `\\u{${code.toString(16)}}` : letter);
};

/** A `char` as Rust writes it. */
export const rustChar = (code: number): string =>
  `'${rustLetter(String.fromCodePoint(code), "'")}'`;

/** A `str` as Rust writes it; what is cut in the middle of a letter, or is no UTF-8, shows U+FFFD. */
export function rustString(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return `"${Array.from(text, letter => rustLetter(letter, '"')).join("")}"`;
}
