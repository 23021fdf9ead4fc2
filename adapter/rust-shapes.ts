// What a value of Rust is in its user's eyes: a number, fields, a list, a text, or a reference to another value.
// Layouts: rustc's debug information (fat pointers, variant parts), library/core and library/alloc (wrappers, Vec, String).
import { fetch, locationWithin, toInteger } from "./bytes.js";
import { bare } from "./format.js";
import type { Member, Type, ValueLocation } from "./symbols/model.js";
import { lastWord } from "./symbols/names.js";
import type { ValueContext } from "./value.js";

interface Field {
  name: string;
  type: Type;
  location: ValueLocation;
}

/** A `cell` looks like a tuple, and gives its content where a number is asked for. */
type Style = "tuple" | "struct" | "range" | "cell";

export type Shape =
  | { kind: "scalar" }
  | { kind: "missing"; why: string; optimizedOut: boolean }
  | { kind: "fields"; name: string; style: Style; fields: readonly Field[] }
  /** `sign` in front: `&` of a slice. */
  | { kind: "list"; sign: string; type: Type; location: ValueLocation; count: number }
  /** UTF-8 in memory. */
  | { kind: "text"; address: number; length: number }
  /** `sign`: `&`, `&mut `, nothing for a `Box`, `*` for a raw pointer. */
  | { kind: "reference"; sign: string; type: Type; location: ValueLocation }
  /** It is shown as what it wraps. */
  | { kind: "same"; type: Type; location: ValueLocation };

/** More elements than an app has bytes: the slice is not initialized. */
const MOST_ELEMENTS = 1 << 20;

/** Wrappers around one value that say no more than the value. */
const SAME =
  /^core::(num::(nonzero::NonZero|niche_types::|wrapping::Wrapping|saturating::Saturating)|sync::atomic::Atomic|cell::(Sync)?UnsafeCell<|mem::(manually_drop|maybe_dangling|maybe_uninit)::|ptr::(unique|non_null)::|pin::(unsafe_pinned::Unsafe)?Pin)/;
const ATOMIC = /^core::sync::atomic::Atomic</;
const CELL = /^core::cell::(once::|lazy::)?(Cell|OnceCell)</;
const RANGE = /^core::(ops::range|range(::\w+)?)::Range/;
const VEC = /^alloc::vec::Vec</;
const COUNTED = /^alloc::(rc::Rc|sync::Arc)</;
const STRING = /^alloc::string::String$/;

/** `type` without typedefs and qualifiers. */
export function shapeOf(type: Type, location: ValueLocation, context: ValueContext): Shape {
  if (type.kind === "pointer") return pointerShape(type, location, context);
  if (location.kind === "optimizedOut") {
    // What has no bytes is known without them.
    if (type.size > 0) return { kind: "missing", why: location.why, optimizedOut: true };
    return shapeOf(type, { kind: "bytes", bytes: new Uint8Array() }, context);
  }
  switch (type.kind) {
    case "array":
      return { kind: "list", sign: "", type: type.element(), location, count: type.count ?? 0 };
    case "variants":
      return variantShape(type, location, context);
    case "struct":
      return structShape(type, location, context);
    case "union": {
      const value = type.members().find(member => member.name === "value");
      if (SAME.test(type.name) && value)
        return { kind: "same", ...fieldOf(value, location, context) };
      return fieldsShape(lastWord(type.name), type.members(), location, context);
    }
    default:
      return { kind: "scalar" };
  }
}

function fieldOf(member: Member, location: ValueLocation, context: ValueContext): Field {
  const { type, offset } = member;
  const name = member.name.replace(/^__(?=\d+$)/, "");
  return { name, type, location: locationWithin(location, offset, bare(type).size, context) };
}

function fieldsShape(
  name: string,
  members: readonly Member[],
  location: ValueLocation,
  context: ValueContext,
): Shape {
  const fields = members.map(member => fieldOf(member, location, context));
  const tuple = fields.length > 0 && fields.every(field => /^\d+$/.test(field.name));
  return { kind: "fields", name, style: tuple ? "tuple" : "struct", fields };
}

type Pointer = Extract<Type, { kind: "pointer" }>;

