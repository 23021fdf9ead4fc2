// The process slots and grants of a kernel, and what loader, processes and grants ask of it (kernel/src/kernel.rs).
import type { Stateful } from "../base/stateful.js";
import type { SyscallArguments, Trace } from "../base/trace.js";
import type { Memory } from "../bus/memory.js";
import { Acts } from "./acts.js";
import type { Chip } from "./boundary.js";
import type { ProcessId, ProcessLookup } from "./driver.js";
import type { Grant, GrantShape, Layout, UpcallError } from "./grant.js";
import { type GrantHost, RamGrant } from "./grants.js";
import { type IdentityPolicies, noIdentity } from "./identity.js";
import type { ProcessView } from "./inspect.js";
import type { LoaderHost } from "./loader.js";
import { KernelPanic } from "./panic.js";
import { Process, type ProcessData, type Task, type UpcallTask } from "./process.js";
import type { ProcessFaultPolicy } from "./resources.js";
import { scheduledText } from "./syscall-trace.js";
import { ErrorCode } from "./syscalls.js";
import { processView } from "./view.js";

/** Names as in kernel/src/config.rs. */
export interface KernelConfig {
  /** Print every system call and upcall. */
  trace_syscalls?: boolean;
  /** Print every step of process loading. */
  debug_load_processes?: boolean;
  /** Print every step of checking credentials and identities. */
  debug_process_credentials?: boolean;
  /**
   * A process in yield-wait-for is ready when upstream's flag says so; the flag forgets a waited-for upcall when
   * another one is queued after it. Off: it is ready when the upcall is queued.
   */
  strict_wait_for?: boolean;
}

export const kernelConfigNames: readonly (keyof KernelConfig)[] = [
  "trace_syscalls",
  "debug_load_processes",
  "debug_process_credentials",
  "strict_wait_for",
];

export interface KernelParts {
  memory: Memory;
  trace: Trace;
  chip: Chip;
  processSlots: number;
  /** `sizeof(ProcessStandard)` of the board's upstream kernel, in bytes. */
  processStructSize: number;
  config?: KernelConfig;
  /** ShortIds and storage permissions of processes; none unless given. */
  identity?: IdentityPolicies;
}

export interface ProcessTableState {
  processes: (ProcessData | null)[];
  nextIdentifier: number;
}

export class ProcessTable implements LoaderHost, GrantHost, Stateful<ProcessTableState> {
  readonly memory: Memory;
  readonly chip: Chip;
  readonly processStructSize: number;
  readonly strictWaitFor: boolean;
  readonly identity: IdentityPolicies;
  /** Takes one line of `debug!`, without its line end. */
  debugWriter: (line: string) => void = () => {};
  /** Set before the first process is placed. */
  faultPolicy: ProcessFaultPolicy | null = null;
  grantsFinalized = false;
  /** What is decided and not done yet. */
  readonly acts = new Acts();
  readonly #trace: Trace;
  readonly #debugsLoading: boolean;
  readonly #debugsCredentials: boolean;
  readonly #tracesSyscalls: boolean;
  #slots: (Process | null)[];
  readonly #grants: RamGrant<Layout>[] = [];
  #nextIdentifier = 0;

  constructor(parts: KernelParts) {
    this.memory = parts.memory;
    this.chip = parts.chip;
    this.processStructSize = parts.processStructSize;
    this.#trace = parts.trace;
    this.identity = parts.identity ?? noIdentity;
    this.strictWaitFor = parts.config?.strict_wait_for ?? false;
    this.#debugsLoading = parts.config?.debug_load_processes ?? false;
    this.#debugsCredentials = parts.config?.debug_process_credentials ?? false;
    this.#tracesSyscalls = parts.config?.trace_syscalls ?? false;
    this.#slots = new Array(parts.processSlots).fill(null);
  }

  get slots(): readonly (Process | null)[] {
    return this.#slots;
  }

  /** Empty slots, and identifiers from 0: the board is reset. Grants are wiring and stay. */
  reset(): void {
    for (const process of this.allProcesses()) if (process.isRunning) this.emitExited(process);
    this.#slots.fill(null);
    this.#nextIdentifier = 0;
    this.acts.reset();
  }

  /** The process in a slot; throws a `RangeError` for an empty one. */
  at(index: number): Process {
    const process = this.#slots[index];
    if (process === null || process === undefined)
      throw new RangeError(`no process in slot ${index}`);
    return process;
  }

  view(index: number, live: number[] | null): ProcessView {
    const process = this.at(index);
    const view = processView(process, live);
    view.grants = this.#grants.map(grant => grant.view(process));
    return view;
  }

