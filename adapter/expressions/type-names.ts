// Names of types in expressions: `struct node *`, `unsigned long`, `uint8_t`. The basic ones are known without debug information.
import type { Type } from "../symbols/model.js";

export interface TypeName {
  words: readonly string[];
  stars: number;
}

const KEYWORDS = new Set(
  "struct union enum const volatile unsigned signed char short int long float double bool _Bool void".split(
    " ",
  ),
);

export const isTypeWord = (word: string): boolean => KEYWORDS.has(word) || FIXED.has(word);

type Encoding = Extract<Type, { kind: "base" }>["encoding"];

const base = (name: string, size: number, encoding: Encoding): Type => ({
  kind: "base",
  name,
  size,
  encoding,
});

/** stdint.h's types, and what else has one size and one word (AAPCS, 7.1). */
const FIXED = new Map<string, Type>([
  ...[1, 2, 4, 8].flatMap((size): [string, Type][] => [
    [`int${8 * size}_t`, base(`int${8 * size}_t`, size, "signed")],
    [`uint${8 * size}_t`, base(`uint${8 * size}_t`, size, "unsigned")],
  ]),
  ["size_t", base("size_t", 4, "unsigned")],
  ["uintptr_t", base("uintptr_t", 4, "unsigned")],
  ["intptr_t", base("intptr_t", 4, "signed")],
]);

/** Rust's numbers; they are types of their own only where `as` stands in front. */
const RUST = new Map<string, Type>([
  ...[8, 16, 32, 64, 128].flatMap((bits): [string, Type][] => [
    [`i${bits}`, { ...base(`i${bits}`, bits / 8, "signed"), rust: true }],
    [`u${bits}`, { ...base(`u${bits}`, bits / 8, "unsigned"), rust: true }],
  ]),
  ["isize", { ...base("isize", 4, "signed"), rust: true }],
  ["usize", { ...base("usize", 4, "unsigned"), rust: true }],
  ["f32", { ...base("f32", 4, "float"), rust: true }],
  ["f64", { ...base("f64", 8, "float"), rust: true }],
]);

/** A type of the language itself; `undefined` if only the program can know it. */
export function basicType(words: readonly string[]): Type | undefined {
  const name = words.join(" ");
  const [only] = words;
  const fixed = words.length === 1 && only !== undefined && (FIXED.get(only) ?? RUST.get(only));
  if (fixed) return fixed;
  if (words.some(word => !KEYWORDS.has(word) || /^(struct|union|enum)$/.test(word)))
    return undefined;
  const count = (word: string) => words.filter(w => w === word).length;
  if (name === "void") return { kind: "void", name, size: 0 };
  if (name === "float") return base(name, 4, "float");
  if (count("double") > 0) return base(name, 8, "float");
  if (count("bool") + count("_Bool") > 0) return base(name, 1, "boolean");
  // Plain char is unsigned on Arm.
  if (count("char") > 0) return base(name, 1, count("signed") > 0 ? "char" : "unsignedChar");
  const size = count("short") > 0 ? 2 : count("long") > 1 ? 8 : 4;
  return base(name, size, count("unsigned") > 0 ? "unsigned" : "signed");
}
