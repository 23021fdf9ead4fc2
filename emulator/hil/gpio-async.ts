// Pins that take a while to reach, such as those of a port expander behind a bus (kernel/src/hil/gpio_async.rs).
import type { FloatingState, InterruptEdge } from "./gpio.js";

export type PortFailure = "BUSY" | "INVAL";

export interface PortClient {
  fired(pin: number, port: number): void;
  /** An operation is over; `value` is the level that was read, else 0. Never called from within the request. */
  done(value: number): void;
}

/** One operation at a time: BUSY during another. INVAL for a pin that is not there. */
export interface Port {
  /** `port` is handed to the client. */
  setPortClient(client: PortClient, port: number): void;
  disable(pin: number): PortFailure | undefined;
  makeOutput(pin: number): PortFailure | undefined;
  makeInput(pin: number, mode: FloatingState): PortFailure | undefined;
  read(pin: number): PortFailure | undefined;
  toggle(pin: number): PortFailure | undefined;
  set(pin: number): PortFailure | undefined;
  clear(pin: number): PortFailure | undefined;
  enableInterrupt(pin: number, edge: InterruptEdge): PortFailure | undefined;
  disableInterrupt(pin: number): PortFailure | undefined;
}
