// A converter of numbers to a voltage (chips/sam4l/src/dac.rs): the user sees the number, of which 10 bits count.
import type { Trace } from "../base/trace.js";
import type { DacChannel, OutputFailure } from "../hil/outputs.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

const MASK = 0x3ff;

export interface DacState {
  value: number;
}

export class DacDevice implements Device<DacState>, DacChannel {
  readonly name = "dac";
  readonly #trace: Trace;
  #state: DacState = { value: 0 };

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  setValue(value: number): OutputFailure | undefined {
    const converted = value & MASK;
    if (converted === this.#state.value) return undefined;
    this.#state.value = converted;
    this.#trace.emit({ type: "output", device: this.name, value: converted });
    return undefined;
  }

  face(): Face {
    return {
      kind: "quantity",
      unit: "steps",
      range: [0, MASK],
      axes: [""],
      values: [this.#state.value],
      settable: false,
    };
  }

  shown(): number {
    return this.#state.value;
  }

  reset(): void {
    this.setValue(0);
  }

  save(): DacState {
    return { ...this.#state };
  }

  load(state: DacState): void {
    this.#state = { ...state };
  }
}
