// Tock's kernel as the machine's supervisor (kernel/src/kernel.rs): the main loop, the system call border, faults, panics.
import type { Trace } from "../base/trace.js";
import type { Stop, Supervisor } from "../machine/machine.js";
import type { OccurrenceKind } from "../machine/occurrence.js";
import type { Act } from "./acts.js";
import type { Chip, ContextSwitchReason, Region } from "./boundary.js";
import type {
  MainLoopCapability,
  MemoryAllocationCapability,
  ProcessManagementCapability,
} from "./capability.js";
import { type ActHost, carryOut, setFaultState } from "./carry-out.js";
import { isFilterable, syscallHandlers } from "./dispatch.js";
import type { Grant, GrantShape, Layout } from "./grant.js";
import type { FaultStatus, ProcessManagement, ProcessView, SchedulingView } from "./inspect.js";
import { type IpcHost, ipcHost } from "./ipc.js";
import { loadAllProcesses } from "./loader.js";
import { manageProcesses } from "./management.js";
import { KernelPanic, type PanicWriter } from "./panic.js";
import type { Process } from "./process.js";
import type { KernelResources } from "./resources.js";
import {
  type OutsideLoader,
  outsideLoader,
  type RuntimeLoader,
  type RuntimeLoaderHost,
  runtimeLoader,
} from "./runtime-loader.js";
import { type Loading, loadSequentially } from "./sequential-loader.js";
import { filteredText, functionCallText, syscallText, waitForText } from "./syscall-trace.js";
import { Return, type Syscall, type SyscallReturn } from "./syscalls.js";
import { type KernelParts, ProcessTable, type ProcessTableState } from "./table.js";
import { Turns, type TurnsState } from "./turns.js";

/** Cycles that every entry into the kernel costs. */
export const KERNEL_ENTRY_CYCLES = 100;

/** The first variant of a return value that is no failure. */
const SUCCESS = 128;

interface KernelState {
  table: ProcessTableState;
  turns: TurnsState;
  running: boolean;
  acts: Act[];
  halted: boolean;
  /** RAM that no process has got. */
  unused: Region;
}

export class Kernel implements Supervisor {
  readonly entryCycles = KERNEL_ENTRY_CYCLES;
  readonly chip: Chip;
  readonly trace: Trace;
  stopBefore: ReadonlySet<OccurrenceKind> = new Set();
  stopOnDispatch: number | null = null;
  /** Prints a panic. Set once, by the board. */
  panicWriter: PanicWriter = { write() {} };

  readonly lookup: ProcessTable["lookup"];
  readonly #table: ProcessTable;
  readonly #turns: Turns;
  #resources: KernelResources | null = null;
  #loading: Loading | null = null;
  #unused: Region = { start: 0, size: 0 };
  #outsideBusy: () => boolean = () => false;
  #running = false;
  #halted = false;
  #dispatched: number | null = null;

  constructor(parts: KernelParts) {
    this.trace = parts.trace;
    this.chip = parts.chip;
    this.#table = new ProcessTable(parts);
    this.#turns = new Turns(this.#table, () => this.#loop);
    this.lookup = this.#table.lookup;
  }

  // Before the kernel loop

  /** Forgets every process and all that was under way, as a reset of the board does. */
  reset(): void {
    this.#table.reset();
    this.#turns.reset();
    this.#dispatched = null;
    this.#running = this.#halted = false;
  }

  /** Takes one line of `debug!`, without its line end. Set once, by the board. */
  set debugWriter(write: (line: string) => void) {
    this.#table.debugWriter = write;
  }

  /** Grants must be created before processes are: their number is part of every process block. */
  createGrant<L extends Layout>(
    shape: GrantShape<L>,
    _capability: MemoryAllocationCapability,
  ): Grant<L> {
    return this.#table.createGrant(shape);
  }

