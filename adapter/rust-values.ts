// Values of Rust in Rust's words: `Some(5)`, `&[1, 2]`, `Point {x: 1, y: 2}`, `'a'`.
// How its types lie in memory is told by rustc's debug information; of core's and alloc's types the wrappers are known by name.
import { absent, type Fetched, fetch, locationWithin, toInteger } from "./bytes.js";
import { bare, hexText, isCharacter, rustChar, rustString, scalarText } from "./format.js";
import { type Shape, shapeOf } from "./rust-shapes.js";
import type { Type, ValueLocation } from "./symbols/model.js";
import {
  type Child,
  missingText,
  operand,
  PREVIEW_ELEMENTS,
  type PreviewedValue,
  previewOf,
  type ValueContext,
} from "./value.js";

/** What makes the values inside of a value. */
type Create = (
  type: Type,
  location: ValueLocation,
  context: ValueContext,
  evaluateName?: string,
) => PreviewedValue;

/** What a value is made of. */
interface Parts {
  type: Type;
  location: ValueLocation;
  context: ValueContext;
  evaluateName: string | undefined;
}

const PREVIEW_DEPTH = 4;
const LONGEST_STRING = 200;

export class RustValue implements PreviewedValue {
  readonly type: Type;
  readonly location: ValueLocation;
  readonly evaluateName: string | undefined;
  readonly #context: ValueContext;
  readonly #create: Create;
  readonly #bare: Type;
  #known: Shape | undefined;

  constructor({ type, location, context, evaluateName }: Parts, create: Create) {
    this.type = type;
    this.location = location;
    this.evaluateName = evaluateName;
    this.#context = context;
    this.#create = create;
    this.#bare = bare(type);
  }

