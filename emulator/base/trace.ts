// The one door out: everything the world may learn of a running machine is a TraceEvent.

/** Who wrote bytes to the UART. `process` is the index in the process array. */
export type Origin =
  | { from: "kernel" }
  | { from: "processConsole" }
  | { from: "process"; process: number };

/** Registers r0–r3 of a system call as unsigned 32-bit values. */
export type SyscallArguments = readonly [number, number, number, number];

/** Stages of a boot, in order of upstream's `main`. */
export type BootStage =
  | "reset"
  | "chip"
  | "capsules"
  | "initialized"
  | "loadProcesses"
  | "processesLoaded"
  | "kernelLoop";

export type TraceEvent = { cycle: number } & (
  | { type: "bootStage"; stage: BootStage }
  | { type: "uart"; bytes: Uint8Array; origin: Origin }
  | { type: "led"; index: number; on: boolean }
  /** The level on a GPIO pin; `index` is its number in the GPIO driver. */
  | { type: "gpio"; index: number; high: boolean }
  /** A device shows or does something that has no event of its own: a tone, an angle, a picture, a frame sent. */
  | { type: "output"; device: string; value: OutputValue }
  | { type: "input"; device: string; value: InputValue }
  | { type: "processCreated"; process: number; pid: number; name: string; restart: boolean }
  | { type: "processExited"; process: number; pid: number; completionCode: number | null }
  /** `requested`: not by what the process did, but by whoever manages processes, such as the process console. */
  | { type: "processFaulted"; process: number; pid: number; name: string; requested: boolean }
  | {
      type: "syscall";
      process: number;
      pid: number;
      syscallClass: number;
      arguments: SyscallArguments;
      /** r0–r3 as written back; registers the variant leaves alone are absent. `null`: the call does not return now. */
      returned: readonly number[] | null;
    }
  | {
      type: "upcallScheduled";
      process: number;
      driver: number;
      subscribe: number;
      dropped: boolean;
      /** The process has not subscribed: nothing is called. */
      isNull: boolean;
    }
  /**
   * An upcall leaves the queue. `called`: its function runs, from `pc` on. `returned`: the process waited for it by
   * yield-wait-for, and gets the arguments as results. `ignored`: it is a null upcall, and nobody is told.
   */
  | {
      type: "upcallDelivered";
      process: number;
      driver: number;
      subscribe: number;
      how: "called" | "returned" | "ignored";
      pc: number;
      arguments: SyscallArguments;
    }
  /** `location` is `file:line:column` in upstream's sources. */
  | { type: "kernelPanic"; message: string; location: string }
  /** What a user must be told and no UART says, in one sentence: why an app was not loaded, and the like. `refused`: an input. */
  | { type: "notice"; text: string; refused?: true }
);

/** What can be put into a device: a level, a number, or bytes. */
export type InputValue = boolean | number | string | Uint8Array;

/** What a device shows: a light, a number, text, or several of them by name. */
export type OutputValue =
  | boolean
  | number
  | string
  | Uint8Array
  | { readonly [name: string]: boolean | number | string | Uint8Array };

/** `Omit` that keeps the alternatives of a union. */
type WithoutCycle<E> = E extends unknown ? Omit<E, "cycle"> : never;

/** Distributes events to listeners; parts emit, only the machine's owner listens. */
export class Trace {
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  /** A replay mutes the outlet. */
  muted = false;

  readonly #clock: { readonly now: number };

  constructor(clock: { readonly now: number }) {
    this.#clock = clock;
  }

  /** Stamps `event`, which is the caller's to give away, with the current cycle. */
  emit(event: WithoutCycle<TraceEvent>): void {
    if (this.muted || this.#listeners.size === 0) return;
    const stamped = event as TraceEvent;
    stamped.cycle = this.#clock.now;
    for (const listener of this.#listeners) listener(stamped);
  }

  /** Adds a listener; the result removes it. */
  listen(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
