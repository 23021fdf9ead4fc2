// An app installs, starts and unloads apps, driver 0x10001 (capsules/extra/src/app_loader.rs).
// Grant [6 upcalls, 1 read-only, 0].
//
//   command 0                existence check; the caller no longer owns the driver
//   command 1  size          reserve room for a TBF; upcall 0 (0, 0, 0); FAIL if there is none
//   command 2  offset, size  write read-only buffer 0 into it; upcall 1 (0, size, 0); INVAL beyond the room
//   command 3                all is written; upcall 2 (0, 0, 0)
//   command 4                make a process of it; upcall 3 (status, 0, 0): NOMEM, INVAL (flash and MPU), OFF, else FAIL
//   command 5                give up; upcall 4 (0, 0, 0); BUSY: try again
//   command 6  ShortId       end a process and forget it; upcall 5 (0, flash address, 0); INVAL if there is none
//
// A step out of turn is INVAL. The first caller owns the driver until it is done with one binary, or has failed; for others it
// is BUSY. An unknown command makes one the owner, too. The buffer of 4096 bytes is lost when the store refuses a write, and
// every later write is RESERVE until the board is reset. Without a shared buffer what a write before has left there is
// written: upstream's check for that is lost in a result within a result.
import type { Stateful } from "../../base/stateful.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type {
  BinaryStorage,
  DynamicBinaryStoreClient,
  DynamicProcessLoadClient,
  DynamicProcessUnloadClient,
  ProcessLoadError,
  StoreFailure,
} from "../dynamic-loading.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = {
  setupDone: 0,
  writeDone: 1,
  finalizeDone: 2,
  loadDone: 3,
  abortDone: 4,
  unloadDone: 5,
} as const;
type Upcall = (typeof Upcall)[keyof typeof Upcall];

const BUFFER = 0;
const BUF_LEN = 4096;

/** Set by every command and looked at by none. */
const layout = { pendingCommand: "bool" } as const;

