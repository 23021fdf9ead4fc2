// Key-value storage, driver 0x50003 (capsules/extra/src/kv_driver.rs). Grant [1 upcall, 2 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1                get the value of read-only buffer 0 into read-write buffer 0; upcall 0 (status, length, 0)
//   command 2                set key (read-only buffer 0) to value (read-only buffer 1); upcall 0 (status, 0, 0)
//   command 3                delete the key; upcall 0 (status, 0, 0)
//   command 4, 5             as 2, but only for a key that does not exist, or that does
//   command 6                collect garbage; upcall 0 (status, 0, 0)
//                            SIZE for keys over 64 or values over 503 bytes, INVAL for one who may not write, NOMEM while
//                            the own one waits
//
// A command that fails is tried again when the next operation of anybody ends, as upstream forgets to drop it.
import type { Stateful } from "../../base/stateful.js";
import type { KvClient, KvFailure, KvOperation } from "../../hil/kv.js";
import type { ProcessError, ProcessId, ProcessLookup, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import { KV_HEADER_LENGTH, type KvStorePermissions } from "./kv-store-permissions.js";

const UPCALL = 0;
const ReadOnly = { Key: 0, Value: 1 } as const;
const VALUE = 0;
const KEY_BUFFER_SIZE = 64;
const VALUE_BUFFER_SIZE = 512;

/** By command number; 0 stands for none in the grant. */
const operations: readonly (KvOperation | null)[] = [
  null,
  "get",
  "set",
  "delete",
  "add",
  "update",
  "garbageCollect",
];

/** Number of the command under way or waiting. */
const layout = { op: "u8" } as const;
type View = GrantView<typeof layout>;

export const KV_GRANT: GrantShape<typeof layout> = {
  driver: 0x50003,
  upcalls: 1,
  readOnlyAllows: 2,
  readWriteAllows: 1,
  data: layout,
};

export interface KvDriverState {
  /** Whose operation is under way. */
  process: ProcessId | null;
  /** The kernel's buffer for values is gone, with an app that ended while it read. */
  valueBufferLost: boolean;
}

export class KvDriver implements SyscallDriver, KvClient, Stateful<KvDriverState> {
  readonly #kv: KvStorePermissions;
  readonly #grant: Grant<typeof layout>;
  readonly #processes: ProcessLookup;
  #state: KvDriverState = { process: null, valueBufferLost: false };

  constructor(kv: KvStorePermissions, grant: Grant<typeof layout>, processes: ProcessLookup) {
    this.#kv = kv;
    this.#grant = grant;
    this.#processes = processes;
    kv.setKvClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum >= operations.length) return Return.failure(ErrorCode.NOSUPPORT);
    if (this.#state.process === null) {
      this.#state.process = process;
      const ran = this.#grant.command(process, view => {
        view.data.op = commandNum;
        return this.#run(process, view);
      });
      if (ran.length === 1) return ran;
      this.#state.process = null;
      this.#checkQueue();
      return ran;
    }
    return this.#grant.command(process, ({ data }) => {
      if (data.op !== 0) return Return.failure(ErrorCode.NOMEM);
      data.op = commandNum;
      return Return.success();
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  kvComplete(operation: KvOperation, failure: KvFailure | undefined, value: Uint8Array): void {
    const { process } = this.#state;
    if (process !== null) {
      const entered = this.#grant.enter(process, view => {
        if (operations[view.data.op] !== operation) return;
        view.data.op = 0;
        if (failure !== undefined) view.scheduleUpcall(UPCALL, ErrorCode[failure], 0, 0);
        else if (operation === "get") this.#deliver(view, value);
        else view.scheduleUpcall(UPCALL, 0, 0, 0);
      });
      if (!entered.ok && operation === "get") this.#state.valueBufferLost = true;
    }
    this.#state.process = null;
    this.#checkQueue();
  }

  save(): KvDriverState {
    return { ...this.#state };
  }

  load(state: KvDriverState): void {
    this.#state = { ...state };
  }

  #deliver(view: View, value: Uint8Array): void {
    const buffer = view.readWrite(VALUE);
    const fitting = value.subarray(0, buffer.length);
    buffer.write(0, fitting);
    const status = fitting.length < value.length ? ErrorCode.SIZE : 0;
    view.scheduleUpcall(UPCALL, status, value.length, 0);
  }

  /** Starts the operation in the grant. */
  #run(process: ProcessId, view: View): SyscallReturn {
    const operation = operations[view.data.op] ?? null;
    if (operation === null) return Return.success();
    const key = view.readOnly(ReadOnly.Key);
    if (key.length > KEY_BUFFER_SIZE) return Return.failure(ErrorCode.SIZE);
    const failure = this.#start(process, view, operation, key.read(0, key.length));
    return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
  }

  #start(
    process: ProcessId,
    view: View,
    operation: KvOperation,
    key: Uint8Array,
  ): KvFailure | undefined {
    if (operation === "garbageCollect") return this.#kv.garbageCollect();
    const permissions = this.#processes.storagePermissions(process);
    if (permissions === undefined) return "INVAL";
    if (operation === "delete") return this.#kv.delete(key, permissions);
    if (operation === "get") {
      // Upstream does nothing then, and stays busy.
      if (this.#state.valueBufferLost) return undefined;
      return this.#kv.get(key, VALUE_BUFFER_SIZE, permissions);
    }
    if (this.#state.valueBufferLost) return "NOMEM";
    const value = view.readOnly(ReadOnly.Value);
    if (value.length > VALUE_BUFFER_SIZE - KV_HEADER_LENGTH) return "SIZE";
    return this.#kv.insert(operation, key, value.read(0, value.length), permissions);
  }

  #checkQueue(): void {
    if (this.#state.process !== null) return;
    let started = false;
    this.#grant.each((view, process) => {
      if (started || view.data.op === 0) return;
      this.#state.process = process;
      started = this.#run(process, view).length === 1;
      if (!started) this.#state.process = null;
    });
  }
}
