// The one async loop of the adapter: runs the machine in slices, lets messages in between, and keeps real time.
import type { Machine } from "../emulator/index.js";
import type { Execution, Outcome } from "./execution.js";
import type { Host } from "./host.js";
import type { Plan } from "./stepping.js";

/** Cycles between two looks at the client's messages. */
const SLICE_CYCLES = 1_000_000;
/** Short runs of a step between two looks at the client's messages. */
const ORDERS_PER_SLICE = 500;
/** Real time that is lost (a computer asleep) is not caught up beyond this, in milliseconds. */
const MAXIMUM_LAG = 250;

/** Why the machine stands still now. */
export type Pause =
  | Exclude<Outcome, { kind: "deadline" } | { kind: "busy" } | { kind: "idle" }>
  | { kind: "pause" };

/** A step under way: its plan and the process it moves. */
export interface Step {
  plan: Plan;
  process: number;
  /** What the stop at its end is called; `step` if nothing else. */
  reason?: "restart";
}

/** What is to be done at a cycle. */
export interface DueInput {
  cycle: number;
  /** `wait`: it takes real time, and the machine must stand still until the next one is due. */
  act(): "wait" | undefined;
  /** Nothing happens any more before `cycle`. */
  idle?(): void;
}

export interface RunnerOptions {
  machine: Machine;
  execution: Execution;
  host: Pick<Host, "now" | "wait">;
  speed: "realtime" | "max";
  /** Cycle and act of the next scripted input; a run never goes past it. */
  nextInput(): DueInput | undefined;
  /** After each slice and before each stop: what the machine said goes to the client. */
  flush(): void;
  stopped(pause: Pause, step: Step | undefined): void;
  /** Nothing can happen without an input, and the loop waits for one. */
  idle(): void;
  /** Something went wrong that is our own mistake. */
  failed(error: unknown): void;
}

export class Runner {
  readonly #options: RunnerOptions;
  #running = false;
  #pauseWanted = false;
  #ended = false;
  #step: Step | undefined;
  /** The step's last order is carried out: its plan is asked for the next one. */
  #due = false;
  /** Wakes the loop from a wait for inputs. */
  #wake: () => void = () => {};
  /** The loop waits because nothing can happen without an input. */
  #idling = false;
  #pace = { milliseconds: 0, cycle: 0 };

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs until a stop, which `stopped` is told. With a step, until that is done. */
  start(step?: Step): void {
    const { execution } = this.#options;
    this.#running = true;
    this.#pauseWanted = false;
    this.#step = step;
    execution.resume();
    this.#repace();
    this.#due = step !== undefined;
    if (step === undefined) execution.give(undefined, 0);
    this.#loop().catch((error: unknown) => {
      this.#running = false;
      this.#options.failed(error);
    });
  }

  /** Stops between two slices. */
  pause(): void {
    this.#pauseWanted = true;
    this.#wake();
  }

  /** An input comes from outside, now: an idle machine's clock first catches up with real time, then it goes on. */
  input(act: () => void): void {
    this.#catchUp();
    act();
    this.#wake();
  }

  /** The loop ends without a word; the machine is dropped. */
  end(): void {
    this.#ended = true;
    this.#running = false;
    this.#wake();
  }

  /** The process of a step is gone: the machine runs on freely. */
  dropStep(process: number): void {
    if (this.#step?.process !== process) return;
    this.#step = undefined;
    this.#options.execution.give(undefined, 0);
  }

  async #loop(): Promise<void> {
    const { host, machine } = this.#options;
    await host.wait(0);
    while (!this.#ended) {
      if (this.#pauseWanted) return this.#stop({ kind: "pause" });
      const outcome = this.#slice();
      if (outcome.kind === "idle") await this.#idle();
      else if (outcome.kind === "deadline" || outcome.kind === "busy") {
        this.#options.flush();
        await host.wait(this.#lead(machine.clock.now));
      } else return this.#stop(outcome);
    }
  }

  #stop(pause: Pause): void {
    const step = this.#step;
    this.#running = false;
    this.#step = undefined;
    this.#options.execution.give(undefined, 0);
    this.#options.flush();
    this.#options.stopped(pause, step);
  }

  /** Runs one slice, through as many orders of a step as fit. */
  #slice(): Outcome {
    const { machine, execution } = this.#options;
    const end = machine.clock.now + SLICE_CYCLES;
    for (let orders = 0; orders < ORDERS_PER_SLICE; ) {
      if (this.#due && this.#step !== undefined) {
        const next = this.#step.plan.next();
        if (next.done) return execution.finish(this.#step.process);
        execution.give(next.value, this.#step.process);
        orders++;
        this.#due = false;
      }
      const outcome = this.#runToInput(end);
      if (outcome.kind !== "done" || this.#step === undefined) return outcome;
      this.#due = true;
    }
    return { kind: "deadline" };
  }

  /** Runs to `end`, and on the way does the scripted inputs that are due. */
  #runToInput(end: number): Outcome {
    const { machine, execution, nextInput } = this.#options;
    for (;;) {
      const input = nextInput();
      if (input !== undefined && input.cycle <= machine.clock.now) {
        if (input.act() === "wait") return { kind: "busy" };
        continue;
      }
      const until = Math.min(end, input?.cycle ?? end);
      const outcome = execution.run(until);
      if (outcome.kind === "idle" && input !== undefined) {
        input.idle?.();
        machine.sleepUntil(until);
      } else if (outcome.kind !== "deadline" || machine.clock.now >= end) return outcome;
      if (machine.clock.now >= end) return { kind: "deadline" };
    }
  }

  /** Waits until an input or a pause arrives. In real time the machine's clock goes on meanwhile. */
  async #idle(): Promise<void> {
    this.#options.flush();
    this.#options.idle();
    this.#idling = true;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      if (this.#pauseWanted || this.#ended) resolve();
    });
    this.#wake = () => {};
    this.#catchUp();
    this.#idling = false;
    this.#repace();
  }

  /** Moves the clock of an idle machine on to real time, but not past an event that an input has just caused. */
  #catchUp(): void {
    const { machine, speed } = this.#options;
    if (!this.#idling || speed === "max") return;
    machine.sleepUntil(Math.min(this.#cycleNow(), machine.clock.next));
  }

  #repace(): void {
    const { host, machine } = this.#options;
    this.#pace = { milliseconds: host.now(), cycle: machine.clock.now };
  }

  /** The cycle at which the machine's clock would stand if it had kept real time. */
  #cycleNow(): number {
    const { host, machine } = this.#options;
    const milliseconds = host.now() - this.#pace.milliseconds;
    return this.#pace.cycle + Math.floor((milliseconds * machine.clock.frequency) / 1000);
  }

  /** Milliseconds by which the machine is ahead of real time. */
  #lead(cycle: number): number {
    const { machine, speed } = this.#options;
    if (speed === "max") return 0;
    const lead = ((cycle - this.#cycleNow()) / machine.clock.frequency) * 1000;
    if (lead < -MAXIMUM_LAG) this.#repace();
    return Math.max(0, lead);
  }
}
