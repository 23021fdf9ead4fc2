// One process: its state machine, upcall queue and memory breaks (kernel/src/process_standard.rs). All of it is plain data.
import type { Memory } from "../bus/memory.js";
import { type CommandPermissions, commandPermissions, type TbfHeader } from "../formats/tbf.js";
import type { Occurrence } from "../machine/occurrence.js";
import type { Acts } from "./acts.js";
import type { AccessibleMemory, Chip, FunctionCall, Region } from "./boundary.js";
import type { ProcessId } from "./driver.js";
import type { IdentifiedBinary, IdentityPolicies } from "./identity.js";
import type { FaultStatus, ProcessSizes } from "./inspect.js";
import type { FaultAction, IpcRole, ProcessFaultPolicy } from "./resources.js";
import type { StoragePermissions } from "./storage-permissions.js";
import { ErrorCode, type Syscall, type SyscallReturn } from "./syscalls.js";

export interface UpcallId {
  driver: number;
  subscribe: number;
}

const sameUpcall = (a: UpcallId | null, b: UpcallId): boolean =>
  a !== null && a.driver === b.driver && a.subscribe === b.subscribe;

/** An upcall: a call (`source` null: by the kernel), or the values of a null upcall. */
export type UpcallTask =
  | { kind: "FunctionCall"; source: UpcallId | null; call: FunctionCall }
  | { kind: "ReturnValue"; source: UpcallId; values: readonly [number, number, number] };

/** What waits in the queue of a process. */
export type Task = UpcallTask | { kind: "IPC"; source: null; from: ProcessId; role: IpcRole };

export type ActiveState =
  | { name: "Running" }
  | { name: "Yielded" }
  | { name: "YieldedFor"; upcall: UpcallId };

export type ProcessState =
  | ActiveState
  | { name: "Stopped"; previous: ActiveState }
  | { name: "Faulted" }
  | { name: "Terminated" };

/** A ring buffer of 10 that keeps one slot free. */
export const MAX_TASKS = 9;
const UPCALL_QUEUE_SIZE = 320;
const GRANT_POINTER_SIZE = 8;
const IPC_DRIVER = 0x10000;
/** `GRANT_POINTERS_ALIGNMENT + CALLBACKS_ALIGNMENT + PROCESS_STRUCT_ALIGNMENT` */
const ALIGNMENT_ALLOWANCE = 12;

/** What every process shares with its kernel. */
export interface ProcessHost {
  readonly memory: Memory;
  readonly chip: Chip;
  /** Number of grants that the board created. */
  readonly grantCount: number;
  /** `sizeof(ProcessStandard)` of the board's kernel. */
  readonly processStructSize: number;
  /** Ready for a yield-wait-for as upstream's flag says, lost wakeups included. */
  readonly strictWaitFor: boolean;
  readonly identity: IdentityPolicies;
  readonly acts: Acts;
  createProcessIdentifier(): number;
}

/** The parts of a TBF that a process keeps. */
export interface Binary extends IdentifiedBinary {
  name: string;
  /** False when the header has no package name. */
  hasName: boolean;
  flash: { start: number; appStart: number; end: number };
  /** Of the app, from its header. */
  version: number;
  /** Where its credentials begin, from `flash.start`. */
  binaryEnd: number;
  initFunction: number;
  minimumRamSize: number;
  writeableFlashRegions: { offset: number; size: number }[];
  fixedAddressRam: number | null;
  fixedAddressFlash: number | null;
  /** Absent when the header has none. */
  permissions?: TbfHeader["permissions"] & object;
}

export interface ProcessData {
  index: number;
  pid: number;
  binary: Binary;
  /** `null`: locally unique. */
  shortId: number | null;
  storagePermissions: StoragePermissions;
  state: ProcessState;
  waitForReady: boolean;
  tasks: Task[];
  stored: unknown;
  mpu: unknown;
  memory: { start: number; end: number };
  appBreak: number;
  /** The highest that `appBreak` has been in this life. */
  highestAppBreak: number;
  kernelBreak: number;
  allowHighWaterMark: number;
  completionCode: number | "faulted" | null;
  restartCount: number;
  syscallCount: number;
  lastSyscall: Syscall | null;
  droppedUpcalls: number;
  timesliceExpirations: number;
  stackTop: number | null;
  heapStart: number | null;
  minimumStackPointer: number | null;
  fault: FaultStatus | null;
}

export const processSizes = (host: ProcessHost): ProcessSizes => ({
  grantPointers: GRANT_POINTER_SIZE * host.grantCount,
  upcallList: UPCALL_QUEUE_SIZE,
  processControlBlock: host.processStructSize,
});

