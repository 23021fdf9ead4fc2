// Reads YAML 1.2 nodes that may hold anything: what is wrong becomes a mistake with its place, and reading goes on.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type ParsedNode,
} from "yaml";
import { UserError } from "../../emulator/index.js";
import { describeValue } from "../arguments.js";
import { parseSeconds } from "../inputs.js";
import type { Mistake, Place } from "./model.js";

/** A value in the file: where it stands, and what it is called in a sentence about it. */
export interface Value {
  node: Node | null;
  place: Place;
  what: string;
}

export interface Entry extends Value {
  key: string;
}

/** A text longer than this is cut where it is only named. */
const LONGEST_NAME = 60;

export class Nodes {
  readonly mistakes: Mistake[] = [];
  readonly #document: Document<ParsedNode>;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(document: Document<ParsedNode>, lines: LineCounter, text: string) {
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  get root(): Value {
    const node = this.#document.contents;
    return { node, place: this.#placeOf(node, { line: 1, column: 1 }), what: "a scenario" };
  }

  /** Behind the last character of the scenario. */
  get end(): Place {
    const range = this.#document.contents?.range;
    if (range == null) return this.root.place;
    const written = this.#text.slice(0, range[1]).trimEnd().length;
    const { line, col } = this.#lines.linePos(written);
    return { line, column: col };
  }

  /** Notes a mistake at `place`. */
  wrong(place: Place, message: string): undefined {
    this.mistakes.push({ line: place.line, column: place.column, message });
    return undefined;
  }

  /** As it is written, on one line and cut if it is long. */
  sourceOf({ node }: Value): string {
    const [from = 0, to = 0] = node?.range ?? [];
    const line = this.#text.slice(from, to).trim().replace(/\s+/g, " ");
    return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
  }

  /** The entries of a mapping, those left out whose keys are not among `known`; `undefined` if it is none. */
  map(value: Value, known: readonly string[], pattern?: RegExp): readonly Entry[] | undefined {
    const entries = this.entries(value, `a mapping with ${known.join(", ")}`);
    return entries?.filter(({ key, place }) => {
      if (known.includes(key) || pattern?.test(key)) return true;
      this.wrong(place, `"${key}" is no key of ${value.what}; expected ${known.join(", ")}.`);
      return false;
    });
  }

  /** The entries of a mapping with any keys. */
  entries(value: Value, expected: string): readonly Entry[] | undefined {
    const node = this.#resolved(value.node);
    if (!isMap(node)) return this.#unexpected(value, expected);
    const entries: Entry[] = [];
    for (const { key, value: held } of node.items) {
      const keyNode = key as Node | null;
      const name = isScalar(keyNode) ? String(keyNode.value) : undefined;
      const place = this.#placeOf(keyNode, value.place);
      if (name === undefined) this.wrong(place, `A key of ${value.what} is no text.`);
      else entries.push({ key: name, node: held as Node | null, place, what: `"${name}"` });
    }
    return entries;
  }

  /** The items of a list; a single value stands for a list of it. */
  list(value: Value): readonly Value[] {
    const node = this.#resolved(value.node);
    if (!isSeq(node)) return [{ ...value, place: this.#placeOf(value.node, value.place) }];
    return node.items.map((item, i) => ({
      node: item as Node | null,
      place: this.#placeOf(item as Node | null, value.place),
      what: `${value.what} number ${i + 1}`,
    }));
  }

  isMap = (value: Value): boolean => isMap(this.#resolved(value.node));

  /** Text that is not empty; a number or a word such as `true` stands for its text. */
  text(value: Value, expected = "text"): string | undefined {
    const held = this.scalar(value);
    if (held === undefined || held === null || held === "")
      return this.#unexpected(value, expected);
    return String(held);
  }

  /** What `read` makes of the text; a mistake that it throws becomes one about the place of the text. */
  attempt<T>(value: Value, read: (text: string) => T): T | undefined {
    const text = this.text(value);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return this.wrong(value.place, `${upperFirst(error.message).replace(/\.$/, "")}.`);
    }
  }

  boolean(value: Value): boolean | undefined {
    const held = this.scalar(value);
    return typeof held === "boolean" ? held : this.#unexpected(value, "true or false");
  }

  /** A whole number from 0 to `most`, of 32 bits unless it says so. */
  number(value: Value, most = 0xffffffff, least = 0): number | undefined {
    const held = this.scalar(value);
    if (Number.isInteger(held) && (held as number) >= least && (held as number) <= most)
      return held as number;
    return this.#unexpected(value, `a whole number from ${least} to ${most}`);
  }

  /** Virtual seconds. */
  seconds(value: Value): number | undefined {
    const seconds = parseSeconds(String(this.scalar(value) ?? ""));
    return seconds ?? this.#unexpected(value, "a time such as 1.5s or 200ms");
  }

  choice<T extends string>(value: Value, choices: readonly T[]): T | undefined {
    const held = choices.find(choice => choice === this.scalar(value));
    return held ?? this.#unexpected(value, choices.join(", "));
  }

  /** `on` and `off`, for which YAML's words will do. */
  light(value: Value): boolean | undefined {
    return asLight(this.scalar(value)) ?? this.#unexpected(value, "on or off");
  }

  /** What any device shows. */
  shown(value: Value): boolean | number | string | undefined {
    const held = this.scalar(value);
    if (typeof held === "number") return held;
    return asLight(held) ?? this.text(value, "on, off, a number or text");
  }

  /** The value of a scalar, `undefined` if it is none. */
  scalar({ node }: Value): unknown {
    const resolved = this.#resolved(node);
    return isScalar(resolved) ? resolved.value : undefined;
  }

  #unexpected(value: Value, expected: string): undefined {
    const node = this.#resolved(value.node);
    const seen = isMap(node) ? {} : isSeq(node) ? [] : (this.scalar(value) ?? undefined);
    const place = this.#placeOf(value.node, value.place);
    const got = typeof seen === "bigint" ? String(seen) : describeValue(seen);
    const { what } = value;
    return this.wrong(place, `${upperFirst(what)}: expected ${expected}, got ${mapping(got)}.`);
  }

  #resolved(node: Node | null): Node | undefined {
    if (!isAlias(node)) return node ?? undefined;
    return node.resolve(this.#document);
  }

  #placeOf(node: Node | null, otherwise: Place): Place {
    const at = node?.range?.[0];
    if (at === undefined) return otherwise;
    const { line, col } = this.#lines.linePos(at);
    return { line, column: col };
  }
}

const asLight = (held: unknown): boolean | undefined =>
  held === "on" || held === true ? true : held === "off" || held === false ? false : undefined;
const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const mapping = (seen: string): string => (seen === "an object" ? "a mapping" : seen);
