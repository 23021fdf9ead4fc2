// The machine runs parts it does not know by name: a CPU, devices with timed events, and a supervisor on the host.
// Time is cut only where the guest or a device has something to say, so that slices of any size equal one run.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { Stateful } from "../base/stateful.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { Memory } from "../bus/memory.js";
import { type Cpu, Exit, type WatchpointHit } from "../cpu/cpu.js";
import type { Device } from "../devices/device.js";
import type { Occurrence, OccurrenceKind } from "./occurrence.js";

/** Why `Machine.run` returned. `process` is the index in the process array. */
export type Stop =
  /** The clock stands at `until`. */
  | { reason: "deadline" }
  | { reason: "breakpoint"; address: number }
  /** Watched bytes: an instruction is about to touch them, or the kernel has just written them. */
  | WatchpointStop
  /** A process faulted; its fault policy has not acted yet. The next `run` lets it act. Only with `fault` in `stopBefore`. */
  | { reason: "fault"; process: number }
  /** One of the kinds in `stopBefore`; the kernel has not acted yet. The next `run` lets it act. */
  | { reason: "occurrence"; occurrence: Occurrence }
  /** The process named in `stopOnDispatch` is about to run its next instruction. */
  | { reason: "dispatched"; process: number }
  /** A listener asked for it: the machine stands behind what the listener heard. */
  | { reason: "requested" }
  /** Nothing can ever happen again without an input. */
  | { reason: "idle" }
  /** The kernel panicked, or the core locked up. */
  | { reason: "halted" }
  /** The bare board's program ended itself by semihosting. */
  | { reason: "exited"; code: number };

export interface WatchpointStop extends WatchpointHit {
  reason: "watchpoint";
  /** `instruction`: the pc stands before it. `kernel`: the bytes have their new values already. */
  by: "instruction" | "kernel";
}

/** The host end of exceptions: the kernel in TypeScript, or a semihosting monitor. */
export interface Supervisor extends Stateful<unknown> {
  /** Cycles that every entry costs: an exception of the guest, or an interrupt. */
  readonly entryCycles: number;
  /** A guest is on the CPU. */
  readonly running: boolean;
  /** Cycle at which the running guest must be interrupted (end of its timeslice), `Infinity` for never. */
  readonly deadline: number;
  /** What is reported before the kernel acts. */
  stopBefore: ReadonlySet<OccurrenceKind>;
  /** Report when this guest has just been put on the CPU. */
  stopOnDispatch: number | null;
  /** The CPU stacked an exception and stands in handler mode. */
  take(exception: number): void;
  /** A timed event or the deadline is due: a guest on the CPU is taken off it. */
  interrupt(): void;
  /** Something is decided and not done yet: `act` does it, before interrupts are served or a guest runs. */
  readonly hasToAct: boolean;
  act(): void;
  /** Puts the next guest on the CPU. False when no guest is ready: the machine sleeps to the next event. */
  dispatch(): boolean;
  /** Runs the handler of an interrupt, unless it has panicked. A panic inside ends here. */
  guard(work: () => void): void;
  /** It has panicked, or is about to: only a reset helps. */
  readonly panicked?: boolean;
  /** Forgets all that was under way, a panic too, before the board boots again. */
  reset?(): void;
  /** A stop that the supervisor wants reported now, at most once; `halted` every time. */
  takeStop(): Stop | undefined;
  /** The CPU stands on `bkpt 0xab`. */
  semihosting?(): void;
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
  /**
   * Starts the board's software after a reset, when devices and other parts are as at power-on; memory keeps its bytes.
   * CPU and supervisor are its own business. The board itself calls it at power-on, after it has made the machine.
   */
  boot?: () => void;
}

