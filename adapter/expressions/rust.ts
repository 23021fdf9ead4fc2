// What expressions in frames of Rust mean where it is not what they mean in C.
import { locationWithin } from "../bytes.js";
import { bare } from "../format.js";
import type { Type } from "../symbols/model.js";
import type { Value, ValueContext } from "../value.js";
import { createValue } from "../values.js";

export const BOOL: Type = { kind: "base", name: "bool", size: 1, encoding: "boolean", rust: true };

export function isRustNumber(type: Type): boolean {
  const number = bare(type);
  return number.rust === true && number.kind === "base" && number.encoding !== "boolean";
}

/** What a reference refers to and a wrapper wraps, where a number is asked for; a raw pointer is a number itself. */
export function scalarOf(value: Value): Value {
  let scalar = value;
  for (let steps = 0; scalar.inner && steps < 16; steps++) {
    if (scalar.type.name.startsWith("*")) break;
    scalar = scalar.inner;
  }
  return scalar;
}

/** A field of a struct, of a tuple or of an enum's variant, through references, as Rust finds it. */
export function fieldNamed(
  object: Value,
  name: string,
  context: ValueContext,
  depth = 0,
): Value | undefined {
  const shown = object.indexedCount > 0 ? [] : object.children();
  const own = shown.find(child => child.name === name)?.value ?? memberNamed(object, name, context);
  if (own || !object.inner || depth > 8) return own;
  return fieldNamed(object.inner, name, context, depth + 1);
}

/** A member that the value does not show, such as the length of a slice. */
function memberNamed(object: Value, name: string, context: ValueContext): Value | undefined {
  const type = bare(object.type);
  if (type.kind !== "struct" && type.kind !== "union") return undefined;
  const member = type.members().find(m => m.name === name);
  if (!member) return undefined;
  const { size } = bare(member.type);
  const location = locationWithin(object.location, member.offset, size, context);
  const evaluateName = object.evaluateName && `${object.evaluateName}.${name}`;
  return createValue(member.type, location, context, evaluateName);
}
