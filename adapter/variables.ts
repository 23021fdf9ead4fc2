// Numbers for what a client may ask about at one stop: frames and expandable variables. They die when the machine runs on.
import { hex8 } from "../emulator/index.js";
import * as errors from "./errors.js";
import type { CodePlace, Row } from "./rows.js";
import type { Frame } from "./symbols/model.js";

/** A frame of a process, by the process's index and the frame's depth. */
export interface FrameReference {
  process: number;
  depth: number;
  frame: Frame;
}

/** What a variable and the result of an evaluation have in common, in DAP's words. */
export function dress(row: NumberedRow) {
  const { type, memoryAddress, evaluateName, indexedCount, reference } = row;
  const { declarationReference, targetReference } = row;
  return {
    ...(declarationReference === undefined
      ? {}
      : { declarationLocationReference: declarationReference }),
    ...(targetReference === undefined ? {} : { valueLocationReference: targetReference }),
    ...(indexedCount === undefined ? {} : { indexedVariables: indexedCount }),
    ...(type === undefined ? {} : { type }),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(memoryAddress === undefined ? {} : { memoryReference: hex8(memoryAddress) }),
    variablesReference: reference,
  };
}

/** Longest text for the clipboard, in characters. */
const LONGEST = 100_000;

/** A value in full, where the row's own text is only the beginning of a struct or array. */
export function wholeText(row: Row, room = LONGEST): string {
  if (!row.value.startsWith("{") || row.children === undefined) return row.value;
  const parts: string[] = [];
  let length = 0;
  for (const child of row.children()) {
    if (length > room) return `{${[...parts, "..."].join(", ")}}`;
    const text = wholeText(child, room - length);
    length += text.length;
    parts.push(child.name.startsWith("[") ? text : `${child.name} = ${text}`);
  }
  return `{${parts.join(", ")}}`;
}

/** A row and the number under which its children can be asked for; 0 if it has none. */
export interface NumberedRow extends Row {
  reference: number;
  /** Numbers of places in the source. */
  declarationReference?: number;
  targetReference?: number;
}

export class Variables {
  /** Never reused within a session, so that a stale number is recognised. */
  #next = 1;
  #frames = new Map<number, FrameReference>();
  /** Places in the source, by their number less one. They stay: a place does not change when the machine runs on. */
  readonly #places: CodePlace[] = [];
  readonly #placeNumbers = new Map<string, number>();
  #rows = new Map<number, NonNullable<Row["children"]>>();

  /** Forgets every number: the machine runs on. */
  clear(): void {
    this.#frames = new Map();
    this.#rows = new Map();
  }

  #placeNumber(place: CodePlace): number {
    const { path, line, column } = place.location;
    const text = `${path}:${line}:${column}`;
    const number = this.#placeNumbers.get(text) ?? this.#places.push(place);
    this.#placeNumbers.set(text, number);
    return number;
  }

  place(reference: number): CodePlace {
    const place = this.#places[reference - 1];
    if (place === undefined) throw errors.staleReference("location", reference);
    return place;
  }

  addFrame(frame: FrameReference): number {
    this.#frames.set(this.#next, frame);
    return this.#next++;
  }

  frame(id: number): FrameReference {
    const frame = this.#frames.get(id);
    if (frame === undefined) throw errors.staleReference("frame", id);
    return frame;
  }

  addRows(rows: NonNullable<Row["children"]>): number {
    this.#rows.set(this.#next, rows);
    return this.#next++;
  }

  number(row: Row): NumberedRow {
    const { declaration, target, children } = row;
    return {
      ...row,
      reference: children === undefined ? 0 : this.addRows(children),
      ...(declaration === undefined
        ? {}
        : { declarationReference: this.#placeNumber(declaration) }),
      ...(target === undefined ? {} : { targetReference: this.#placeNumber(target) }),
    };
  }

  /** The child of `reference` called `name`. */
  child(reference: number, name: string): Row {
    const rows = this.#rows.get(reference);
    if (rows === undefined) throw errors.staleReference("variable", reference);
    // An element is asked for alone: there may be many.
    const [, digits] = /^\[(\d+)\]$/.exec(name) ?? [];
    const index = Number(digits);
    const few = digits === undefined ? rows() : rows(index, 1);
    const found = few.find(row => row.name === name) ?? rows().find(row => row.name === name);
    if (found === undefined) throw errors.noVariable(name);
    return found;
  }

  /** Children from `start`; `count` 0: all of them. */
  expand(reference: number, start = 0, count = 0): readonly NumberedRow[] {
    const rows = this.#rows.get(reference);
    if (rows === undefined) throw errors.staleReference("variable", reference);
    const all = rows(start, count);
    // Rows that are not made in part are made in full, and cut here.
    const cut = all.length > count && count > 0 ? all.slice(start, start + count) : all;
    return cut.map(row => this.number(row));
  }
}
