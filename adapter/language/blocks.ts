// A log cut into dumps and what lies between, so that an edit costs what it touches: blocks in front of it and behind it
// stay the same objects, with all that was made of them. Only whole lines count; where a block begins, nothing before matters.

import { withPlainSpaces } from "../crash/escaped.js";

/** A run of lines. `isDump`: lines of a crash dump are among them, so a parser has work. */
export interface Block {
  /** UTF-16 code units, with line ends. */
  readonly length: number;
  readonly isDump: boolean;
}

/** So many lines without a word of a dump end it: debug text and noise of a serial line are shorter. */
const GAP = 64;
/** Lines between dumps come in blocks of about this size. */
const LOG_SIZE = 32_768;

const Kind = { None: 0, Other: 1, Buffer: 2, Panic: 3, Chip: 4, App: 5 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

/** Words of which each line of a dump has one; a line of an app that has one costs no more than the time to parse it. */
const dumpLine = new RegExp(
  [
    "panicked at|Kernel panic",
    "---\\|",
    "Kernel version",
    ":\\s+true\\b",
    "\\((?:CFSR|HFSR|mcause|mtval)\\)",
    "(?:Memory|Fault) Address:",
    "No Cortex-M faults",
    "(?:𝐀𝐩𝐩|App): | {3}- {3}\\[",
    "(?:Events Queued|Restart Count|Last Syscall|Completion Code):",
    "[═─│]",
    "\\b(?:R\\d+|SP|LR|PC|YPC) ?: ",
    "\\b(?:APSR|EPSR|mcause|mtval|mepc|mstatus|mcycle|minstret|mtvec|mie|mip|mseccfg):",
    "\\bThumbBit\\b|\\bGE \\d",
    "\\bGrant +\\d|grant regions defined",
    "\\b(?:Sub-r|R)egion \\d|Cortex-M MPU",
    "\\b(?:start|pmpaddr|end|cfg)=|PMP",
    "To debug |`make |\\.lst file",
  ].join("|"),
);
const chipState = /---\| .*(?:Fault Status|Machine State)/;
const appLine = /(?:𝐀𝐩𝐩|App): .+\[/;

/** Whether a line of this kind begins another dump than the one that has come to `stage`. */
const beginsAnother = (kind: Kind, stage: Kind): boolean =>
  kind === Kind.Buffer ||
  (kind === Kind.Panic && stage !== Kind.Buffer) ||
  (kind === Kind.Chip && stage >= Kind.Chip);

function kindOf(text: string): Kind {
  const line = withPlainSpaces(text).replaceAll("\0", "");
  if (!dumpLine.test(line)) return Kind.None;
  if (line.includes("panicked at")) return Kind.Panic;
  if (line.includes("---| Debug buffer")) return Kind.Buffer;
  if (chipState.test(line)) return Kind.Chip;
  return appLine.test(line) ? Kind.App : Kind.Other;
}

/** The end of the line that begins at `start`, behind its line feed. */
function lineEnd(text: string, start: number): number {
  const feed = text.indexOf("\n", start);
  return feed < 0 ? text.length : feed + 1;
}

/** The block that begins at `start`. */
function blockAt(text: string, start: number): Block {
  let stage: Kind = Kind.None;
  let gap = 0;
  let at = start;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const kind = kindOf(text.slice(at, end));
    if (stage === Kind.None) {
      // A log ends where a dump begins.
      if (kind !== Kind.None && at > start) break;
      if (kind === Kind.None && end - start > LOG_SIZE)
        return { length: end - start, isDump: false };
    } else if (beginsAnother(kind, stage)) break;
    gap = kind === Kind.None ? gap + 1 : 0;
    if (kind > stage) stage = kind;
    at = end;
    if (stage !== Kind.None && gap > GAP) break;
  }
  return { length: at - start, isDump: stage !== Kind.None };
}

/** Blocks of a text that changes. */
export class Blocks {
  #text: string;
  #blocks: Block[] = [];
  #starts: number[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#scan(0, 0, text.length, 0);
  }

  /** With the offset where each begins; ascending. */
  get all(): readonly { block: Block; start: number }[] {
    return this.#blocks.map((block, index) => ({ block, start: this.#starts[index] ?? 0 }));
  }

  /** The block that contains `offset`. */
  at(offset: number): { block: Block; start: number } | undefined {
    const index = this.#indexAt(offset);
    const block = this.#blocks[index];
    return block && { block, start: this.#starts[index] ?? 0 };
  }

  /** `text` is the text now; its first `prefix` and last `suffix` code units have not changed. */
  update(text: string, prefix: number, suffix: number): void {
    const first = Math.max(0, this.#indexAt(prefix) - 1);
    const kept = text.length - suffix;
    const shift = text.length - this.#text.length;
    this.#text = text;
    this.#scan(first, this.#starts[first] ?? 0, kept, shift);
  }

  /** Index of the last block that begins at or before `offset`. */
  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Replaces blocks from `first` on, until behind `kept` an old block begins where a new one has to. */
  #scan(first: number, start: number, kept: number, shift: number): void {
    const old = this.#blocks;
    const oldStarts = this.#starts;
    const blocks = old.slice(0, first);
    const starts = oldStarts.slice(0, first);
    let at = start;
    let next = first;
    while (at < this.#text.length) {
      while (next < old.length && (oldStarts[next] ?? 0) + shift < at) next++;
      if (at >= kept && next < old.length && (oldStarts[next] ?? 0) + shift === at) {
        for (; next < old.length; next++) {
          blocks.push(old[next] as Block);
          starts.push((oldStarts[next] ?? 0) + shift);
        }
        break;
      }
      const block = blockAt(this.#text, at);
      blocks.push(block);
      starts.push(at);
      at += block.length;
    }
    this.#blocks = blocks;
    this.#starts = starts;
  }
}
