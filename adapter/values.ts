// Values: a type and a location become text and children, here in C's words. Nothing is read before it is asked for.
import { type Fetched, fetch, locationWithin, toInteger } from "./bytes.js";
import { bare, hexText, isCharacter, isSigned, scalarText, stringText } from "./format.js";
import { RustValue } from "./rust-values.js";
import type { Member, Type, ValueLocation } from "./symbols/model.js";
import {
  type Child,
  missingText,
  operand,
  PREVIEW_ELEMENTS,
  type PreviewedValue,
  previewOf,
  type ValueContext,
} from "./value.js";

export type { Value, ValueContext } from "./value.js";

const LONGEST_STRING = 200;
const PREVIEW_DEPTH = 3;

/** The value of `type` at `location`; `evaluateName` is the expression that led to it. */
export function createValue(
  type: Type,
  location: ValueLocation,
  context: ValueContext,
  evaluateName?: string,
): PreviewedValue {
  if (type.rust) return new RustValue({ type, location, context, evaluateName }, createValue);
  const pointer = bare(type);
  if (pointer.kind === "pointer" && pointer.reference) {
    const { name, size, target } = pointer;
    const referred: Type = { kind: "typedef", name, size, target };
    return new LocatedValue(referred, referredBy(location, context), context, evaluateName);
  }
  return new LocatedValue(type, location, context, evaluateName);
}

/** Where the object of a reference lies that itself lies at `location`. */
function referredBy(location: ValueLocation, context: ValueContext): ValueLocation {
  const fetched = fetch(location, 4, context);
  if ("why" in fetched) return { kind: "optimizedOut", why: fetched.why };
  return { kind: "memory", address: Number(toInteger(fetched.bytes, false)) };
}

/** A value that lies nowhere: what an expression computed. */
export function computedValue(
  type: Type,
  bytes: Uint8Array,
  context: ValueContext,
): PreviewedValue {
  return createValue(type, { kind: "bytes", bytes }, context);
}

class LocatedValue implements PreviewedValue {
  readonly type: Type;
  readonly location: ValueLocation;
  readonly evaluateName: string | undefined;
  readonly #context: ValueContext;
  readonly #bare: Type;
  #fetched: Fetched | undefined;

  constructor(
    type: Type,
    location: ValueLocation,
    context: ValueContext,
    evaluateName: string | undefined,
  ) {
    this.type = type;
    this.location = location;
    this.evaluateName = evaluateName;
    this.#context = context;
    this.#bare = bare(type);
  }

  bytes(): Fetched {
    this.#fetched ??= fetch(this.location, this.#bare.size, this.#context);
    return this.#fetched;
  }

  get text(): string {
    return this.preview(0);
  }

  get memoryReference(): number | undefined {
    const pointer = this.#pointer();
    if (pointer !== undefined) return pointer;
    return this.location.kind === "memory" ? this.location.address : undefined;
  }

  /** The address in a pointer that can be read. */
  #pointer(): number | undefined {
    if (this.#bare.kind !== "pointer") return undefined;
    const fetched = this.bytes();
    return "bytes" in fetched ? Number(toInteger(fetched.bytes, false)) : undefined;
  }