/** The machine's own state, beside that of its parts. */
interface Progress {
  /** Cycles that the supervisor is still busy with its last entry. */
  busyCycles: number;
  /** No guest is ready: time jumps to the next event, whose interrupt is an entry. */
  sleeping: boolean;
  /** The guest itself waits for an interrupt (WFI, WFE). */
  waiting: boolean;
  /** `run` has stopped `idle` or `halted`, and what was due at this cycle has happened. */
  idle: boolean;
  /** An input has raised an interrupt. */
  interruptPending: boolean;
  /** The core locked up. */
  lockedUp: boolean;
  /** The board is to be reset. */
  resetRequested: boolean;
  inputs: Input[];
}

const watchpointStop = (
  { address, access, watchpoints }: WatchpointHit,
  by: WatchpointStop["by"],
): WatchpointStop => ({ reason: "watchpoint", by, address, access, watchpoints });

const fresh = (): Progress => ({
  busyCycles: 0,
  sleeping: false,
  waiting: false,
  idle: false,
  interruptPending: false,
  lockedUp: false,
  resetRequested: false,
  inputs: [],
});

/** A board under power. All its state is data: `save` and `load` move it through time. */
export class Machine implements Stateful<MachineState> {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly memory: Memory;
  readonly cpu: Cpu;
  readonly supervisor: Supervisor | null;
  readonly devices: ReadonlyMap<string, Device>;
  readonly #parts: Readonly<Record<string, Stateful<unknown>>>;
  readonly #boot: (() => void) | undefined;
  /** State at power-on of everything but clock, memory, CPU and supervisor, by name in `#parts`. */
  readonly #powerOn: Readonly<Record<string, unknown>>;
  #progress = fresh();
  /** A write by the kernel that a debugger watches, not reported yet. */
  #kernelWrite: WatchpointHit | undefined;
  #stopRequested = false;

