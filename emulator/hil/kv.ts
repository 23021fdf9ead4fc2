// A store of values by key (kernel/src/hil/kv.rs). Completion comes later, by the name of the operation.

/** Why an operation was refused or failed: names of kernel/src/errorcode.rs. */
export type KvFailure = "FAIL" | "BUSY" | "INVAL" | "SIZE" | "NOMEM" | "NOSUPPORT";

export type KvOperation = "get" | "set" | "add" | "update" | "delete" | "garbageCollect";

export interface KvClient {
  /**
   * The operation is over. `value` is what `get` found, cut to the room there was when the failure is SIZE; NOSUPPORT
   * tells that there is no such key, of `add` that there is one.
   */
  kvComplete(operation: KvOperation, failure: KvFailure | undefined, value: Uint8Array): void;
}

/** One operation at a time; if one is refused the client is not called. */
export interface Kv {
  setKvClient(client: KvClient): void;
  /** `room`: bytes of the value that can be taken. */
  get(key: Uint8Array, room: number): KvFailure | undefined;
  /** Whether or not the key exists. */
  set(key: Uint8Array, value: Uint8Array): KvFailure | undefined;
  add(key: Uint8Array, value: Uint8Array): KvFailure | undefined;
  update(key: Uint8Array, value: Uint8Array): KvFailure | undefined;
  delete(key: Uint8Array): KvFailure | undefined;
  garbageCollect(): KvFailure | undefined;
}