  /** Where the object of a pointer lies that has no value itself. */
  get #pointee(): ValueLocation | undefined {
    return this.location.kind === "optimizedOut" ? this.location.pointee?.() : undefined;
  }

  /** What children are children of: the value itself, or what a pointer to a struct points to. */
  #parent(): { type: Type; location: ValueLocation; separator: string } | undefined {
    if (this.#bare.kind === "pointer" && this.#pointee) {
      const type = bare(this.#bare.target());
      if (type.kind !== "struct" && type.kind !== "union") return undefined;
      return { type, location: this.#pointee, separator: "->" };
    }
    if (this.location.kind === "optimizedOut") return undefined;
    if (this.#bare.kind !== "pointer") {
      return { type: this.#bare, location: this.location, separator: "." };
    }
    const address = this.#pointer();
    const type = bare(this.#bare.target());
    if (!address || (type.kind !== "struct" && type.kind !== "union")) return undefined;
    if (!this.#context.memory.read(address, Math.max(1, type.size))) return undefined;
    return { type, location: { kind: "memory", address }, separator: "->" };
  }

  #namedChildren(): readonly Child<PreviewedValue>[] {
    const parent = this.#parent();
    if (parent && (parent.type.kind === "struct" || parent.type.kind === "union")) {
      const { evaluateName } = this;
      const prefix = evaluateName && `${operand(evaluateName)}${parent.separator}`;
      return membersOf(parent.type.members(), parent.location, this.#context, prefix, 0);
    }
    return this.#pointed();
  }

  /** The one child of a pointer to anything but structs: what it points to. */
  #pointed(): readonly Child<PreviewedValue>[] {
    const address = this.#pointer();
    if (!address || this.#bare.kind !== "pointer") return [];
    const target = this.#bare.target();
    const { kind, size } = bare(target);
    if (kind === "void" || kind === "function" || kind === "unknown" || size === 0) return [];
    if (kind === "struct" || kind === "union") return [];
    if (!this.#context.memory.read(address, size)) return [];
    const location: ValueLocation = { kind: "memory", address };
    const name = this.evaluateName && `*${operand(this.evaluateName)}`;
    return [{ name: name ?? "*", value: createValue(target, location, this.#context, name) }];
  }

  get namedCount(): number {
    return this.#bare.kind === "array" ? 0 : this.#namedChildren().length;
  }

  get indexedCount(): number {
    if (this.#bare.kind !== "array" || this.location.kind === "optimizedOut") return 0;
    return this.#bare.count ?? 0;
  }

  children(start = 0, count = 0): readonly Child<PreviewedValue>[] {
    if (this.#bare.kind !== "array") {
      const all = this.#namedChildren();
      return count > 0 ? all.slice(start, start + count) : all.slice(start);
    }
    const rest = Math.max(0, this.indexedCount - start);
    const length = count > 0 ? Math.min(count, rest) : rest;
    return Array.from({ length }, (_, i) => this.#element(start + i));
  }

  #element(index: number): Child<PreviewedValue> {
    const array = this.#bare as Extract<Type, { kind: "array" }>;
    const type = array.element();
    const size = bare(type).size;
    const location = locationWithin(this.location, index * size, size, this.#context);
    const name = this.evaluateName && `${operand(this.evaluateName)}[${index}]`;
    return { name: `[${index}]`, value: createValue(type, location, this.#context, name) };
  }

  /** The text `depth` levels inside a preview. */
  preview(depth: number): string {
    const type = this.#bare;
    if (type.kind === "struct" || type.kind === "union") return this.#structText(type, depth);
    if (type.kind === "array" && !isCharacter(bare(type.element()))) {
      return this.#arrayText(type, depth);
    }
    if (type.kind === "function") return this.#functionText();
    if (type.kind === "void") return "void";
    if (type.kind === "pointer" && this.#pointee)
      return this.#pointeeText(type, this.#pointee, depth);
    const fetched = this.bytes();
    if ("why" in fetched) return missingText(fetched);
    if (type.kind === "array") return arrayString(fetched.bytes);
    if (type.kind === "unknown") return `<${type.size} bytes of an unknown type>`;
    if (type.kind === "pointer") return this.#pointerText(type, fetched.bytes);
    return scalarText(type, fetched.bytes, this.#context.hex === true);
  }

  #structText(type: Extract<Type, { kind: "struct" | "union" }>, depth: number): string {
    if (this.location.kind === "optimizedOut") {
      return missingText({ why: this.location.why, optimizedOut: true });
    }
    if (depth >= PREVIEW_DEPTH) return "{...}";
    const parts = type.members().map(member => {
      const value = memberValue(member, this.location, this.#context, undefined);
      return { name: member.name, value };
    });
    return preview(parts.length, i => {
      const { name, value } = parts[i] as Child<PreviewedValue>;
      const text = value.preview(depth + 1);
      return name === "" ? text : `${name} = ${text}`;
    });
  }

  #arrayText(type: Extract<Type, { kind: "array" }>, depth: number): string {
    if (this.location.kind === "optimizedOut") {
      return missingText({ why: this.location.why, optimizedOut: true });
    }
    if (depth >= PREVIEW_DEPTH) return "{...}";
    const shown = Math.min(type.count ?? 0, PREVIEW_ELEMENTS);
    const more = (type.count ?? 0) > shown;
    return preview(shown, i => this.#element(i).value.preview(depth + 1), more ? "..." : "");
  }

  #functionText(): string {
    if (this.location.kind !== "memory") return "<function>";
    const symbol = this.#context.symbols?.symbolAt(this.location.address);
    return symbol?.offset === 0 ? symbol.name : hexText(BigInt(this.location.address));
  }

  /** Of a pointer that is known only by what it points to. */
  #pointeeText(
    type: Extract<Type, { kind: "pointer" }>,
    pointee: ValueLocation,
    depth: number,
  ): string {
    const target = type.target();
    if (isCharacter(bare(target)) && pointee.kind === "bytes") {
      return `<no address> → ${arrayString(pointee.bytes)}`;
    }
    if (depth >= PREVIEW_DEPTH) return "<no address>";
    const value = new LocatedValue(target, pointee, this.#context, undefined);
    return `<no address> → ${value.preview(depth + 1)}`;
  }

  #pointerText(type: Extract<Type, { kind: "pointer" }>, bytes: Uint8Array): string {
    const address = Number(toInteger(bytes, false));
    const text = hexText(BigInt(address));
    const target = bare(type.target());
    if (address === 0) return text;
    if (isCharacter(target)) {
      const string = readString(address, this.#context);
      return string === undefined ? text : `${text} → ${string}`;
    }
    const isFunction = target.kind === "function";
    const symbol = this.#context.symbols?.symbolAt(isFunction ? (address & ~1) >>> 0 : address);
    if (symbol?.offset !== 0) return text;
    return `${text} → ${isFunction ? "" : "&"}${symbol.name}`;
  }
}

const preview = (count: number, part: (index: number) => string, end = ""): string =>
  `{${previewOf(count, part, end)}}`;

/** Members as children; those of anonymous structs and unions stand among their parent's, as in C. */
function membersOf(
  members: readonly Member[],
  location: ValueLocation,
  context: ValueContext,
  prefix: string | undefined,
  depth: number,
): readonly Child<PreviewedValue>[] {
  return members.flatMap(member => {
    const type = bare(member.type);
    if (member.name === "" && (type.kind === "struct" || type.kind === "union") && depth < 5) {
      const inner = locationWithin(location, member.offset, type.size, context);
      return membersOf(type.members(), inner, context, prefix, depth + 1);
    }
    const value = memberValue(member, location, context, prefix && `${prefix}${member.name}`);
    return [{ name: member.name, value }];
  });
}

function memberValue(
  member: Member,
  location: ValueLocation,
  context: ValueContext,
  evaluateName: string | undefined,
): PreviewedValue {
  const { bitSize, bitOffset } = member;
  if (bitSize !== undefined && bitOffset !== undefined) {
    const bits = bitField(member, location, context);
    return createValue(member.type, bits, context, evaluateName);
  }
  const size = bare(member.type).size;
  const part = locationWithin(location, member.offset, size, context);
  return createValue(member.type, part, context, evaluateName);
}

/** Where a bit-field lies: in the bytes around its bits. */
function bitField(member: Member, location: ValueLocation, context: ValueContext): ValueLocation {
  const { bitSize = 0, bitOffset = 0 } = member;
  const type = bare(member.type);
  const start = Math.floor(bitOffset / 8);
  const size = Math.ceil((bitOffset + bitSize) / 8) - start;
  const container = locationWithin(location, start, size, context);
  if (container.kind === "optimizedOut") return container;
  const first = bitOffset - 8 * start;
  return { kind: "bits", container, size, first, count: bitSize, signed: isSigned(type) };
}

/** A char array: up to its trailing zeros. */
function arrayString(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const shown = bytes.subarray(0, Math.min(end, LONGEST_STRING));
  return stringText(shown) + (end > LONGEST_STRING ? "..." : "");
}

/** The zero-terminated string at `address`; `undefined` if not even its first byte can be read. */
function readString(address: number, context: ValueContext): string | undefined {
  const bytes: number[] = [];
  while (bytes.length < LONGEST_STRING) {
    const byte = context.memory.read((address + bytes.length) >>> 0, 1)?.[0];
    if (byte === undefined && bytes.length === 0) return undefined;
    if (byte === undefined) return `${stringText(Uint8Array.from(bytes))}<end of memory>`;
    if (byte === 0) return stringText(Uint8Array.from(bytes));
    bytes.push(byte);
  }
  return `${stringText(Uint8Array.from(bytes))}...`;
}
