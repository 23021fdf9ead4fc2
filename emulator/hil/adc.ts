// Converters of voltages to numbers as capsules see them (kernel/src/hil/adc.rs). Samples have 16 bits, left-justified.
// Buffers are handed over by value: only their lengths go down, and samples come up.

/** Why an operation was refused: names of kernel/src/errorcode.rs. */
export type AdcFailure = "FAIL" | "BUSY" | "OFF" | "INVAL" | "NOSUPPORT";

export interface AdcClient {
  /** One sample of a single or continuous operation. Never called from within the request. */
  sampleReady(sample: number): void;
}

export interface HighSpeedClient {
  /** A buffer is full. The next one is being filled already if there is one. */
  samplesReady(samples: readonly number[]): void;
}

export interface Adc {
  setAdcClient(client: AdcClient): void;
  sample(channel: number): AdcFailure | undefined;
  /** Samples until stopped; `frequency` in Hz. */
  sampleContinuous(channel: number, frequency: number): AdcFailure | undefined;
  stopSampling(): AdcFailure | undefined;
  readonly resolutionBits: number;
  /** `undefined` if it is not known. */
  readonly voltageReferenceMillivolts: number | undefined;
}

export interface AdcHighSpeed extends Adc {
  setHighSpeedClient(client: HighSpeedClient): void;
  /** Fills a buffer of `length1` samples, then one of `length2`; the latter can be 0. */
  sampleHighspeed(
    channel: number,
    frequency: number,
    length1: number,
    length2: number,
  ): AdcFailure | undefined;
  /** A buffer to fill behind the one that is being filled. */
  provideBuffer(length: number): AdcFailure | undefined;
  /** Takes back all buffers of a stopped converter: how many there are. */
  retrieveBuffers(): number | AdcFailure;
}
