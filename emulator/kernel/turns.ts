// Whose turn it is on the CPU, and for how long (kernel/src/kernel.rs `kernel_loop_operation`, `do_process`).
import type { Stateful } from "../base/stateful.js";
import type { SchedulingView } from "./inspect.js";
import type { Process } from "./process.js";
import type { KernelResources, ReadyList, StoppedExecutingReason } from "./resources.js";

/** A process with no more than this left is not scheduled again (`MIN_QUANTA_THRESHOLD_US`). */
const MIN_QUANTA_THRESHOLD_US = 500;

/** The process whose turn it is. */
interface Turn {
  index: number;
  timesliceUs: number | null;
}

export interface TurnsState {
  turn: Turn | null;
  asleep: boolean;
  scheduler: unknown;
  timer: unknown;
}

interface Slots {
  readonly slots: readonly (Process | null)[];
  at(index: number): Process;
}

/** Asks the scheduler, measures timeslices and keeps the watchdog quiet. */
export class Turns implements Stateful<TurnsState> {
  readonly #table: Slots;
  readonly #resources: () => KernelResources;
  readonly #list: ReadyList;
  #turn: Turn | null = null;
  /** Nobody was ready when last asked; the watchdog is suspended. */
  #asleep = false;

  constructor(table: Slots, resources: () => KernelResources) {
    this.#table = table;
    this.#resources = resources;
    this.#list = {
      get length() {
        return table.slots.length;
      },
      ready: index => table.slots[index]?.ready ?? false,
    };
  }

  reset(): void {
    this.#turn = null;
    this.#asleep = false;
  }

  /** Slot of the process whose turn it is. */
  get index(): number | null {
    return this.#turn?.index ?? null;
  }

  get process(): Process {
    if (this.#turn === null) throw new Error("no process has its turn");
    return this.#table.at(this.#turn.index);
  }

  /** Asks the scheduler; false when nobody is ready. */
  start(): boolean {
    const { scheduler, timer, watchdog } = this.#resources();
    if (!this.#asleep) watchdog.tickle();
    const decision = scheduler.next(this.#list);
    if (decision.decision === "trySleep") {
      if (!this.#asleep) watchdog.suspend();
      this.#asleep = true;
      return false;
    }
    this.wake();
    const { index, timesliceUs } = decision;
    this.#turn = { index, timesliceUs };
    timer.reset();
    if (timesliceUs !== null) timer.start(timesliceUs);
    return true;
  }

  /** The end of the timeslice, if there is one, interrupts the process from now on. */
  arm(): void {
    if (this.#turn?.timesliceUs !== null) this.#resources().timer.arm();
  }

  end(reason: StoppedExecutingReason): void {
    const { scheduler, timer } = this.#resources();
    const timeslice = this.#turn?.timesliceUs ?? null;
    const usedUpOrNone = timeslice === null || reason === "TimesliceExpired";
    const executed = usedUpOrNone ? timeslice : (timeslice - (timer.remainingUs() ?? 0)) >>> 0;
    timer.reset();
    this.#turn = null;
    scheduler.result(reason, executed);
  }

  /** The checks before a process goes on; false when its turn is over. */
  mayContinue(interruptsPending: boolean): boolean {
    const { scheduler, timer } = this.#resources();
    const left =
      this.#turn?.timesliceUs === null ? Number.POSITIVE_INFINITY : (timer.remainingUs() ?? 0);
    if (left <= MIN_QUANTA_THRESHOLD_US) {
      this.process.data.timesliceExpirations++;
      this.end("TimesliceExpired");
      return false;
    }
    if (scheduler.continueProcess(interruptsPending, this.#list)) return true;
    this.end("KernelPreemption");
    return false;
  }

  /** The chip wakes from its sleep; false when it was awake. */
  wake(): boolean {
    if (!this.#asleep) return false;
    this.#asleep = false;
    this.#resources().watchdog.resume();
    return true;
  }

  /** Interrupts are about to be served: a turn under way is over, unless the scheduler says otherwise. */
  kernelWork(): void {
    if (this.#turn === null || !this.mayContinue(true)) this.#resources().watchdog.tickle();
  }

  /** Asks a copy of the scheduler, so to speak: its state is put back. */
  get view(): SchedulingView {
    const { scheduler, timer } = this.#resources();
    const state = scheduler.save();
    const current = this.index;
    const timesliceUs = this.#turn?.timesliceUs ?? null;
    const seen = current === null ? [] : [current];
    if (current !== null) scheduler.result("NoWorkLeft", timesliceUs ?? 0);
    const others: ReadyList = {
      length: this.#list.length,
      ready: index => !seen.includes(index) && this.#list.ready(index),
    };
    for (;;) {
      const decision = scheduler.next(others);
      if (decision.decision === "trySleep") break;
      seen.push(decision.index);
      scheduler.result("NoWorkLeft", 0);
    }
    scheduler.load(state);
    return {
      scheduler: scheduler.name,
      current,
      timesliceLeftUs: timesliceUs === null ? null : (timer.remainingUs() ?? 0),
      next: current === null ? seen : seen.slice(1),
    };
  }

  save(): TurnsState {
    const { scheduler, timer } = this.#resources();
    return {
      turn: structuredClone(this.#turn),
      asleep: this.#asleep,
      scheduler: scheduler.save(),
      timer: timer.save(),
    };
  }

  load(state: TurnsState): void {
    const { scheduler, timer } = this.#resources();
    this.#turn = structuredClone(state.turn);
    this.#asleep = state.asleep;
    scheduler.load(state.scheduler);
    timer.load(state.timer);
  }
}
