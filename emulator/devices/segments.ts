// A display of seven-segment digits: the user sees text.
import type { Trace } from "../base/trace.js";
import type { SegmentDisplay } from "../hil/segments.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

/** What a pattern without its dot looks like; 7 has its upper left segment in upstream's font. */
const glyphs: Readonly<Record<number, string>> = {
  0: " ",
  63: "0",
  6: "1",
  91: "2",
  79: "3",
  102: "4",
  109: "5",
  125: "6",
  39: "7",
  7: "7",
  127: "8",
  111: "9",
  119: "A",
  124: "b",
  57: "C",
  94: "d",
  121: "E",
  113: "F",
  118: "H",
  56: "L",
  115: "P",
  62: "U",
  64: "-",
  8: "_",
};

const DOT = 0x80;

export interface SegmentsState {
  patterns: number[];
}

export class SegmentsDevice implements Device<SegmentsState>, SegmentDisplay {
  readonly name = "segments";
  readonly digits: number;
  readonly #trace: Trace;
  #state: SegmentsState;

  constructor(trace: Trace, digits: number) {
    this.#trace = trace;
    this.digits = digits;
    this.#state = { patterns: Array(digits).fill(0) };
  }

  show(patterns: readonly number[]): void {
    const before = this.shown();
    this.#state.patterns = [...patterns];
    const value = this.shown();
    if (value !== before) this.#trace.emit({ type: "output", device: this.name, value });
  }

  /** `12.34`; a pattern that is no character as its number in hexadecimal, such as `{2b}`. */
  shown(): string {
    return this.#state.patterns
      .map(pattern => {
        const segments = pattern & ~DOT;
        return (glyphs[segments] ?? `{${segments.toString(16)}}`) + (pattern & DOT ? "." : "");
      })
      .join("");
  }

  face(): Face {
    return { kind: "text", text: this.shown(), lines: 1 };
  }

  reset(): void {
    this.show(Array(this.digits).fill(0));
  }

  save(): SegmentsState {
    return structuredClone(this.#state);
  }

  load(state: SegmentsState): void {
    this.#state = structuredClone(state);
  }
}