  constructor(parts: MachineParts) {
    this.clock = parts.clock;
    this.trace = parts.trace;
    this.memory = parts.memory;
    this.cpu = parts.cpu;
    this.supervisor = parts.supervisor;
    this.devices = new Map(parts.devices.map(device => [device.name, device]));
    const resettable: Record<string, Stateful<unknown>> = {
      ...Object.fromEntries(parts.devices.map(device => [`device ${device.name}`, device])),
      ...Object.fromEntries(Object.entries(parts.stateful).map(([n, part]) => [`part ${n}`, part])),
    };
    this.#parts = {
      clock: parts.clock,
      memory: parts.memory,
      cpu: parts.cpu,
      ...(parts.supervisor === null ? {} : { supervisor: parts.supervisor }),
      ...resettable,
    };
    this.#boot = parts.boot;
    const states = Object.entries(resettable).map(([name, part]) => [name, part.save()]);
    this.#powerOn = parts.boot === undefined ? {} : Object.fromEntries(states);
  }

  /** What stops `run` before the kernel acts. */
  get stopBefore(): ReadonlySet<OccurrenceKind> {
    return this.supervisor?.stopBefore ?? new Set();
  }

  set stopBefore(kinds: ReadonlySet<OccurrenceKind>) {
    if (this.supervisor !== null) this.supervisor.stopBefore = kinds;
  }

  get stopOnFault(): boolean {
    return this.stopBefore.has("fault");
  }

  set stopOnFault(stop: boolean) {
    const others = [...this.stopBefore].filter(kind => kind !== "fault");
    this.stopBefore = new Set(stop ? [...others, "fault"] : others);
  }

  /** `run` stops when the process with this index has just been put on the CPU, before it executes. */
  get stopOnDispatch(): number | null {
    return this.supervisor?.stopOnDispatch ?? null;
  }

  set stopOnDispatch(process: number | null) {
    if (this.supervisor !== null) this.supervisor.stopOnDispatch = process;
  }

  /** Every input so far, in order. */
  get inputs(): readonly Input[] {
    return this.#progress.inputs;
  }

  /**
   * Runs until the clock stands at cycle `until`, or earlier with a reason. Where a run is cut changes nothing:
   * events that are due at `until` are left to the next run.
   */
  run(until: number): Stop {
    this.#stopRequested = false;
    if (this.cpu.watchpoints.length === 0) {
      this.#kernelWrite = undefined;
      return this.#run(until);
    }
    this.memory.onHostWrite = (address, length) => {
      this.#kernelWrite ??= this.cpu.watchedByHostWrite(address, length);
    };
    try {
      return this.#run(until);
    } finally {
      this.memory.onHostWrite = undefined;
    }
  }

  /**
   * The one door in: acts on a device now. Throws a `UserError` when there is no such device or it cannot take the
   * value; such an input has not happened.
   */
  input(device: string, value: InputValue): void {
    const target = this.devices.get(device);
    if (target?.onInput === undefined) {
      const names = [...this.devices.values()].filter(d => d.onInput !== undefined);
      throw new UserError(
        `The board has no input device "${device}"; it has ${names.map(d => d.name).join(", ")}.`,
      );
    }
    const { now } = this.clock;
    // A replay runs to the cycle of an input and gives it before what is due then: where that has happened, it is the next one.
    if (this.#progress.idle) this.clock.now++;
    try {
      if (target.external && this.supervisor?.panicked) target.onInput(value);
      else this.#guard(() => target.onInput?.(value));
    } catch (error) {
      this.clock.now = now;
      throw error;
    }
    this.#progress.idle = false;
    this.#progress.inputs.push({ cycle: this.clock.now, device, value });
    this.#progress.interruptPending = true;
    this.trace.emit({ type: "input", device, value });
  }

  /** From a listener: `run` returns before anything else happens, at the cycle of the event. */
  requestStop(): void {
    this.#stopRequested = true;
  }

  /** No guest is ready: time jumps to the next event. */
  get asleep(): boolean {
    return this.#progress.sleeping;
  }

  /** Resets the board when the handlers that run now have returned. Throws on a board that cannot boot again. */
  requestReset(): void {
    if (this.#boot === undefined) throw new Error("this board has nothing to boot");
    this.#progress.resetRequested = true;
  }

  /** Lets time pass on a machine that stopped `idle` or `halted`, for an input at a later cycle. */
  sleepUntil(cycle: number): void {
    if (this.clock.next < cycle && !this.supervisor?.panicked)
      throw new Error("an event is due before the machine may wake");
    if (cycle <= this.clock.now) return;
    this.clock.now = cycle;
    this.#progress.idle = false;
  }

  save(): MachineState {
    const parts: Record<string, unknown> = { machine: structuredClone(this.#progress) };
    for (const [name, part] of Object.entries(this.#parts)) parts[name] = part.save();
    return { schema: 1, parts };
  }

  load(state: MachineState): void {
    this.#progress = structuredClone(state.parts.machine as Progress);
    for (const [name, part] of Object.entries(this.#parts)) part.load(state.parts[name]);
  }

  #run(until: number): Stop {
    for (;;) {
      const stop = this.#step(until) ?? this.#takeKernelWrite() ?? this.supervisor?.takeStop();
      if (stop !== undefined) {
        if (stop.reason === "idle" || stop.reason === "halted") this.#progress.idle = true;
        return stop;
      }
      if (this.#stopRequested) return { reason: "requested" };
    }
  }

  #takeKernelWrite(): WatchpointStop | undefined {
    const hit = this.#kernelWrite;
    this.#kernelWrite = undefined;
    return hit === undefined ? undefined : watchpointStop(hit, "kernel");
  }

  /** Moves the machine on by one event, entry or run of the CPU; a stop if that is reason to return. */
  #step(until: number): Stop | undefined {
    const { clock, supervisor } = this;
    const progress = this.#progress;
    // A reset also ends a panic.
    if (progress.resetRequested) {
      if (clock.now >= until) return { reason: "deadline" };
      this.#reset();
      return undefined;
    }
    const stop = supervisor?.takeStop();
    if (stop !== undefined) return stop;
    if (progress.lockedUp) return { reason: "halted" };
    if (clock.now >= until) return { reason: "deadline" };
    if (progress.busyCycles > 0) {
      const cycles = Math.min(progress.busyCycles, until - clock.now);
      clock.now += cycles;
      progress.busyCycles -= cycles;
      return undefined;
    }
    if (supervisor?.hasToAct) {
      supervisor.act();
      return undefined;
    }
    if (this.#interruptDue()) {
      this.#interrupt();
      return undefined;
    }
    if (supervisor !== null && !supervisor.running) {
      if (!supervisor.dispatch() && !supervisor.hasToAct)
        return supervisor.takeStop() ?? this.#sleep(until);
      return undefined;
    }
    return this.#execute(until);
  }

  #interruptDue(): boolean {
    const { clock, supervisor } = this;
    return (
      clock.next <= clock.now ||
      this.#progress.interruptPending ||
      (supervisor?.running === true && supervisor.deadline <= clock.now)
    );
  }

  /** The first call takes the guest off the CPU, which costs an entry; the next one serves the events that are due. */
  #interrupt(): void {
    const { clock, supervisor } = this;
    const progress = this.#progress;
    const entry = progress.sleeping || supervisor?.running === true;
    supervisor?.interrupt();
    progress.sleeping = false;
    progress.waiting = false;
    if (entry && supervisor !== null && !supervisor.running) {
      progress.busyCycles += supervisor.entryCycles;
      return;
    }
    progress.interruptPending = false;
    for (let event = clock.takeDue(); event !== undefined; event = clock.takeDue()) {
      const device = this.devices.get(event.device);
      const { tag } = event;
      if (device?.onEvent === undefined) throw new Error(`no device takes event ${event.device}`);
      this.#guard(() => device.onEvent?.(tag));
      if (progress.resetRequested) return;
    }
  }

  /** Time goes on, memory keeps its bytes, inputs stay recorded; all else is as at power-on. */
  #reset(): void {
    this.#progress = { ...fresh(), inputs: this.#progress.inputs };
    this.clock.clear();
    const devices = new Set<Stateful<unknown>>(this.devices.values());
    for (const [name, state] of Object.entries(this.#powerOn)) {
      const part = this.#parts[name] as Stateful<unknown> & { reset?(): void };
      if (devices.has(part) && part.reset !== undefined) part.reset();
      else part.load(state);
    }
    this.supervisor?.reset?.();
    this.#guard(() => this.#boot?.());
  }

  #sleep(until: number): Stop | undefined {
    const { clock } = this;
    if (clock.next === Number.POSITIVE_INFINITY) return { reason: "idle" };
    this.#progress.sleeping = true;
    clock.now = Math.min(clock.next, until);
    return undefined;
  }

  #execute(until: number): Stop | undefined {
    const { clock, cpu, supervisor } = this;
    const deadline = Math.min(until, clock.next, supervisor?.deadline ?? Number.POSITIVE_INFINITY);
    if (this.#progress.waiting) {
      if (deadline === Number.POSITIVE_INFINITY) return { reason: "idle" };
      clock.now = deadline;
      return undefined;
    }
    const exit = cpu.run(deadline);
    switch (exit) {
      case Exit.Deadline:
        return undefined;
      case Exit.Exception:
        supervisor?.take(cpu.exception);
        this.#progress.busyCycles += supervisor?.entryCycles ?? 0;
        return undefined;
      case Exit.Breakpoint:
        return { reason: "breakpoint", address: this.#programCounter() };
      case Exit.Watchpoint: {
        const hit = this.cpu.watchpointHit;
        if (hit === undefined) throw new Error("the CPU stopped at a watchpoint and names none");
        return watchpointStop(hit, "instruction");
      }
      case Exit.Sleep:
        this.#progress.waiting = true;
        return undefined;
      case Exit.Lockup:
        this.#progress.lockedUp = true;
        return undefined;
      case Exit.Semihosting:
        supervisor?.semihosting?.();
        return undefined;
      default:
        throw new Error(`the CPU returned with unexpected reason ${exit}`);
    }
  }

  #programCounter(): number {
    return this.cpu.readRegister(this.cpu.isa.registers.findIndex(({ name }) => name === "pc"));
  }

  #guard(work: () => void): void {
    if (this.supervisor === null) work();
    else this.supervisor.guard(work);
  }
}
