// The buffer of `debug!` as another capsule sees it (kernel/src/debug.rs, `debug_slice` and `debug_available_len`).

export interface DebugQueue {
  /** Bytes that can be queued now. */
  readonly available: number;
  /** Queues bytes of a process, as many as fit. */
  queue(bytes: Uint8Array, process: number): void;
}
