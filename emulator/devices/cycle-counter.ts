// The cycle counter of a Cortex-M's data watchpoint and trace unit (arch/cortex-m/src/dwt.rs).
import type { Clock } from "../base/clock.js";
import type { CycleCounter } from "../hil/cycle-counter.js";
import type { Device } from "./device.js";

export interface CycleCounterState {
  /** Cycles counted up to the last stop. */
  counted: number;
  /** Cycle at which it was started, `null` while it stands still. */
  since: number | null;
}

const RANGE = 2 ** 32;

export class CycleCounterDevice implements Device<CycleCounterState>, CycleCounter {
  readonly name = "cyclecounter";
  readonly #clock: Clock;
  #state: CycleCounterState = { counted: 0, since: null };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#state.since ??= this.#clock.now;
  }

  stop(): void {
    this.#state = { counted: this.count(), since: null };
  }

  count(): number {
    const { counted, since } = this.#state;
    return (counted + (since === null ? 0 : this.#clock.now - since)) % RANGE;
  }

  reset(): void {
    this.#state = { counted: 0, since: null };
  }

  shown(): number {
    return this.count();
  }

  save(): CycleCounterState {
    return { ...this.#state };
  }

  load(state: CycleCounterState): void {
    this.#state = { ...state };
  }
}
