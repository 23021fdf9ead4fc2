// A light (kernel/src/hil/led.rs).

export interface Led {
  on(): void;
  off(): void;
  toggle(): void;
  /** Whether it is lit. */
  read(): boolean;
}
