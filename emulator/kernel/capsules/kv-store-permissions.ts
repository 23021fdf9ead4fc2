// Values that belong to whoever wrote them (capsules/extra/src/kv_store_permissions.rs). Each starts with a header:
// a version, 0; the length of the rest; and the ShortId of the app that wrote it, both least significant byte first.
import type { Stateful } from "../../base/stateful.js";
import type { Kv, KvClient, KvFailure, KvOperation } from "../../hil/kv.js";
import {
  checkModifyPermission,
  checkReadPermission,
  type StoragePermissions,
  writeIdOf,
} from "../storage-permissions.js";

const HEADER_VERSION = 0;
/** Bytes that the header takes of the room for a value. */
export const KV_HEADER_LENGTH = 9;

export interface KvStorePermissionsState {
  operation: KvOperation | null;
  /** The header of what is there is being read, to see whether it may be changed. */
  checking: boolean;
  key: Uint8Array;
  /** With its header. */
  value: Uint8Array;
  permissions: StoragePermissions;
}

const idle = (): KvStorePermissionsState => ({
  operation: null,
  checking: false,
  key: new Uint8Array(),
  value: new Uint8Array(),
  permissions: { kind: "Null" },
});

function withHeader(value: Uint8Array, writeId: number): Uint8Array {
  const bytes = new Uint8Array(KV_HEADER_LENGTH + value.length);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, HEADER_VERSION);
  header.setUint32(1, value.length, true);
  header.setUint32(5, writeId, true);
  bytes.set(value, KV_HEADER_LENGTH);
  return bytes;
}

/** Who wrote a value, `undefined` if its header cannot be understood. */
function writerOf(value: Uint8Array): number | undefined {
  if (value.length < KV_HEADER_LENGTH || value[0] !== HEADER_VERSION) return undefined;
  return new DataView(value.buffer, value.byteOffset).getUint32(5, true);
}

/** A value as it lies in the store: `failure` SIZE is one that was cut. */
const wasRead = (failure: KvFailure | undefined) => failure === undefined || failure === "SIZE";

export class KvStorePermissions implements KvClient, Stateful<KvStorePermissionsState> {
  readonly #kv: Kv;
  #client: KvClient | undefined;
  #state: KvStorePermissionsState = idle();

  constructor(kv: Kv) {
    this.#kv = kv;
    kv.setKvClient(this);
  }

  setKvClient(client: KvClient): void {
    this.#client = client;
  }

  /** `room` is for value and header. */
  get(key: Uint8Array, room: number, permissions: StoragePermissions): KvFailure | undefined {
    return this.#start({ operation: "get", key, permissions }, () => this.#kv.get(key, room));
  }

  /** Sets, adds or updates; INVAL for one who may not write. */
  insert(
    operation: "set" | "add" | "update",
    key: Uint8Array,
    plain: Uint8Array,
    permissions: StoragePermissions,
  ): KvFailure | undefined {
    const writeId = writeIdOf(permissions);
    if (writeId === undefined) return "INVAL";
    const value = withHeader(plain, writeId);
    if (operation === "add")
      return this.#start({ operation, key, permissions }, () => this.#kv.add(key, value));
    return this.#check({ operation, key, value, permissions });
  }

  delete(key: Uint8Array, permissions: StoragePermissions): KvFailure | undefined {
    return this.#check({ operation: "delete", key, permissions });
  }

  garbageCollect(): KvFailure | undefined {
    return this.#start({ operation: "garbageCollect" }, () => this.#kv.garbageCollect());
  }

  kvComplete(_operation: KvOperation, failure: KvFailure | undefined, value: Uint8Array): void {
    const { operation, checking, permissions } = this.#state;
    const writer = wasRead(failure) ? writerOf(value) : undefined;
    if (checking) {
      const free = operation === "set" && failure === "NOSUPPORT";
      const allowed = writer !== undefined && checkModifyPermission(permissions, writer);
      if (free || allowed) this.#change();
      else this.#finish("NOSUPPORT");
    } else if (operation === "get") {
      if (writer !== undefined && checkReadPermission(permissions, writer))
        this.#finish(failure, value.slice(KV_HEADER_LENGTH));
      else this.#finish("NOSUPPORT");
    } else {
      this.#finish(failure);
    }
  }

  save(): KvStorePermissionsState {
    return structuredClone(this.#state);
  }

  load(state: KvStorePermissionsState): void {
    this.#state = structuredClone(state);
  }

  #start(
    state: Partial<KvStorePermissionsState>,
    request: () => KvFailure | undefined,
  ): KvFailure | undefined {
    if (this.#state.operation !== null) return "BUSY";
    this.#state = { ...idle(), ...state };
    const failure = request();
    if (failure !== undefined) this.#state = idle();
    return failure;
  }

  #check(state: Partial<KvStorePermissionsState> & { key: Uint8Array }): KvFailure | undefined {
    return this.#start({ ...state, checking: true }, () =>
      this.#kv.get(state.key, KV_HEADER_LENGTH),
    );
  }

  #change(): void {
    this.#state.checking = false;
    const { operation, key, value } = this.#state;
    const failure =
      operation === "set"
        ? this.#kv.set(key, value)
        : operation === "update"
          ? this.#kv.update(key, value)
          : this.#kv.delete(key);
    if (failure !== undefined) this.#finish(failure);
  }

  #finish(failure: KvFailure | undefined, value: Uint8Array = new Uint8Array()): void {
    const { operation } = this.#state;
    this.#state = idle();
    if (operation !== null) this.#client?.kvComplete(operation, failure, value);
  }
}
