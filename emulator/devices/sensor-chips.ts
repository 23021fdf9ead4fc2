// Chips that sensors sit on: what upstream's driver of each makes of a quantity, to the last digit.
// A name that begins with EXACT is no chip: it tells what is set, in the unit of upstream's trait.
import type { SensorOptions } from "./sensor.js";

const { fround, floor, round, trunc } = Math;
const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

const temperature = {
  name: "temperature",
  unit: "degrees Celsius",
  initial: [25],
} satisfies Partial<SensorOptions>;

const humidity = {
  name: "humidity",
  unit: "percent",
  initial: [45.5],
  range: [0, 100],
} satisfies Partial<SensorOptions>;

const light = { name: "light", unit: "lux", initial: [300] } satisfies Partial<SensorOptions>;

/** Lying flat, at rest: what carries the board pushes it up. */
const acceleration = {
  name: "acceleration",
  unit: "metres per second squared",
  initial: [0, 0, 9.81],
} satisfies Partial<SensorOptions>;

/** Europe, facing north. */
const magneticField = {
  name: "magneticfield",
  unit: "microtesla",
  initial: [20, 0, -44],
} satisfies Partial<SensorOptions>;

const STANDARD_GRAVITY = 9.80665;

/** nRF52 (chips/nrf5x/src/temperature.rs): steps of 0.25 degrees, 36 µs. */
export const NRF52_TEMPERATURE: SensorOptions = {
  ...temperature,
  microseconds: 36,
  convert: celsius => round(celsius * 4) * 25,
  range: [-40, 105],
};

/**
 * RP2040 (capsules/extra/src/temperature_rp2040.rs, datasheet 4.9.5): a diode on a 12-bit converter, 0.706 V at 27
 * degrees and 1.721 mV less for every degree more. Upstream computes in single precision.
 */
export const RP2040_TEMPERATURE: SensorOptions = {
  ...temperature,
  microseconds: 2,
  convert(celsius) {
    const sample = round(((0.706 - (celsius - 27) * 0.001721) / 3.3) * 4095) << 4;
    const volts = fround(fround(sample * fround(3.3)) / 65535);
    const millivolts = fround(fround(volts - fround(0.706)) * 1000);
    const degrees = fround(27 - fround(millivolts / fround(1.721)));
    return trunc(fround(degrees * 100));
  },
  range: [-40, 125],
};

/**
 * STM32F4 (capsules/extra/src/temperature_stm.rs): a diode on a 12-bit converter, 0.76 V at 25 degrees and 2.5 mV more for
 * every degree more. Upstream subtracts the wrong way round, so that it tells the temperature mirrored at 25 degrees.
 */
export const STM32F4_TEMPERATURE: SensorOptions = {
  ...temperature,
  microseconds: 20,
  convert(celsius) {
    const sample = round(((0.76 + (celsius - 25) * 0.0025) / 3.3) * 4095) << 4;
    const volts = fround(fround(sample * fround(3.3)) / 65535);
    const millivolts = fround(fround(fround(0.76) - volts) * 1000);
    const degrees = fround(fround(millivolts / 2.5) + 25);
    return trunc(fround(degrees * 100));
  },
  range: [-40, 125],
};

/** Si7021 (capsules/extra/src/si7021.rs): 16-bit words; upstream waits 20 ms for each. */
export const SI7021_TEMPERATURE: SensorOptions = {
  ...temperature,
  microseconds: 20_000,
  convert: celsius => floor((round(((celsius + 46.85) * 65536) / 175.72) * 17572) / 65536) - 4685,
  range: [-40, 125],
};

export const SI7021_HUMIDITY: SensorOptions = {
  ...humidity,
  microseconds: 20_000,
  convert: percent => floor((round(((percent + 6) * 65536) / 125) * 12500) / 65536) - 600,
};

export const EXACT_HUMIDITY: SensorOptions = {
  ...humidity,
  microseconds: 20_000,
  convert: percent => round(percent * 100),
};

