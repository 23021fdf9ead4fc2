// A log or dump that is open in the client: its text, cut into blocks, and what was read of each dump.
import type { Position, Range, TextDocumentContentChangeEvent } from "vscode-languageserver";
import type { DumpNode, DumpValue } from "../crash/model.js";
import { type Block, Blocks } from "./blocks.js";
import { type Dump, DumpBlock, type Span } from "./dump.js";
import { TextLines } from "./lines.js";

/** A dump in a document; `start` is the offset that its own offsets count from. */
export interface PlacedDump {
  dump: Dump;
  start: number;
}

export interface PlacedValue {
  start: number;
  node: DumpNode;
  value: DumpValue;
  /** `undefined`: it is part of no crash. */
  dump: Dump | undefined;
}

export class CrashDocument {
  readonly uri: string;
  readonly #lines: TextLines;
  readonly #blocks: Blocks;
  readonly #dumps = new WeakMap<Block, DumpBlock>();
  #version: number;

  constructor(uri: string, version: number, text: string) {
    this.uri = uri;
    this.#version = version;
    this.#lines = new TextLines(text);
    this.#blocks = new Blocks(text);
  }

  get version(): number {
    return this.#version;
  }

  get text(): string {
    return this.#lines.text;
  }

  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    let prefix = Number.POSITIVE_INFINITY;
    let suffix = Number.POSITIVE_INFINITY;
    for (const change of changes) {
      const { length } = this.text;
      const range = "range" in change ? change.range : undefined;
      const start = range ? this.#lines.offsetAt(range.start) : 0;
      const end = range ? Math.max(start, this.#lines.offsetAt(range.end)) : length;
      prefix = Math.min(prefix, start);
      suffix = Math.min(suffix, length - end);
      this.#lines.replace(start, end, change.text);
    }
    this.#version = version;
    if (changes.length > 0) this.#blocks.update(this.text, prefix, suffix);
  }

  /** Crashes in order, those that `[from, to]` touches. */
  *dumps(from = 0, to = Number.POSITIVE_INFINITY): Iterable<PlacedDump> {
    for (const { block, start } of this.#blocks.all) {
      if (start > to) return;
      if (!block.isDump || start + block.length < from) continue;
      for (const dump of this.#read(block, start).dumps) {
        const { parsed } = dump;
        if (start + parsed.start <= to && start + parsed.end >= from) yield { dump, start };
      }
    }
  }

  dumpAt(offset: number): PlacedDump | undefined {
    for (const placed of this.dumps(offset, offset)) return placed;
    return undefined;
  }

  /** The value that the position is in or at the end of, else the one whose label it is in. */
  valueAt(position: Position): PlacedValue | undefined {
    const offset = this.#lines.offsetAt(position);
    const found = this.#blocks.at(offset);
    if (!found?.block.isDump) return undefined;
    const { start } = found;
    const at = offset - start;
    const holds = (span: Span) => at >= span.start && at <= span.end;
    const { nodes, dumps } = this.#read(found.block, start);
    for (const node of nodes) {
      if (!holds(node)) continue;
      const value = node.values.find(holds) ?? this.#labelled(node.values, at, start);
      if (value) return { start, node, value, dump: dumps.find(({ parsed }) => holds(parsed)) };
    }
    return undefined;
  }

  /** The next value of the line. */
  #labelled(values: readonly DumpValue[], at: number, start: number): DumpValue | undefined {
    const next = values.find(value => value.start > at);
    if (next === undefined || next.start - at > LONGEST_LABEL) return undefined;
    const between = this.text.slice(start + at, start + next.start);
    return /[\r\n]/.test(between) ? undefined : next;
  }

  offsetAt(position: Position): number {
    return this.#lines.offsetAt(position);
  }

  /** The range in the document of offsets of a dump. */
  rangeOf(placed: { start: number }, { start, end }: Span): Range {
    return {
      start: this.#lines.positionAt(placed.start + start),
      end: this.#lines.positionAt(placed.start + end),
    };
  }

  #read(block: Block, start: number): DumpBlock {
    let read = this.#dumps.get(block);
    if (!read) {
      read = new DumpBlock(copyOf(this.text.slice(start, start + block.length)));
      this.#dumps.set(block, read);
    }
    return read;
  }
}

/** Characters in front of a value that say what it is. */
const LONGEST_LABEL = 48;

/** A slice keeps the whole text alive that it was cut from, which would be one text for each edit. */
const copyOf = (slice: string): string => ` ${slice}`.slice(1);
