// Nine degrees of freedom, driver 0x60004 (capsules/extra/src/ninedof.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                acceleration; upcall 0 (x, y, z)
//   command 100              magnetic field; the same
//   command 200              rotation; the same
//
// NODEVICE for a sensor that no chip of the board has. During another process's measurement one request per process is
// kept, a second is BUSY. A measurement that ends serves every kept request that is like the one its process had kept
// last, whatever it measured: upstream does not note a request that starts at once.
import type { Stateful } from "../../base/stateful.js";
import type { NineDofSensors, Sensor, SensorFailure } from "../../hil/sensors.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** `NineDofCommand`; `Exists` stands for no request yet. */
const Command = { Exists: 0, Accelerometer: 1, Magnetometer: 2, Gyroscope: 3 } as const;

const layout = { arg1: "u32", pendingCommand: "bool", command: "u8" } as const;

export const NINEDOF_GRANT: GrantShape<typeof layout> = {
  driver: 0x60004,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface NineDofState {
  currentApp: ProcessId | null;
}

export class NineDof implements SyscallDriver, Stateful<NineDofState> {
  /** By `Command`. */
  readonly #sensors: readonly (Sensor | undefined)[];
  readonly #grant: Grant<typeof layout>;
  #currentApp: ProcessId | null = null;

  constructor(sensors: NineDofSensors, grant: Grant<typeof layout>) {
    this.#sensors = [undefined, sensors.accelerometer, sensors.magnetometer, sensors.gyroscope];
    this.#grant = grant;
    for (const sensor of this.#sensors) {
      // A chip's driver tells zeroes when it fails.
      sensor?.setSensorClient({ sensorRead: (_, x = 0, y = 0, z = 0) => this.#read(x, y, z) });
    }
  }

  command(commandNum: number, arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#enqueue(Command.Accelerometer, arg1, process);
      case 100:
        return this.#enqueue(Command.Magnetometer, arg1, process);
      case 200:
        return this.#enqueue(Command.Gyroscope, arg1, process);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  save(): NineDofState {
    return { currentApp: this.#currentApp };
  }

  load(state: NineDofState): void {
    this.#currentApp = state.currentApp;
  }

  #enqueue(command: number, arg1: number, process: ProcessId): SyscallReturn {
    return this.#grant.command(process, ({ data }) => {
      if (this.#currentApp === null) {
        const failure = this.#start(command);
        if (failure !== undefined) return Return.failure(ErrorCode[failure]);
        this.#currentApp = process;
        return Return.success();
      }
      if (data.pendingCommand) return Return.failure(ErrorCode.BUSY);
      data.pendingCommand = true;
      data.command = command;
      data.arg1 = arg1;
      return Return.success();
    });
  }

  #start(command: number): SensorFailure | undefined {
    const sensor = this.#sensors[command];
    return sensor === undefined ? "NODEVICE" : sensor.read();
  }

  #read(x: number, y: number, z: number): void {
    let finished: { command: number; arg1: number } = { command: Command.Exists, arg1: 0 };
    const current = this.#currentApp;
    this.#currentApp = null;
    if (current !== null) {
      this.#grant.enter(current, view => {
        view.data.pendingCommand = false;
        finished = { command: view.data.command, arg1: view.data.arg1 };
        view.scheduleUpcall(UPCALL, x, y, z);
      });
    }
    let started = false;
    this.#grant.each((view, process) => {
      const { data } = view;
      if (started || !data.pendingCommand) return;
      data.pendingCommand = false;
      if (data.command === finished.command && data.arg1 === finished.arg1) {
        view.scheduleUpcall(UPCALL, x, y, z);
        return;
      }
      // A sensor that refuses leaves the driver waiting for this process.
      this.#currentApp = process;
      started = this.#start(data.command) === undefined;
    });
  }
}
