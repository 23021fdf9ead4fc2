// A text by lines and offsets, as LSP counts them: a line ends with LF, CR LF or CR, and columns are UTF-16 code units
// (LSP 3.17, "Text Documents"). Serial logs have all three, and an edit may join a CR with a LF.
import type { Position } from "vscode-languageserver";

const LF = 10;
const CR = 13;

export class TextLines {
  #text: string;
  /** Offsets where lines begin. */
  #starts: number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = [0, ...startsIn(text, 0, text.length)];
  }

  get text(): string {
    return this.#text;
  }

  /** Replaces `[start, end)`. */
  replace(start: number, end: number, inserted: string): void {
    const behind = start + inserted.length;
    const shift = behind - end;
    // The character in front may be a CR that a LF now follows, or does not follow any more.
    const first = this.#lineAt(Math.max(0, start - 1));
    const kept = this.#starts.slice(0, first + 1);
    const old = this.#starts;
    this.#text = this.#text.slice(0, start) + inserted + this.#text.slice(end);
    const fresh = startsIn(this.#text, kept[first] ?? 0, behind);
    for (const each of fresh) kept.push(each);
    // What ends a line in the part that stays does so as before.
    for (let line = this.#lineAt(end); line < old.length; line++) {
      const each = old[line] ?? 0;
      if (each > end) kept.push(each + shift);
    }
    this.#starts = kept;
  }

  /** A column behind the line's last is its last, a line behind the text's last is the text's end. */
  offsetAt({ line, character }: Position): number {
    const start = this.#starts[line];
    if (start === undefined) return line < 0 ? 0 : this.#text.length;
    return Math.max(start, Math.min(start + character, this.#contentEnd(line)));
  }

  positionAt(offset: number): Position {
    const bounded = Math.max(0, Math.min(offset, this.#text.length));
    const line = this.#lineAt(bounded);
    const start = this.#starts[line] ?? 0;
    return { line, character: Math.min(bounded, this.#contentEnd(line)) - start };
  }

  /** Where a line ends, without what ends it. */
  #contentEnd(line: number): number {
    const start = this.#starts[line] ?? 0;
    let end = this.#starts[line + 1] ?? this.#text.length;
    while (end > start && isEnd(this.#text.charCodeAt(end - 1))) end--;
    return end;
  }

  /** The last line that begins at or before `offset`. */
  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

const isEnd = (code: number): boolean => code === LF || code === CR;

/** Where lines begin in `(from, to]`, of a text in which one begins at `from`. */
function startsIn(text: string, from: number, to: number): number[] {
  const starts: number[] = [];
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}
