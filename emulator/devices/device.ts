// A device is what a user sees and touches. It knows time and its client (a HIL), nothing else.
import type { Stateful } from "../base/stateful.js";
import type { InputValue, OutputValue } from "../base/trace.js";
import type { Face } from "./face.js";

export interface Device<S = unknown> extends Stateful<S> {
  /** Unique on its board: `console`, `led0`, `button0`, `alarm`. Named in `TimedEvent.device` and `Machine.input`. */
  readonly name: string;
  /** A timed event that this device scheduled is due. Runs as an interrupt handler would. */
  onEvent?(tag: number): void;
  /**
   * The board is reset: what the chip held is gone, what the user holds is not. Events are cancelled already.
   * A device without it comes back as it was at power-on.
   */
  reset?(): void;
  /** The user acts on the device. A value of the wrong kind throws a `UserError` that says what is expected. */
  onInput?(value: InputValue): void;
  /** What `onInput` takes, for a list of the board's inputs: `degrees Celsius from -40 to 105`. */
  readonly takes?: string;
  /** It does not need the board's software: it takes inputs also after a panic. */
  readonly external?: boolean;
  /** What a user sees of the device now. */
  shown?(): OutputValue;
  /** The same for a picture of the board, with what a user can do; a device without it is not drawn. */
  face?(): Face;
  /**
   * What a memory chip keeps without power, from its first byte to the last that matters, for a file beside that of flash.
   * `undefined` where another one keeps it.
   */
  memoryImage?(): Uint8Array | undefined;
  /** Puts back what `memoryImage` gave. @throws UserError when the chip is smaller */
  loadMemory?(image: Uint8Array): void;
}
