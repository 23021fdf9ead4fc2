// Pulse-width modulation and what is driven by it (kernel/src/hil/{pwm,buzzer,servo}.rs), and voltages out (hil/dac.rs).

/** Why an operation was refused: names of kernel/src/errorcode.rs. */
export type OutputFailure = "FAIL" | "BUSY" | "INVAL" | "NOSUPPORT";

export interface PwmPin {
  /** `dutyCycle` in parts of the maximum; a pin that is running changes to it. */
  start(frequencyHz: number, dutyCycle: number): OutputFailure | undefined;
  stop(): OutputFailure | undefined;
  readonly maximumFrequencyHz: number;
  readonly maximumDutyCycle: number;
}

export interface BuzzerClient {
  /** The tone is over, at its end or because it was stopped. */
  buzzerDone(failure: OutputFailure | undefined): void;
}

export interface Buzzer {
  setBuzzerClient(client: BuzzerClient): void;
  /** Sounds for `durationMs`; a tone that is sounding is replaced. */
  buzz(frequencyHz: number, durationMs: number): OutputFailure | undefined;
  stop(): OutputFailure | undefined;
}

export interface Servo {
  /** Degrees. */
  setAngle(angle: number): OutputFailure | undefined;
  getAngle(): number | OutputFailure;
}

export interface DacChannel {
  setValue(value: number): OutputFailure | undefined;
}
