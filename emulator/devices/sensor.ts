// A sensor of one quantity, along one axis or several. The user sets what is there; the chip sets how finely that is seen
// and how long it takes.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { ProximitySensor, SensorClient, SensorFailure } from "../hil/sensors.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface SensorOptions {
  /** Of the device: `temperature`, `acceleration`. */
  name: string;
  /** Of what the user sets, in words: `degrees Celsius`. */
  unit: string;
  /** The whole range, of every axis. */
  range: readonly [low: number, high: number];
  /** At power-on, one number per axis. */
  initial: readonly number[];
  /** Names of the axes: x, y and z unless given. */
  axes?: readonly string[];
  /** Microseconds that a measurement takes. */
  microseconds: number;
  /** What the chip's driver reports for the value along an axis: a whole number. `argument` is that of `read`. */
  convert(value: number, axis: number, argument: number): number | SensorFailure;
  /** Axes in the order in which the chip's driver reports them, if that is another. */
  order?: readonly number[];
  /** Measurements that the chip's driver refuses, by their argument. */
  refuse?(argument: number): SensorFailure | undefined;
  /** The chip's driver still counts as busy while it hands over a value. */
  busyInCallback?: boolean;
}

export interface SensorState {
  values: number[];
  measuring: boolean;
  /** Of the measurement under way. */
  argument: number;
  /** Values outside are waited for. */
  window: { lower: number; upper: number } | null;
}

const written = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/;

/** The numbers in an input, `undefined` if it is anything else. */
function numbersOf(value: InputValue): number[] | undefined {
  if (typeof value === "number") return [value];
  if (typeof value !== "string") return undefined;
  const parts = value.split(",");
  return parts.every(part => written.test(part)) ? parts.map(Number) : undefined;
}

export class SensorDevice implements Device<SensorState>, ProximitySensor {
  readonly name: string;
  readonly takes: string;
  readonly #clock: Clock;
  readonly #options: SensorOptions;
  #client: SensorClient | undefined;
  #state: SensorState;

  constructor(clock: Clock, options: SensorOptions) {
    this.name = options.name;
    this.#clock = clock;
    this.#options = options;
    this.#state = { values: [...options.initial], measuring: false, argument: 0, window: null };
    const [low, high] = options.range;
    const axes = options.initial.length;
    this.takes = `${axes > 1 ? `${axes} numbers with commas between, ` : ""}${options.unit} from ${low} to ${high}`;
  }

  setSensorClient(client: SensorClient): void {
    this.#client = client;
  }

  read(argument = 0): SensorFailure | undefined {
    if (this.#state.measuring) return "BUSY";
    const refused = this.#options.refuse?.(argument);
    if (refused === undefined) this.#measure(argument);
    return refused;
  }

  readOnInterrupt(lower: number, upper: number): SensorFailure | undefined {
    if (this.#state.measuring) return "BUSY";
    this.#state.window = { lower, upper };
    this.#watch();
    return undefined;
  }

  /** A number, or text such as `23.5`; with several axes such as `0,0,-9.81`. */
  onInput(value: InputValue): void {
    const { range, initial } = this.#options;
    const [low, high] = range;
    const values = numbersOf(value);
    if (values?.length !== initial.length || !values.every(v => v >= low && v <= high)) {
      throw new UserError(
        `Input for ${this.name} must be ${this.takes}, for example ${initial.join()}, not "${String(value)}".`,
      );
    }
    this.#state.values = values;
    this.#watch();
  }

  shown(): number | string {
    const { values } = this.#state;
    return values.length === 1 ? (values[0] as number) : values.join();
  }

  face(): Face {
    const { unit, range, axes = ["x", "y", "z"] } = this.#options;
    const { values } = this.#state;
    const names = values.length === 1 ? [""] : axes.slice(0, values.length);
    return { kind: "quantity", unit, range, axes: names, values: [...values], settable: true };
  }

  /** The world around the board stays as it is. */
  reset(): void {
    this.#state = { values: this.#state.values, measuring: false, argument: 0, window: null };
  }

  onEvent(): void {
    const readings = this.#readings();
    const failure = readings.find(reading => typeof reading === "string");
    const values = failure === undefined ? (readings as number[]) : [];
    const { busyInCallback = false } = this.#options;
    if (!busyInCallback) this.#state.measuring = false;
    this.#client?.sensorRead(failure, ...values);
    if (busyInCallback) this.#state.measuring = false;
  }

  save(): SensorState {
    return structuredClone(this.#state);
  }

  load(state: SensorState): void {
    this.#state = structuredClone(state);
  }

  /** What the chip's driver would report now. */
  #readings(): (number | SensorFailure)[] {
    const { values, argument } = this.#state;
    const order = this.#options.order ?? values.keys();
    return [...order].map(axis => this.#options.convert(values[axis] as number, axis, argument));
  }

  /** Starts a measurement, which ends the wait for a value. */
  #measure(argument: number): void {
    this.#state.measuring = true;
    this.#state.argument = argument;
    this.#state.window = null;
    const { frequency } = this.#clock;
    this.#clock.schedule(this.name, 0, (this.#options.microseconds * frequency) / 1e6);
  }

  /** Measures if a value that is waited for is there. */
  #watch(): void {
    const { window } = this.#state;
    if (window === null) return;
    const [value] = this.#readings();
    if (typeof value === "number" && (value < window.lower || value > window.upper))
      this.#measure(0);
  }
}
