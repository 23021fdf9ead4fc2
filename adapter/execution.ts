// Runs the machine for the debugger: tells stops that the user must see from those that only serve a step.
import { hex8, type Machine, type Stop, type WatchpointStop } from "../emulator/index.js";
import type { BreakpointState, Breakpoints } from "./breakpoints.js";
import type { ExceptionStop, Exceptions } from "./exceptions/exceptions.js";
import type { Order } from "./stepping.js";

/** What `Execution.run` came back with. `process` is the index in the process array. */
export type Outcome =
  | { kind: "deadline" }
  /** Many breakpoints were passed in silence: the client may want a word. */
  | { kind: "busy" }
  /** The order is carried out. */
  | { kind: "done" }
  | { kind: "breakpoint"; process: number; hit: Hit }
  | { kind: "entry"; process: number }
  | { kind: "fault"; process: number }
  /** An exception filter wants to see what is about to happen. */
  | { kind: "exception"; process: number; exception: ExceptionStop }
  /** Nothing can happen without an input. */
  | { kind: "idle" }
  /** The kernel panicked or the core locked up. */
  | { kind: "halted" }
  | { kind: "exited"; code: number };

/** What running asks of the kernel or the bare board. */
export interface OnCpu {
  /** The process on the CPU, `null` when there is none. */
  readonly current: number | null;
  /** The process has made a system call that has not returned. */
  isInSyscall?(process: number): boolean;
}

/** Breakpoints that stop here, and why if their terms make no sense. */
export interface Hit {
  states: readonly BreakpointState[];
  why: string | undefined;
  /** What was done to the watched bytes. */
  text?: string;
}

/** Judges the breakpoints that a process stands at; `undefined`: none of them stops. */
export type HitJudge = (process: number, states: readonly BreakpointState[]) => Hit | undefined;

/** So many breakpoints passed in silence are enough before the client's messages are looked at. */
const MOST_PASSES = 500;

/** Where an order for one instruction stands. */
type Phase = "waiting" | "ready" | "executed";

export class Execution {
  readonly #machine: Machine;
  readonly #kernel: OnCpu;
  readonly #breakpoints: Breakpoints;
  readonly #pc: number;
  readonly #sp: number;
  #order: { order: Order; process: number } | undefined;
  #phase: Phase = "waiting";
  /** Address of the instruction behind one that touched watched bytes: its own breakpoints are still to come. */
  #unjudged: number | undefined;
  /** The process whose RAM holds an address. */
  ownerOf: (address: number) => number | undefined = () => undefined;
  /** Breakpoints passed in silence in this call of `run`. */
  #passes = 0;
  /** Every breakpoint stops, unless this says otherwise. */
  judge: HitJudge = (_, states) => ({ states, why: undefined });

  /** Without filters every fault is shown. */
  exceptions: Pick<Exceptions, "judge" | "judgeFault" | "judgeCode"> | undefined;

  constructor(machine: Machine, kernel: OnCpu, breakpoints: Breakpoints) {
    this.#machine = machine;
    this.#kernel = kernel;
    this.#breakpoints = breakpoints;
    const index = (name: string) => machine.cpu.isa.registers.findIndex(r => r.name === name);
    this.#pc = index("pc");
    this.#sp = index("sp");
  }

  /** The machine goes on from a stop: the breakpoint it stands on is not reported again. */
  resume(): void {
    const { cpu } = this.#machine;
    const address = this.#kernel.current === null ? -1 : cpu.readRegister(this.#pc);
    cpu.resumeAddress = address === this.#unjudged ? -1 : address;
    this.#unjudged = undefined;
  }

  /** From now on `run` serves `order` for `process`; without one it runs freely. */
  give(order: Order | undefined, process: number): void {
    this.#order = order === undefined ? undefined : { order, process };
    // A system call is executed already when it waits for its return.
    const isMade = order?.until === "instruction" && this.#kernel.isInSyscall?.(process) === true;
    this.#phase = isMade ? "executed" : "waiting";
    this.#breakpoints.setTemporary(order?.until === "address" ? order.addresses : []);
  }

  /** Runs to cycle `until` at most. */
  run(until: number): Outcome {
    this.#passes = 0;
    for (;;) {
      // The instruction at the last breakpoint is executed before anything else may happen.
      const busy = this.#passes >= MOST_PASSES;
      const end = busy ? Math.min(until, this.#machine.clock.now + 1) : until;
      const outcome =
        this.#order?.order.until === "instruction"
          ? this.#runInstruction(this.#order.process, end)
          : this.#runFreely(end);
      if (busy && outcome?.kind === "deadline" && end < until) return { kind: "busy" };
      // What the user does not want to see is left to the fault policy.
      if (outcome?.kind === "fault" && this.exceptions?.judgeFault(outcome.process) === false)
        continue;
      if (outcome !== undefined) return outcome;
    }
  }

  /** A step is done: what the user has set where the process stands now, else `done`. */
  finish(process: number): Outcome {
    const { cpu } = this.#machine;
    if (this.#kernel.current !== process) return { kind: "done" };
    const address = cpu.readRegister(this.#pc);
    if (cpu.resumeAddress === address) return { kind: "done" };
    return this.#seen(process, address) ?? { kind: "done" };
  }

  #runFreely(until: number): Outcome | undefined {
    const machine = this.#machine;
    machine.stopOnDispatch = null;
    const stop = machine.run(until);
    switch (stop.reason) {
      case "deadline":
        return { kind: "deadline" };
      case "breakpoint":
        return this.#atBreakpoint(stop.address);
      case "watchpoint":
        return this.#atWatchpoint(stop);
      case "dispatched":
        return undefined;
      default:
        return this.#outcomeOf(stop);
    }
  }

  /** `undefined`: an occurrence that no filter wants to see. */
  #outcomeOf(stop: Stop): Outcome | undefined {
    // Whoever asked for it has something to do at this very cycle.
    if (stop.reason === "requested") return { kind: "deadline" };
    if (stop.reason !== "occurrence") {
      const { reason, ...rest } = stop;
      return { kind: reason, ...rest } as Outcome;
    }
    const { occurrence } = stop;
    const exception = occurrence.kind === "fault" ? undefined : this.exceptions?.judge(occurrence);
    if (exception !== undefined)
      return { kind: "exception", process: exception.process, exception };
    this.#passes++;
    return undefined;
  }

  #atBreakpoint(address: number): Outcome | undefined {
    const process = this.#kernel.current ?? 0;
    const seen = this.#seen(process, address);
    if (seen !== undefined) return seen;
    // Whatever comes next, what was judged here is not judged again.
    this.#machine.cpu.resumeAddress = address;
    const given = this.#order;
    if (given?.order.until === "address" && given.process === process) {
      const { addresses, minimumSp } = given.order;
      const sp = this.#machine.cpu.readRegister(this.#sp);
      if (addresses.includes(address) && sp >= minimumSp) return { kind: "done" };
    }
    return undefined;
  }

