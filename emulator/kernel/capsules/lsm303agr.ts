// LSM303AGR, accelerometer and magnetometer, driver 0x70006 (capsules/extra/src/{lsm303agr,lsm303xx}.rs), and its sensors for
// nine degrees of freedom. Grant [1 upcall, 0, 0].
//
//   command 0                      existence check
//   command 1                      whether it is there: always BUSY, for upstream looks for it only while it is busy
//   command 2  rate lowPower       power mode of the accelerometer, rate 0 to 9
//   command 3  scale highResolution  scale 0 to 3: 2, 4, 8 or 16 g
//   command 4  rate                of the magnetometer, 0 to 7
//   command 5  range               of the magnetometer, 0 to 5, 7 and 8
//
// Commands 2 to 5 end with upcall 0 (1, 0, 0); INVAL for other arguments, BUSY while the chip is. A reading for nine
// degrees of freedom makes upcall 0 (x, y, z), the chip's raw words, in the process that owns the driver: whoever called
// first while it lives, RESERVE for others.
import type { Stateful } from "../../base/stateful.js";
import type {
  NineDofSensors,
  RegisterBus,
  RegisterBusClient,
  Sensor,
  SensorClient,
} from "../../hil/sensors.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const SCALE_FACTOR = [2, 4, 8, 16] as const;
const RANGE_FACTOR_X_Y = [1000, 1100, 855, 670, 450, 400, 330, 230] as const;
const RANGE_FACTOR_Z = [1000, 980, 760, 600, 400, 355, 295, 205] as const;

/** What the first argument of a command can be. */
const valid: Readonly<Record<number, (argument: number) => boolean>> = {
  2: rate => rate <= 9,
  3: scale => scale <= 3,
  4: rate => rate <= 7,
  5: range => range <= 5 || range === 7 || range === 8,
};

const layout = {} as const;

export const LSM303AGR_GRANT: GrantShape<typeof layout> = {
  driver: 0x70006,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

/** How the accelerometer is set, as `Sensor.read` of it takes it. */
export const accelerometerMode = (mode: {
  scale: number;
  highResolution: boolean;
  lowPower: boolean;
}): number => mode.scale | (mode.highResolution ? 4 : 0) | (mode.lowPower ? 8 : 0);

export interface Lsm303agrConfiguration {
  scale: number;
  highResolution: boolean;
  lowPower: boolean;
  range: number;
}

export interface Lsm303agrState extends Lsm303agrConfiguration {
  busy: boolean;
  owningProcess: ProcessId | null;
}

/** The chip's two sensors, in its own words. */
export interface Lsm303agrSensors {
  accelerometer: Sensor;
  magnetometer: Sensor;
}

export class Lsm303agr implements SyscallDriver, RegisterBusClient, Stateful<Lsm303agrState> {
  readonly #bus: RegisterBus;
  readonly #sensors: Lsm303agrSensors;
  readonly #grant: Grant<typeof layout>;
  readonly #clients: { accelerometer?: SensorClient; magnetometer?: SensorClient } = {};
  #state: Lsm303agrState;

  /** `configuration`: what the board sets at boot. */
  constructor(
    bus: RegisterBus,
    sensors: Lsm303agrSensors,
    grant: Grant<typeof layout>,
    configuration: Lsm303agrConfiguration,
  ) {
    this.#bus = bus;
    this.#sensors = sensors;
    this.#grant = grant;
    this.#state = { ...configuration, busy: false, owningProcess: null };
    bus.setRegisterBusClient(this);
    sensors.accelerometer.setSensorClient({
      sensorRead: (_, x = 0, y = 0, z = 0) => this.#read("accelerometer", [x, y, z]),
    });
    sensors.magnetometer.setSensorClient({
      sensorRead: (_, x = 0, y = 0, z = 0) => this.#read("magnetometer", [x, y, z]),
    });
  }

  /** For the driver of nine degrees of freedom. */
  get nineDof(): NineDofSensors {
    const sensor = (name: keyof Lsm303agrSensors): Sensor => ({
      setSensorClient: client => {
        this.#clients[name] = client;
      },
      read: () => {
        if (this.#state.busy) return "BUSY";
        const failure = this.#sensors[name].read(accelerometerMode(this.#state));
        this.#state.busy = failure === undefined;
        return failure;
      },
    });
    return { accelerometer: sensor("accelerometer"), magnetometer: sensor("magnetometer") };
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#mayOwn(process)) return Return.failure(ErrorCode.RESERVE);
    this.#state.owningProcess = process;
    if (commandNum > 5) return Return.failure(ErrorCode.NOSUPPORT);
    if (commandNum === 1 || this.#state.busy) return Return.failure(ErrorCode.BUSY);
    if (valid[commandNum]?.(arg1) !== true) return Return.failure(ErrorCode.INVAL);
    if (commandNum === 2) this.#state.lowPower = arg2 !== 0;
    if (commandNum === 3) Object.assign(this.#state, { scale: arg1, highResolution: arg2 !== 0 });
    if (commandNum === 5) this.#state.range = arg1;
    this.#state.busy = true;
    this.#bus.write();
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  written(): void {
    this.#tellOwner([1, 0, 0]);
    this.#state.busy = false;
  }

  save(): Lsm303agrState {
    return { ...this.#state };
  }

  load(state: Lsm303agrState): void {
    this.#state = { ...state };
  }

  #mayOwn(process: ProcessId): boolean {
    const { owningProcess } = this.#state;
    if (owningProcess === null || sameProcess(owningProcess, process)) return true;
    return !this.#grant.enter(owningProcess, () => {}).ok;
  }

  /** The client is called while the chip still counts as busy. */
  #read(name: keyof Lsm303agrSensors, words: readonly [number, number, number]): void {
    const values = name === "accelerometer" ? this.#milliG(words) : this.#field(words);
    this.#clients[name]?.sensorRead(undefined, ...values);
    this.#tellOwner(words);
    this.#state.busy = false;
  }

  #tellOwner([x, y, z]: readonly [number, number, number]): void {
    const { owningProcess } = this.#state;
    if (owningProcess !== null)
      this.#grant.enter(owningProcess, view => view.scheduleUpcall(UPCALL, x, y, z));
  }

  #milliG(words: readonly number[]): number[] {
    const factor = SCALE_FACTOR[this.#state.scale] as number;
    return words.map(word => Math.trunc((word * factor * 1000) / 32768));
  }

  #field([x, y, z]: readonly [number, number, number]): number[] {
    const xy = RANGE_FACTOR_X_Y[this.#state.range];
    const ofZ = RANGE_FACTOR_Z[this.#state.range];
    if (xy === undefined || ofZ === undefined)
      throw new KernelPanic(
        `index out of bounds: the len is 8 but the index is ${this.#state.range}`,
        "capsules/extra/src/lsm303agr.rs:565:31",
      );
    return [(x * 100) / xy, (y * 100) / ofZ, (z * 100) / xy].map(Math.trunc);
  }
}