/** Bytes that the kernel reserves at the end of a process block, allowances for alignment included. */
export const initialKernelMemorySize = (host: ProcessHost): number => {
  const sizes = processSizes(host);
  return sizes.grantPointers + sizes.upcallList + sizes.processControlBlock + ALIGNMENT_ALLOWANCE;
};

/** `{driver number, pointer}` of a grant in the table at the end of the process block. */
const grantPointer = (data: ProcessData, host: ProcessHost, grant: number) =>
  data.memory.end - GRANT_POINTER_SIZE * (host.grantCount - grant);

export class Process {
  data: ProcessData;
  readonly host: ProcessHost;
  readonly faultPolicy: ProcessFaultPolicy;

  constructor(data: ProcessData, host: ProcessHost, faultPolicy: ProcessFaultPolicy) {
    this.data = data;
    this.host = host;
    this.faultPolicy = faultPolicy;
  }

  get id(): ProcessId {
    return { index: this.data.index, pid: this.data.pid };
  }

  get name(): string {
    return this.data.binary.name;
  }

  get shortId(): number | null {
    return this.data.shortId;
  }

  commandPermissions(driver: number, offset: number): CommandPermissions {
    return commandPermissions(this.data.binary, driver, offset);
  }

  get accessible(): AccessibleMemory {
    return { start: this.data.memory.start, appBreak: this.data.appBreak };
  }

  /** Alive, though perhaps stopped. */
  get isRunning(): boolean {
    const { name } = this.data.state;
    return name !== "Faulted" && name !== "Terminated";
  }

  get ready(): boolean {
    const { state, tasks, waitForReady } = this.data;
    if (state.name === "Running") return true;
    if (state.name === "Yielded") return tasks.length > 0;
    if (state.name !== "YieldedFor") return false;
    return this.host.strictWaitFor ? waitForReady : this.#hasTaskFor(state.upcall);
  }

  enqueueTask(task: Task): ErrorCode | undefined {
    const { data } = this;
    if (!this.isRunning) return ErrorCode.NODEVICE;
    if (data.tasks.length >= MAX_TASKS) {
      this.host.acts.push(dropOf(data.index, task), data.pid);
      return ErrorCode.NOMEM;
    }
    data.tasks.push(task);
    if (data.state.name === "YieldedFor" && task.source !== null)
      data.waitForReady = sameUpcall(task.source, data.state.upcall);
    return undefined;
  }

  dequeueTask(): Task | undefined {
    return this.data.tasks.shift();
  }

  /** Takes the first task of `upcall` out of the queue. */
  removeUpcall(upcall: UpcallId): UpcallTask | undefined {
    const i = this.data.tasks.findIndex(task => sameUpcall(task.source, upcall));
    const task = this.data.tasks[i];
    if (task === undefined || task.kind === "IPC") return undefined;
    this.data.tasks.splice(i, 1);
    return task;
  }

  /** Drops queued calls of `upcall`, but not the values of a null upcall; how many there were. */
  removePendingUpcalls(upcall: UpcallId): number {
    const before = this.data.tasks.length;
    this.data.tasks = this.data.tasks.filter(
      task => task.kind !== "FunctionCall" || !sameUpcall(task.source, upcall),
    );
    return before - this.data.tasks.length;
  }

  setYielded(): void {
    if (this.data.state.name === "Running") this.data.state = { name: "Yielded" };
  }

  setYieldedFor(upcall: UpcallId): void {
    this.data.state = { name: "YieldedFor", upcall };
    this.data.waitForReady = this.#hasTaskFor(upcall);
  }

  stop(): void {
    const { state } = this.data;
    if (state.name === "Running" || state.name === "Yielded" || state.name === "YieldedFor")
      this.data.state = { name: "Stopped", previous: state };
  }

  resume(): void {
    const { state } = this.data;
    if (state.name !== "Stopped") return;
    if (state.previous.name === "YieldedFor") this.setYieldedFor(state.previous.upcall);
    else this.data.state = state.previous;
  }

  /** Ends the process: its tasks and grants are gone at once. */
  terminate(completionCode: number | null): void {
    const { data } = this;
    if (!this.isRunning && data.state.name !== "Faulted") return;
    data.tasks = [];
    this.#clearGrantPointers();
    data.completionCode = completionCode ?? "faulted";
    data.state = { name: "Terminated" };
  }

  /** True when the process lives again. */
  tryRestart(completionCode: number | null): boolean {
    if (this.data.state.name === "Terminated") return false;
    this.terminate(completionCode);
    return this.#reset();
  }

  /** Starts a terminated process; true when it lives again. */
  start(): boolean {
    return this.data.state.name === "Terminated" && this.#reset();
  }

  faultAction(debug: (line: string) => void): FaultAction {
    const { name } = this;
    return this.faultPolicy.action({ name, restartCount: this.data.restartCount }, debug);
  }