  createGrant<L extends Layout>(shape: GrantShape<L>): Grant<L> {
    if (this.grantsFinalized)
      throw new KernelPanic(
        "Grants finalized. Cannot create a new grant.",
        "kernel/src/kernel.rs:257:13",
      );
    const grant = new RamGrant(this, this.#grants.length, shape);
    this.#grants.push(grant as unknown as RamGrant<Layout>);
    return grant;
  }

  get grantCount(): number {
    return this.#grants.length;
  }

  createProcessIdentifier(): number {
    return this.#nextIdentifier++;
  }

  nextSlot(): number {
    return this.#slots.indexOf(null);
  }

  place(process: Process): void {
    this.#slots[process.data.index] = process;
    this.emitCreated(process);
  }

  /** Ends a process and empties its slot. Its RAM is lost until the board is reset. */
  remove(process: Process): void {
    const alive = process.isRunning;
    process.terminate(null);
    this.#slots[process.data.index] = null;
    if (alive) this.emitExited(process);
  }

  debugLoad(line: string): void {
    if (this.#debugsLoading) this.debugWriter(line);
  }

  debugCredentials(line: string): void {
    if (this.#debugsCredentials) this.debugWriter(line);
  }

  traceSyscall(pid: number, text: () => string): void {
    if (this.#tracesSyscalls) this.debugWriter(`[${pid}] ${text()}`);
  }

  notice(text: string): void {
    this.#trace.emit({ type: "notice", text });
  }

  getProcess(id: ProcessId): Process | undefined {
    const process = this.#slots[id.index] ?? undefined;
    return process?.data.pid === id.pid ? process : undefined;
  }

  /** What drivers may ask of a process. */
  readonly lookup: ProcessLookup = {
    shortId: id => this.getProcess(id)?.data.shortId,
    storagePermissions: id => this.getProcess(id)?.data.storagePermissions,
    editableFlashRange: id => {
      const { appStart, end } = this.getProcess(id)?.data.binary.flash ?? { appStart: 0, end: 0 };
      return { start: appStart, end };
    },
  };

  *allProcesses(): Iterable<Process> {
    for (const process of this.#slots) if (process !== null) yield process;
  }

  scheduleUpcall(
    process: Process,
    upcall: { driver: number; subscribe: number },
    saved: { functionPointer: number; userdata: number },
    values: readonly [number, number, number],
  ): UpcallError | undefined {
    const task: Task =
      saved.functionPointer === 0
        ? { kind: "ReturnValue", source: upcall, values }
        : {
            kind: "FunctionCall",
            source: upcall,
            call: { pc: saved.functionPointer, arguments: [...values, saved.userdata] },
          };
    const error = process.enqueueTask(task);
    const dropped = error !== undefined;
    const { index, pid } = process.data;
    const isNull = saved.functionPointer === 0;
    this.#trace.emit({ type: "upcallScheduled", process: index, ...upcall, dropped, isNull });
    const failure = error === ErrorCode.NOMEM ? "QueueFull" : "KernelError";
    const result = dropped ? failure : undefined;
    this.traceSyscall(pid, () => scheduledText(upcall, saved, values, result));
    return result;
  }

  /** The call of a process's first instruction is no upcall. */
  emitDelivered(
    { data: { index: process } }: Process,
    task: UpcallTask,
    how: "called" | "returned" | "ignored",
  ): void {
    if (task.source === null) return;
    const isCall = task.kind === "FunctionCall";
    const values: SyscallArguments = isCall ? task.call.arguments : [...task.values, 0];
    const pc = isCall ? task.call.pc : 0;
    const { source } = task;
    this.#trace.emit({ type: "upcallDelivered", process, ...source, how, pc, arguments: values });
  }

  emitCreated(process: Process): void {
    const { index, pid, restartCount } = process.data;
    const restart = restartCount > 0;
    this.#trace.emit({ type: "processCreated", process: index, pid, name: process.name, restart });
  }

  emitExited(process: Process, pid = process.data.pid): void {
    const { index, completionCode: code } = process.data;
    const completionCode = typeof code === "number" ? code : null;
    this.#trace.emit({ type: "processExited", process: index, pid, completionCode });
  }

  save(): ProcessTableState {
    const processes = this.#slots.map(process => process?.data ?? null);
    return structuredClone({ processes, nextIdentifier: this.#nextIdentifier });
  }

  load(saved: ProcessTableState): void {
    const { processes, nextIdentifier } = structuredClone(saved);
    this.#nextIdentifier = nextIdentifier;
    this.#slots = processes.map(data => {
      if (data === null) return null;
      if (this.faultPolicy === null) throw new Error("processes of a kernel that loaded none");
      return new Process(data, this, this.faultPolicy);
    });
  }
}
