// What a value of any language is to the rest of the adapter, and what their texts have in common.
import type { ByteSource, Fetched } from "./bytes.js";
import type { SymbolTable, Type, ValueLocation } from "./symbols/model.js";

/** What values are read from, and how they are shown. */
export interface ValueContext extends ByteSource {
  /** Names what pointers point to. */
  symbols?: Pick<SymbolTable, "symbolAt"> & Partial<Pick<SymbolTable, "typeOfVtable">>;
  /** Integers in hexadecimal. */
  hex?: boolean;
}

export interface Value {
  readonly type: Type;
  readonly location: ValueLocation;
  /** One line. `<optimized out: why>` and `<no memory at 0x…>` where there is no value. */
  readonly text: string;
  /** An expression for it; `undefined` where none could be evaluated. */
  readonly evaluateName: string | undefined;
  /** Address to show in a memory view: where a pointer points, else where the value lies. */
  readonly memoryReference: number | undefined;
  /** Children by name (members), and by index (elements). */
  readonly namedCount: number;
  readonly indexedCount: number;
  /** Children from `start`; `count` undefined or 0: all of them. */
  children(start?: number, count?: number): readonly Child[];
  /** The raw bytes of the value. */
  bytes(): Fetched;
  /** What it stands for where a number or a field is asked for: what a reference refers to, the number in a wrapper. */
  readonly inner?: Value | undefined;
}

/** A value that can be part of another's text. */
export interface PreviewedValue extends Value {
  children(start?: number, count?: number): readonly Child<PreviewedValue>[];
  /** The text `depth` levels inside a preview. */
  preview(depth: number): string;
}

export interface Child<V extends Value = Value> {
  name: string;
  value: V;
}

/** Longest preview of a struct or array, in characters, and in elements. */
const PREVIEW = 120;
export const PREVIEW_ELEMENTS = 10;

/** Texts of `count` parts, as many as have room, with commas; `end` behind them. */
export function previewOf(count: number, part: (index: number) => string, end = ""): string {
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; i < count; i++) {
    if (length > PREVIEW) return [...parts, "..."].join(", ");
    const text = part(i);
    length += text.length + 2;
    parts.push(text);
  }
  if (end !== "") parts.push(end);
  return parts.join(", ");
}

export const missingText = ({
  why,
  optimizedOut,
}: {
  why: string;
  optimizedOut: boolean;
}): string => (optimizedOut ? `<optimized out: ${why}>` : `<${why}>`);

/** An expression in front of `.`, `->` or `[`. */
export const operand = (name: string): string =>
  /^[\w$.[\]>:-]+$/.test(name) ? name : `(${name})`;
