// Sensors as capsules see them (kernel/src/hil/sensors.rs).

/** Why a measurement was refused or went wrong: names of kernel/src/errorcode.rs. */
export type SensorFailure = "FAIL" | "BUSY";

export interface TemperatureClient {
  /** The measurement is over: hundredths of a degree Celsius, or why there is none. */
  temperatureRead(value: number | SensorFailure): void;
}

export interface TemperatureSensor {
  setTemperatureClient(client: TemperatureClient): void;
  /** Starts one measurement; if it is refused the client is not called. */
  readTemperature(): SensorFailure | undefined;
}