export const APP_LOADER_GRANT: GrantShape<typeof layout> = {
  driver: 0x10001,
  upcalls: 6,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface AppLoaderState {
  currentProcess: ProcessId | null;
  newAppLength: number;
  /** `null` while the store has it, or for good. What a write does not fill is what the one before has left. */
  buffer: Uint8Array | null;
}

const loadStatus: Readonly<Record<ProcessLoadError, number>> = {
  NotEnoughMemory: ErrorCode.NOMEM,
  MpuInvalidFlashLength: ErrorCode.INVAL,
  MemoryAddressMismatch: ErrorCode.FAIL,
  NoProcessSlot: ErrorCode.FAIL,
  BinaryError: ErrorCode.FAIL,
  CheckError: ErrorCode.FAIL,
  InternalError: ErrorCode.OFF,
};

const statusOf = (failure: StoreFailure | undefined): number =>
  failure === undefined ? 0 : ErrorCode[failure];

export class AppLoader
  implements
    SyscallDriver,
    DynamicBinaryStoreClient,
    DynamicProcessLoadClient,
    DynamicProcessUnloadClient,
    Stateful<AppLoaderState>
{
  readonly #store: BinaryStorage;
  readonly #grant: Grant<typeof layout>;
  #s: AppLoaderState = { currentProcess: null, newAppLength: 0, buffer: new Uint8Array(BUF_LEN) };

  constructor(store: BinaryStorage, grant: Grant<typeof layout>) {
    this.#store = store;
    this.#grant = grant;
    store.setStorageClient(this);
    store.setLoadClient(this);
    store.setUnloadClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    if (!this.#own(process)) return Return.failure(ErrorCode.BUSY);
    switch (commandNum) {
      case 0:
        this.#s.currentProcess = null;
        return Return.success();
      case 1: {
        const failure = this.#store.setup(arg1);
        this.#s.newAppLength = failure === undefined ? arg1 : 0;
        return this.#answer(failure);
      }
      case 2:
        return this.#write(arg1, arg2, process);
      case 3: {
        const failure = this.#store.finalize();
        if (failure !== undefined) this.#s.newAppLength = 0;
        return this.#answer(failure);
      }
      case 4:
        this.#s.newAppLength = 0;
        return this.#answer(this.#store.loadProcess());
      case 5:
        this.#s.newAppLength = 0;
        return this.#answer(this.#store.abort());
      case 6:
        if (arg1 === 0) return Return.failure(ErrorCode.INVAL);
        return this.#answer(this.#store.unload(arg1));
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  setupDone(result: StoreFailure | undefined): void {
    this.#tell(view => view.scheduleUpcall(Upcall.setupDone, statusOf(result), 0, 0));
  }

  writeDone(result: StoreFailure | undefined, buffer: Uint8Array, length: number): void {
    this.#tell(view => {
      this.#s.buffer = buffer;
      view.scheduleUpcall(Upcall.writeDone, statusOf(result), length, 0);
    });
  }

  finalizeDone(result: StoreFailure | undefined): void {
    this.#finish(Upcall.finalizeDone, statusOf(result));
  }

  abortDone(result: StoreFailure | undefined): void {
    this.#finish(Upcall.abortDone, statusOf(result));
  }

  loadDone(error: ProcessLoadError | undefined): void {
    this.#finish(Upcall.loadDone, error === undefined ? 0 : loadStatus[error]);
  }

  unloadDone(result: StoreFailure | undefined, appHandle: number): void {
    this.#finish(Upcall.unloadDone, statusOf(result), appHandle);
  }

  save(): AppLoaderState {
    return structuredClone(this.#s);
  }

  load(state: AppLoaderState): void {
    this.#s = structuredClone(state);
  }

  /** Makes a process the owner unless there is one already; an owner that is gone is found out at the first other call. */
  #own(process: ProcessId): boolean {
    const s = this.#s;
    if (s.currentProcess !== null) {
      if (this.#grant.enter(s.currentProcess, () => {}).ok) {
        if (!sameProcess(s.currentProcess, process)) return false;
      } else {
        this.#store.abort();
        s.newAppLength = 0;
        s.currentProcess = null;
        return false;
      }
    }
    s.currentProcess = process;
    this.#grant.enter(process, ({ data }) => {
      data.pendingCommand = true;
    });
    return true;
  }

  /** A failure ends the ownership. */
  #answer(failure: StoreFailure | undefined): SyscallReturn {
    if (failure === undefined) return Return.success();
    this.#s.currentProcess = null;
    return Return.failure(ErrorCode[failure]);
  }

  #write(offset: number, length: number, process: ProcessId): SyscallReturn {
    const s = this.#s;
    const failure = this.#fillAndWrite(offset, length, process);
    if (failure === undefined) return Return.success();
    // The store has refused, or has the buffer: the owner stays, and is told of the buffer only.
    if (s.buffer === null) return Return.failure(ErrorCode.RESERVE);
    s.newAppLength = 0;
    return this.#answer(failure);
  }

  #fillAndWrite(offset: number, length: number, process: ProcessId): StoreFailure | undefined {
    const s = this.#s;
    if (offset + length > s.newAppLength) return "INVAL";
    const entered = this.#grant.enter(process, view => {
      const shared = view.readOnly(BUFFER);
      const { buffer } = s;
      if (buffer === null) return "RESERVE";
      if (shared.length > 0) buffer.set(shared.read(0, Math.min(length, shared.length, BUF_LEN)));
      s.buffer = null;
      return this.#store.write(buffer, Math.min(length, BUF_LEN), offset);
    });
    return entered.ok ? entered.value : "NOMEM";
  }

  #tell(f: (view: GrantView<typeof layout>) => void): void {
    const { currentProcess } = this.#s;
    if (currentProcess === null) return;
    this.#grant.enter(currentProcess, view => {
      view.data.pendingCommand = false;
      f(view);
    });
  }

  /** The last upcall of a request; the driver is free for others. */
  #finish(upcall: Upcall, status: number, value = 0): void {
    this.#tell(view => {
      this.#s.currentProcess = null;
      view.scheduleUpcall(upcall, status, value, 0);
    });
  }
}
