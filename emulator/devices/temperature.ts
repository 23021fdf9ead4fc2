// A thermometer on the chip. The user sets what it is; the chip's converter sets how finely that is seen.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { SensorFailure, TemperatureClient, TemperatureSensor } from "../hil/sensors.js";
import type { Device } from "./device.js";

export interface TemperatureOptions {
  /** Microseconds that a measurement takes. */
  microseconds: number;
  /** What the chip's driver reports for a temperature: hundredths of a degree, a whole number. */
  convert(celsius: number): number;
  /** The whole range, in degrees Celsius. */
  range: readonly [low: number, high: number];
}

export interface TemperatureState {
  celsius: number;
  measuring: boolean;
}

/** nRF52 (chips/nrf5x/src/temperature.rs): steps of 0.25 degrees, 36 µs. */
export const NRF52_TEMPERATURE: TemperatureOptions = {
  microseconds: 36,
  convert: celsius => Math.round(celsius * 4) * 25,
  range: [-40, 105],
};

const { fround } = Math;

/**
 * RP2040 (capsules/extra/src/temperature_rp2040.rs, datasheet 4.9.5): a diode on a 12-bit converter, 0.706 V at 27
 * degrees and 1.721 mV less for every degree more. Upstream computes in single precision.
 */
export const RP2040_TEMPERATURE: TemperatureOptions = {
  microseconds: 2,
  convert(celsius) {
    const sample = Math.round(((0.706 - (celsius - 27) * 0.001721) / 3.3) * 4095) << 4;
    const volts = fround(fround(sample * fround(3.3)) / 65535);
    const millivolts = fround(fround(volts - fround(0.706)) * 1000);
    const degrees = fround(27 - fround(millivolts / fround(1.721)));
    return Math.trunc(fround(degrees * 100));
  },
  range: [-40, 125],
};

/** SI7021 (capsules/extra/src/si7021.rs): 16 bits on I2C; upstream waits 20 ms for a measurement. */
export const SI7021_TEMPERATURE: TemperatureOptions = {
  microseconds: 20_500,
  convert(celsius) {
    const raw = Math.round(((celsius + 46.85) * 65536) / 175.72);
    return Math.floor((raw * 17572) / 65536) - 4685;
  },
  range: [-40, 125],
};

/**
 * STM32F4 (capsules/extra/src/temperature_stm.rs): a diode on a 12-bit converter, 0.76 V at 25 degrees and 2.5 mV more for
 * every degree more. Upstream subtracts the wrong way round, so that it tells the temperature mirrored at 25 degrees.
 */
export const STM32F4_TEMPERATURE: TemperatureOptions = {
  microseconds: 20,
  convert(celsius) {
    const sample = Math.round(((0.76 + (celsius - 25) * 0.0025) / 3.3) * 4095) << 4;
    const volts = fround(fround(sample * fround(3.3)) / 65535);
    const millivolts = fround(fround(fround(0.76) - volts) * 1000);
    const degrees = fround(fround(millivolts / 2.5) + 25);
    return Math.trunc(fround(degrees * 100));
  },
  range: [-40, 125],
};

export class TemperatureDevice implements Device<TemperatureState>, TemperatureSensor {
  readonly name = "temperature";
  readonly takes: string;
  readonly #clock: Clock;
  readonly #options: TemperatureOptions;
  #client: TemperatureClient | undefined;
  #state: TemperatureState = { celsius: 25, measuring: false };

  constructor(clock: Clock, options: TemperatureOptions) {
    this.#clock = clock;
    this.#options = options;
    const [low, high] = options.range;
    this.takes = `degrees Celsius from ${low} to ${high}`;
  }

  setTemperatureClient(client: TemperatureClient): void {
    this.#client = client;
  }

  readTemperature(): SensorFailure | undefined {
    if (this.#state.measuring) return "BUSY";
    this.#state.measuring = true;
    const { frequency } = this.#clock;
    this.#clock.schedule(this.name, 0, (this.#options.microseconds * frequency) / 1e6);
    return undefined;
  }

  /** Degrees Celsius, as a number or as text such as `23.5`. */
  onInput(value: InputValue): void {
    const [low, high] = this.#options.range;
    const written = typeof value === "string" && /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value.trim());
    const celsius = typeof value === "number" ? value : written ? Number(value) : Number.NaN;
    if (!(celsius >= low && celsius <= high)) {
      throw new UserError(
        `Input for ${this.name} must be ${this.takes}, for example 23.5, not "${String(value)}".`,
      );
    }
    this.#state.celsius = celsius;
  }

  shown(): number {
    return this.#state.celsius;
  }

  /** It stays as warm as it is. */
  reset(): void {
    this.#state.measuring = false;
  }

  onEvent(): void {
    this.#state.measuring = false;
    this.#client?.temperatureRead(this.#options.convert(this.#state.celsius));
  }

  save(): TemperatureState {
    return { ...this.#state };
  }

  load(state: TemperatureState): void {
    this.#state = { ...state };
  }
}
