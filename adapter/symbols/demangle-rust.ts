// Symbols of Rust back to paths: the v0 scheme (RFC 2603, rustc-book's "v0 Symbol Format") and the legacy one.
// Hashes and disambiguators are left out, as rustfilt does it.
import { Malformed, Mangled } from "./mangled.js";

const LEGACY = /^_?_?ZN((?:\d+[^\d].*?)?)17h[0-9a-f]{16}E((?:\..*)?)$/s;

const MOST_LIFETIMES = 1000;

const PUNCTUATION: Record<string, string> = {
  SP: "@",
  BP: "*",
  RF: "&",
  LT: "<",
  GT: ">",
  LP: "(",
  RP: ")",
  C: ",",
};

/** The path that `symbol` stands for; `undefined` if it is no symbol of Rust. */
export function demangleRust(symbol: string): string | undefined {
  if (symbol.startsWith("_ZN")) return legacy(symbol);
  const [, mangled, suffix = ""] = /^_R([A-Z][\w]*)(\..*)?$/s.exec(symbol) ?? [];
  if (mangled === undefined) return undefined;
  return Malformed.guard(() => new Demangler(mangled).symbol() + shownSuffix(suffix));
}

/** What LLVM adds to tell copies apart means nothing to a user. */
const shownSuffix = (suffix: string): string => (/^\.llvm\./.test(suffix) ? "" : suffix);

function legacy(symbol: string): string | undefined {
  const [, elements, suffix = ""] = LEGACY.exec(symbol) ?? [];
  if (elements === undefined) return undefined;
  const names: string[] = [];
  for (let rest = elements; rest !== ""; ) {
    const digits = /^\d+/.exec(rest)?.[0];
    const length = Number(digits);
    const name = rest.slice(digits?.length ?? 0, (digits?.length ?? 0) + length);
    if (digits === undefined || name.length !== length) return undefined;
    names.push(legacyName(name));
    rest = rest.slice(digits.length + length);
  }
  return names.join("::") + shownSuffix(suffix);
}

function legacyName(name: string): string {
  return name.replace(/^_(?=\$)/, "").replace(/\$(\w+?)\$|\.\.|\./g, (found, code?: string) => {
    if (found === "..") return "::";
    if (found === ".") return ".";
    const [, hex] = /^u([0-9a-f]{1,6})$/.exec(code ?? "") ?? [];
    if (hex !== undefined)
      return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
    return PUNCTUATION[code ?? ""] ?? found;
  });
}

const BASIC: Record<string, string> = {
  a: "i8",
  b: "bool",
  c: "char",
  d: "f64",
  e: "str",
  f: "f32",
  h: "u8",
  i: "isize",
  j: "usize",
  l: "i32",
  m: "u32",
  n: "i128",
  o: "u128",
  p: "_",
  s: "i16",
  t: "u16",
  u: "()",
  v: "...",
  x: "i64",
  y: "u64",
  z: "!",
};

const SIGNED = /^[ailnsx]$/;
const UNSIGNED = /^[hjmoty]$/;

class Demangler extends Mangled {
  /** Lifetimes that `for<…>` around here binds. */
  #bound = 0;

  symbol(): string {
    const path = this.#path(true);
    // The crate that made this copy of a generic function.
    if (!this.atEnd) this.#path(false);
    if (!this.atEnd) throw new Malformed();
    return path;
  }

