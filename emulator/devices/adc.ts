// A converter of the voltages on analog inputs, as the chips' drivers in Tock run it (chips/{sam4l,nrf52,rp2040,stm32f4xx}/
// src/adc.rs). Twelve bits, left-justified.
import type { Clock } from "../base/clock.js";
import type { AdcClient, AdcFailure, AdcHighSpeed, HighSpeedClient } from "../hil/adc.js";
import type { AnalogInput } from "./analog-input.js";
import type { Device } from "./device.js";

/** Where chips differ. */
export interface AdcOptions {
  /** Voltage of a full scale, in volts. */
  fullScale: number;
  /** What the driver says it is, in millivolts. */
  referenceMillivolts: number;
  /** Of a single sample. */
  microseconds: number;
  /** Samples per second when so many are asked for, or why not. */
  continuousRate(frequency: number): number | AdcFailure;
  highSpeedRate(frequency: number): number | AdcFailure;
  /**
   * Rate to which the driver has the clock when samples at `frequency` are asked for. It takes a converter that has this
   * rate already for running, even if a stop has turned it off. Absent where a stop does not turn it off.
   */
  clockRate?(frequency: number): number;
}

/** SAM4L: the clock that `config_and_enable` chooses, in Hz. Up to 3550 Hz a power of two divides it down to the rate. */
function sam4lClock(frequency: number): number {
  if (frequency > 3550) return 1_500_000;
  const fastest = frequency <= 1000 ? 1000 : 3550;
  const exponent = Math.ceil(Math.log2(Math.ceil(fastest / frequency)));
  return fastest / 2 ** Math.min(exponent, 7);
}

/** Above, a timer divides it. */
function sam4lRate(frequency: number): number {
  const clock = sam4lClock(frequency);
  return frequency > 3550 ? clock / Math.floor(clock / frequency) : clock;
}

/** SAM4L on hail and imix: half of the supply is the reference and the gain is a half. */
export const SAM4L_ADC: AdcOptions = {
  fullScale: 3.3,
  referenceMillivolts: 3300,
  microseconds: 1000,
  continuousRate: f => (f === 0 || f > 10_000 ? "INVAL" : sam4lRate(f)),
  highSpeedRate: f => (f === 0 || f > 250_000 ? "INVAL" : sam4lRate(f)),
  clockRate: f => Math.floor(sam4lClock(f)),
};

/**
 * nRF52 on a board with a supply of `supply` volts, to which samples are relative. The driver measures it at boot with a
 * 12-bit sample of 3.6 V.
 */
export const nrf52Adc = (supply: number): AdcOptions => ({
  fullScale: supply,
  referenceMillivolts: Math.floor((Math.floor((supply / 3.6) * 4096) * 3600) / 4096),
  microseconds: 12,
  continuousRate: () => "FAIL",
  // The driver clamps the timer; at 0 Hz upstream divides by zero.
  highSpeedRate: f =>
    f === 0 ? "INVAL" : 16e6 / Math.min(Math.max(Math.floor(16e6 / f), 80), 2047),
});

/** RP2040 and STM32F4: single samples only. */
const singleOnly = (microseconds: number): AdcOptions => ({
  fullScale: 3.3,
  referenceMillivolts: 3300,
  microseconds,
  continuousRate: () => "NOSUPPORT",
  highSpeedRate: () => "NOSUPPORT",
});
export const RP2040_ADC = singleOnly(2);
export const STM32F4_ADC = singleOnly(1);

/** Every operation at any rate up to 250 kHz. */
export const EXACT_ADC: AdcOptions = {
  fullScale: 3.3,
  referenceMillivolts: 3300,
  microseconds: 10,
  continuousRate: f => (f === 0 || f > 10_000 ? "INVAL" : f),
  highSpeedRate: f => (f === 0 || f > 250_000 ? "INVAL" : f),
};

export interface AdcState {
  mode: "idle" | "single" | "continuous" | "highspeed";
  channel: number;
  cyclesPerSample: number;
  /** Samples that the buffer being filled takes; 0 while none is. */
  filling: number;
  /** Cycle at which it was begun. */
  begun: number;
  /** What was on the input from which sample on. */
  levels: { from: number; sample: number }[];
  /** Length of the buffer that is filled next. */
  next: number | null;
  /** Buffers that a stop has taken away from the converter. */
  stopped: number;
  clockRate: number;
  enabled: boolean;
}

const idle: AdcState = {
  mode: "idle",
  channel: 0,
  cyclesPerSample: 0,
  filling: 0,
  begun: 0,
  levels: [],
  next: null,
  stopped: 0,
  clockRate: 0,
  enabled: false,
};

export class AdcDevice implements Device<AdcState>, AdcHighSpeed {
  readonly name = "adc";
  readonly resolutionBits = 12;
  readonly voltageReferenceMillivolts: number;
  readonly #clock: Clock;
  readonly #inputs: readonly AnalogInput[];
  readonly #options: AdcOptions;
  #client: AdcClient | undefined;
  #highSpeedClient: HighSpeedClient | undefined;
  #state: AdcState = structuredClone(idle);

  /** `inputs` by the channels' numbers. */
  constructor(clock: Clock, inputs: readonly AnalogInput[], options: AdcOptions) {
    this.#clock = clock;
    this.#inputs = inputs;
    this.#options = options;
    this.voltageReferenceMillivolts = options.referenceMillivolts;
    inputs.forEach((input, channel) => {
      input.onChange = () => this.#changed(channel);
    });
  }

