// A multi-level feedback queue (capsules/system/src/scheduler/mlfq.rs): who uses up its timeslice waits longer for a longer one.
import type { Clock } from "../../base/clock.js";
import { KernelPanic } from "../panic.js";
import type {
  ReadyList,
  Scheduler,
  SchedulingDecision,
  StoppedExecutingReason,
} from "../resources.js";
import { firstReady, rotate } from "./queue.js";

const TIMESLICES_US = [10_000, 20_000, 50_000];
const PRIORITY_REFRESH_PERIOD_MS = 5000;

interface MlfqState {
  /** Process slots of each queue; the head runs next. */
  queues: number[][];
  /** Microseconds that each slot has used in its queue, as `u32`. */
  used: number[];
  /** Cycle of the next refresh. */
  nextReset: number;
  lastQueue: number;
}

export class MlfqScheduler implements Scheduler {
  readonly name = "mlfq";
  readonly #clock: Clock;
  #state: MlfqState;

  constructor(slots: number, clock: Clock) {
    this.#clock = clock;
    const all = Array.from({ length: slots }, (_, i) => i);
    this.#state = { queues: [all, [], []], used: all.map(() => 0), nextReset: 0, lastQueue: 0 };
  }

  next(processes: ReadyList): SchedulingDecision {
    const state = this.#state;
    const { now, frequency } = this.#clock;
    if (now >= state.nextReset) {
      state.nextReset = now + (PRIORITY_REFRESH_PERIOD_MS * frequency) / 1000;
      this.#redeem();
    }
    for (const [i, queue] of state.queues.entries()) {
      const index = firstReady(queue, processes);
      if (index === undefined) continue;
      state.lastQueue = i;
      const timesliceUs = ((TIMESLICES_US[i] as number) - (state.used[index] as number)) >>> 0;
      return { decision: "runProcess", index, timesliceUs: timesliceUs === 0 ? null : timesliceUs };
    }
    return { decision: "trySleep" };
  }

  result(reason: StoppedExecutingReason, executionTimeUs: number | null): void {
    if (executionTimeUs === null)
      throw new KernelPanic(
        "called `Option::unwrap()` on a `None` value",
        "capsules/system/src/scheduler/mlfq.rs:160:51",
      );
    const { queues, used, lastQueue } = this.#state;
    const queue = queues[lastQueue] as number[];
    const index = queue[0] as number;
    if (reason !== "TimesliceExpired") {
      used[index] = ((used[index] as number) + executionTimeUs) >>> 0;
      rotate(queue);
      return;
    }
    used[index] = 0;
    const below = queues[Math.min(lastQueue + 1, queues.length - 1)] as number[];
    below.push(...queue.splice(0, 1));
  }

  continueProcess(interruptsPending: boolean): boolean {
    return !interruptsPending;
  }

  save(): MlfqState {
    return structuredClone(this.#state);
  }

  load(state: MlfqState): void {
    this.#state = structuredClone(state);
  }

  /**
   * Upstream lifts the head of each lower queue only, and leaves it the time that it has used there, so that what is
   * left of its timeslice in the first queue may be below 0 and wrap.
   */
  #redeem(): void {
    const [highest, ...lower] = this.#state.queues as [number[], ...number[][]];
    for (const queue of lower) highest.push(...queue.splice(0, 1));
  }
}
