// Every ready process in turn, each for a timeslice (capsules/system/src/scheduler/round_robin.rs).
import type {
  ReadyList,
  Scheduler,
  SchedulingDecision,
  StoppedExecutingReason,
} from "../resources.js";
import { firstReady, rotate } from "./queue.js";

const DEFAULT_TIMESLICE_US = 10_000;

interface RoundRobinState {
  /** Process slots; the head runs next. */
  order: number[];
  timeRemainingUs: number;
  lastRescheduled: boolean;
}

/** A process that the kernel preempted goes on with what is left of its timeslice. */
export class RoundRobinScheduler implements Scheduler {
  readonly name = "round-robin";
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
    const index = firstReady(state.order, processes);
    if (index === undefined) return { decision: "trySleep" };
    if (!state.lastRescheduled) state.timeRemainingUs = this.#timesliceUs;
    return { decision: "runProcess", index, timesliceUs: state.timeRemainingUs };
  }

  result(reason: StoppedExecutingReason, executionTimeUs: number | null): void {
    const state = this.#state;
    const used = executionTimeUs ?? 0;
    state.lastRescheduled = reason === "KernelPreemption" && state.timeRemainingUs > used;
    if (state.lastRescheduled) state.timeRemainingUs -= used;
    else rotate(state.order);
  }

  continueProcess(interruptsPending: boolean): boolean {
    return !interruptsPending;
  }

  save(): RoundRobinState {
    return { ...this.#state, order: [...this.#state.order] };
  }

  load(state: RoundRobinState): void {
    this.#state = { ...state, order: [...state.order] };
  }
}
