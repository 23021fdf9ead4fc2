// Sensors as capsules see them (kernel/src/hil/sensors.rs). Upstream has a trait per quantity; they are alike, so here they
// are one.

/** Why a measurement was refused or went wrong: names of kernel/src/errorcode.rs. */
export type SensorFailure = "FAIL" | "BUSY" | "INVAL" | "NOSUPPORT" | "NODEVICE" | "NOACK";

export interface SensorClient {
  /**
   * The measurement is over: one whole number per axis in the unit of upstream's trait, or a failure and no numbers.
   * Never called from within `read`.
   */
  sensorRead(failure: SensorFailure | undefined, ...values: number[]): void;
}

export interface Sensor {
  setSensorClient(client: SensorClient): void;
  /** Starts one measurement; if it is refused the client is not called. `argument`: hours of rainfall, or a chip's mode. */
  read(argument?: number): SensorFailure | undefined;
}

/** `ProximityDriver`: values are 0 (far) to 255 (near). */
export interface ProximitySensor extends Sensor {
  /** Reads once the value is below `lower` or above `upper`. Replaces an earlier request of this kind. */
  readOnInterrupt(lower: number, upper: number): SensorFailure | undefined;
}

/** What a distance sensor can measure, in millimetres. */
export interface DistanceLimits {
  minimum: number;
  maximum: number;
}

/** The three sensors that make nine degrees of freedom; a chip may lack some. */
export interface NineDofSensors {
  /** Thousandths of standard gravity. */
  accelerometer?: Sensor;
  magnetometer?: Sensor;
  gyroscope?: Sensor;
}

export interface RegisterBusClient {
  written(): void;
}

/** The way to a chip of which a driver writes a register now and then. What is written is the driver's to remember. */
export interface RegisterBus {
  setRegisterBusClient(client: RegisterBusClient): void;
  /** The client is told later. */
  write(): void;
}