  /** `_` is 0, `0_` is 1. */
  #base62(): number {
    if (this.accept("_")) return 0;
    const digits = this.match(/^[0-9a-zA-Z]+_/).slice(0, -1);
    const ORDER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return [...digits].reduce((sum, digit) => sum * 62 + ORDER.indexOf(digit), 0) + 1;
  }

  #disambiguator(): number {
    return this.accept("s") ? this.#base62() + 1 : 0;
  }

  #identifier(): string {
    const isPunycode = this.accept("u");
    const length = Number(this.match(/^(0|[1-9]\d{0,6})/));
    this.accept("_");
    const name = this.take(length);
    return isPunycode ? decodePunycode(name) : name;
  }

  /** What stands `base62` letters from the start, read again. */
  #back<T>(read: () => T): T {
    const start = this.position - 1;
    const target = this.#base62();
    if (target >= start) throw new Malformed();
    const here = this.position;
    this.position = target;
    const found = this.nested(read);
    this.position = here;
    return found;
  }

  /** `isValue`: type arguments have `::` in front, as in an expression. */
  #path(isValue: boolean): string {
    return this.nested(() => this.#pathOf(this.next(), isValue));
  }

  #pathOf(tag: string, isValue: boolean): string {
    switch (tag) {
      case "C":
        this.#disambiguator();
        return this.#identifier();
      case "M":
        this.#implPath();
        return `<${this.#type()}>`;
      case "X":
        this.#implPath();
        return `<${this.#type()} as ${this.#path(false)}>`;
      case "Y":
        return `<${this.#type()} as ${this.#path(false)}>`;
      case "N":
        return this.#nestedPath(isValue);
      case "I": {
        const path = this.#path(isValue);
        const list = this.list(() => this.#argument());
        return `${path}${isValue ? "::" : ""}<${list.join(", ")}>`;
      }
      case "B":
        return this.#back(() => this.#path(isValue));
      default:
        throw new Malformed();
    }
  }

  #implPath(): void {
    this.#disambiguator();
    this.#path(false);
  }

  #nestedPath(isValue: boolean): string {
    const namespace = this.next();
    const parent = this.#path(isValue);
    const number = this.#disambiguator();
    const name = this.#identifier();
    if (/[a-z]/.test(namespace)) return name === "" ? parent : `${parent}::${name}`;
    const kind = namespace === "C" ? "closure" : namespace === "S" ? "shim" : namespace;
    return `${parent}::{${kind}${name === "" ? "" : `:${name}`}#${number}}`;
  }

  #argument(): string {
    if (this.accept("L")) return this.#lifetime();
    return this.accept("K") ? this.#constant(false) : this.#type();
  }

  #lifetime(): string {
    const index = this.#base62();
    if (index === 0) return "'_";
    const number = this.#bound - index;
    if (number < 0) throw new Malformed();
    return number < 26 ? `'${String.fromCharCode(97 + number)}` : `'_${number}`;
  }

  /** `for<'a, …> ` in front of what `read` gives. */
  #binder(read: () => string): string {
    const before = this.#bound;
    const count = this.accept("G") ? this.#base62() + 1 : 0;
    if (count > MOST_LIFETIMES) throw new Malformed();
    this.#bound += count;
    const names = Array.from({ length: count }, (_, i) => {
      const number = before + i;
      return number < 26 ? `'${String.fromCharCode(97 + number)}` : `'_${number}`;
    });
    const bound = `${count > 0 ? `for<${names.join(", ")}> ` : ""}${read()}`;
    this.#bound = before;
    return bound;
  }

  #type(): string {
    return this.nested(() => this.#typeOf(this.next()));
  }

  #typeOf(tag: string): string {
    const basic = BASIC[tag];
    if (basic !== undefined) return basic;
    switch (tag) {
      case "A":
        return `[${this.#type()}; ${this.#constant(true)}]`;
      case "S":
        return `[${this.#type()}]`;
      case "T": {
        const types = this.list(() => this.#type());
        return `(${types.join(", ")}${types.length === 1 ? "," : ""})`;
      }
      case "R":
      case "Q": {
        const lifetime = this.accept("L") ? this.#lifetime() : "'_";
        const named = lifetime === "'_" ? "" : `${lifetime} `;
        return `&${named}${tag === "Q" ? "mut " : ""}${this.#type()}`;
      }
      case "P":
        return `*const ${this.#type()}`;
      case "O":
        return `*mut ${this.#type()}`;
      case "F":
        return this.#binder(() => this.#signature());
      case "D":
        return this.#dynamic();
      case "B":
        return this.#back(() => this.#type());
      default:
        return this.#pathOf(tag, false);
    }
  }

  #signature(): string {
    const unsafe = this.accept("U") ? "unsafe " : "";
    let abi = "";
    if (this.accept("K")) {
      const name = this.accept("C") ? "C" : this.#identifier().replaceAll("_", "-");
      abi = `extern "${name}" `;
    }
    const parameters = this.list(() => this.#type()).join(", ");
    const result = this.accept("u") ? "" : ` -> ${this.#type()}`;
    return `${unsafe}${abi}fn(${parameters})${result}`;
  }

  #dynamic(): string {
    const traits = this.#binder(() => this.list(() => this.#trait()).join(" + "));
    if (!this.accept("L")) throw new Malformed();
    const lifetime = this.#lifetime();
    return `dyn ${traits}${lifetime === "'_" ? "" : ` + ${lifetime}`}`;
  }

  /** A trait with its associated types, which join its arguments. */
  #trait(): string {
    const path = this.#path(false);
    const types: string[] = [];
    while (this.accept("p")) types.push(`${this.#identifier()} = ${this.#type()}`);
    if (types.length === 0) return path;
    return path.endsWith(">") && !path.startsWith("<")
      ? `${path.slice(0, -1)}, ${types.join(", ")}>`
      : `${path}<${types.join(", ")}>`;
  }

  /** `isBare`: no braces around what is more than a number. */
  #constant(isBare: boolean): string {
    return this.nested(() => this.#constantOf(this.next(), isBare));
  }

  #constantOf(tag: string, isBare: boolean): string {
    if (SIGNED.test(tag)) return `${this.accept("n") ? "-" : ""}${numberText(this.#hex())}`;
    if (UNSIGNED.test(tag)) return numberText(this.#hex());
    const braced = (text: string): string => (isBare ? text : `{${text}}`);
    switch (tag) {
      case "p":
        return "_";
      case "b":
        return this.#hex() === "1" ? "true" : "false";
      case "c":
        return characterText(Number.parseInt(this.#hex() || "0", 16));
      case "e":
        return braced(`*${this.#string()}`);
      case "R":
        if (this.accept("e")) return this.#string();
        return braced(`&${this.#constant(true)}`);
      case "Q":
        return braced(`&mut ${this.#constant(true)}`);
      case "A":
        return braced(`[${this.list(() => this.#constant(true)).join(", ")}]`);
      case "T": {
        const parts = this.list(() => this.#constant(true));
        return braced(`(${parts.join(", ")}${parts.length === 1 ? "," : ""})`);
      }
      case "V":
        return braced(this.#structConstant());
      case "B":
        return this.#back(() => this.#constant(isBare));
      default:
        throw new Malformed();
    }
  }

  #structConstant(): string {
    const path = this.#path(true);
    if (this.accept("U")) return path;
    if (this.accept("T")) return `${path}(${this.list(() => this.#constant(true)).join(", ")})`;
    if (!this.accept("S")) throw new Malformed();
    const fields = this.list(() => {
      this.#disambiguator();
      return `${this.#identifier()}: ${this.#constant(true)}`;
    });
    return `${path} { ${fields.join(", ")} }`;
  }

  /** Hexadecimal digits up to a `_`. */
  #hex(): string {
    return this.match(/^[0-9a-f]*_/).slice(0, -1);
  }

  #string(): string {
    const bytes = this.#hex().match(/../g) ?? [];
    const text = new TextDecoder().decode(Uint8Array.from(bytes, b => Number.parseInt(b, 16)));
    return JSON.stringify(text);
  }
}

