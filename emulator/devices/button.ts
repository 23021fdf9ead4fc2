// A push button on an interrupting pin.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { InterruptClient, InterruptEdge, InterruptPin } from "../hil/gpio.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface ButtonState {
  down: boolean;
  edge: InterruptEdge | null;
  /** An interrupt is pending. */
  pending: boolean;
}

const levels = new Map<InputValue, boolean>([
  [true, true],
  [false, false],
  ["down", true],
  ["up", false],
  [1, true],
  [0, false],
  ["1", true],
  ["0", false],
]);

export class ButtonDevice implements Device<ButtonState>, InterruptPin {
  readonly name: string;
  readonly takes = '"down" or "up"';
  readonly #clock: Clock;
  #client: InterruptClient | undefined;
  #value = 0;
  #state: ButtonState = { down: false, edge: null, pending: false };

  /** `index` counts the board's buttons from 0; the device is named after it. */
  constructor(clock: Clock, index: number) {
    this.name = `button${index}`;
    this.#clock = clock;
  }

  shown(): boolean {
    return this.#state.down;
  }

  face(): Face {
    return { kind: "button", down: this.#state.down };
  }

  setInterruptClient(client: InterruptClient, value: number): void {
    this.#client = client;
    this.#value = value;
  }

  enableInterrupts(edge: InterruptEdge): void {
    this.#state.edge = edge;
  }

  disableInterrupts(): void {
    this.#state.edge = null;
    this.#state.pending = false;
    this.#clock.cancel(this.name);
  }

  read(): boolean {
    return this.#state.down;
  }

  /** `true`, `"down"` or 1 presses; `false`, `"up"` or 0 releases. */
  onInput(value: InputValue): void {
    const down = levels.get(value);
    if (down === undefined) {
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    }
    if (down === this.#state.down) return;
    this.#state.down = down;
    const { edge, pending } = this.#state;
    const wanted = edge === "EitherEdge" || edge === (down ? "RisingEdge" : "FallingEdge");
    if (!wanted || pending) return;
    this.#state.pending = true;
    this.#clock.schedule(this.name, 0, 0);
  }

  /** The user keeps holding it. */
  reset(): void {
    this.#state = { ...this.#state, edge: null, pending: false };
  }

  onEvent(): void {
    this.#state.pending = false;
    this.#client?.fired(this.#value);
  }

  save(): ButtonState {
    return { ...this.#state };
  }

  load(state: ButtonState): void {
    this.#state = { ...state };
  }
}
