// A servo motor (capsules/extra/src/sg90.rs): the user sees the angle that its horn was last sent to.
import type { Trace } from "../base/trace.js";
import type { OutputFailure, Servo } from "../hil/outputs.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

const MAXIMUM_ANGLE = 180;

export interface ServoState {
  angle: number;
}

export class ServoDevice implements Device<ServoState>, Servo {
  readonly name: string;
  readonly #trace: Trace;
  #state: ServoState = { angle: 0 };

  constructor(trace: Trace, index: number) {
    this.name = `servo${index}`;
    this.#trace = trace;
  }

  setAngle(angle: number): OutputFailure | undefined {
    if (angle > MAXIMUM_ANGLE) return "INVAL";
    if (angle === this.#state.angle) return undefined;
    this.#state.angle = angle;
    this.#trace.emit({ type: "output", device: this.name, value: angle });
    return undefined;
  }

  /** The motor has no way to tell. */
  getAngle(): OutputFailure {
    return "NOSUPPORT";
  }

  face(): Face {
    return {
      kind: "quantity",
      unit: "degrees",
      range: [0, MAXIMUM_ANGLE],
      axes: [""],
      values: [this.#state.angle],
      settable: false,
    };
  }

  /** Degrees. */
  shown(): number {
    return this.#state.angle;
  }

  /** The horn stays where it is. */
  reset(): void {}

  save(): ServoState {
    return { ...this.#state };
  }

  load(state: ServoState): void {
    this.#state = { ...state };
  }
}
