// Typed values on the stack of an expression. DWARF 5 section 2.5.1.

/** What an expression must know of a base type. */
export interface BaseType {
  /** Bytes. */
  size: number;
  encoding: "signed" | "unsigned" | "float";
}

/** `bits` is the value modulo 2^(8 × size). Without a type it is an address-sized integer of no sign. */
export interface Operand {
  bits: bigint;
  type: BaseType | undefined;
}

/** Size of the generic type: an address on a 32-bit target. */
export const GENERIC_SIZE = 4;

export const sizeOf = (operand: Operand): number => operand.type?.size ?? GENERIC_SIZE;

const isFloat = (operand: Operand): boolean => operand.type?.encoding === "float";

export const generic = (value: number | bigint): Operand => ({
  bits: BigInt.asUintN(8 * GENERIC_SIZE, BigInt(value)),
  type: undefined,
});

export const integer = (value: bigint, type: BaseType | undefined): Operand => ({
  bits: BigInt.asUintN(8 * (type?.size ?? GENERIC_SIZE), value),
  type,
});

const scratch = new DataView(new ArrayBuffer(8));

function toFloat(operand: Operand): number {
  if (!isFloat(operand)) return Number(toInteger(operand));
  scratch.setBigUint64(0, operand.bits, true);
  return sizeOf(operand) === 4 ? scratch.getFloat32(0, true) : scratch.getFloat64(0, true);
}

function fromFloat(value: number, type: BaseType): Operand {
  scratch.setBigUint64(0, 0n, true);
  if (type.size === 4) scratch.setFloat32(0, value, true);
  else scratch.setFloat64(0, value, true);
  return { bits: scratch.getBigUint64(0, true), type };
}

/** Signed unless the type is unsigned: the generic type counts as signed where it matters. */
export function toInteger(operand: Operand): bigint {
  if (isFloat(operand)) {
    const value = Math.trunc(toFloat(operand));
    return Number.isFinite(value) ? BigInt(value) : 0n;
  }
  const signed = operand.type?.encoding !== "unsigned";
  return signed ? BigInt.asIntN(8 * sizeOf(operand), operand.bits) : operand.bits;
}

/** Little-endian. */
export function toBytes(operand: Operand): Uint8Array {
  return Uint8Array.from({ length: sizeOf(operand) }, (_, i) =>
    Number((operand.bits >> BigInt(8 * i)) & 0xffn),
  );
}

export function fromBytes(bytes: Uint8Array, type: BaseType | undefined): Operand {
  const bits = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return integer(bits, type);
}

export function convert(operand: Operand, type: BaseType | undefined): Operand {
  if (type?.encoding === "float") return fromFloat(toFloat(operand), type);
  return integer(toInteger(operand), type);
}

export type Arithmetic = "plus" | "minus" | "mul" | "div" | "mod" | "and" | "or" | "xor";
export type Shift = "shl" | "shr" | "shra";
export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** `undefined`: division by zero, or an operation that floats do not have. */
export function arithmetic(op: Arithmetic, a: Operand, b: Operand): Operand | undefined {
  if (isFloat(a)) {
    const [x, y] = [toFloat(a), toFloat(b)];
    const results: Partial<Record<Arithmetic, number>> = {
      plus: x + y,
      minus: x - y,
      mul: x * y,
      div: x / y,
    };
    const result = results[op];
    return result === undefined ? undefined : fromFloat(result, a.type as BaseType);
  }
  const [x, y] = [toInteger(a), toInteger(b)];
  if ((op === "div" || op === "mod") && y === 0n) return undefined;
  switch (op) {
    case "plus":
      return integer(x + y, a.type);
    case "minus":
      return integer(x - y, a.type);
    case "mul":
      return integer(x * y, a.type);
    case "div":
      return integer(x / y, a.type);
    case "mod":
      // Unsigned for the generic type.
      return a.type ? integer(x % y, a.type) : integer(a.bits % b.bits, undefined);
    case "and":
      return integer(a.bits & b.bits, a.type);
    case "or":
      return integer(a.bits | b.bits, a.type);
    case "xor":
      return integer(a.bits ^ b.bits, a.type);
  }
}

export function shift(op: Shift, a: Operand, b: Operand): Operand {
  const width = BigInt(8 * sizeOf(a));
  const distance = b.bits < width ? b.bits : width;
  if (op === "shl") return integer(a.bits << distance, a.type);
  if (op === "shr") return integer(a.bits >> distance, a.type);
  return integer(BigInt.asIntN(Number(width), a.bits) >> distance, a.type);
}

export function compare(op: Comparison, a: Operand, b: Operand): boolean {
  const [x, y] = isFloat(a) ? [toFloat(a), toFloat(b)] : [toInteger(a), toInteger(b)];
  switch (op) {
    case "eq":
      return x === y;
    case "ne":
      return x !== y;
    case "lt":
      return x < y;
    case "le":
      return x <= y;
    case "gt":
      return x > y;
    case "ge":
      return x >= y;
  }
}
