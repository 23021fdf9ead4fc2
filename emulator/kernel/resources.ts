// What a board gives the kernel loop (kernel/src/platform/{platform,scheduler_timer,watchdog}.rs, kernel/src/scheduler.rs).
import type { Stateful } from "../base/stateful.js";
import type { CommandPermissions } from "../formats/tbf.js";
import type { ContextSwitchCallback, ProcessId, SyscallDriver } from "./driver.js";
import type { ErrorCode, Syscall } from "./syscalls.js";

/** Why a process stopped executing (kernel/src/process.rs `StoppedExecutingReason`). */
export type StoppedExecutingReason =
  | "NoWorkLeft"
  | "StoppedFaulted"
  | "Stopped"
  | "TimesliceExpired"
  | "KernelPreemption";

export type SchedulingDecision =
  | { decision: "runProcess"; index: number; timesliceUs: number | null }
  | { decision: "trySleep" };

/** What a scheduler may ask of the processes. */
export interface ReadyList {
  /** Number of process slots. */
  readonly length: number;
  /** False for an empty slot. */
  ready(index: number): boolean;
}

export interface Scheduler extends Stateful<unknown> {
  /** As a user chooses it. */
  readonly name: string;
  next(processes: ReadyList): SchedulingDecision;
  /** `executionTimeUs` is `null` when the process ran without a timeslice. */
  result(reason: StoppedExecutingReason, executionTimeUs: number | null): void;
  /** Whether the process that `next` chose goes on. Upstream's default: unless interrupts are pending. */
  continueProcess(interruptsPending: boolean, processes: ReadyList): boolean;
}

/** Measures a timeslice (kernel/src/platform/scheduler_timer.rs). */
export interface SchedulerTimer extends Stateful<unknown> {
  start(timesliceUs: number): void;
  reset(): void;
  /** From now on the end of the timeslice interrupts the process. */
  arm(): void;
  disarm(): void;
  /** Microseconds left; `null` when the timeslice is used up. */
  remainingUs(): number | null;
  /** Cycle at which the armed timer fires, `Infinity` while disarmed. */
  readonly deadline: number;
}

/** A board's watchdog. Upstream resumes one by tickling it unless the board does more. */
export interface WatchDog {
  /** Once, before the kernel loop. */
  setup(): void;
  /** At the start of each round of the kernel loop: kernel work, a process, or the attempt to sleep. */
  tickle(): void;
  /** Before the chip sleeps. */
  suspend(): void;
  /** After it has slept. */
  resume(): void;
}

/** A board without a watchdog. */
export const noWatchDog: WatchDog = { setup() {}, tickle() {}, suspend() {}, resume() {} };

/** What a filter may know of the process that makes a call. */
export interface FilteredProcess {
  readonly id: ProcessId;
  readonly name: string;
  /** `null`: locally unique. */
  readonly shortId: number | null;
  /** Permissions for commands `64 * offset` to `64 * offset + 63` of a driver, from the TBF header. */
  commandPermissions(driver: number, offset: number): CommandPermissions;
}

/** Filters subscribe, command and allow calls; an error goes to the app as `Failure`. */
export interface SyscallFilter {
  filterSyscall(process: FilteredProcess, syscall: Syscall): ErrorCode | undefined;
}

export const allowAll: SyscallFilter = { filterSyscall: () => undefined };

/** Sees a fault before the process's fault policy. */
export interface ProcessFault {
  /** True: the fault is dealt with and the policy must not act. */
  processFaultHook(process: ProcessId): boolean;
}

export const noFaultHook: ProcessFault = { processFaultHook: () => false };

/** What a notified process is to the process that notifies it. */
export type IpcRole = "Service" | "Client";

/** Turns a notification that `target` has waited for into an upcall. */
export interface InterProcess {
  scheduleUpcall(target: ProcessId, from: ProcessId, role: IpcRole): void;
}

/** The one object by which a board serves its kernel. */
export interface KernelResources {
  withDriver(driverNum: number): SyscallDriver | undefined;
  readonly filter: SyscallFilter;
  readonly processFault: ProcessFault;
  readonly scheduler: Scheduler;
  readonly timer: SchedulerTimer;
  readonly watchdog: WatchDog;
  readonly contextSwitch?: ContextSwitchCallback;
  readonly ipc?: InterProcess;
}

export type FaultAction = "Panic" | "Restart" | "Stop";

/** What is done about a faulted process (kernel/src/process_policies.rs `ProcessFaultPolicy`). */
export interface ProcessFaultPolicy {
  /** `debug` is upstream's `debug!`: it takes one line. */
  action(
    process: { readonly name: string; readonly restartCount: number },
    debug: (line: string) => void,
  ): FaultAction;
}
