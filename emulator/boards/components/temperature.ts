// A thermometer (boards/components/src/temperature.rs).
import { TemperatureDevice, type TemperatureOptions } from "../../devices/temperature.js";
import { TEMPERATURE_GRANT, TemperatureDriver } from "../../kernel/capsules/temperature.js";
import type { Workbench } from "./workbench.js";

export function createTemperature(bench: Workbench, sensor: TemperatureOptions): void {
  const device = bench.device(new TemperatureDevice(bench.clock, sensor));
  const grant = bench.grant(TEMPERATURE_GRANT);
  bench.driver(TEMPERATURE_GRANT.driver, new TemperatureDriver(device, grant));
}
