// Integer types of C on Arm and arithmetic with them (C11 6.3.1.1, 6.3.1.8; AAPCS 7.1).
import { bare, isSigned } from "../format.js";
import type { Type } from "../symbols/model.js";
import type { BinaryOperator } from "./syntax.js";

const integerType = (name: string, size: number, encoding: "signed" | "unsigned"): Type => ({
  kind: "base",
  name,
  size,
  encoding,
});
export const INT = integerType("int", 4, "signed");
export const UNSIGNED = integerType("unsigned int", 4, "unsigned");
const LONG_LONG = integerType("long long", 8, "signed");
const UNSIGNED_LONG_LONG = integerType("unsigned long long", 8, "unsigned");

export function literalType(value: bigint): Type {
  if (value < 1n << 31n) return INT;
  if (value < 1n << 32n) return UNSIGNED;
  return value < 1n << 63n ? LONG_LONG : UNSIGNED_LONG_LONG;
}

/** Integer promotion: what is smaller than an int becomes one; in Rust nothing does. */
export function promoted(type: Type): Type {
  if (type.rust && bare(type).kind === "base") return bare(type);
  const { size } = bare(type);
  const signed = isSigned(bare(type));
  if (size < 4) return INT;
  if (size === 4) return signed ? INT : UNSIGNED;
  return signed ? LONG_LONG : UNSIGNED_LONG_LONG;
}

/** The usual arithmetic conversions; a shift has the type of its left side. */
export function commonType(left: Type, right: Type, operator: BinaryOperator): Type {
  const a = promoted(left);
  if (operator === "<<" || operator === ">>") return a;
  const b = promoted(right);
  if (a.rust !== b.rust) return a.rust ? a : b;
  if (a.size !== b.size) return a.size > b.size ? a : b;
  return isSigned(a) ? b : a;
}

export function compute(operator: BinaryOperator, x: bigint, y: bigint): bigint | boolean {
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "%":
      return x % y;
    case "&":
      return x & y;
    case "|":
      return x | y;
    case "^":
      return x ^ y;
    case "<<":
      return x << (y & 63n);
    case ">>":
      return x >> (y & 63n);
    case "==":
      return x === y;
    case "!=":
      return x !== y;
    case "<":
      return x < y;
    case ">":
      return x > y;
    case "<=":
      return x <= y;
    case ">=":
      return x >= y;
    default:
      return x !== 0n && y !== 0n;
  }
}
