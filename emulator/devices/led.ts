// A light on the board. Every change is a `led` TraceEvent.
import type { Trace } from "../base/trace.js";
import type { Led } from "../hil/led.js";
import type { Device } from "./device.js";

export interface LedState {
  lit: boolean;
}

export class LedDevice implements Device<LedState>, Led {
  readonly name: string;
  readonly #trace: Trace;
  readonly #index: number;
  #lit = false;

  /** `index` counts the board's LEDs from 0; the device is named after it. */
  constructor(trace: Trace, index: number) {
    this.name = `led${index}`;
    this.#trace = trace;
    this.#index = index;
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
