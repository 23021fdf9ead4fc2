// `debug!`: the kernel's own lines (kernel/src/debug.rs, capsules/system/src/debug_writer/uart_debug_writer.rs).

import type { Stateful } from "../../base/stateful.js";
import type { Origin } from "../../base/trace.js";
import type { Transmit, TransmitClient } from "../../hil/uart.js";
import type { DebugQueue } from "./debug-queue.js";

export interface DebugWriterSizes {
  /** Bytes handed to the UART at once. */
  outputBuffer: number;
  /** Bytes of the ring buffer; one of them stays free. */
  ringBuffer: number;
}

/** boards/components/src/debug_writer.rs: 2 KiB, of which 64 bytes are the output buffer. */
const DEFAULT_SIZES: DebugWriterSizes = { outputBuffer: 64, ringBuffer: 2048 - 64 };

export interface DebugWriterState {
  ring: Uint8Array;
  /** Who wrote each byte: the index of a process, or -1 for the kernel. */
  writers: number[];
  transmitting: boolean;
}

const KERNEL = -1;

export class DebugWriter implements DebugQueue, TransmitClient, Stateful<DebugWriterState> {
  readonly #uart: Transmit;
  readonly #sizes: DebugWriterSizes;
  #ring: number[] = [];
  #writers: number[] = [];
  #transmitting = false;

  constructor(uart: Transmit, sizes: DebugWriterSizes = DEFAULT_SIZES) {
    this.#uart = uart;
    this.#sizes = sizes;
    uart.setTransmitClient(this);
  }

  /** `debug!`: one line, ended by CR LF. What does not fit is lost without a word, as upstream's `debug_println` does it. */
  debug(line: string): void {
    this.write(`${line}\r\n`, "");
    this.publish();
  }

  /** Queues text; if it does not fit, as much of it as leaves room for `overflowMessage`, and that. */
  write(text: string, overflowMessage: string): void {
    const bytes = new TextEncoder().encode(text);
    const overflow = new TextEncoder().encode(overflowMessage);
    const available = Math.max(0, this.available - overflow.length);
    this.#enqueue(bytes.subarray(0, available), KERNEL);
    if (bytes.length > available) this.#enqueue(overflow, KERNEL);
  }

  queue(bytes: Uint8Array, process: number): void {
    this.#enqueue(bytes, process);
    this.publish();
  }

  /** Bytes that can still be queued. */
  get available(): number {
    return this.#sizes.ringBuffer - 1 - this.#ring.length;
  }

  /** What has not been handed to the UART: a panic prints it first. */
  get pending(): Uint8Array {
    return Uint8Array.from(this.#ring);
  }

  /** Hands the next bytes to the UART unless it is busy. A transfer holds bytes of one writer. */
  publish(): void {
    if (this.#transmitting || this.#ring.length === 0) return;
    const [writer] = this.#writers as [number];
    const other = this.#writers.findIndex(w => w !== writer);
    const length = Math.min(other < 0 ? this.#ring.length : other, this.#sizes.outputBuffer);
    const bytes = Uint8Array.from(this.#ring.splice(0, length));
    this.#writers.splice(0, length);
    const origin: Origin =
      writer === KERNEL ? { from: "kernel" } : { from: "process", process: writer };
    this.#transmitting = this.#uart.transmitBuffer(bytes, origin) === undefined;
  }

  transmittedBuffer(): void {
    this.#transmitting = false;
    this.publish();
  }

  save(): DebugWriterState {
    const { pending } = this;
    return { ring: pending, writers: [...this.#writers], transmitting: this.#transmitting };
  }

  load(state: DebugWriterState): void {
    this.#ring = [...state.ring];
    this.#writers = [...state.writers];
    this.#transmitting = state.transmitting;
  }

  #enqueue(bytes: Uint8Array, writer: number): void {
    for (const byte of bytes.subarray(0, this.available)) {
      this.#ring.push(byte);
      this.#writers.push(writer);
    }
  }
}