function pointerShape(type: Pointer, location: ValueLocation, context: ValueContext): Shape {
  const target = type.target();
  const { kind, size } = bare(target);
  if (location.kind === "optimizedOut") {
    const pointee = location.pointee?.();
    if (!pointee) return { kind: "missing", why: location.why, optimizedOut: true };
    return { kind: "reference", sign: "&", type: target, location: pointee };
  }
  if (kind === "function" || kind === "void" || kind === "unknown") return { kind: "scalar" };
  const fetched = fetch(location, type.size, context);
  if ("why" in fetched) return { kind: "missing", ...fetched };
  const address = Number(toInteger(fetched.bytes, false));
  const sign = signOf(type.name);
  if (address === 0) return { kind: "scalar" };
  const isReadable = size === 0 || context.memory.read(address, size) !== undefined;
  if (!isReadable && sign === "*") return { kind: "scalar" };
  return { kind: "reference", sign, type: target, location: { kind: "memory", address } };
}

function signOf(name: string): string {
  if (name.startsWith("*")) return "*";
  if (name.startsWith("&mut ")) return "&mut ";
  return name.startsWith("&") ? "&" : "";
}

type Variants = Extract<Type, { kind: "variants" }>;

function variantShape(type: Variants, location: ValueLocation, context: ValueContext): Shape {
  const variants = type.variants();
  const discriminant = type.discriminant();
  let found = variants[0];
  if (discriminant) {
    const { size } = bare(discriminant.type);
    const part = locationWithin(location, discriminant.offset, size, context);
    const fetched = fetch(part, size, context);
    if ("why" in fetched) return { kind: "missing", ...fetched };
    const value = toInteger(fetched.bytes, false);
    const isMeant = (of: bigint) => BigInt.asUintN(8 * size, of) === value;
    found =
      variants.find(({ values }) => values?.some(isMeant)) ??
      variants.find(({ values }) => values === undefined);
    if (!found) {
      const why = `no variant of ${type.name} has the discriminant ${value}`;
      return { kind: "missing", why, optimizedOut: false };
    }
  }
  if (!found) return { kind: "missing", why: `${type.name} has no variants`, optimizedOut: false };
  const payload = bare(found.type);
  const members = payload.kind === "struct" ? payload.members() : [];
  const { location: inside } = fieldOf(found, location, context);
  // The states of an `async` function are numbered; their types have the names.
  const name = /^\d+$/.test(found.name) ? lastWord(found.type.name) : found.name;
  return fieldsShape(name, members, inside, context);
}

type Struct = Extract<Type, { kind: "struct" | "union" }>;

function structShape(type: Struct, location: ValueLocation, context: ValueContext): Shape {
  const members = type.members();
  const { name } = type;
  const special =
    fatPointerShape(type, location, context) ??
    (COUNTED.test(name) ? countedShape(type, location, context) : undefined) ??
    (VEC.test(name) || STRING.test(name) ? vectorShape(type, location, context) : undefined);
  if (special) return special;
  const [only] = members.filter(member => bare(member.type).size > 0);
  const [parameter] = type.parameters?.() ?? [];
  if (ATOMIC.test(name) && parameter) return { kind: "same", type: parameter, location };
  if (SAME.test(name)) {
    const wrapped = only ?? members[0];
    if (wrapped) return { kind: "same", ...fieldOf(wrapped, location, context) };
  }
  const word = name.startsWith("(") ? "" : lastWord(name);
  const shape = fieldsShape(word, members, location, context);
  if (shape.kind !== "fields") return shape;
  if (CELL.test(name)) return { ...shape, style: "cell" };
  return RANGE.test(name) ? { ...shape, style: "range" } : shape;
}