  /** Creates a process for every app in flash that may run; without a policy for credentials, every app may. */
  loadProcesses(loading: Loading, _capability: ProcessManagementCapability): void {
    const { flash, memory, faultPolicy, credentials } = loading;
    this.#loading = loading;
    this.#table.faultPolicy = faultPolicy;
    this.#table.grantsFinalized = true;
    this.trace.emit({ type: "bootStage", stage: "loadProcesses" });
    this.#unused =
      credentials === undefined
        ? loadAllProcesses(this.#table, flash, memory, faultPolicy)
        : loadSequentially(this.#table, loading, this.processSlots);
    this.trace.emit({ type: "bootStage", stage: "processesLoaded" });
  }

  /** Enters the kernel loop, which the machine runs from now on. */
  start(resources: KernelResources, _capability: MainLoopCapability): void {
    this.#resources = resources;
    this.#table.grantsFinalized = true;
    resources.watchdog.setup();
    this.trace.emit({ type: "bootStage", stage: "kernelLoop" });
  }

  /** What a capsule that manages processes may do. */
  management(_capability: ProcessManagementCapability): ProcessManagement {
    return manageProcesses({
      slots: () => this.#table.slots,
      view: index => this.process(index),
      setFault: process => {
        this.#emitFaulted(process, true);
        setFaultState(process, this.#table);
      },
      restart: ({ data: { index, pid } }) => {
        const { acts } = this.#table;
        if (acts.panics) return;
        acts.forget(index);
        acts.push({ kind: "restart", process: index, reason: "request" }, pid);
      },
      exited: (process, pid) => this.#table.emitExited(process, pid),
      restarted: process => this.#table.emitCreated(process),
    });
  }

  /** What a store of binaries may do that installs apps while the board runs. */
  runtimeLoader(_capability: ProcessManagementCapability): RuntimeLoader {
    return runtimeLoader(this.#runtimeHost());
  }

  /** What a loader outside of the board may do; the kernel's own installs nothing while it is busy. */
  outsideLoader(busy: () => boolean, _capability: ProcessManagementCapability): OutsideLoader {
    this.#outsideBusy = busy;
    return outsideLoader(this.#runtimeHost());
  }

  #runtimeHost(): RuntimeLoaderHost {
    return {
      table: this.#table,
      processSlots: this.processSlots,
      loading: () => {
        if (this.#loading === null) throw new Error("no processes have been loaded");
        return { ...this.#loading, ram: this.#loading.memory, memory: this.#unused };
      },
      outsideBusy: () => this.#outsideBusy(),
      panicked: () => this.panicked,
      setUnused: memory => {
        this.#unused = memory;
      },
      forget: process => {
        if (this.#turns.index === process.data.index) this.#turns.end("NoWorkLeft");
        this.#table.remove(process);
      },
    };
  }

  /** What inter-process communication, a part of the kernel, asks of processes. */
  ipcHost(_capability: ProcessManagementCapability): IpcHost {
    return ipcHost(this.#table);
  }

  // Inspection

  /** Number of process slots; some may be empty. */
  get processSlots(): number {
    return this.#table.slots.length;
  }

  /** Number of process slots in use. */
  get processCount(): number {
    return this.#table.slots.filter(process => process !== null).length;
  }

  /** Identifiers of the processes by slot, `null` for an empty one. */
  get identifiers(): readonly (number | null)[] {
    return this.#table.slots.map(process => process?.data.pid ?? null);
  }

  /** The process in a slot is still the one with that identifier. */
  hasProcess(index: number, pid: number): boolean {
    return this.#table.getProcess({ index, pid }) !== undefined;
  }

  /** Index of the process on the CPU. */
  get current(): number | null {
    return this.#running ? this.#turns.index : null;
  }

  /** Whose turn it is on the CPU, and who is next. */
  get scheduling(): SchedulingView {
    return this.#turns.view;
  }

  /** The kernel has panicked. */
  get halted(): boolean {
    return this.#halted;
  }

  get panicked(): boolean {
    return this.#halted || this.#table.acts.panics;
  }

  /** Fault status registers as the last HardFault handler read them. */
  get faultStatus(): FaultStatus {
    return this.chip.boundary.faultStatus;
  }

  /** Everything about the process in a slot; throws a `RangeError` for an empty one. */
  process(index: number): ProcessView {
    const live = this.current === index ? this.chip.boundary.liveRegisters() : null;
    return this.#table.view(index, live);
  }

  /** The process has made a system call that fails or ends it, and its pc stands behind the instruction. */
  isInSyscall(index: number): boolean {
    return this.#table.acts.isInSyscall(index);
  }

  get processes(): ProcessView[] {
    return [...this.#table.allProcesses()].map(({ data }) => this.process(data.index));
  }

  /** Registers by index in `Isa.registers`, as if the process ran now; `null` if its stack cannot be read. */
  registers(index: number): number[] | null {
    const process = this.#table.at(index);
    const { boundary } = this.chip;
    if (this.current === index) return boundary.liveRegisters();
    return boundary.storedRegisters(process.accessible, process.data.stored);
  }

  /** False when the register lies in a stacked frame that cannot be written. */
  setRegister(index: number, register: number, value: number): boolean {
    const process = this.#table.at(index);
    const { boundary } = this.chip;
    if (this.current !== index)
      return boundary.setStoredRegister(process.accessible, process.data.stored, register, value);
    boundary.setLiveRegister(register, value);
    return true;
  }

  // Supervisor

  get running(): boolean {
    return this.#running;
  }

  get deadline(): number {
    return this.#loop.timer.deadline;
  }

  take(exception: number): void {
    this.guard(() => {
      const { process } = this.#turns;
      const switched = this.#leave(process, exception);
      if (switched.reason === "Fault") this.#raiseFault(process, false);
      else if (switched.reason === "SyscallFired") this.#handleSyscall(process, switched.syscall);
    });
  }

  interrupt(): void {
    this.guard(() => {
      if (this.#running) {
        const process = this.#turns.process;
        const { reason } = this.#leave(process, this.chip.boundary.interrupt());
        if (reason === "Fault") this.#raiseFault(process, false);
        else this.#turns.mayContinue(true);
      } else if (!this.#turns.wake()) this.#turns.kernelWork();
    });
  }

  dispatch(): boolean {
    this.guard(() => {
      while (!this.#running && this.#table.acts.isEmpty) {
        if (this.#turns.index === null && !this.#turns.start()) return;
        this.#continueTurn(this.#turns.process);
      }
    });
    return this.#running;
  }

  get hasToAct(): boolean {
    return !this.#running && !this.#table.acts.isEmpty;
  }

  act(): void {
    const act = this.#table.acts.take();
    if (act?.occurrence.kind === "panic") this.#panic(act.occurrence);
    else if (act !== undefined)
      this.guard(() => carryOut(act, this.#actHost), act.occurrence.process);
  }

  guard(work: () => void, index = this.#turns.index): void {
    if (this.panicked) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof KernelPanic)) throw error;
      this.#running = false;
      const { message, location } = error;
      this.#table.acts.push({ kind: "panic", process: index, message, location }, null);
    }
  }

  takeStop(): Stop | undefined {
    if (this.#halted) return { reason: "halted" };
    const occurrence = this.#table.acts.report(this.stopBefore);
    if (occurrence !== undefined) {
      const { kind, process } = occurrence;
      return kind === "fault" ? { reason: kind, process } : { reason: "occurrence", occurrence };
    }
    const process = this.#dispatched;
    this.#dispatched = null;
    return process === null ? undefined : { reason: "dispatched", process };
  }

  save(): KernelState {
    return {
      table: this.#table.save(),
      turns: this.#turns.save(),
      running: this.#running,
      acts: this.#table.acts.save(),
      halted: this.#halted,
      unused: { ...this.#unused },
    };
  }

  load(state: KernelState): void {
    this.#table.load(state.table);
    this.#turns.load(state.turns);
    this.#running = state.running;
    this.#table.acts.load(state.acts);
    this.#halted = state.halted;
    this.#unused = { ...state.unused };
    this.#dispatched = null;
  }

  // The kernel loop

  get #loop(): KernelResources {
    if (this.#resources === null) throw new Error("the kernel loop has not been entered");
    return this.#resources;
  }

  /** One pass of the loop in `do_process`. */
  #continueTurn(process: Process): void {
    if (!this.#turns.mayContinue(false)) return;
    if (!process.ready) {
      this.#turns.end("NoWorkLeft");
      return;
    }
    const { state } = process.data;
    if (state.name === "Running") this.#switchTo(process);
    else if (state.name === "Yielded") this.#runTask(process);
    else if (state.name === "YieldedFor") {
      const task = process.removeUpcall(state.upcall);
      if (task === undefined) {
        this.#turns.end("NoWorkLeft");
        return;
      }
      const call = task.kind === "FunctionCall" ? task.call : null;
      const values = task.kind === "FunctionCall" ? task.call.arguments : task.values;
      this.#table.traceSyscall(process.data.pid, () => waitForText(values, call));
      this.#table.emitDelivered(process, task, "returned");
      if (!process.setSyscallReturn(values.slice(0, 3))) this.#raiseFault(process, true);
    } else throw new Error("a process that is not ready has its turn");
  }

  #runTask(process: Process): void {
    const task = process.dequeueTask();
    if (task?.kind === "IPC") {
      // It becomes an upcall, for which the process goes on waiting.
      this.#loop.ipc?.scheduleUpcall(process.id, task.from, task.role);
      return;
    }
    // The values of a null upcall are dropped, and the process goes on waiting.
    if (task?.kind !== "FunctionCall") {
      if (task !== undefined) this.#table.emitDelivered(process, task, "ignored");
      this.#turns.end("NoWorkLeft");
      return;
    }
    this.#table.traceSyscall(process.data.pid, () => functionCallText(task.call));
    if (!process.setFunction(task.call)) this.#raiseFault(process, true);
    else this.#table.emitDelivered(process, task, "called");
  }

  #switchTo(process: Process): void {
    const { contextSwitch } = this.#loop;
    const { chip } = this;
    contextSwitch?.contextSwitchHook(process.id, process.data.tasks.length);
    chip.mpu.configure(process.data.mpu);
    this.#turns.arm();
    chip.boundary.switchTo(process.data.stored);
    this.#running = true;
    if (this.stopOnDispatch === process.data.index) this.#dispatched = process.data.index;
  }

  #leave(process: Process, exception: number): ContextSwitchReason {
    const { boundary } = this.chip;
    this.#running = false;
    this.#loop.timer.disarm();
    const { stored } = process.data;
    const switched = boundary.switchFrom(process.accessible, stored, exception);
    process.recordStackPointer(boundary.stackPointer(stored));
    return switched;
  }

  #handleSyscall(process: Process, syscall: Syscall): void {
    const { data } = process;
    const { pid } = data;
    data.syscallCount++;
    data.lastSyscall = syscall;
    const resources = this.#loop;
    const refused = isFilterable(syscall)
      ? resources.filter.filterSyscall(process, syscall)
      : undefined;
    const returned: SyscallReturn | null =
      refused !== undefined
        ? Return.failure(refused)
        : syscallHandlers[syscall.class](this.#syscallHost, process, syscall);
    this.#table.traceSyscall(pid, () =>
      refused === undefined ? syscallText(syscall, returned) : filteredText(syscall, refused),
    );
    this.trace.emit({
      type: "syscall",
      process: data.index,
      pid,
      syscallClass: syscall.class,
      arguments: syscall.arguments,
      returned,
    });
    // A process that has just unloaded itself has nothing to return to; upstream lets it run on to the end of its timeslice.
    if (returned === null || this.#table.getProcess(process.id) === undefined) return;
    if ((returned[0] ?? SUCCESS) < SUCCESS)
      this.#table.acts.push(
        {
          kind: "syscallError",
          process: data.index,
          syscallClass: syscall.class,
          arguments: syscall.arguments,
          returned,
        },
        pid,
      );
    else if (!process.setSyscallReturn(returned)) this.#raiseFault(process, true);
  }

  readonly #syscallHost = {
    withDriver: (driverNum: number) => this.#loop.withDriver(driverNum),
    traceSyscall: (pid: number, text: () => string) => this.#table.traceSyscall(pid, text),
    exit: ({ data: { index, pid } }: Process, completionCode: number, restart: boolean) =>
      this.#table.acts.push({ kind: "exit", process: index, completionCode, restart }, pid),
  };

  // Faults and panics

  #raiseFault(process: Process, byKernel: boolean): void {
    const { data } = process;
    data.fault = { ...this.faultStatus };
    this.#table.acts.push({ kind: "fault", process: data.index, byKernel }, data.pid);
    this.#emitFaulted(process, false);
  }

  get #actHost(): ActHost {
    return {
      table: this.#table,
      processFaultHook: id => this.#loop.processFault.processFaultHook(id),
      raiseFault: (process, byKernel) => this.#raiseFault(process, byKernel),
    };
  }

  #emitFaulted({ data: { index, pid }, name }: Process, requested: boolean): void {
    this.trace.emit({ type: "processFaulted", process: index, pid, name, requested });
  }

  #panic({ message, location }: { message: string; location: string }): void {
    this.#halted = true;
    this.trace.emit({ type: "kernelPanic", message, location });
    const { faultStatus, processes } = this;
    this.panicWriter.write({ location, message, fault: faultStatus, processes });
  }
}
