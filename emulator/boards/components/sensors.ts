// Sensors (boards/components/src/{temperature,humidity,ambient_light,…}.rs), each with the chip that a board has.
import { RegisterBusDevice } from "../../devices/register-bus.js";
import { SensorDevice, type SensorOptions } from "../../devices/sensor.js";
import {
  L3GD20_ROTATION,
  L3GD20_TEMPERATURE,
  LPS25HB_PRESSURE,
  LSM303AGR_ACCELERATION,
  LSM303AGR_MAGNETIC_FIELD,
  TSL2561_LIGHT,
} from "../../devices/sensor-chips.js";
import type { DistanceLimits, NineDofSensors } from "../../hil/sensors.js";
import { AIR_QUALITY_GRANT, AirQualityDriver } from "../../kernel/capsules/air-quality.js";
import { AMBIENT_LIGHT_GRANT, AmbientLight } from "../../kernel/capsules/ambient-light.js";
import {
  LSM303AGR_GRANT,
  Lsm303agr,
  type Lsm303agrConfiguration,
} from "../../kernel/capsules/lsm303agr.js";
import { NINEDOF_GRANT, NineDof } from "../../kernel/capsules/ninedof.js";
import { PROXIMITY_GRANT, ProximityDriver } from "../../kernel/capsules/proximity.js";
import {
  DISTANCE,
  HUMIDITY,
  MOISTURE,
  PRESSURE,
  RAINFALL,
  SensorDriver,
  type SensorProtocol,
  TEMPERATURE,
} from "../../kernel/capsules/sensor.js";
import {
  L3GD20,
  LPS25HB,
  LSM6DSOX,
  SensorChip,
  type SensorChipProtocol,
  TSL2561,
} from "../../kernel/capsules/sensor-chip.js";
import { SOUND_PRESSURE_GRANT, SoundPressureDriver } from "../../kernel/capsules/sound-pressure.js";
import type { Workbench } from "./workbench.js";

const sensorOn = (bench: Workbench, options: SensorOptions): SensorDevice =>
  bench.device(new SensorDevice(bench.clock, options));

/** A component of a sensor whose driver is the one for all. */
const component =
  (protocol: SensorProtocol) =>
  (bench: Workbench, options: SensorOptions, limits?: DistanceLimits): void => {
    const sensor = sensorOn(bench, options);
    const driver = new SensorDriver(protocol, sensor, bench.grant(protocol.grant), limits);
    bench.driver(protocol.grant.driver, driver);
  };

export const createTemperature = component(TEMPERATURE);
export const createHumidity = component(HUMIDITY);
export const createPressure = component(PRESSURE);
/** Needs the limits. */
export const createDistance = component(DISTANCE);
export const createMoisture = component(MOISTURE);
export const createRainfall = component(RAINFALL);

export function createAmbientLight(bench: Workbench, options: SensorOptions): void {
  const driver = new AmbientLight(sensorOn(bench, options), bench.grant(AMBIENT_LIGHT_GRANT));
  bench.driver(AMBIENT_LIGHT_GRANT.driver, driver);
}

export function createAirQuality(bench: Workbench, co2: SensorOptions, tvoc: SensorOptions): void {
  const sensors = [sensorOn(bench, co2), sensorOn(bench, tvoc)] as const;
  const driver = new AirQualityDriver(...sensors, bench.grant(AIR_QUALITY_GRANT));
  bench.driver(AIR_QUALITY_GRANT.driver, driver);
}

export function createProximity(bench: Workbench, options: SensorOptions): void {
  const driver = new ProximityDriver(sensorOn(bench, options), bench.grant(PROXIMITY_GRANT));
  bench.driver(PROXIMITY_GRANT.driver, driver);
}

export function createSoundPressure(bench: Workbench, options: SensorOptions): void {
  const grant = bench.grant(SOUND_PRESSURE_GRANT);
  const driver = new SoundPressureDriver(sensorOn(bench, options), grant);
  bench.driver(SOUND_PRESSURE_GRANT.driver, driver);
}

/** The sensors that the board's chips have. */
export function createNineDof(
  bench: Workbench,
  chips: { accelerometer?: SensorOptions; magnetometer?: SensorOptions; gyroscope?: SensorOptions },
): void {
  const sensors = Object.fromEntries(
    Object.entries(chips).map(([name, options]) => [name, sensorOn(bench, options)]),
  );
  createNineDofOf(bench, sensors);
}

/** The same over sensors that another driver gives. */
export function createNineDofOf(bench: Workbench, sensors: NineDofSensors): void {
  bench.driver(NINEDOF_GRANT.driver, new NineDof(sensors, bench.grant(NINEDOF_GRANT)));
}

/** Gives the sensors for `createNineDofOf`. */
export function createLsm303agr(
  bench: Workbench,
  configuration: Lsm303agrConfiguration,
): NineDofSensors {
  const grant = bench.grant(LSM303AGR_GRANT);
  const bus = bench.device(new RegisterBusDevice(bench.clock, "lsm303agr"));
  const sensors = {
    accelerometer: sensorOn(bench, LSM303AGR_ACCELERATION),
    magnetometer: sensorOn(bench, LSM303AGR_MAGNETIC_FIELD),
  };
  const driver = new Lsm303agr(bus, sensors, grant, configuration);
  return bench.driver(LSM303AGR_GRANT.driver, driver).nineDof;
}

/** A chip with a driver of its own: `sensors` by the names that its protocol has for them. */
const chipComponent =
  (protocol: SensorChipProtocol, name: string, sensors: Readonly<Record<string, SensorOptions>>) =>
  (bench: Workbench): void => {
    const bus = bench.device(new RegisterBusDevice(bench.clock, `${name}-registers`));
    const devices = Object.fromEntries(
      Object.entries(sensors).map(([quantity, options]) => [quantity, sensorOn(bench, options)]),
    );
    const driver = new SensorChip(protocol, bus, devices, bench.grant(protocol.grant));
    bench.driver(protocol.grant.driver, driver);
  };

export const createTsl2561 = chipComponent(TSL2561, "tsl2561", { light: TSL2561_LIGHT });
export const createLps25hb = chipComponent(LPS25HB, "lps25hb", { pressure: LPS25HB_PRESSURE });
export const createL3gd20 = chipComponent(L3GD20, "l3gd20", {
  rotation: L3GD20_ROTATION,
  temperature: L3GD20_TEMPERATURE,
});
export const createLsm6dsox = chipComponent(LSM6DSOX, "lsm6dsox", {});
