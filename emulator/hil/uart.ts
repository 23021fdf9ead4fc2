// The UART as capsules see it (kernel/src/hil/uart.rs). Bytes are handed over by value.
import type { Origin } from "../base/trace.js";

/** Why an operation was refused or ended early: names of kernel/src/errorcode.rs. */
export type UartFailure = "FAIL" | "BUSY" | "SIZE" | "CANCEL";

/** `Aborted`: the bytes are valid, but the operation ended before all arrived. */
export type ReceiveError = "None" | "Aborted";

export interface TransmitClient {
  /** The transfer of `length` bytes is over. Never called from within `transmitBuffer`. */
  transmittedBuffer(length: number, failure: UartFailure | undefined): void;
}

export interface Transmit {
  setTransmitClient(client: TransmitClient): void;
  /** Starts one transfer. BUSY while another is under way, SIZE for no bytes; then the client is not called. */
  transmitBuffer(bytes: Uint8Array, origin: Origin): UartFailure | undefined;
}

export interface ReceiveClient {
  /** The read is over with `bytes`, as many as were asked for unless it was aborted. */
  receivedBuffer(bytes: Uint8Array, failure: UartFailure | undefined, error: ReceiveError): void;
}

export interface Receive {
  setReceiveClient(client: ReceiveClient): void;
  /** Asks for exactly `length` bytes. BUSY while a read is outstanding. */
  receiveBuffer(length: number): UartFailure | undefined;
  /** BUSY: the outstanding read ends soon with CANCEL. `undefined`: there was none. */
  receiveAbort(): UartFailure | undefined;
}

export interface Uart extends Transmit, Receive {}

/** Output that needs no interrupts and has reached the line when the call returns: for a panicking kernel. */
export interface PanicWriter {
  writePanic(bytes: Uint8Array): void;
}