/** Large numbers stay hexadecimal. */
const numberText = (digits: string): string =>
  digits.length > 16 ? `0x${digits}` : BigInt(`0x${digits || "0"}`).toString();

function characterText(code: number): string {
  const escapes: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r", 39: "\\'", 92: "\\\\" };
  if (code > 0x10ffff) throw new Malformed();
  const plain =
    code >= 32 && code !== 127 ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`;
  return `'${escapes[code] ?? plain}'`;
}

/** RFC 3492, with `_` instead of `-` in front of the encoded part. */
function decodePunycode(text: string): string {
  const end = text.lastIndexOf("_");
  const output = [...text.slice(0, Math.max(0, end))].map(letter => letter.codePointAt(0) ?? 0);
  let [code, i, bias] = [128, 0, 72];
  for (let at = end + 1; at < text.length; ) {
    const old = i;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(text[at++] ?? "?");
      if (digit < 0) throw new Malformed();
      i += digit * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const length = output.length + 1;
    bias = adapted(i - old, length, old === 0);
    code += Math.floor(i / length);
    i %= length;
    if (code > 0x10ffff) throw new Malformed();
    output.splice(i++, 0, code);
  }
  return String.fromCodePoint(...output);
}

function adapted(first: number, length: number, isFirst: boolean): number {
  let delta = isFirst ? Math.floor(first / 700) : first >> 1;
  delta += Math.floor(delta / length);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}
