// A comparator of two voltages that the user applies (chips/nrf52/src/acomp.rs, chips/sam4l/src/acifc.rs).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { AnalogComparator, ComparatorClient } from "../hil/analog-comparator.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

/** Where chips differ. */
export interface ComparatorOptions {
  /** Greatest voltage. */
  maximum: number;
  /** A comparator that is above when comparing starts fires at once. */
  firesAtStart: boolean;
  /** Stopping works; SAM4L's driver writes nothing that would. */
  stops: boolean;
}

export const NRF52_COMPARATOR: ComparatorOptions = {
  maximum: 3.3,
  firesAtStart: false,
  stops: true,
};
export const SAM4L_COMPARATOR: ComparatorOptions = {
  maximum: 3.3,
  firesAtStart: true,
  stops: false,
};

export interface ComparatorState {
  positive: number;
  negative: number;
  comparing: boolean;
}

export class ComparatorDevice implements Device<ComparatorState>, AnalogComparator {
  readonly name: string;
  readonly takes: string;
  readonly #clock: Clock;
  readonly #index: number;
  readonly #options: ComparatorOptions;
  #client: ComparatorClient | undefined;
  #state: ComparatorState = { positive: 0, negative: 0, comparing: false };

  /** `index`: what the client is told. */
  constructor(clock: Clock, index: number, options: ComparatorOptions) {
    this.name = `comparator${index}`;
    this.#clock = clock;
    this.#index = index;
    this.#options = options;
    this.takes = `the voltages of the positive and the negative input from 0 to ${options.maximum}, with a comma between`;
  }

  setComparatorClient(client: ComparatorClient): void {
    this.#client = client;
  }

  comparison(): boolean {
    return this.#state.positive > this.#state.negative;
  }

  startComparing(): void {
    if (this.#state.comparing) return;
    this.#state.comparing = true;
    if (this.#options.firesAtStart && this.comparison()) this.#fire();
  }

  stopComparing(): void {
    if (!this.#options.stops) return;
    this.#state.comparing = false;
    this.#clock.cancel(this.name);
  }

  /** Two voltages: `1.8,1.2`. */
  onInput(value: InputValue): void {
    const written = typeof value === "string" && /^\s*[\d.]+\s*,\s*[\d.]+\s*$/.test(value);
    const [positive, negative] = written ? value.split(",").map(Number) : [];
    const fits = (volts = Number.NaN) => volts >= 0 && volts <= this.#options.maximum;
    if (!fits(positive) || !fits(negative)) {
      throw new UserError(
        `Input for ${this.name} must be ${this.takes}, for example 1.8,1.2, not "${String(value)}".`,
      );
    }
    const above = this.comparison();
    Object.assign(this.#state, { positive, negative });
    if (this.#state.comparing && !above && this.comparison()) this.#fire();
  }

  shown(): string {
    return `${this.#state.positive},${this.#state.negative}`;
  }

  face(): Face {
    const { positive, negative } = this.#state;
    return {
      kind: "quantity",
      unit: "volts",
      range: [0, this.#options.maximum],
      axes: ["positive", "negative"],
      values: [positive, negative],
      settable: true,
    };
  }

  /** The voltages stay. */
  reset(): void {
    this.#state.comparing = false;
  }

  onEvent(): void {
    this.#client?.fired(this.#index);
  }

  save(): ComparatorState {
    return { ...this.#state };
  }

  load(state: ComparatorState): void {
    this.#state = { ...state };
  }

  #fire(): void {
    this.#clock.schedule(this.name, 0, 0);
  }
}
