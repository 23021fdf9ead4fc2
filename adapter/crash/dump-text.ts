// Lines of a console log as a terminal would show them: without ANSI sequences and control characters, and each
// character knows where it stands in the log.
import type { DumpValue } from "./model.js";

const ESC = 0x1b;
const TAB = 0x09;
const BEL = 0x07;
const DEL = 0x7f;
/** What a decoder puts where bytes are no UTF-8. */
const REPLACEMENT = 0xfffd;

const isNoise = (code: number): boolean =>
  (code < 0x20 && code !== TAB) || (code >= DEL && code < 0xa0) || code === REPLACEMENT;

/** Index behind the ANSI sequence that begins at `at` (ECMA-48: CSI, OSC, or a single character). */
function sequenceEnd(text: string, at: number, end: number): number {
  let i = at + 1;
  const kind = text[i];
  if (kind === "[") {
    for (i++; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x40 && code < DEL) return i + 1;
      if (code < 0x20 || code > DEL) return i;
    }
    return end;
  }
  if (kind === "]") {
    while (++i < end && text.charCodeAt(i) !== BEL && text.charCodeAt(i) !== ESC);
    return Math.min(i + 1, end);
  }
  return Math.min(i + 1, end);
}

/** One line of a log. */
export class Line {
  /** UTF-16 offsets into the log; `end` is behind the line end. */
  readonly start: number;
  readonly end: number;
  /** Where the line end begins. */
  readonly contentEnd: number;
  /** The line without noise and line end. */
  readonly text: string;
  readonly #log: string;
  /** Offset of each character of `text`; absent while nothing was taken out. */
  readonly #offsets: Uint32Array | undefined;

  constructor(log: string, start: number, contentEnd: number, end: number) {
    this.#log = log;
    this.start = start;
    this.end = end;
    this.contentEnd = contentEnd;
    let noise = start;
    while (noise < contentEnd && !isNoise(log.charCodeAt(noise))) noise++;
    if (noise === contentEnd) {
      this.text = log.slice(start, contentEnd);
      return;
    }
    const offsets = new Uint32Array(contentEnd - start);
    const kept: string[] = [];
    let count = 0;
    for (let at = start; at < contentEnd; ) {
      const code = log.charCodeAt(at);
      if (code === ESC) at = sequenceEnd(log, at, contentEnd);
      else if (isNoise(code)) at++;
      else {
        offsets[count++] = at;
        kept.push(log[at++] as string);
      }
    }
    this.text = kept.join("");
    this.#offsets = offsets;
  }

  /** The same line without the first `count` characters of its text. */
  from(count: number): Line {
    return new Line(this.#log, this.at(count), this.contentEnd, this.end);
  }

  get hasNoise(): boolean {
    return this.#offsets !== undefined;
  }

  get isBlank(): boolean {
    return this.text.trim() === "";
  }

  /** Offset in the log of the character at `index` of `text`. */
  at(index: number): number {
    if (index >= this.text.length) return this.contentEnd;
    return this.#offsets?.[index] ?? this.start + index;
  }

  /** A value that stands at `[index, index + length)` of `text`. */
  value(
    kind: DumpValue["kind"],
    name: string,
    value: number,
    [index, length]: readonly [index: number, length: number],
  ): DumpValue {
    return { start: this.at(index), end: this.at(index + length - 1) + 1, kind, name, value };
  }

  /** The same for the last group of a match, which ends the match. */
  tail(kind: DumpValue["kind"], name: string, match: RegExpExecArray): DumpValue {
    const digits = match.at(-1) ?? "";
    const at = match.index + match[0].length - digits.length;
    return this.value(kind, name, Number(digits), [at, digits.length]);
  }
}

/** Bounds of the line that begins at `start`; lines end with LF, CR LF, LF CR or CR. */
export function lineBounds(log: string, start: number): { contentEnd: number; end: number } {
  let contentEnd = start;
  for (; contentEnd < log.length; contentEnd++) {
    const code = log.charCodeAt(contentEnd);
    if (code === 0x0a || code === 0x0d) break;
  }
  let end = contentEnd;
  // Some consoles add a CR of their own.
  while (end < log.length && log.charCodeAt(end) === 0x0d) end++;
  if (log.charCodeAt(end) === 0x0a) end++;
  if (end === contentEnd + 1 && log.charCodeAt(end) === 0x0d && log.charCodeAt(end + 1) !== 0x0a)
    end++;
  return { contentEnd, end };
}

/** Start of the line that holds `offset`, not in front of `from`. */
export function lineStart(log: string, offset: number, from: number): number {
  let at = offset;
  while (at > from) {
    const code = log.charCodeAt(at - 1);
    if (code === 0x0a || code === 0x0d) break;
    at--;
  }
  return at;
}

/** A longer one is no prefix but a line of noise. */
const LONGEST_PREFIX = 200;

/** Lines like one with `prefix`: digits and the room for them change from line to line, as of a time stamp. */
function patternOf(prefix: string): RegExp {
  const body = prefix.trimEnd();
  const changing = body
    .replace(/[^\w\s]/g, "\\$&")
    .replace(/(?:\d|\\\.)+/g, "[\\d.]+")
    .replace(/ +/g, " *");
  return new RegExp(`^${changing}${prefix.slice(body.length)}`);
}

/** `text` without the prefix that a logger puts in front of every line; `prefix` is that of another line. */
export function withoutPrefix(text: string, prefix: string): string {
  if (prefix === "" || prefix.length > LONGEST_PREFIX) return text;
  return text.replace(patternOf(prefix), "");
}
