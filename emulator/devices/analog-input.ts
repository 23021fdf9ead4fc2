// A pin with a voltage that the user applies.
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface AnalogInputState {
  volts: number;
}

export class AnalogInput implements Device<AnalogInputState> {
  readonly name: string;
  readonly takes: string;
  readonly #maximum: number;
  #state: AnalogInputState = { volts: 0 };
  /** Called after every change; wiring. */
  onChange: (() => void) | undefined;

  /** `maximum`: of the voltage. */
  constructor(name: string, maximum: number) {
    this.name = name;
    this.#maximum = maximum;
    this.takes = `volts from 0 to ${maximum}`;
  }

  get volts(): number {
    return this.#state.volts;
  }

  /** Volts, as a number or as text such as `1.65`. */
  onInput(value: InputValue): void {
    const written = typeof value === "string" && /^\s*\+?(\d+(\.\d*)?|\.\d+)\s*$/.test(value);
    const volts = typeof value === "number" ? value : written ? Number(value) : Number.NaN;
    if (!(volts >= 0 && volts <= this.#maximum)) {
      throw new UserError(
        `Input for ${this.name} must be ${this.takes}, for example 1.65, not "${String(value)}".`,
      );
    }
    this.#state.volts = volts;
    this.onChange?.();
  }

  shown(): number {
    return this.#state.volts;
  }

  face(): Face {
    return {
      kind: "quantity",
      unit: "volts",
      range: [0, this.#maximum],
      axes: [""],
      values: [this.#state.volts],
      settable: true,
    };
  }

  /** The voltage stays. */
  reset(): void {}

  save(): AnalogInputState {
    return { ...this.#state };
  }

  load(state: AnalogInputState): void {
    this.#state = { ...state };
  }
}
