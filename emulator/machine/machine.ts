// The machine runs parts it does not know by name: a CPU, devices with timed events, and a supervisor on the host.
import type { Clock } from "../base/clock.js";
import type { Stateful } from "../base/stateful.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { Memory } from "../bus/memory.js";
import type { Cpu } from "../cpu/cpu.js";
import type { Device } from "../devices/device.js";

/** Why `Machine.run` returned. `process` is the index in the process array. */
export type Stop =
  /** The clock stands at `until`. */
  | { reason: "deadline" }
  | { reason: "breakpoint"; address: number }
  /** A process faulted; its fault policy has not acted yet. The next `run` lets it act. Only with `stopOnFault`. */
  | { reason: "fault"; process: number }
  /** The process named in `stopOnDispatch` is about to run its next instruction. */
  | { reason: "dispatched"; process: number }
  /** Nothing can ever happen again without an input. */
  | { reason: "idle" }
  /** The kernel panicked, or the core locked up. */
  | { reason: "halted" }
  /** The bare board's program ended itself by semihosting. */
  | { reason: "exited"; code: number };

/** The host end of exceptions: the kernel in TypeScript, or a semihosting monitor. */
export interface Supervisor extends Stateful<unknown> {
  /** Cycle at which the running guest must be interrupted (end of its timeslice), `Infinity` for never. */
  readonly deadline: number;
  /** The CPU stacked an exception and stands in handler mode. */
  take(exception: number): void;
  /** A timed event or the deadline is due while a guest runs: the guest is taken off the CPU. */
  interrupt(): void;
  /** Puts the next guest on the CPU. False when no guest is ready: the machine sleeps to the next event. */
  dispatch(): boolean;
  /** A stop that the supervisor wants reported now, at most once. */
  takeStop(): Stop | undefined;
}

export interface Input {
  cycle: number;
  device: string;
  value: InputValue;
}

export interface MachineState {
  schema: 1;
  parts: Record<string, unknown>;
}

/** What a board hands to its machine. */
export interface MachineParts {
  clock: Clock;
  trace: Trace;
  memory: Memory;
  cpu: Cpu;
  supervisor: Supervisor | null;
  devices: readonly Device[];
  /** Every other part with state (capsules, multiplexers), by name. */
  stateful: Readonly<Record<string, Stateful<unknown>>>;
}
