// What installs, starts and unloads apps on a running board (kernel/src/dynamic_binary_storage.rs). A failure is returned, or
// told to the client, as the name of an error code; `undefined` is success. A client is never called from within a request.
import type { ErrorCode } from "./syscalls.js";

export type StoreFailure = keyof typeof ErrorCode;

/** Why a binary did not become a process (kernel/src/process_loading.rs `ProcessLoadError`). */
export type ProcessLoadError =
  | "NotEnoughMemory"
  | "MpuInvalidFlashLength"
  | "MemoryAddressMismatch"
  | "NoProcessSlot"
  | "BinaryError"
  | "CheckError"
  | "InternalError";

/** Stores one binary after the other. */
export interface DynamicBinaryStore {
  setStorageClient(client: DynamicBinaryStoreClient): void;
  /** Reserves room for a binary of so many bytes. */
  setup(length: number): StoreFailure | undefined;
  /**
   * Writes the first `length` bytes of `buffer`, which is the store's until `writeDone`, at `offset` of the reserved room.
   * The first 8 bytes of the binary must be written together. When this fails the buffer is gone, as upstream's is.
   */
  write(buffer: Uint8Array, length: number, offset: number): StoreFailure | undefined;
  /** Everything is written. */
  finalize(): StoreFailure | undefined;
  /** Gives the reserved room back. */
  abort(): StoreFailure | undefined;
}

export interface DynamicBinaryStoreClient {
  setupDone(result: StoreFailure | undefined): void;
  writeDone(result: StoreFailure | undefined, buffer: Uint8Array, length: number): void;
  finalizeDone(result: StoreFailure | undefined): void;
  abortDone(result: StoreFailure | undefined): void;
}

/** Makes a process of the binary that was finalized. */
export interface DynamicProcessLoad {
  setLoadClient(client: DynamicProcessLoadClient): void;
  /** Upstream's `load`, which here is the name of the way back from a saved state. */
  loadProcess(): StoreFailure | undefined;
}

export interface DynamicProcessLoadClient {
  /** Can come twice for one request: for the process, and when loading is over. */
  loadDone(error: ProcessLoadError | undefined): void;
}

/** Ends a process and forgets it; its binary stays and is loaded again at the next boot. */
export interface DynamicProcessUnload {
  setUnloadClient(client: DynamicProcessUnloadClient): void;
  unload(shortId: number): StoreFailure | undefined;
}

export interface DynamicProcessUnloadClient {
  /** `appHandle` is the flash address of the binary. */
  unloadDone(result: StoreFailure | undefined, appHandle: number): void;
}

/** All three, as one object serves them. */
export interface BinaryStorage
  extends DynamicBinaryStore,
    DynamicProcessLoad,
    DynamicProcessUnload {}