/** ISL29035 (capsules/extra/src/isl29035.rs): 8 bits for 4000 lux, 410 µs. */
export const ISL29035_LIGHT: SensorOptions = {
  ...light,
  microseconds: 410,
  convert: lux => (Math.min(floor((lux * 256) / 4000), 255) * 4000) >> 8,
  range: [0, 4000],
};

export const EXACT_LIGHT: SensorOptions = {
  ...light,
  microseconds: 410,
  convert: round,
  range: [0, 100_000],
};

export const EXACT_PRESSURE: SensorOptions = {
  name: "pressure",
  unit: "hectopascal",
  range: [260, 1260],
  initial: [1013.25],
  microseconds: 13_000,
  convert: trunc,
};

export const EXACT_CO2: SensorOptions = {
  name: "co2",
  unit: "parts per million",
  range: [0, 65_535],
  initial: [420],
  microseconds: 1000,
  convert: round,
};

export const EXACT_TVOC: SensorOptions = {
  name: "tvoc",
  unit: "parts per billion",
  range: [0, 65_535],
  initial: [20],
  microseconds: 1000,
  convert: round,
};

/** HC-SR04 (capsules/extra/src/hc_sr04.rs): times the echo at 343 m/s in whole µs begun, INVAL beyond 50 ms. */
export const HC_SR04_DISTANCE: SensorOptions = {
  name: "distance",
  unit: "millimetres",
  range: [0, 100_000],
  initial: [500],
  microseconds: 4000,
  convert(millimetres) {
    const echoMicroseconds = Math.ceil((millimetres * 2000) / 343);
    return echoMicroseconds > 50_000 ? "INVAL" : floor((343 * echoMicroseconds) / 2000);
  },
};
export const HC_SR04_LIMITS = { minimum: 20, maximum: 4000 };

/** APDS9960 (capsules/extra/src/apds9960.rs): 0 is far, 255 near. */
export const APDS9960_PROXIMITY: SensorOptions = {
  name: "proximity",
  unit: "a nearness",
  range: [0, 255],
  initial: [0],
  microseconds: 5000,
  convert: round,
};

/** A microphone on a converter (capsules/extra/src/adc_microphone.rs): 8 bits of decibels. */
export const MICROPHONE: SensorOptions = {
  name: "sound",
  unit: "decibels",
  range: [0, 255],
  initial: [40],
  microseconds: 2000,
  convert: trunc,
};

export const EXACT_MOISTURE: SensorOptions = {
  name: "moisture",
  unit: "percent",
  range: [0, 100],
  initial: [30],
  microseconds: 20_000,
  convert: percent => round(percent * 100),
};

/** It has been raining like this all day: what fell grows with the hours asked about. Upstream's trait: 1 to 24. */
export const EXACT_RAINFALL: SensorOptions = {
  name: "rainfall",
  unit: "millimetres an hour",
  range: [0, 500],
  initial: [0],
  microseconds: 6400,
  convert: (millimetres, _axis, hours) => round(millimetres * 1000 * hours),
  refuse: hours => (hours >= 1 && hours <= 24 ? undefined : "NOSUPPORT"),
};

/** FXOS8700CQ (capsules/extra/src/fxos8700cq.rs): 14 bits of 0.244 mg. */
export const FXOS8700_ACCELERATION: SensorOptions = {
  ...acceleration,
  range: [-20, 20],
  microseconds: 1250,
  convert: value =>
    trunc((clamp(round((value / STANDARD_GRAVITY) * 4096), -8192, 8191) * 244) / 1000),
};

/** 16 bits of 0.1 µT. */
export const FXOS8700_MAGNETIC_FIELD: SensorOptions = {
  ...magneticField,
  range: [-1200, 1200],
  microseconds: 1250,
  convert: microtesla => round(microtesla * 10),
};

