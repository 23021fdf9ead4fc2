// Storage by address and length (kernel/src/hil/nonvolatile_storage.rs).
import type { FlashFailure } from "./flash.js";

export interface NonvolatileStorageClient {
  readDone(bytes: Uint8Array): void;
  /** `length` bytes are written. */
  writeDone(length: number): void;
}

export interface NonvolatileStorage {
  setNonvolatileStorageClient(client: NonvolatileStorageClient): void;
  read(address: number, length: number): FlashFailure | undefined;
  write(address: number, bytes: Uint8Array): FlashFailure | undefined;
}
