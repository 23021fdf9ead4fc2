// `debug!`: the kernel's own lines (kernel/src/debug.rs, capsules/system/src/debug_writer/uart_debug_writer.rs).
import type { Stateful } from "../../base/stateful.js";
import type { Transmit, TransmitClient } from "../../hil/uart.js";

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
  transmitting: boolean;
}

export class DebugWriter implements TransmitClient, Stateful<DebugWriterState> {
  readonly #uart: Transmit;
  readonly #sizes: DebugWriterSizes;
  #ring: number[] = [];
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
    this.#enqueue(bytes.subarray(0, available));
    if (bytes.length > available) this.#enqueue(overflow);
  }

  /** Bytes that can still be queued. */
  get available(): number {
    return this.#sizes.ringBuffer - 1 - this.#ring.length;
  }

  /** What has not been handed to the UART: a panic prints it first. */
  get pending(): Uint8Array {
    return Uint8Array.from(this.#ring);
  }

  /** Hands the next bytes to the UART unless it is busy. */
  publish(): void {
    if (this.#transmitting || this.#ring.length === 0) return;
    const bytes = Uint8Array.from(this.#ring.splice(0, this.#sizes.outputBuffer));
    this.#transmitting = this.#uart.transmitBuffer(bytes, { from: "kernel" }) === undefined;
  }

  transmittedBuffer(): void {
    this.#transmitting = false;
    this.publish();
  }

  save(): DebugWriterState {
    return { ring: this.pending, transmitting: this.#transmitting };
  }

  load(state: DebugWriterState): void {
    this.#ring = [...state.ring];
    this.#transmitting = state.transmitting;
  }

  #enqueue(bytes: Uint8Array): void {
    for (const byte of bytes) if (this.available > 0) this.#ring.push(byte);
  }
}
