// The random number generator of the nRF52 family as Tock drives it (chips/nrf5x/src/trng.rs), with numbers from a seed.
import type { Clock } from "../base/clock.js";
import type { Rng, RngClient } from "../hil/rng.js";
import type { Device } from "./device.js";

export interface RngState {
  /** Where the sequence stands. */
  seed: number;
  /** A finished word that nobody has taken. */
  word: number | null;
  running: boolean;
}

/** Typical time for a byte without bias correction (nRF52840 product specification 6.19.2). */
const MICROSECONDS_PER_BYTE = 30;
/** Four bytes, and one more whose arrival hands them over. */
const BYTES_PER_WORD = 5;

/** One step of splitmix32, whose period is 2^32 from any seed. */
function splitmix(seed: number): number {
  let z = seed;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** The same seed gives the same words. */
export class RngDevice implements Device<RngState>, Rng {
  readonly name = "rng";
  readonly #clock: Clock;
  #client: RngClient | undefined;
  #state: RngState;

  constructor(clock: Clock, seed: number) {
    this.#clock = clock;
    this.#state = { seed: seed >>> 0, word: null, running: false };
  }

  setRngClient(client: RngClient): void {
    this.#client = client;
  }

  get(): void {
    if (this.#state.running) return;
    this.#state.running = true;
    const bytes = this.#state.word === null ? BYTES_PER_WORD : 1;
    const cycles = (bytes * MICROSECONDS_PER_BYTE * this.#clock.frequency) / 1e6;
    this.#clock.schedule(this.name, 0, cycles);
  }

  /** The sequence goes on: a board does not repeat its random numbers. */
  reset(): void {
    this.#state = { ...this.#state, word: null, running: false };
  }

  onEvent(): void {
    const state = this.#state;
    state.running = false;
    if (state.word === null) {
      state.seed = (state.seed + 0x9e3779b9) >>> 0;
      state.word = splitmix(state.seed);
    }
    const next = () => {
      const { word } = this.#state;
      this.#state.word = null;
      return word ?? undefined;
    };
    if (this.#client?.randomnessAvailable(next) === "More") this.get();
  }

  save(): RngState {
    return { ...this.#state };
  }

  load(state: RngState): void {
    this.#state = { ...state };
  }
}
