// A pin that is read and interrupts (kernel/src/hil/gpio.rs). Levels are logical: true is active, whatever the wiring.

export type InterruptEdge = "RisingEdge" | "FallingEdge" | "EitherEdge";

export interface InterruptClient {
  /** An edge came by on the pin that carries `value`. */
  fired(value: number): void;
}

export interface InterruptPin {
  /** `value` is handed to the client: the pin's number among its peers. */
  setInterruptClient(client: InterruptClient, value: number): void;
  enableInterrupts(edge: InterruptEdge): void;
  disableInterrupts(): void;
  /** True while active: a button that is held down. */
  read(): boolean;
}
