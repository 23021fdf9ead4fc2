// A light on the board. Every change is a `led` TraceEvent.
import type { Trace } from "../base/trace.js";
import type { Led } from "../hil/led.js";
import type { Device } from "./device.js";
import type { Face, LedColor } from "./face.js";

/** How it looks. */
export interface LedLook {
  color?: LedColor;
  /** It is one of a matrix with so many in a row. */
  columns?: number;
}

export interface LedState {
  lit: boolean;
}

export class LedDevice implements Device<LedState>, Led {
  readonly name: string;
  readonly #trace: Trace;
  readonly #index: number;
  readonly #look: LedLook;
  #lit = false;

  /** `index` counts the board's LEDs from 0; the device is named after it. */
  constructor(trace: Trace, index: number, look: LedLook = {}) {
    this.name = `led${index}`;
    this.#trace = trace;
    this.#index = index;
    this.#look = look;
  }

  on(): void {
    this.#set(true);
  }

  off(): void {
    this.#set(false);
  }

  toggle(): void {
    this.#set(!this.#lit);
  }

  read(): boolean {
    return this.#lit;
  }

  shown(): boolean {
    return this.#lit;
  }

  face(): Face {
    return { kind: "led", lit: this.#lit, color: "green", ...this.#look };
  }

  /** A pin that nobody drives leaves the light off. */
  reset(): void {
    this.#set(false);
  }

  save(): LedState {
    return { lit: this.#lit };
  }

  load(state: LedState): void {
    this.#lit = state.lit;
  }

  #set(lit: boolean): void {
    if (lit === this.#lit) return;
    this.#lit = lit;
    this.#trace.emit({ type: "led", index: this.#index, on: lit });
  }
}
