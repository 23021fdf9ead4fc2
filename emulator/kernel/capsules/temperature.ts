// Temperature, driver 0x60000 (capsules/extra/src/temperature.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                measure; upcall 0 (hundredths of a degree Celsius, 0, 0)
//
// Requests made during a measurement share it. A measurement that fails makes no upcall.
import type { Stateful } from "../../base/stateful.js";
import type { SensorFailure, TemperatureClient, TemperatureSensor } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** `subscribed`: the app waits for a measurement. */
const layout = { subscribed: "bool" } as const;

export const TEMPERATURE_GRANT: GrantShape<typeof layout> = {
  driver: 0x60000,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface TemperatureDriverState {
  busy: boolean;
}

export class TemperatureDriver
  implements SyscallDriver, TemperatureClient, Stateful<TemperatureDriverState>
{
  readonly #sensor: TemperatureSensor;
  readonly #grant: Grant<typeof layout>;
  #busy = false;

  constructor(sensor: TemperatureSensor, grant: Grant<typeof layout>) {
    this.#sensor = sensor;
    this.#grant = grant;
    sensor.setTemperatureClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    return this.#grant.command(process, view => {
      view.data.subscribed = true;
      if (this.#busy) return Return.success();
      // Upstream stays busy even when the sensor refuses.
      this.#busy = true;
      const failure = this.#sensor.readTemperature();
      return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  temperatureRead(value: number | SensorFailure): void {
    this.#busy = false;
    if (typeof value === "string") return;
    this.#grant.each(view => {
      if (!view.data.subscribed) return;
      view.data.subscribed = false;
      view.scheduleUpcall(UPCALL, value >>> 0, 0, 0);
    });
  }

  save(): TemperatureDriverState {
    return { busy: this.#busy };
  }

  load(state: TemperatureDriverState): void {
    this.#busy = state.busy;
  }
}
