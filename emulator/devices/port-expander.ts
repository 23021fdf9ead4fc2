// Pins on a chip behind a bus, after the MCP23008 (capsules/extra/src/mcp230xx.rs). The user sees the level of every pin and
// applies levels to those that are inputs.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { FloatingState, InterruptEdge } from "../hil/gpio.js";
import type { Port, PortClient, PortFailure } from "../hil/gpio-async.js";
import type { Device } from "./device.js";

/** Three to five transfers on a bus of 400 kHz. */
const OPERATION_MICROSECONDS = 250;
const DONE = 0;
/** Tags of a pin's interrupt follow. */
const FIRED = 1;

interface PinState {
  output: boolean;
  latch: boolean;
  pullUp: boolean;
  /** What the user applies, `null` for nothing. */
  applied: boolean | null;
  edge: InterruptEdge | null;
}

export interface PortExpanderState {
  pins: PinState[];
  busy: boolean;
  /** What the client is told when the operation is over. */
  result: number;
}

const levels: Readonly<Record<string, boolean | null>> = {
  "1": true,
  high: true,
  "0": false,
  low: false,
  open: null,
};

/** An output has its latch's level; an input what is applied, or that of its resistor. */
const levelOf = ({ output, latch, pullUp, applied }: PinState): boolean =>
  output ? latch : (applied ?? pullUp);

export class PortExpander implements Device<PortExpanderState>, Port {
  readonly name: string;
  readonly takes = 'a pin and its level, such as "3 high", "3 low" or "3 open"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  #client: PortClient | undefined;
  #port = 0;
  #state: PortExpanderState;

  constructor(clock: Clock, trace: Trace, options: { index: number; pins: number }) {
    this.name = `port${options.index}`;
    this.#clock = clock;
    this.#trace = trace;
    const pins = Array.from({ length: options.pins }, () => ({
      output: false,
      latch: false,
      pullUp: false,
      applied: null,
      edge: null,
    }));
    this.#state = { pins, busy: false, result: 0 };
  }

  setPortClient(client: PortClient, port: number): void {
    this.#client = client;
    this.#port = port;
  }

  /** As near as the chip comes: an input. */
  disable(pin: number): PortFailure | undefined {
    return this.#operate(pin, { output: false });
  }

  makeOutput(pin: number): PortFailure | undefined {
    return this.#operate(pin, { output: true });
  }

  /** There is no pull-down resistor. */
  makeInput(pin: number, mode: FloatingState): PortFailure | undefined {
    return this.#operate(pin, { output: false, pullUp: mode === "PullUp" });
  }

  read(pin: number): PortFailure | undefined {
    const failure = this.#operate(pin, {});
    const state = this.#state.pins[pin];
    if (failure === undefined && state !== undefined) this.#state.result = levelOf(state) ? 1 : 0;
    return failure;
  }

  toggle(pin: number): PortFailure | undefined {
    return this.#operate(pin, { latch: this.#state.pins[pin]?.latch !== true });
  }

  set(pin: number): PortFailure | undefined {
    return this.#operate(pin, { latch: true });
  }

  clear(pin: number): PortFailure | undefined {
    return this.#operate(pin, { latch: false });
  }

  enableInterrupt(pin: number, edge: InterruptEdge): PortFailure | undefined {
    return this.#operate(pin, { edge });
  }

  disableInterrupt(pin: number): PortFailure | undefined {
    return this.#operate(pin, { edge: null });
  }

  onInput(value: InputValue): void {
    const match = /^(\d{1,2}) (\w+)$/.exec(String(value));
    const pin = Number(match?.[1]);
    const applied = levels[match?.[2] ?? ""];
    if (applied === undefined || this.#state.pins[pin] === undefined) {
      const last = this.#state.pins.length - 1;
      throw new UserError(
        `Input for ${this.name}, which has pins 0 to ${last}, must be ${this.takes}, not "${String(value)}".`,
      );
    }
    this.#change(pin, { applied });
  }

  /** Levels of pins 0, 1 and so on: `01000000`. */
  shown(): string {
    return this.#state.pins.map(pin => (levelOf(pin) ? "1" : "0")).join("");
  }

  /** What the user applies stays. */
  reset(): void {
    const released = { output: false, latch: false, pullUp: false, edge: null };
    this.#state.pins.forEach((_, pin) => {
      this.#change(pin, released);
    });
    this.#state.busy = false;
  }

  onEvent(tag: number): void {
    if (tag >= FIRED) {
      this.#client?.fired(tag - FIRED, this.#port);
      return;
    }
    this.#state.busy = false;
    this.#client?.done(this.#state.result);
  }

  save(): PortExpanderState {
    return structuredClone(this.#state);
  }

  load(state: PortExpanderState): void {
    this.#state = structuredClone(state);
  }

  #operate(pin: number, change: Partial<PinState>): PortFailure | undefined {
    if (this.#state.pins[pin] === undefined) return "INVAL";
    if (this.#state.busy) return "BUSY";
    this.#state.busy = true;
    this.#state.result = 0;
    this.#change(pin, change);
    const cycles = (OPERATION_MICROSECONDS * this.#clock.frequency) / 1e6;
    this.#clock.schedule(this.name, DONE, cycles);
    return undefined;
  }

  #change(index: number, change: Partial<PinState>): void {
    const pin = this.#state.pins[index] as PinState;
    const before = levelOf(pin);
    Object.assign(pin, change);
    const now = levelOf(pin);
    if (now === before) return;
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
    const fires = pin.edge === "EitherEdge" || pin.edge === (now ? "RisingEdge" : "FallingEdge");
    if (fires) this.#clock.schedule(this.name, FIRED + index, 0);
  }
}