/** A slice, a `str` or a `dyn Trait` behind a reference, raw pointer or `Box`: two words. */
function fatPointerShape(
  type: Struct,
  location: ValueLocation,
  context: ValueContext,
): Shape | undefined {
  const { name } = type;
  const [first, second] = type.members();
  if (!first || !second) return undefined;
  const isSlice = first.name === "data_ptr" && second.name === "length";
  const isObject = first.name === "pointer" && second.name === "vtable";
  if (!isSlice && !isObject) return undefined;
  const fetched = fetch(location, 8, context);
  if ("why" in fetched) return { kind: "missing", ...fetched };
  const word = (at: number) => Number(toInteger(fetched.bytes.subarray(at, at + 4), false));
  const address = word(first.offset);
  const sign = signOf(name);
  const place: ValueLocation = { kind: "memory", address };
  if (isObject) {
    const concrete = context.symbols?.typeOfVtable?.(word(second.offset), context.memory);
    return concrete && { kind: "reference", sign: sign || "&", type: concrete, location: place };
  }
  const pointer = bare(first.type);
  if (pointer.kind !== "pointer") return undefined;
  const of = name.replace(/^(&mut |&|\*const |\*mut |.*?Box<)/, "");
  const count = word(second.offset);
  if (count > MOST_ELEMENTS) {
    const why = `${count} elements cannot be: it is not initialized here`;
    return { kind: "missing", why, optimizedOut: false };
  }
  if (/^str\b/.test(of)) return { kind: "text", address, length: count };
  const target = pointer.target();
  if (!of.startsWith("[")) {
    return { kind: "reference", sign: sign || "&", type: target, location: place };
  }
  return { kind: "list", sign: sign === "*" ? "" : sign, type: target, location: place, count };
}

/** `Vec<T>`, and `String`, which is a `Vec<u8>` in `vec`. */
function vectorShape(
  type: Struct,
  location: ValueLocation,
  context: ValueContext,
): Shape | undefined {
  const inside = type.members().find(member => member.name === "vec");
  if (inside) {
    const vector = bare(inside.type);
    if (vector.kind !== "struct") return undefined;
    const list = vectorShape(vector, fieldOf(inside, location, context).location, context);
    if (list?.kind !== "list" || list.location.kind !== "memory") return list;
    return { kind: "text", address: list.location.address, length: list.count };
  }
  const length = type.members().find(member => member.name === "len");
  const buffer = type.members().find(member => member.name === "buf");
  const [element] = type.parameters?.() ?? [];
  const pointer = buffer && pointerWithin(buffer, location, context, 8);
  if (!length || !pointer || !element) return undefined;
  const numbers = [pointer, fieldOf(length, location, context)].map(({ location: place }) =>
    fetch(place, 4, context),
  );
  const missing = numbers.find(fetched => "why" in fetched);
  if (missing && "why" in missing) return { kind: "missing", ...missing };
  const [address = 0, count = 0] = numbers.map(fetched =>
    "bytes" in fetched ? Number(toInteger(fetched.bytes, false)) : 0,
  );
  if (count > MOST_ELEMENTS) return undefined;
  return { kind: "list", sign: "", type: element, location: { kind: "memory", address }, count };
}

/** What an `Rc` or `Arc` counts references to: it lies behind the counters. */
function countedShape(
  type: Struct,
  location: ValueLocation,
  context: ValueContext,
): Shape | undefined {
  const member = type.members().find(({ name }) => name === "ptr");
  const pointer = member && pointerWithin(member, location, context, 8);
  const fetched = pointer && fetch(pointer.location, 4, context);
  const inner = pointer && bare(pointer.type);
  if (!fetched || "why" in fetched || inner?.kind !== "pointer") return undefined;
  const counted = bare(inner.target());
  const members = counted.kind === "struct" ? counted.members() : [];
  const value = members.find(({ name }) => name === "value" || name === "data");
  if (!value) return undefined;
  const address = Number(toInteger(fetched.bytes, false)) + value.offset;
  return { kind: "reference", sign: "", type: value.type, location: { kind: "memory", address } };
}

/** The raw pointer at the bottom of `RawVec`'s wrappers. */
function pointerWithin(
  member: Member,
  location: ValueLocation,
  context: ValueContext,
  depth: number,
): Field | undefined {
  const field = fieldOf(member, location, context);
  const type = bare(field.type);
  if (type.kind === "pointer") return field;
  if (type.kind !== "struct" || depth === 0) return undefined;
  const next = type.members().find(({ name }) => /^(inner|ptr|pointer)$/.test(name));
  return next && pointerWithin(next, field.location, context, depth - 1);
}