  get #shape(): Shape {
    this.#known ??= shapeOf(this.#bare, this.location, this.#context);
    return this.#known;
  }

  bytes(): Fetched {
    return fetch(this.location, this.#bare.size, this.#context);
  }

  get text(): string {
    return this.preview(0);
  }

  get memoryReference(): number | undefined {
    const shape = this.#shape;
    if (shape.kind === "text") return shape.address;
    if (shape.kind === "reference" || shape.kind === "list") return addressOf(shape.location);
    if (this.#bare.kind === "pointer") {
      const fetched = this.bytes();
      return "bytes" in fetched ? Number(toInteger(fetched.bytes, false)) : undefined;
    }
    return addressOf(this.location);
  }

  get inner(): PreviewedValue | undefined {
    const shape = this.#shape;
    const isCell = shape.kind === "fields" && shape.style === "cell";
    if (isCell) return this.children()[0]?.value;
    if (shape.kind !== "reference" && shape.kind !== "same") return undefined;
    return this.#create(shape.type, shape.location, this.#context, this.evaluateName);
  }

  get namedCount(): number {
    const shape = this.#shape;
    if (shape.kind === "fields") return shape.fields.length;
    if (shape.kind === "same") return this.inner?.namedCount ?? 0;
    return shape.kind === "reference" ? this.#referred(0, 0).named : 0;
  }

  get indexedCount(): number {
    const shape = this.#shape;
    if (shape.kind === "list") return shape.count;
    return shape.kind === "same" || shape.kind === "reference"
      ? (this.inner?.indexedCount ?? 0)
      : 0;
  }

  children(start = 0, count = 0): readonly Child<PreviewedValue>[] {
    const shape = this.#shape;
    const end = count > 0 ? start + count : undefined;
    switch (shape.kind) {
      case "fields":
        return shape.fields.slice(start, end).map(({ name, type, location }) => {
          const evaluateName = this.evaluateName && `${operand(this.evaluateName)}.${name}`;
          return { name, value: this.#create(type, location, this.#context, evaluateName) };
        });
      case "list": {
        const length = Math.max(0, Math.min(end ?? shape.count, shape.count) - start);
        return Array.from({ length }, (_, i) => this.#element(shape, start + i));
      }
      case "reference":
        return this.#referred(start, count).children;
      case "same":
        return this.inner?.children(start, count) ?? [];
      default:
        return [];
    }
  }

  /** Children of what a reference refers to; what has none and is no text is itself the only child. */
  #referred(
    start: number,
    count: number,
  ): { named: number; children: readonly Child<PreviewedValue>[] } {
    const { inner, evaluateName } = this;
    if (!inner) return { named: 0, children: [] };
    const named = inner.namedCount;
    if (named + inner.indexedCount > 0 || !isScalar(inner.type)) {
      return { named, children: inner.children(start, count) };
    }
    const name = evaluateName && `*${operand(evaluateName)}`;
    const value = this.#create(inner.type, inner.location, this.#context, name);
    return { named: 1, children: [{ name: name ?? "*", value }] };
  }

  #element(list: Extract<Shape, { kind: "list" }>, index: number): Child<PreviewedValue> {
    const { size } = bare(list.type);
    const location = locationWithin(list.location, index * size, size, this.#context);
    const name = this.evaluateName && `${operand(this.evaluateName)}[${index}]`;
    return { name: `[${index}]`, value: this.#create(list.type, location, this.#context, name) };
  }

  preview(depth: number): string {
    const shape = this.#shape;
    switch (shape.kind) {
      case "missing":
        return depth > 0 && shape.optimizedOut ? "<optimized out>" : missingText(shape);
      case "fields":
        return this.#fieldsText(shape, depth);
      case "list": {
        const shown = Math.min(shape.count, PREVIEW_ELEMENTS);
        if (depth >= PREVIEW_DEPTH) return `${shape.sign}[...]`;
        const part = (i: number) => this.#element(shape, i).value.preview(depth + 1);
        return `${shape.sign}[${previewOf(shown, part, shape.count > shown ? "..." : "")}]`;
      }
      case "text":
        return this.#stringText(shape);
      case "reference":
        if (shape.sign === "*") return this.#pointerText();
        return shape.sign + (this.inner?.preview(depth) ?? "");
      case "same":
        return this.inner?.preview(depth) ?? "";
      case "scalar":
        return this.#scalarText(depth);
    }
  }

  #fieldsText(shape: Extract<Shape, { kind: "fields" }>, depth: number): string {
    const { name, style } = shape;
    const fields = shape.fields.filter(field => !/^core::marker::Phantom/.test(field.type.name));
    const textOf = (i: number) => {
      const { type, location } = fields[i] as (typeof fields)[number];
      return this.#create(type, location, this.#context).preview(depth + 1);
    };
    if (style === "range") return rangeText(name, fields, textOf);
    if (fields.length === 0) return name === "" ? "()" : name;
    const deep = depth >= PREVIEW_DEPTH;
    if (style === "tuple" || style === "cell") {
      const end = name === "" && fields.length === 1 ? "," : "";
      return deep ? `${name}(...)` : `${name}(${previewOf(fields.length, textOf)}${end})`;
    }
    const named = (i: number) => `${fields[i]?.name}: ${textOf(i)}`;
    const space = name === "" ? "" : " ";
    return `${name}${space}{${deep ? "..." : previewOf(fields.length, named)}}`;
  }

  #stringText({ address, length }: Extract<Shape, { kind: "text" }>): string {
    if (length === 0) return '""';
    const bytes = this.#context.memory.read(address, Math.min(length, LONGEST_STRING));
    if (!bytes) return `<${absent(this.#context.memory, address)}>`;
    return rustString(bytes) + (length > LONGEST_STRING ? "..." : "");
  }

  #scalarText(depth: number): string {
    const type = this.#bare;
    if (type.kind === "function") {
      const address = addressOf(this.location) ?? 0;
      return this.#context.symbols?.symbolAt(address)?.name ?? hexText(BigInt(address));
    }
    if (type.kind === "void" || type.size === 0) return type.name === "void" ? "()" : type.name;
    const fetched = this.bytes();
    if ("why" in fetched) {
      return depth > 0 && fetched.optimizedOut ? "<optimized out>" : missingText(fetched);
    }
    if (type.kind === "unknown") return `<${type.size} bytes of an unknown type>`;
    if (type.kind === "pointer") return this.#pointerText();
    const code = Number(toInteger(fetched.bytes, false));
    if (type.kind === "base" && type.encoding === "utf" && code < 0x110000) return rustChar(code);
    return scalarText(type, fetched.bytes, this.#context.hex === true);
  }

  /** A raw pointer or one to a function. */
  #pointerText(): string {
    const fetched = this.bytes();
    if ("why" in fetched) return missingText(fetched);
    const address = Number(toInteger(fetched.bytes, false));
    const text = hexText(BigInt(address));
    if (address === 0 || this.#bare.kind !== "pointer") return text;
    const isFunction = bare(this.#bare.target()).kind === "function";
    const symbol = this.#context.symbols?.symbolAt(isFunction ? (address & ~1) >>> 0 : address);
    // What rustc names for itself means nothing to a user.
    if (symbol?.offset !== 0 || symbol.name.startsWith(".L")) return text;
    return `${text} → ${isFunction ? "" : "&"}${symbol.name}`;
  }
}

const addressOf = (location: ValueLocation): number | undefined =>
  location.kind === "memory" ? location.address : undefined;

const isScalar = (type: Type): boolean =>
  /^(base|enum|pointer)$/.test(bare(type).kind) || isCharacter(bare(type));

/** `1..4` as it is written. */
function rangeText(
  name: string,
  fields: readonly { name: string }[],
  textOf: (index: number) => string,
): string {
  const end = (field: string): string => {
    const at = fields.findIndex(f => f.name === field);
    return at < 0 ? "" : textOf(at);
  };
  return `${end("start")}..${name.endsWith("Inclusive") ? "=" : ""}${end("end") || end("last")}`;
}
