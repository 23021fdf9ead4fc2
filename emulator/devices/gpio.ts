// A pin of a header, and the wires between such pins (gpio.rs of chips/{nrf5x,rp2040,sam4l,stm32f4xx}/src).
// Who gives a line its level, first to last: outputs, what the user applies, pull resistors; else it is low.
// Where several of a kind disagree, low wins.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { FloatingState, GpioPin, InterruptClient, InterruptEdge } from "../hil/gpio.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

/** Where chips differ. */
export interface PinOptions {
  /** The input buffer: connected by `makeInput` until the pin is deactivated, by default until then, or always. */
  inputBuffer: "asInput" | "untilDeactivated" | "always";
  /** Set, clear and toggle act on the latch of any pin, or only of an output. */
  latch: "any" | "output";
  /** Enabling another edge replaces the edges enabled before, or adds to them. */
  edges: "replace" | "add";
  /** Deactivating a pin disconnects its resistor. */
  deactivatesPull: boolean;
  resetPull: FloatingState;
}

export const NRF52_PIN: PinOptions = {
  inputBuffer: "asInput",
  latch: "any",
  edges: "replace",
  deactivatesPull: true,
  resetPull: "PullNone",
};

export const RP2040_PIN: PinOptions = {
  inputBuffer: "always",
  latch: "output",
  edges: "add",
  deactivatesPull: false,
  resetPull: "PullDown",
};

export const SAM4L_PIN: PinOptions = {
  inputBuffer: "always",
  latch: "any",
  edges: "replace",
  deactivatesPull: false,
  resetPull: "PullNone",
};

/** A deactivated pin is an analog one, which reads low. */
export const STM32F4_PIN: PinOptions = {
  inputBuffer: "untilDeactivated",
  latch: "any",
  edges: "replace",
  deactivatesPull: false,
  resetPull: "PullNone",
};

export interface GpioState {
  output: boolean;
  /** The input buffer is connected: without it the pin reads low. */
  connected: boolean;
  /** Level of the pin as an output. */
  latch: boolean;
  pull: FloatingState;
  /** What the user applies; `null` for nothing. */
  applied: boolean | null;
  /** Level of the line that the pin is on. */
  line: boolean;
  rising: boolean;
  falling: boolean;
  /** An interrupt is pending. */
  pending: boolean;
}

const levels = new Map<InputValue, boolean | null>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ["1", true],
  ["0", false],
  ["high", true],
  ["low", false],
  ["open", null],
]);

/** Every change of its line is a `gpio` TraceEvent. */
export class GpioDevice implements Device<GpioState>, GpioPin {
  readonly name: string;
  readonly takes = '1, 0 or "open" (nothing connected)';
  readonly index: number;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #options: PinOptions;
  /** All pins on the line, this one included. */
  #line: readonly GpioDevice[] = [this];
  #client: InterruptClient | undefined;
  #value = 0;
  #state: GpioState;

  /** `index` is the pin's number in the GPIO driver; the device is named after it. */
  constructor(clock: Clock, trace: Trace, index: number, options: PinOptions) {
    this.name = `gpio${index}`;
    this.index = index;
    this.#clock = clock;
    this.#trace = trace;
    this.#options = options;
    this.#state = {
      output: false,
      connected: options.inputBuffer !== "asInput",
      latch: false,
      pull: options.resetPull,
      applied: null,
      line: false,
      rising: false,
      falling: false,
      pending: false,
    };
  }

  /** A wire between two pins. Made once, before anything runs. */
  connect(other: GpioDevice): void {
    const line = [...new Set([...this.#line, ...other.#line])];
    for (const pin of line) pin.#line = line;
  }

  setInterruptClient(client: InterruptClient, value: number): void {
    this.#client = client;
    this.#value = value;
  }

  enableInterrupts(edge: InterruptEdge): void {
    const state = this.#state;
    const keep = this.#options.edges === "add";
    state.rising = edge !== "FallingEdge" || (keep && state.rising);
    state.falling = edge !== "RisingEdge" || (keep && state.falling);
  }

  disableInterrupts(): void {
    this.#state.rising = false;
    this.#state.falling = false;
    this.#state.pending = false;
    this.#clock.cancel(this.name);
  }

  read(): boolean {
    return this.#state.connected && this.#state.line;
  }

  makeOutput(): void {
    const connects = this.#options.inputBuffer === "untilDeactivated";
    this.#change({ output: true, ...(connects ? { connected: true } : {}) });
  }

  makeInput(): void {
    this.#change({ output: false, connected: true });
  }

  setFloatingState(pull: FloatingState): void {
    this.#change({ pull });
  }

  set(): void {
    this.#drive(true);
  }

  clear(): void {
    this.#drive(false);
  }

  toggle(): void {
    this.#drive(!this.#state.latch);
  }

  deactivateToLowPower(): void {
    const { inputBuffer, deactivatesPull } = this.#options;
    this.#change({
      output: false,
      connected: inputBuffer === "always",
      ...(deactivatesPull ? { pull: "PullNone" } : {}),
    });
  }

  shown(): boolean {
    return this.#state.line;
  }

  face(): Face {
    const { line: high, output, applied } = this.#state;
    return { kind: "pin", high, output, applied: applied === null ? "open" : applied ? "1" : "0" };
  }

  /** `1`, `true` or `"high"` applies a high level; `0`, `false` or `"low"` a low one; `"open"` none. */
  onInput(value: InputValue): void {
    const applied = levels.get(value);
    if (applied === undefined) {
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    }
    this.#change({ applied });
  }

  /** The chip lets go of the pin; what the user applies stays. */
  reset(): void {
    this.disableInterrupts();
    const { inputBuffer, resetPull } = this.#options;
    this.#change({
      output: false,
      connected: inputBuffer !== "asInput",
      latch: false,
      pull: resetPull,
    });
  }

  onEvent(): void {
    this.#state.pending = false;
    this.#client?.fired(this.#value);
  }

  save(): GpioState {
    return { ...this.#state };
  }

  load(state: GpioState): void {
    this.#state = { ...state };
  }

  #drive(latch: boolean): void {
    if (this.#options.latch === "any" || this.#state.output) this.#change({ latch });
  }

  /** Changes what this pin does to its line; every pin on it sees the new level. */
  #change(change: Partial<GpioState>): void {
    const before = this.#line.map(pin => pin.read());
    Object.assign(this.#state, change);
    const level = levelOf(this.#line.map(pin => pin.#state));
    this.#line.forEach((pin, i) => {
      pin.#see(level, before[i] as boolean);
    });
  }

  #see(line: boolean, before: boolean): void {
    const state = this.#state;
    if (line !== state.line) {
      state.line = line;
      this.#trace.emit({ type: "gpio", index: this.index, high: line });
    }
    const now = this.read();
    if (now === before || !(now ? state.rising : state.falling) || state.pending) return;
    state.pending = true;
    this.#clock.schedule(this.name, 0, 0);
  }
}

function levelOf(pins: readonly GpioState[]): boolean {
  const outputs = pins.filter(pin => pin.output);
  if (outputs.length > 0) return outputs.every(pin => pin.latch);
  const applied = pins.filter(pin => pin.applied !== null);
  if (applied.length > 0) return applied.every(pin => pin.applied);
  const pulls = pins.filter(pin => pin.pull !== "PullNone");
  return pulls.length > 0 && pulls.every(pin => pin.pull === "PullUp");
}
