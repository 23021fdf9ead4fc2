// A pin with pulses on it: a tone on a buzzer, the brightness of a light. The user sees frequency and duty cycle.
import type { Trace } from "../base/trace.js";
import type { OutputFailure, PwmPin } from "../hil/outputs.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface PwmOptions {
  maximumFrequencyHz: number;
  maximumDutyCycle: number;
}

/** nRF52 (chips/nrf52/src/pwm.rs). */
export const NRF52_PWM: PwmOptions = { maximumFrequencyHz: 5_333_333, maximumDutyCycle: 5_333_333 };

/** Fine enough for a hundredth of a percent. */
export const EXACT_PWM: PwmOptions = { maximumFrequencyHz: 1_000_000, maximumDutyCycle: 10_000 };

export interface PwmState {
  /** 0 while there are no pulses. */
  frequencyHz: number;
  dutyCycle: number;
}

export class PwmDevice implements Device<PwmState>, PwmPin {
  readonly name: string;
  readonly maximumFrequencyHz: number;
  readonly maximumDutyCycle: number;
  readonly #trace: Trace;
  readonly #sounds: boolean;
  #state: PwmState = { frequencyHz: 0, dutyCycle: 0 };

  /** `sounds`: a buzzer is on the pin. */
  constructor(name: string, trace: Trace, options: PwmOptions, sounds = false) {
    this.name = name;
    this.#trace = trace;
    this.#sounds = sounds;
    this.maximumFrequencyHz = options.maximumFrequencyHz;
    this.maximumDutyCycle = options.maximumDutyCycle;
  }

  /** A frequency of 0 stops the pulses. */
  start(frequencyHz: number, dutyCycle: number): OutputFailure | undefined {
    this.#change(frequencyHz === 0 ? { frequencyHz, dutyCycle: 0 } : { frequencyHz, dutyCycle });
    return undefined;
  }

  stop(): OutputFailure | undefined {
    this.#change({ frequencyHz: 0, dutyCycle: 0 });
    return undefined;
  }

  /** Hertz and percent. */
  shown(): { frequency: number; duty: number } {
    const { frequencyHz, dutyCycle } = this.#state;
    const duty = Math.round((dutyCycle / this.maximumDutyCycle) * 10_000) / 100;
    return { frequency: frequencyHz, duty };
  }

  face(): Face {
    return { kind: "pulses", ...this.shown(), sounds: this.#sounds };
  }

  reset(): void {
    this.stop();
  }

  save(): PwmState {
    return { ...this.#state };
  }

  load(state: PwmState): void {
    this.#state = { ...state };
  }

  #change(state: PwmState): void {
    const { frequencyHz, dutyCycle } = this.#state;
    this.#state = state;
    if (state.frequencyHz !== frequencyHz || state.dutyCycle !== dutyCycle)
      this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
  }
}