  setAdcClient(client: AdcClient): void {
    this.#client = client;
  }

  setHighSpeedClient(client: HighSpeedClient): void {
    this.#highSpeedClient = client;
  }

  sample(channel: number): AdcFailure | undefined {
    const refused = this.#enable(1000);
    if (refused !== undefined) return refused;
    const cycles = (this.#options.microseconds * this.#clock.frequency) / 1e6;
    this.#begin("single", channel, cycles);
    return undefined;
  }

  sampleContinuous(channel: number, frequency: number): AdcFailure | undefined {
    const rate = this.#options.continuousRate(frequency);
    const refused = this.#enable(frequency, rate);
    if (refused !== undefined) return refused;
    this.#begin("continuous", channel, this.#clock.frequency / (rate as number));
    return undefined;
  }

  sampleHighspeed(
    channel: number,
    frequency: number,
    length1: number,
    length2: number,
  ): AdcFailure | undefined {
    const rate = this.#options.highSpeedRate(frequency);
    const refused = this.#enable(frequency, rate);
    if (refused !== undefined) return refused;
    if (length1 === 0) return "INVAL";
    const state = this.#state;
    state.mode = "highspeed";
    state.channel = channel;
    state.cyclesPerSample = this.#clock.frequency / (rate as number);
    state.next = length2;
    this.#fill(length1);
    return undefined;
  }

  provideBuffer(length: number): AdcFailure | undefined {
    const state = this.#state;
    if (state.mode !== "highspeed") return "INVAL";
    if (state.next !== null) return "BUSY";
    state.next = length;
    return undefined;
  }

  stopSampling(): AdcFailure | undefined {
    const state = this.#state;
    if (state.mode === "idle") return "INVAL";
    this.#clock.cancel(this.name);
    if (state.filling > 0) state.stopped++;
    state.filling = 0;
    state.mode = "idle";
    state.enabled = false;
    return undefined;
  }

  retrieveBuffers(): number | AdcFailure {
    const state = this.#state;
    if (state.mode !== "idle") return "INVAL";
    const buffers = state.stopped + (state.next === null ? 0 : 1);
    state.stopped = 0;
    state.next = null;
    return buffers;
  }

  onEvent(): void {
    const state = this.#state;
    const { mode } = state;
    if (mode === "highspeed") {
      this.#full();
      return;
    }
    const sample = this.#sampleNow();
    if (mode === "continuous") this.#clock.schedule(this.name, 0, state.cyclesPerSample);
    else state.mode = "idle";
    this.#client?.sampleReady(sample);
  }

  reset(): void {
    this.#state = structuredClone(idle);
  }

  save(): AdcState {
    return structuredClone(this.#state);
  }

  load(state: AdcState): void {
    this.#state = structuredClone(state);
  }

  /** Turns the converter on for samples at `frequency`; why not, if it refuses. */
  #enable(frequency: number, rate?: number | AdcFailure): AdcFailure | undefined {
    const state = this.#state;
    if (state.mode !== "idle") return "BUSY";
    // No clock can be had for no samples; upstream divides by zero there.
    const clockRate = frequency === 0 ? undefined : this.#options.clockRate?.(frequency);
    if (clockRate === undefined || frequency !== state.clockRate) state.enabled = true;
    if (clockRate !== undefined && frequency !== state.clockRate) state.clockRate = clockRate;
    if (!state.enabled) return "OFF";
    return typeof rate === "string" ? rate : undefined;
  }

  #begin(mode: "single" | "continuous", channel: number, cycles: number): void {
    this.#state.mode = mode;
    this.#state.channel = channel;
    this.#state.cyclesPerSample = cycles;
    this.#clock.schedule(this.name, 0, cycles);
  }

  #fill(length: number): void {
    const state = this.#state;
    state.filling = length;
    state.begun = this.#clock.now;
    state.levels = [{ from: 0, sample: this.#sampleNow() }];
    this.#clock.schedule(this.name, 0, length * state.cyclesPerSample);
  }

  /** Goes on with the next buffer before the client is told of the full one. */
  #full(): void {
    const state = this.#state;
    const samples: number[] = [];
    const ends = [...state.levels.slice(1).map(({ from }) => from), state.filling];
    state.levels.forEach(({ sample }, i) => {
      while (samples.length < (ends[i] as number)) samples.push(sample);
    });
    const { next } = state;
    state.filling = 0;
    if (next !== null && next > 0) {
      state.next = null;
      this.#fill(next);
    }
    this.#highSpeedClient?.samplesReady(samples);
  }

  /** The user applies another voltage while a buffer is being filled. */
  #changed(channel: number): void {
    const { channel: sampled, filling, begun, cyclesPerSample, levels } = this.#state;
    if (filling === 0 || channel !== sampled) return;
    const from = Math.min(Math.ceil((this.#clock.now - begun) / cyclesPerSample), filling);
    levels.push({ from, sample: this.#sampleNow() });
  }

  #sampleNow(): number {
    const volts = this.#inputs[this.#state.channel]?.volts ?? 0;
    const scaled = Math.floor((volts / this.#options.fullScale) * 4096);
    return Math.min(scaled, 4095) << 4;
  }
}
