// Scheduling policies (capsules/system/src/scheduler) and the timer that measures a timeslice in virtual time.
import type { Clock } from "../base/clock.js";
import type { ProcessId } from "./driver.js";
import type {
  ReadyList,
  Scheduler,
  SchedulerTimer,
  SchedulingDecision,
  StoppedExecutingReason,
} from "./resources.js";

/** A timer that counts the board's cycles, as SysTick does. */
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
    this.#end = this.#clock.now + Math.ceil((timesliceUs * this.#clock.frequency) / 1e6);
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

const DEFAULT_TIMESLICE_US = 10_000;

interface RoundRobinState {
  /** Process slots; the head runs next. */
  order: number[];
  timeRemainingUs: number;
  lastRescheduled: boolean;
}

/** Every ready process in turn; one that the kernel preempted goes on with what is left of its timeslice. */
export class RoundRobinScheduler implements Scheduler {
  readonly #timesliceUs: number;
  #state: RoundRobinState;

  constructor(slots: number, timesliceUs = DEFAULT_TIMESLICE_US) {
    this.#timesliceUs = timesliceUs;
    this.#state = {
      order: Array.from({ length: slots }, (_, i) => i),
      timeRemainingUs: timesliceUs,
      lastRescheduled: false,
    };
  }

  next(processes: ReadyList): SchedulingDecision {
    const state = this.#state;
    const first = state.order.findIndex(index => processes.ready(index));
    if (first < 0) return { decision: "trySleep" };
    state.order.push(...state.order.splice(0, first));
    if (!state.lastRescheduled) state.timeRemainingUs = this.#timesliceUs;
    const index = state.order[0] as number;
    return { decision: "runProcess", index, timesliceUs: state.timeRemainingUs };
  }

  result(reason: StoppedExecutingReason, executionTimeUs: number | null): void {
    const state = this.#state;
    const used = executionTimeUs ?? 0;
    state.lastRescheduled = reason === "KernelPreemption" && state.timeRemainingUs > used;
    if (state.lastRescheduled) state.timeRemainingUs -= used;
    else state.order.push(state.order.shift() as number);
  }

  continueProcess(_process: ProcessId, interruptsPending: boolean): boolean {
    return !interruptsPending;
  }

  save(): RoundRobinState {
    return { ...this.#state, order: [...this.#state.order] };
  }

  load(state: RoundRobinState): void {
    this.#state = { ...state, order: [...state.order] };
  }
}
