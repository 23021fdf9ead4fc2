// A log or dump that is open in the client: its text, cut into blocks, and what was read of each dump.
import type { Position, Range, TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { DumpNode, DumpValue } from "../crash/model.js";
import { type Block, Blocks } from "./blocks.js";
import { type Dump, DumpBlock, type Span } from "./dump.js";

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
  #text: TextDocument;
  readonly #blocks: Blocks;
  readonly #dumps = new WeakMap<Block, DumpBlock>();

  constructor(uri: string, language: string, version: number, text: string) {
    this.#text = TextDocument.create(uri, language, version, text);
    this.#blocks = new Blocks(text);
  }

  get uri(): string {
    return this.#text.uri;
  }

  get version(): number {
    return this.#text.version;
  }

  get text(): string {
    return this.#text.getText();
  }

  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    let prefix = Number.POSITIVE_INFINITY;
    let suffix = Number.POSITIVE_INFINITY;
    for (const change of changes) {
      const length = this.text.length;
      const range = "range" in change ? change.range : undefined;
      prefix = Math.min(prefix, range ? this.#text.offsetAt(range.start) : 0);
      suffix = Math.min(suffix, range ? length - this.#text.offsetAt(range.end) : 0);
      this.#text = TextDocument.update(this.#text, [change], version);
    }
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

  /** The value that the position is in or at the end of. */
  valueAt(position: Position): PlacedValue | undefined {
    const offset = this.#text.offsetAt(position);
    const found = this.#blocks.at(offset);
    if (!found?.block.isDump) return undefined;
    const { start } = found;
    const at = offset - start;
    const holds = (span: Span) => at >= span.start && at <= span.end;
    const { nodes, dumps } = this.#read(found.block, start);
    for (const node of nodes) {
      const value = holds(node) ? node.values.find(holds) : undefined;
      if (value) return { start, node, value, dump: dumps.find(({ parsed }) => holds(parsed)) };
    }
    return undefined;
  }

  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  /** The range in the document of offsets of a dump. */
  rangeOf(placed: { start: number }, { start, end }: Span): Range {
    return {
      start: this.#text.positionAt(placed.start + start),
      end: this.#text.positionAt(placed.start + end),
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

/** A slice keeps the whole text alive that it was cut from, which would be one text for each edit. */
const copyOf = (slice: string): string => ` ${slice}`.slice(1);
