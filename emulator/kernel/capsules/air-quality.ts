// Air quality, driver 0x60007 (capsules/extra/src/air_quality.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                NOSUPPORT (upstream means to take temperature and humidity here)
//   command 2                measure CO2; upcall 0 (parts per million, 0, 0)
//   command 3                measure volatile organic compounds; upcall 0 (parts per billion, 0, 0)
//
// BUSY during a measurement, whosever it is. One that is refused, that fails, or whose process is gone leaves the driver
// busy for good.
import type { Stateful } from "../../base/stateful.js";
import type { Sensor, SensorFailure } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const Operation = { None: 0, CO2: 1, TVOC: 2 } as const;
type Operation = (typeof Operation)[keyof typeof Operation];

const layout = { operation: "u8" } as const;

export const AIR_QUALITY_GRANT: GrantShape<typeof layout> = {
  driver: 0x60007,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface AirQualityState {
  busy: boolean;
}

export class AirQualityDriver implements SyscallDriver, Stateful<AirQualityState> {
  readonly #co2: Sensor;
  readonly #tvoc: Sensor;
  readonly #grant: Grant<typeof layout>;
  #busy = false;

  constructor(co2: Sensor, tvoc: Sensor, grant: Grant<typeof layout>) {
    this.#co2 = co2;
    this.#tvoc = tvoc;
    this.#grant = grant;
    co2.setSensorClient({ sensorRead: (f, value = 0) => this.#read(Operation.CO2, f, value) });
    tvoc.setSensorClient({ sensorRead: (f, value = 0) => this.#read(Operation.TVOC, f, value) });
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 2:
        return this.#measure(process, Operation.CO2, this.#co2);
      case 3:
        return this.#measure(process, Operation.TVOC, this.#tvoc);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  save(): AirQualityState {
    return { busy: this.#busy };
  }

  load(state: AirQualityState): void {
    this.#busy = state.busy;
  }

  #measure(process: ProcessId, operation: Operation, sensor: Sensor): SyscallReturn {
    return this.#grant.command(process, view => {
      if (this.#busy) return Return.failure(ErrorCode.BUSY);
      this.#busy = true;
      view.data.operation = operation;
      const failure = sensor.read();
      return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
    });
  }

  #read(operation: Operation, failure: SensorFailure | undefined, value: number): void {
    if (failure !== undefined) return;
    this.#grant.each(view => {
      if (view.data.operation !== operation) return;
      this.#busy = false;
      view.data.operation = Operation.None;
      view.scheduleUpcall(UPCALL, value, 0, 0);
    });
  }
}
