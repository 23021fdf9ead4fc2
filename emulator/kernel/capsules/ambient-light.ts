// Ambient light, driver 0x60002 (capsules/extra/src/ambient_light.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                measure; upcall 0 (lux, 0, 0). Succeeds always, even without a grant or a sensor that measures
//
// Requests made during a measurement share it.
import type { Stateful } from "../../base/stateful.js";
import type { Sensor, SensorClient, SensorFailure } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const LIGHT_INTENSITY = 0;

const layout = { pending: "bool" } as const;

export const AMBIENT_LIGHT_GRANT: GrantShape<typeof layout> = {
  driver: 0x60002,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface AmbientLightState {
  commandPending: boolean;
}

export class AmbientLight implements SyscallDriver, SensorClient, Stateful<AmbientLightState> {
  readonly #sensor: Sensor;
  readonly #grant: Grant<typeof layout>;
  #commandPending = false;

  constructor(sensor: Sensor, grant: Grant<typeof layout>) {
    this.#sensor = sensor;
    this.#grant = grant;
    sensor.setSensorClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    this.#grant.enter(process, view => {
      if (view.data.pending) return;
      view.data.pending = true;
      if (this.#commandPending) return;
      // Upstream goes on waiting for a sensor that has refused.
      this.#commandPending = true;
      this.#sensor.read();
    });
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  /** A chip's driver tells 0 lux when it fails. */
  sensorRead(_failure: SensorFailure | undefined, lux = 0): void {
    this.#commandPending = false;
    this.#grant.each(view => {
      if (!view.data.pending) return;
      view.data.pending = false;
      view.scheduleUpcall(LIGHT_INTENSITY, lux, 0, 0);
    });
  }

  save(): AmbientLightState {
    return { commandPending: this.#commandPending };
  }

  load(state: AmbientLightState): void {
    this.#commandPending = state.commandPending;
  }
}
