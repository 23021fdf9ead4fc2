// Sound pressure, driver 0x60006 (capsules/extra/src/sound_pressure.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                measure; upcall 0 (decibels, 0, 0). BUSY during a measurement, whosever it is
//   command 2                turn the microphone on
//   command 3                turn it off
//
// A measurement that fails makes no upcall. One that is refused, or whose process is gone, leaves the driver busy. Whether
// the microphone is on changes no reading here, as it does not for upstream's one driver, which only moves an enable pin.
import type { Stateful } from "../../base/stateful.js";
import type { Sensor, SensorClient, SensorFailure } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const layout = { subscribed: "bool", enable: "bool" } as const;

export const SOUND_PRESSURE_GRANT: GrantShape<typeof layout> = {
  driver: 0x60006,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface SoundPressureState {
  busy: boolean;
}

export class SoundPressureDriver
  implements SyscallDriver, SensorClient, Stateful<SoundPressureState>
{
  readonly #sensor: Sensor;
  readonly #grant: Grant<typeof layout>;
  #busy = false;

  constructor(sensor: Sensor, grant: Grant<typeof layout>) {
    this.#sensor = sensor;
    this.#grant = grant;
    sensor.setSensorClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#measure(process);
      case 2:
      case 3:
        return this.#grant.command(process, view => {
          view.data.enable = commandNum === 2;
          return Return.success();
        });
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sensorRead(failure: SensorFailure | undefined, decibels = 0): void {
    this.#grant.each(view => {
      if (!view.data.subscribed) return;
      this.#busy = false;
      view.data.subscribed = false;
      if (failure === undefined) view.scheduleUpcall(UPCALL, decibels, 0, 0);
    });
  }

  save(): SoundPressureState {
    return { busy: this.#busy };
  }

  load(state: SoundPressureState): void {
    this.#busy = state.busy;
  }

  #measure(process: ProcessId): SyscallReturn {
    return this.#grant.command(process, view => {
      if (this.#busy) return Return.failure(ErrorCode.BUSY);
      view.data.subscribed = true;
      this.#busy = true;
      const failure = this.#sensor.read();
      return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
    });
  }
}
