// Virtual time. Integer cycles of the board's clock are the only time in the machine.
import type { Stateful } from "./stateful.js";

/** A future event as data: who is told (`device`), with which `tag`, at which cycle. */
export interface TimedEvent {
  at: number;
  device: string;
  tag: number;
}

export interface ClockState {
  now: number;
  events: TimedEvent[];
}

/** Ordered timed events and the current cycle. Events at the same cycle keep the order in which they were scheduled. */
export class Clock implements Stateful<ClockState> {
  /** Current cycle. The CPU advances it while it runs; the kernel adds its fixed costs. */
  now = 0;
  #events: TimedEvent[] = [];

  /** Cycles per virtual second, in Hz. */
  readonly frequency: number;

  constructor(frequency: number) {
    this.frequency = frequency;
  }

  /** Cycle of the earliest event, `Infinity` if there is none. */
  get next(): number {
    return this.#events[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  schedule(device: string, tag: number, delayCycles: number): void {
    const event = { at: this.now + Math.max(0, Math.ceil(delayCycles)), device, tag };
    let i = this.#events.length;
    while (i > 0 && (this.#events[i - 1] as TimedEvent).at > event.at) i--;
    this.#events.splice(i, 0, event);
  }

  /** Removes all events of `device` with `tag`; without `tag`, all of the device. */
  cancel(device: string, tag?: number): void {
    this.#events = this.#events.filter(
      e => e.device !== device || (tag !== undefined && e.tag !== tag),
    );
  }

  /** Removes all events: the board is reset. */
  clear(): void {
    this.#events = [];
  }

  /** Removes and returns the earliest event that is due, if any. */
  takeDue(): TimedEvent | undefined {
    return this.next <= this.now ? this.#events.shift() : undefined;
  }

  save(): ClockState {
    return { now: this.now, events: this.#events.map(e => ({ ...e })) };
  }

  load(state: ClockState): void {
    this.now = state.now;
    this.#events = state.events.map(e => ({ ...e }));
  }
}