  setFunction(call: FunctionCall): boolean {
    const done = this.#boundary.setProcessFunction(this.accessible, this.data.stored, call);
    if (done) this.data.state = { name: "Running" };
    return done;
  }

  setSyscallReturn(values: SyscallReturn): boolean {
    const done = this.#boundary.setSyscallReturnValue(this.accessible, this.data.stored, values);
    if (done) {
      this.data.state = { name: "Running" };
      this.data.waitForReady = false;
    }
    return done;
  }

  recordStackPointer(pointer: number): void {
    const { data } = this;
    if (data.minimumStackPointer === null || pointer < data.minimumStackPointer)
      data.minimumStackPointer = pointer;
  }

  setStackTop(pointer: number): void {
    if (!this.#inBlock(pointer)) return;
    this.data.stackTop = pointer;
    this.data.minimumStackPointer = pointer;
  }

  setHeapStart(pointer: number): void {
    if (this.#inBlock(pointer)) this.data.heapStart = pointer;
  }

  /** Moves the app break; the old break, or `undefined` when the new one is refused. */
  brk(newBreak: number): number | undefined {
    const { data, host } = this;
    if (!this.isRunning) return undefined;
    if (newBreak < data.allowHighWaterMark || newBreak >= data.memory.end) return undefined;
    if (newBreak > data.kernelBreak) return undefined;
    const { mpu } = host.chip;
    if (!mpu.updateAppMemoryRegion(newBreak, data.kernelBreak, data.mpu)) return undefined;
    const oldBreak = data.appBreak;
    data.appBreak = newBreak;
    data.highestAppBreak = Math.max(data.highestAppBreak, newBreak);
    mpu.configure(data.mpu);
    if (newBreak > oldBreak) host.memory.fill(oldBreak, newBreak - oldBreak, 0);
    return oldBreak;
  }

  /** `[address, address + size]` lies in the RAM the app owns. */
  inAppMemory(address: number, size: number): boolean {
    const { memory, appBreak } = this.data;
    return address >= memory.start && address + size <= appBreak;
  }

  /** `[address, address + size]` lies in the app's flash behind its header and trailer. */
  inAppFlash(address: number, size: number): boolean {
    const { flash } = this.data.binary;
    return address >= flash.appStart && address + size <= flash.end;
  }

  /** Checks a buffer that the app shares; the error when it may not. */
  shareBuffer(address: number, size: number, readOnly: boolean): ErrorCode | undefined {
    if (!this.isRunning) return ErrorCode.FAIL;
    if (size === 0) return undefined;
    if (this.inAppMemory(address, size)) {
      this.data.allowHighWaterMark = Math.max(this.data.allowHighWaterMark, address + size);
      return undefined;
    }
    return readOnly && this.inAppFlash(address, size) ? undefined : ErrorCode.INVAL;
  }

  /** Lets the process read and write a buffer of another one, from the next time it is put on the CPU. */
  addMpuRegion(region: Region): void {
    this.host.chip.mpu.allocateRegion(region, "ReadWriteOnly", this.data.mpu);
  }

  /** Driver number and pointer of a grant; bit 0 of the pointer is set while it is entered. */
  grantEntry(grant: number): { driver: number; pointer: number } {
    const at = grantPointer(this.data, this.host, grant);
    const { memory } = this.host;
    return { driver: memory.read32(at), pointer: memory.read32(at + 4) };
  }

  setGrantPointer(grant: number, pointer: number): void {
    this.host.memory.write32(grantPointer(this.data, this.host, grant) + 4, pointer);
  }

  /** Grant number of the driver's allocated grant, -1 if there is none. */
  lookupGrant(driver: number): number {
    for (let grant = 0; grant < this.host.grantCount; grant++) {
      const entry = this.grantEntry(grant);
      if (entry.pointer !== 0 && entry.driver === driver) return grant;
    }
    return -1;
  }

  /** Allocates zeroed bytes for a grant; false when they cannot be had. */
  allocateGrant(grant: number, driver: number, size: number, alignment: number): boolean {
    if (!this.isRunning || this.lookupGrant(driver) >= 0) return false;
    if (this.grantEntry(grant).pointer !== 0) return false;
    const { data, host } = this;
    const mask = Math.max(alignment, 2) - 1;
    const newBreak = ((data.kernelBreak - size) & ~mask) >>> 0;
    if (newBreak < data.appBreak || newBreak > data.kernelBreak) return false;
    if (!host.chip.mpu.updateAppMemoryRegion(data.appBreak, newBreak, data.mpu)) return false;
    data.kernelBreak = newBreak;
    host.memory.fill(newBreak, size, 0);
    host.memory.write32(grantPointer(data, host, grant), driver);
    this.setGrantPointer(grant, newBreak);
    return true;
  }

  get #boundary() {
    return this.host.chip.boundary;
  }

  #inBlock(pointer: number): boolean {
    return pointer >= this.data.memory.start && pointer < this.data.memory.end;
  }

