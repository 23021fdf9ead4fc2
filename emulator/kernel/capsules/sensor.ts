// Sensors of one value that several processes may wait for at once: temperature 0x60000, humidity 0x60001, pressure 0x60008,
// distance 0x60009, moisture 0x6000A and rainfall 0x6000B (capsules/extra/src/{temperature,humidity,pressure,distance,
// moisture,rainfall}.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1  argument      measure; upcall 0, see `SensorProtocol`. Rainfall's argument is in hours
//   command 2, 3             distance only: the least and the greatest distance in millimetres
//
// Requests made during a measurement share it.
import type { Stateful } from "../../base/stateful.js";
import type { DistanceLimits, Sensor, SensorClient, SensorFailure } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** `subscribed`: the app waits for a measurement. */
const layout = { subscribed: "bool" } as const;
export type SensorGrant = GrantShape<typeof layout>;

/** Where upstream's capsules differ. */
export interface SensorProtocol {
  grant: SensorGrant;
  /** `value`: (value, 0, 0), and no upcall for a measurement that fails. `status`: (status code, value or 0, 0). */
  upcall: "value" | "status";
  /** After a sensor has refused: the driver stays busy, or is idle while the app goes on waiting, or nobody waits. */
  refused: "busy" | "waiting" | "idle";
}

const grant = (driver: number): SensorGrant => ({
  driver,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
});

export const TEMPERATURE = protocol(0x60000, "value", "busy");
export const HUMIDITY = protocol(0x60001, "value", "busy");
export const PRESSURE = protocol(0x60008, "status", "waiting");
export const DISTANCE = protocol(0x60009, "status", "idle");
export const MOISTURE = protocol(0x6000a, "status", "waiting");
export const RAINFALL = protocol(0x6000b, "status", "waiting");

function protocol(
  driver: number,
  upcall: SensorProtocol["upcall"],
  refused: SensorProtocol["refused"],
): SensorProtocol {
  return { grant: grant(driver), upcall, refused };
}

export interface SensorDriverState {
  busy: boolean;
}

export class SensorDriver implements SyscallDriver, SensorClient, Stateful<SensorDriverState> {
  readonly #protocol: SensorProtocol;
  readonly #sensor: Sensor;
  readonly #grant: Grant<typeof layout>;
  readonly #limits: DistanceLimits | undefined;
  #busy = false;

  /** `limits`: for a sensor of distance. */
  constructor(
    protocol: SensorProtocol,
    sensor: Sensor,
    grant: Grant<typeof layout>,
    limits?: DistanceLimits,
  ) {
    this.#protocol = protocol;
    this.#sensor = sensor;
    this.#grant = grant;
    this.#limits = limits;
    sensor.setSensorClient(this);
  }

  command(commandNum: number, argument: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum === 1) return this.#measure(argument, process);
    if (commandNum === 2 && this.#limits) return Return.successU32(this.#limits.minimum);
    if (commandNum === 3 && this.#limits) return Return.successU32(this.#limits.maximum);
    return Return.failure(ErrorCode.NOSUPPORT);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sensorRead(failure: SensorFailure | undefined, value = 0): void {
    const { upcall } = this.#protocol;
    this.#busy = false;
    if (failure !== undefined && upcall === "value") return;
    const status = failure === undefined ? 0 : ErrorCode[failure];
    this.#grant.each(view => {
      if (!view.data.subscribed) return;
      view.data.subscribed = false;
      if (upcall === "value") view.scheduleUpcall(UPCALL, value, 0, 0);
      else view.scheduleUpcall(UPCALL, status, value, 0);
    });
  }

  save(): SensorDriverState {
    return { busy: this.#busy };
  }

  load(state: SensorDriverState): void {
    this.#busy = state.busy;
  }

  #measure(argument: number, process: ProcessId): SyscallReturn {
    const { refused } = this.#protocol;
    return this.#grant.command(process, view => {
      view.data.subscribed = true;
      if (this.#busy) return Return.success();
      this.#busy = true;
      const failure = this.#sensor.read(argument);
      if (failure === undefined) return Return.success();
      if (refused !== "busy") this.#busy = false;
      if (refused === "idle") view.data.subscribed = false;
      return Return.failure(ErrorCode[failure]);
    });
  }
}