  /** Lets the instruction touch the watched bytes, so that conditions see what it wrote. */
  #atWatchpoint(watched: WatchpointStop): Outcome | undefined {
    const { cpu, clock } = this.#machine;
    const states = this.#breakpoints.watching(watched.watchpoints);
    const before = this.#watchedText(states);
    const byInstruction = watched.by === "instruction";
    const process = (byInstruction ? this.#kernel.current : this.ownerOf(watched.address)) ?? 0;
    if (byInstruction) {
      cpu.resumeAddress = cpu.readRegister(this.#pc);
      const stop = this.#machine.run(clock.now + 1);
      if (!["deadline", "breakpoint", "requested"].includes(stop.reason)) {
        const outcome = this.#outcomeOf(stop);
        if (outcome !== undefined) return outcome;
      }
    }
    const hit = this.judge(process, states);
    if (hit === undefined) {
      this.#passes++;
      return undefined;
    }
    if (this.#kernel.current !== null) this.#unjudged = cpu.readRegister(this.#pc);
    const did = watched.access === "read" ? "read" : "written";
    const who = byInstruction ? "" : " by the kernel";
    const after = this.#watchedText(states);
    const change = before === after ? after : `${before} → ${after}`;
    const text = `${hex8(watched.address)} was ${did}${who}: ${change}`;
    return { kind: "breakpoint", process, hit: { ...hit, text } };
  }

  /** The watched bytes of the first of `states` as one number, if there are few. */
  #watchedText(states: readonly BreakpointState[]): string {
    const spot = states[0]?.spot;
    if (spot?.kind !== "data") return "";
    const bytes = this.#machine.memory.readBytes(spot.address, Math.min(spot.length, 16));
    const digits = [...bytes].reverse().map(byte => byte.toString(16).padStart(2, "0"));
    return `0x${digits.join("")}`;
  }

  /** A stop that the user asked for at `address`. */
  #seen(process: number, address: number): Outcome | undefined {
    if (this.#breakpoints.takeEntry(address)) return { kind: "entry", process };
    const states = this.#breakpoints.at(address);
    const isWatched = this.#breakpoints.isWatchedCode(address);
    if (states.length === 0 && !isWatched) return undefined;
    const hit = states.length === 0 ? undefined : this.judge(process, states);
    if (hit !== undefined) return { kind: "breakpoint", process, hit };
    const exception = isWatched ? this.exceptions?.judgeCode(process, address) : undefined;
    if (exception !== undefined) return { kind: "exception", process, exception };
    this.#passes++;
    return undefined;
  }

  /** One instruction of `process`: waits until it is on the CPU, executes, and after a system call waits again. */
  #runInstruction(process: number, until: number): Outcome | undefined {
    const machine = this.#machine;
    if (this.#kernel.current !== process) {
      machine.stopOnDispatch = process;
      const stop = machine.run(until);
      machine.stopOnDispatch = null;
      if (stop.reason === "deadline") return { kind: "deadline" };
      if (stop.reason === "breakpoint") return this.#otherBreakpoint(stop.address);
      if (stop.reason === "watchpoint") return this.#atWatchpoint(stop);
      if (stop.reason !== "dispatched") return this.#outcomeOf(stop);
    }
    if (this.#phase === "executed") return { kind: "done" };
    if (machine.clock.now >= until) return { kind: "deadline" };
    return this.#executeOne(process);
  }

  /** While the stepped process waits, only the user's breakpoints stop the others. */
  #otherBreakpoint(address: number): Outcome | undefined {
    const seen = this.#seen(this.#kernel.current ?? 0, address);
    if (seen === undefined) this.#machine.cpu.resumeAddress = address;
    return seen;
  }

  #executeOne(process: number): Outcome | undefined {
    const { cpu, clock } = this.#machine;
    const address = cpu.readRegister(this.#pc);
    if (cpu.resumeAddress !== address) {
      const seen = this.#seen(process, address);
      if (seen !== undefined) return seen;
      cpu.resumeAddress = address;
    }
    const before = cpu.instructions;
    const stop = this.#machine.run(clock.now + 1);
    if (stop.reason === "watchpoint") {
      const outcome = this.#atWatchpoint(stop);
      if (cpu.instructions !== before) this.#phase = "executed";
      return outcome;
    }
    if (cpu.instructions !== before) this.#phase = "executed";
    if (stop.reason === "deadline" || stop.reason === "breakpoint") return undefined;
    return this.#outcomeOf(stop);
  }
}