  #hasTaskFor(upcall: UpcallId): boolean {
    return this.data.tasks.some(task => sameUpcall(task.source, upcall));
  }

  #clearGrantPointers(): void {
    const size = GRANT_POINTER_SIZE * this.host.grantCount;
    this.host.memory.fill(this.data.memory.end - size, size, 0);
  }

  /** A terminated process as new, in its old place; false leaves it terminated. RAM keeps its bytes. */
  #reset(): boolean {
    const { data, host } = this;
    data.pid = host.createProcessIdentifier();
    data.lastSyscall = null;
    data.syscallCount = 0;
    data.droppedUpcalls = 0;
    data.timesliceExpirations = 0;
    data.fault = null;
    const { mpu, boundary } = host.chip;
    mpu.resetConfig(data.mpu);
    const { start, end } = data.binary.flash;
    const flash = { start, size: end - start };
    if (mpu.allocateRegion(flash, "ReadExecuteOnly", data.mpu) === null) return false;
    const size = data.memory.end - data.memory.start;
    const block = mpu.allocateAppMemoryRegion(
      {
        unallocated: { start: data.memory.start, size },
        minMemorySize: size,
        initialAppMemorySize: boundary.initialProcessAppBrkSize,
        initialKernelMemorySize: initialKernelMemorySize(host),
      },
      data.mpu,
    );
    if (block === null) return false;
    data.appBreak = block.start + boundary.initialProcessAppBrkSize;
    data.highestAppBreak = data.appBreak;
    // Lower than at creation, where the allowance for alignment is not used up.
    data.kernelBreak = block.start + block.size - initialKernelMemorySize(host);
    data.allowHighWaterMark = block.start;
    const stored = boundary.initializeProcess(this.accessible);
    if (stored === null) return false;
    data.stored = stored;
    data.restartCount++;
    data.state = { name: "Yielded" };
    this.enqueueTask(initialTask(data));
    return true;
  }
}

/** `task` finds no room in the queue; it counts as dropped when the kernel goes on. */
function dropOf(process: number, task: Task): Occurrence {
  const kind = "upcallDropped";
  if (task.kind === "IPC") {
    const subscribe = task.role === "Service" ? process : task.from.index;
    return { kind, process, driver: IPC_DRIVER, subscribe, arguments: null };
  }
  const { driver, subscribe } = task.source ?? { driver: 0, subscribe: 0 };
  const values = task.kind === "FunctionCall" ? task.call.arguments.slice(0, 3) : task.values;
  return { kind, process, driver, subscribe, arguments: values };
}

const initialTask = (data: ProcessData): Task => ({
  kind: "FunctionCall",
  source: null,
  call: {
    pc: data.binary.initFunction,
    arguments: [
      data.binary.flash.appStart,
      data.memory.start,
      data.memory.end - data.memory.start,
      data.appBreak,
    ],
  },
});

/** A new process in `block` of RAM whose flash and RAM regions stand in `mpu`. */
export function createProcess(
  host: ProcessHost,
  binary: Binary,
  place: { index: number; start: number; end: number; mpu: unknown },
  faultPolicy: ProcessFaultPolicy,
): Process | null {
  const { index, start, end, mpu } = place;
  const { boundary } = host.chip;
  const appBreak = start + boundary.initialProcessAppBrkSize;
  host.memory.fill(start, appBreak - start, 0);
  const grantPointers = GRANT_POINTER_SIZE * host.grantCount;
  host.memory.fill(end - grantPointers, grantPointers, 0);
  const stored = boundary.initializeProcess({ start, appBreak });
  if (stored === null) return null;
  const shortId = host.identity.assigner(binary);
  const data: ProcessData = {
    index,
    pid: host.createProcessIdentifier(),
    binary,
    shortId,
    storagePermissions: host.identity.storagePermissions(shortId, binary),
    state: { name: "Yielded" },
    waitForReady: false,
    tasks: [],
    stored,
    mpu,
    memory: { start, end },
    appBreak,
    highestAppBreak: appBreak,
    kernelBreak: end - (initialKernelMemorySize(host) - ALIGNMENT_ALLOWANCE),
    allowHighWaterMark: start,
    completionCode: null,
    restartCount: 0,
    syscallCount: 0,
    lastSyscall: null,
    droppedUpcalls: 0,
    timesliceExpirations: 0,
    stackTop: null,
    heapStart: null,
    minimumStackPointer: null,
    fault: null,
  };
  data.tasks.push(initialTask(data));
  return new Process(data, host, faultPolicy);
}
