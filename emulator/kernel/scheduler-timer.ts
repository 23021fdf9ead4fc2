// Measures a timeslice in virtual time (kernel/src/platform/scheduler_timer.rs), as SysTick does (arch/cortex-m/src/systick.rs).
import type { Clock } from "../base/clock.js";
import type { SchedulerTimer } from "./resources.js";

/** SysTick counts down from a register of 24 bits. */
const RELOAD_RANGE = 2 ** 24;

/** A timer that counts the board's cycles. */
export class VirtualSchedulerTimer implements SchedulerTimer {
  readonly #clock: Clock;
  #end = Number.POSITIVE_INFINITY;
  #armed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get deadline(): number {
    return this.#armed ? this.#end : Number.POSITIVE_INFINITY;
  }

  start(timesliceUs: number): void {
    const cycles = Math.ceil((timesliceUs * this.#clock.frequency) / 1e6);
    this.#end = this.#clock.now + (cycles % RELOAD_RANGE);
  }

  reset(): void {
    this.#end = Number.POSITIVE_INFINITY;
    this.#armed = false;
  }

  arm(): void {
    this.#armed = true;
  }

  disarm(): void {
    this.#armed = false;
  }

  remainingUs(): number | null {
    const cycles = this.#end - this.#clock.now;
    return cycles <= 0 ? null : Math.floor((cycles * 1e6) / this.#clock.frequency);
  }

  save(): { end: number; armed: boolean } {
    return { end: this.#end, armed: this.#armed };
  }

  load(state: { end: number; armed: boolean }): void {
    this.#end = state.end;
    this.#armed = state.armed;
  }
}
