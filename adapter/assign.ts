// Assignments: what to write where so that a variable, a register or memory has another value. Nothing is written here.
import { UserError } from "../emulator/index.js";
import {
  type Bits,
  type Fetched,
  fromFloat,
  fromInteger,
  toFloat,
  toInteger,
  withBits,
} from "./bytes.js";
import { type EvaluationContext, evaluate } from "./evaluate.js";
import { bare, encodeScalar, isSigned, typed } from "./format.js";
import type { Type, ValueLocation } from "./symbols/model.js";
import type { Value } from "./values.js";

/** One thing to write. `register` is one of the frame's: only the innermost frame's are the processor's. */
export type Write =
  | { kind: "memory"; address: number; bytes: Uint8Array }
  | { kind: "register"; register: number; value: number };

export interface Assignment {
  /** What is assigned to, before. */
  target: Value;
  /** All of its bytes, as they will be. */
  bytes: Uint8Array;
  writes: readonly Write[];
}

/** What `target = value` has to write, or one sentence why it cannot be done. Both are expressions. */
export function assign(
  target: string,
  value: string,
  context: EvaluationContext,
): Assignment | UserError {
  const whole = evaluate(target, context);
  if (whole instanceof UserError) return whole;
  const left = unwrapped(whole);
  const bytes = bytesFor(left.type, value, context);
  if (bytes instanceof UserError) return bytes;
  const writes: Write[] = [];
  const problem = write(left.location, bytes, context, writes);
  if (problem !== undefined) return new UserError(`${typed(target)} cannot be changed: ${problem}`);
  return { target: left, bytes, writes };
}

/** The number inside of Rust's atomics, cells and their like. */
function unwrapped(value: Value): Value {
  let inside = value;
  while (inside.inner && /^(struct|union)$/.test(bare(inside.type).kind)) {
    if (/^[&*]/.test(inside.type.name)) break;
    inside = inside.inner;
  }
  return inside;
}

/** The bytes of the expression `text` as a value of `type`. */
function bytesFor(type: Type, text: string, context: EvaluationContext): Uint8Array | UserError {
  // A literal or an enumerator of this very type; a reference of Rust is never a number.
  const isReference = type.rust && bare(type).kind === "pointer" && type.name.startsWith("&");
  const literal = isReference
    ? { why: `${typed(text)} is no value of type ${type.name}` }
    : encodeScalar(type, text);
  if (!("why" in literal)) return literal;
  const value = evaluate(text, context);
  if (value instanceof UserError) return isAggregate(type) ? value : new UserError(literal.why);
  if (isReference && bare(value.type).kind !== "pointer") return mismatch(value.type, type);
  const fetched: Fetched = value.bytes();
  if ("why" in fetched) return new UserError(`${typed(text)} has no value: ${fetched.why}`);
  return converted(fetched.bytes, value.type, type);
}

const isAggregate = (type: Type): boolean =>
  /^(struct|union|array|variants)$/.test(bare(type).kind);

/** As C converts what is assigned (C11 6.5.16.1). */
function converted(bytes: Uint8Array, from: Type, to: Type): Uint8Array | UserError {
  const [source, target] = [bare(from), bare(to)];
  if (isAggregate(from) || isAggregate(to)) {
    const same = source.kind === target.kind && source.name === target.name;
    return same && bytes.length === target.size ? bytes : mismatch(from, to);
  }
  const float = (type: Type) => type.kind === "base" && type.encoding === "float";
  const number = float(source) ? toFloat(bytes) : toInteger(bytes, isSigned(source));
  if (number === undefined || target.size === 0) return mismatch(from, to);
  if (float(target)) return fromFloat(Number(number), target.size);
  if (target.kind === "base" && target.encoding === "boolean") {
    return fromInteger(Number(number) === 0 ? 0n : 1n, target.size);
  }
  if (typeof number === "bigint") return fromInteger(number, target.size);
  return Number.isFinite(number)
    ? fromInteger(BigInt(Math.trunc(number)), target.size)
    : mismatch(from, to);
}

const mismatch = (from: Type, to: Type): UserError =>
  new UserError(`a value of type ${from.name} cannot be assigned to one of type ${to.name}`);

/** Adds to `writes`; gives the reason if `location` is no place to write to. */
function write(
  location: ValueLocation,
  bytes: Uint8Array,
  context: EvaluationContext,
  writes: Write[],
): string | undefined {
  switch (location.kind) {
    case "memory":
      writes.push({ kind: "memory", address: location.address, bytes });
      return undefined;
    case "register":
      return writeRegisters(location.register, bytes, context, writes);
    case "pieces": {
      let at = 0;
      for (const piece of location.pieces) {
        const part = bytes.subarray(at, at + piece.size);
        const problem = part.length > 0 && write(piece.location, part, context, writes);
        if (typeof problem === "string") return problem;
        at += piece.size;
      }
      return undefined;
    }
    case "bytes":
      return "it is a computed value, which lies nowhere";
    case "bits":
      return writeBits(location, bytes, context, writes);
    case "optimizedOut":
      return location.why;
  }
}

/** The bits around a bit-field stay; a number that it cannot hold is refused. */
function writeBits(
  location: Bits,
  bytes: Uint8Array,
  context: EvaluationContext,
  writes: Write[],
): string | undefined {
  const { container, count, signed } = location;
  const value = toInteger(bytes, signed);
  const held = signed ? BigInt.asIntN(count, value) : BigInt.asUintN(count, value);
  if (held !== value) return `${value} does not fit into its ${count} bits`;
  const source = { memory: context.memory, registers: context.frame.registers };
  const changed = withBits(location, value, source);
  return "why" in changed ? changed.why : write(container, changed.bytes, context, writes);
}

/** What is larger than a register goes on in the next one; of a register that is larger the rest stays. */
function writeRegisters(
  first: number,
  bytes: Uint8Array,
  context: EvaluationContext,
  writes: Write[],
): string | undefined {
  for (let at = 0; at < bytes.length; at += 4) {
    const register = first + at / 4;
    const part = bytes.subarray(at, at + 4);
    const old = context.frame.registers[register];
    if (old === undefined) return `it was in r${register}, whose value in this frame is lost`;
    const kept = fromInteger(BigInt(old >>> 0), 4);
    kept.set(part);
    writes.push({ kind: "register", register, value: Number(toInteger(kept, false)) });
  }
  return undefined;
}
