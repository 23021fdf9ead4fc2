// Nonvolatile storage that all apps share, driver 0x50001 (capsules/extra/src/nonvolatile_storage_driver.rs).
// Grant [2 upcalls, 1 read-only, 1 read-write].
//
//   command 0                  existence check
//   command 1                  Success(bytes of the region)
//   command 2  offset, length  read into read-write buffer 0; upcall 0 (bytes, 0, 0)
//   command 3  offset, length  write read-only buffer 0; upcall 1 (bytes, 0, 0)
//                              INVAL outside the region, RESERVE without a buffer or while anybody's is under way
//
// One operation moves at most 512 bytes. Upstream would queue operations, but asks for its one buffer first. An operation
// whose app dies takes that buffer with it, so that all later ones are RESERVE.
import type { Stateful } from "../../base/stateful.js";
import type { FlashFailure } from "../../hil/flash.js";
import type {
  NonvolatileStorage,
  NonvolatileStorageClient,
} from "../../hil/nonvolatile-storage.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const BUF_LEN = 512;
const Upcall = { ReadDone: 0, WriteDone: 1 } as const;
const BUFFER = 0;

/** The queue that is never used. */
const layout = { offset: "u32", length: "u32", pendingCommand: "bool", command: "u8" } as const;
type View = GrantView<typeof layout>;

export const NONVOLATILE_STORAGE_GRANT: GrantShape<typeof layout> = {
  driver: 0x50001,
  upcalls: 2,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

/** The part of the storage that apps may use, in bytes. */
export interface StorageRegion {
  start: number;
  length: number;
}

export interface NonvolatileStorageDriverState {
  currentUser: ProcessId | null;
  /** The kernel's buffer is away; it can be for good. */
  bufferTaken: boolean;
}

export class NonvolatileStorageDriver
  implements SyscallDriver, NonvolatileStorageClient, Stateful<NonvolatileStorageDriverState>
{
  readonly #storage: NonvolatileStorage;
  readonly #grant: Grant<typeof layout>;
  readonly #region: StorageRegion;
  #state: NonvolatileStorageDriverState = { currentUser: null, bufferTaken: false };

  constructor(storage: NonvolatileStorage, grant: Grant<typeof layout>, region: StorageRegion) {
    this.#storage = storage;
    this.#grant = grant;
    this.#region = region;
    storage.setNonvolatileStorageClient(this);
  }

  command(commandNum: number, offset: number, length: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return Return.successU32(this.#region.length);
      case 2:
        return this.#start(process, offset, length, view => {
          const { length: shared } = view.readWrite(BUFFER);
          return shared === 0 ? "RESERVE" : this.#read(offset, Math.min(length, shared));
        });
      case 3:
        return this.#start(process, offset, length, view => {
          const shared = view.readOnly(BUFFER);
          if (shared.length === 0) return "RESERVE";
          return this.#write(offset, shared.read(0, Math.min(length, shared.length, BUF_LEN)));
        });
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  readDone(bytes: Uint8Array): void {
    this.#done(Upcall.ReadDone, bytes.length, view => {
      const buffer = view.readWrite(BUFFER);
      buffer.write(0, bytes.subarray(0, buffer.length));
    });
  }

  writeDone(length: number): void {
    this.#done(Upcall.WriteDone, length, () => {});
  }

  save(): NonvolatileStorageDriverState {
    return { ...this.#state };
  }

  load(state: NonvolatileStorageDriverState): void {
    this.#state = { ...state };
  }

  #start(
    process: ProcessId,
    offset: number,
    length: number,
    request: (view: View) => FlashFailure | "RESERVE" | undefined,
  ): SyscallReturn {
    if (offset >= this.#region.length || offset + length > this.#region.length)
      return Return.failure(ErrorCode.INVAL);
    return this.#grant.command(process, view => {
      if (this.#state.bufferTaken) return Return.failure(ErrorCode.RESERVE);
      const failure = request(view);
      if (failure !== "RESERVE") this.#state = { currentUser: process, bufferTaken: true };
      return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
    });
  }

  #read(offset: number, length: number): FlashFailure | undefined {
    return this.#storage.read(this.#region.start + offset, Math.min(length, BUF_LEN));
  }

  #write(offset: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#storage.write(this.#region.start + offset, bytes);
  }

  #done(upcall: number, length: number, deliver: (view: View) => void): void {
    const process = this.#state.currentUser;
    this.#state.currentUser = null;
    if (process === null) return;
    this.#grant.enter(process, view => {
      deliver(view);
      this.#state.bufferTaken = false;
      view.scheduleUpcall(upcall, length, 0, 0);
    });
  }
}
