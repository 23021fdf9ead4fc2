// Apps write to their own flash, driver 0x50000 (capsules/extra/src/app_flash_driver.rs). Grant [1 upcall, 1 read-only, 0].
//
//   command 0                existence check
//   command 1  address       write read-only buffer 0 to an address in the app's flash; upcall 0 (0, 0, 0)
//                            INVAL outside the app's flash (its last byte counts as outside), NOMEM while the own one waits
//
// A write that had to wait is dropped without an upcall unless 512 bytes are shared then, and the kernel's buffer with it.
import type { Stateful } from "../../base/stateful.js";
import type {
  NonvolatileStorage,
  NonvolatileStorageClient,
} from "../../hil/nonvolatile-storage.js";
import type { ProcessError, ProcessId, ProcessLookup, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, ReadableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
/** What a waiting app must have shared. */
const WAITING_LENGTH = 512;

const layout = { flashAddress: "u32", pendingCommand: "bool" } as const;

export const APP_FLASH_GRANT: GrantShape<typeof layout> = {
  driver: 0x50000,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface AppFlashOptions {
  /** Bytes of the kernel's buffer; no write is longer. */
  bufferSize: number;
}

export interface AppFlashDriverState {
  currentApp: ProcessId | null;
  /** The kernel's buffer is away; it can be for good. */
  bufferTaken: boolean;
}

export class AppFlashDriver
  implements SyscallDriver, NonvolatileStorageClient, Stateful<AppFlashDriverState>
{
  readonly #storage: NonvolatileStorage;
  readonly #grant: Grant<typeof layout>;
  readonly #processes: ProcessLookup;
  readonly #bufferSize: number;
  #state: AppFlashDriverState = { currentApp: null, bufferTaken: false };

  constructor(
    storage: NonvolatileStorage,
    grant: Grant<typeof layout>,
    processes: ProcessLookup,
    { bufferSize }: AppFlashOptions,
  ) {
    this.#storage = storage;
    this.#grant = grant;
    this.#processes = processes;
    this.#bufferSize = bufferSize;
    storage.setNonvolatileStorageClient(this);
  }

  command(commandNum: number, address: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    return this.#grant.command(process, view => {
      const buffer = view.readOnly(BUFFER);
      const { start, end } = this.#processes.editableFlashRange(process);
      if (address < start || address >= end || address + buffer.length >= end)
        return Return.failure(ErrorCode.INVAL);
      if (this.#state.currentApp === null) {
        this.#state.currentApp = process;
        const error = this.#write(address, buffer);
        return error === undefined ? Return.success() : Return.failure(error);
      }
      if (view.data.pendingCommand) return Return.failure(ErrorCode.NOMEM);
      view.data.pendingCommand = true;
      view.data.flashAddress = address;
      return Return.success();
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  readDone(): void {}

  writeDone(): void {
    this.#state.bufferTaken = false;
    const process = this.#state.currentApp;
    this.#state.currentApp = null;
    if (process !== null) this.#grant.enter(process, view => view.scheduleUpcall(UPCALL, 0, 0, 0));
    let started = false;
    this.#grant.each((view, waiting) => {
      if (started || !view.data.pendingCommand) return;
      view.data.pendingCommand = false;
      this.#state.currentApp = waiting;
      const buffer = view.readOnly(BUFFER);
      if (buffer.length !== WAITING_LENGTH) this.#state.bufferTaken = true;
      else started = this.#write(view.data.flashAddress, buffer) === undefined;
    });
  }

  save(): AppFlashDriverState {
    return { ...this.#state };
  }

  load(state: AppFlashDriverState): void {
    this.#state = { ...state };
  }

  #write(address: number, buffer: ReadableBuffer): ErrorCode | undefined {
    if (this.#state.bufferTaken) return ErrorCode.RESERVE;
    this.#state.bufferTaken = true;
    const bytes = buffer.read(0, Math.min(this.#bufferSize, buffer.length));
    const failure = this.#storage.write(address, bytes);
    return failure === undefined ? undefined : ErrorCode[failure];
  }
}
