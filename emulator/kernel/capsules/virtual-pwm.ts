// One generator of pulses shared by several pins, of which one has pulses at a time
// (capsules/core/src/virtualizers/virtual_pwm.rs): who starts while another pin is running waits until that stops.
import type { Stateful } from "../../base/stateful.js";
import type { OutputFailure, PwmPin } from "../../hil/outputs.js";

type Operation = { start: { frequencyHz: number; dutyCycle: number } } | "stop";

export interface PwmMuxState {
  /** Number of the user whose pin is running, in the order of registration. */
  inflight: number | null;
  /** What each user waits for. */
  operations: (Operation | null)[];
}

export class PwmMux implements Stateful<PwmMuxState> {
  readonly #pins: PwmPin[] = [];
  #state: PwmMuxState = { inflight: null, operations: [] };

  /** A user of `pin`. */
  user(pin: PwmPin): PwmPin {
    const index = this.#pins.push(pin) - 1;
    this.#state.operations.push(null);
    const request = (operation: Operation): OutputFailure | undefined => {
      this.#state.operations[index] = operation;
      this.#doNext();
      return undefined;
    };
    return {
      start: (frequencyHz, dutyCycle) => request({ start: { frequencyHz, dutyCycle } }),
      stop: () => request("stop"),
      maximumFrequencyHz: pin.maximumFrequencyHz,
      maximumDutyCycle: pin.maximumDutyCycle,
    };
  }

  save(): PwmMuxState {
    return structuredClone(this.#state);
  }

  load(state: PwmMuxState): void {
    this.#state = structuredClone(state);
  }

  #doNext(): void {
    const state = this.#state;
    // Users stand in upstream's list last registered first. A stop of a pin that is not running is forgotten.
    const index = state.inflight ?? state.operations.findLastIndex(o => o !== null);
    const operation = state.operations[index];
    if (operation === undefined || operation === null) return;
    state.operations[index] = null;
    if (operation !== "stop") {
      const { frequencyHz, dutyCycle } = operation.start;
      this.#pins[index]?.start(frequencyHz, dutyCycle);
      state.inflight = index;
      return;
    }
    if (state.inflight !== null) this.#pins[index]?.stop();
    state.inflight = null;
    this.#doNext();
  }
}
