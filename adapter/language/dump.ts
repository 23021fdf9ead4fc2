// A block of a log that has dumps in it, read; offsets count from the block's start.
import type { DumpNode } from "../crash/model.js";
import { type ParsedDump, parseDumps } from "../crash/parse.js";

/** Offsets `[start, end)`. */
export interface Span {
  start: number;
  end: number;
}

export class DumpBlock {
  /** Every line that is not blank lies in exactly one; also what is no crash, as the process console's tables. */
  readonly nodes: readonly DumpNode[];
  readonly dumps: readonly Dump[];

  constructor(text: string) {
    const { nodes, dumps } = parseDumps(text);
    this.nodes = nodes;
    this.dumps = dumps.map(parsed => new Dump(text, parsed));
  }
}

/** One crash. */
export class Dump {
  readonly parsed: ParsedDump;
  readonly #text: string;

  /** `text`: of the block. */
  constructor(text: string, parsed: ParsedDump) {
    this.#text = text;
    this.parsed = parsed;
  }

  get nodes(): readonly DumpNode[] {
    return this.parsed.nodes;
  }

  /** The dump alone. */
  get text(): string {
    return this.textOf(this.parsed);
  }

  textOf({ start, end }: Span): string {
    return this.#text.slice(start, end);
  }

  /** The line that tells of the crash: the kernel's panic, else the first of the dump. */
  get headline(): Span {
    const node = this.nodes.find(({ kind }) => kind === "panic") ?? this.nodes[0];
    return node ? this.firstLine(node) : { start: 0, end: 0 };
  }

  /** What an outline calls it. */
  get title(): string {
    const { message, processes } = this.parsed.report;
    const [first] = (message ?? "").split(/[\r\n]/, 1);
    const [name] = processes.map(process => process.name);
    return first?.trim() || (name ? `Dump of ${name}` : "Crash dump");
  }

  processName(index: number): string | undefined {
    return this.parsed.report.processes[index]?.name || undefined;
  }

  /** The first line of a span that is not blank, without its line end and what is blank around it. */
  firstLine(span: Span): Span {
    const { start, end } = this.trimmed(span);
    const text = this.#text.slice(start, end);
    const length = text.search(/[\r\n]/);
    return this.trimmed({ start, end: length < 0 ? end : start + length });
  }

  /** Without what is blank at both ends. */
  trimmed(span: Span): Span {
    const text = this.textOf(span);
    const start = span.start + (text.length - text.trimStart().length);
    return { start, end: Math.max(start, span.end - (text.length - text.trimEnd().length)) };
  }
}
