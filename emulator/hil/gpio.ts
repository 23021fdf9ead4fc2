// Pins as capsules see them (kernel/src/hil/gpio.rs). An interrupting pin's level is logical: true is active, whatever
// the wiring; a GPIO pin's level is the voltage.

export type InterruptEdge = "RisingEdge" | "FallingEdge" | "EitherEdge";

/** The resistor that gives a pin its level while nothing else does. */
export type FloatingState = "PullUp" | "PullDown" | "PullNone";

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

/** A pin that can be an output, too. */
export interface GpioPin extends InterruptPin {
  makeOutput(): void;
  makeInput(): void;
  setFloatingState(state: FloatingState): void;
  set(): void;
  clear(): void;
  toggle(): void;
  /** Neither output nor input: least power. */
  deactivateToLowPower(): void;
}