/** LSM303AGR: milli-g per digit by scale, and bits in which the digits lie at the top of 16, by power mode. */
const lsm303agrModes = {
  normal: { sensitivity: [4, 8, 16, 48], bits: 10 },
  highResolution: { sensitivity: [1, 2, 4, 12], bits: 12 },
  lowPower: { sensitivity: [16, 32, 64, 192], bits: 8 },
} as const;

/**
 * LSM303AGR in its own words (capsules/extra/src/lsm303agr.rs, datasheet table 3). The argument of a measurement is the
 * mode: scale in bits 0 and 1, high resolution in bit 2, low power in bit 3.
 */
export const LSM303AGR_ACCELERATION: SensorOptions = {
  ...acceleration,
  range: [-160, 160],
  microseconds: 200,
  convert(value, _axis, mode) {
    const { normal, highResolution, lowPower } = lsm303agrModes;
    const { sensitivity, bits } = mode & 8 ? lowPower : mode & 4 ? highResolution : normal;
    const milliG = (value / STANDARD_GRAVITY) * 1000;
    const digits = round(milliG / (sensitivity[mode & 3] as number));
    return clamp(digits, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1) << (16 - bits);
  },
};

/**
 * 0.15 µT per digit. Upstream's driver takes the bytes of a word in the wrong order, and what lies at y for z and at z
 * for y, as they were on the LSM303DLHC: that is what a micro:bit tells.
 */
export const LSM303AGR_MAGNETIC_FIELD: SensorOptions = {
  ...magneticField,
  range: [-4900, 4900],
  microseconds: 200,
  order: [0, 2, 1],
  convert(microtesla) {
    const digits = round(microtesla / 0.15);
    return (((digits & 0xff) << 24) >> 16) | ((digits >> 8) & 0xff);
  },
};

/** TSL2561 (capsules/extra/src/tsl2561.rs): upstream lets it look for 101 ms. */
export const TSL2561_LIGHT: SensorOptions = {
  ...light,
  name: "tsl2561",
  range: [0, 40_000],
  microseconds: 101_000,
  convert: round,
};

/** LPS25HB in its own words (datasheet 9.18): 4096 for a hectopascal. */
export const LPS25HB_PRESSURE: SensorOptions = {
  name: "lps25hb",
  unit: "hectopascal",
  range: [260, 1260],
  initial: [1013.25],
  microseconds: 40_000,
  convert: hectopascal => round(hectopascal * 4096),
};

/** L3GD20 in its own words (datasheet table 4). The argument of a measurement is the scale. */
export const L3GD20_ROTATION: SensorOptions = {
  name: "l3gd20",
  unit: "degrees per second",
  range: [-2000, 2000],
  initial: [0, 0, 0],
  microseconds: 60,
  convert(value, _axis, scale) {
    const perDigit = [0.00875, 0.0175, 0.07, 0.07][scale & 3] as number;
    return clamp(round(value / perDigit), -32768, 32767);
  },
};

/** One digit less for a degree more; from which degree on is each chip's own affair, here 25. */
export const L3GD20_TEMPERATURE: SensorOptions = {
  ...temperature,
  name: "l3gd20-temperature",
  range: [-40, 85],
  microseconds: 30,
  convert: celsius => (25 - round(celsius)) & 0xff,
};

/** Thousandths of standard gravity. */
export const EXACT_ACCELERATION: SensorOptions = {
  ...acceleration,
  range: [-160, 160],
  microseconds: 1250,
  convert: value => round((value / STANDARD_GRAVITY) * 1000),
};

/** Tenths of a microtesla, as the FXOS8700CQ tells them. */
export const EXACT_MAGNETIC_FIELD: SensorOptions = {
  ...magneticField,
  range: [-5000, 5000],
  microseconds: 1250,
  convert: microtesla => round(microtesla * 10),
};

/** Whole degrees per second, as the L3GD20 tells them. */
export const EXACT_ROTATION: SensorOptions = {
  name: "rotation",
  unit: "degrees per second",
  range: [-2000, 2000],
  initial: [0, 0, 0],
  microseconds: 1250,
  convert: round,
};
