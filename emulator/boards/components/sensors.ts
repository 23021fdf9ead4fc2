// Sensors (boards/components/src/{temperature,humidity,ambient_light,…}.rs), each with the chip that a board has.
import { RegisterBusDevice } from "../../devices/register-bus.js";
import { SensorDevice, type SensorOptions } from "../../devices/sensor.js";
import { LSM303AGR_ACCELERATION, LSM303AGR_MAGNETIC_FIELD } from "../../devices/sensor-chips.js";
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
