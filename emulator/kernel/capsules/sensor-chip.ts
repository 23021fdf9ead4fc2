// Chips with a driver of their own beside those of their quantities: TSL2561 0x70000, LPS25HB 0x70004, L3GD20 0x70005 and
// LSM6DSOX 0x70008 (capsules/extra/src/{tsl2561,lps25hb,l3gd20,lsm6dsoxtr}.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   TSL2561   1              measure; upcall 0 (0, lux, 0)
//   LPS25HB   1              measure; upcall 0 (microbar, 0, 0)
//   L3GD20    1              look whether it is there; upcall 0 (1, 1, 0)
//             2              turn it on; upcall 0 (0, 0, 0)
//             3  scale       0, 1, 2: 250, 500, 2000 degrees per second; the same
//             4, 5           parameters of its high-pass filter, filter on or off; the same
//             6              rotation; upcall 0 (x, y, z), words of the chip
//             7              temperature; upcall 0 (degrees below one that each chip has for itself, 0, 0)
//   LSM6DSOX  1              look whether it is there; upcall 0 (0, 1, 0)
//             2, 3  rate     power mode of accelerometer, of gyroscope, rate 0 to 10, else INVAL; the same
//
// Whoever calls first, but for command 0, owns the driver while it lives: NOMEM for others, from the L3GD20 RESERVE; the
// LSM6DSOX serves everybody. During an operation L3GD20 and LSM6DSOX are BUSY; the others succeed, and go on. An L3GD20
// whose owner goes during an operation is busy for good.
import type { Stateful } from "../../base/stateful.js";
import type { RegisterBus, Sensor } from "../../hil/sensors.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const layout = {} as const;
export type SensorChipGrant = GrantShape<typeof layout>;

type Values = readonly [number, number, number];

/** What a command does: a measurement by a sensor of the chip, or a transfer that only takes its time. */
type Operation =
  | { measure: string; upcall: (values: readonly number[]) => Values }
  | { transfer: Values; accepts?: (argument: number) => boolean; isScale?: true };

export interface SensorChipProtocol {
  grant: SensorChipGrant;
  /** Error for others than the owner; `undefined` where there is none. */
  reserved: "NOMEM" | "RESERVE" | undefined;
  /** A command during an operation is BUSY. */
  busy: boolean;
  /** An operation whose process is gone does not end. */
  sticks: boolean;
  commands: Readonly<Record<number, Operation>>;
}

const grant = (driver: number): SensorChipGrant => ({
  driver,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
});

export const TSL2561: SensorChipProtocol = {
  grant: grant(0x70000),
  reserved: "NOMEM",
  busy: false,
  sticks: false,
  commands: { 1: { measure: "light", upcall: ([lux = 0]) => [0, lux, 0] } },
};

export const LPS25HB: SensorChipProtocol = {
  grant: grant(0x70004),
  reserved: "NOMEM",
  busy: false,
  sticks: false,
  // The chip has 4096 steps for a hectopascal; upstream's product has 32 bits.
  commands: {
    1: { measure: "pressure", upcall: ([raw = 0]) => [(Math.imul(raw, 1000) >>> 0) >>> 12, 0, 0] },
  },
};

const nothing: Operation = { transfer: [0, 0, 0] };

export const L3GD20: SensorChipProtocol = {
  grant: grant(0x70005),
  reserved: "RESERVE",
  busy: true,
  sticks: true,
  commands: {
    1: { transfer: [1, 1, 0] },
    2: nothing,
    3: { transfer: [0, 0, 0], isScale: true },
    4: nothing,
    5: nothing,
    6: { measure: "rotation", upcall: ([x = 0, y = 0, z = 0]) => [x, y, z] },
    7: { measure: "temperature", upcall: ([degrees = 0]) => [degrees, 0, 0] },
  },
};

const powerMode: Operation = { transfer: [0, 1, 0], accepts: rate => rate <= 10 };

export const LSM6DSOX: SensorChipProtocol = {
  grant: grant(0x70008),
  reserved: undefined,
  busy: true,
  sticks: false,
  commands: { 1: { transfer: [0, 1, 0] }, 2: powerMode, 3: powerMode },
};

export interface SensorChipState {
  /** Whose operation is under way, or who owns the driver. */
  process: ProcessId | null;
  /** Number of the command that is under way, `null` for none. */
  running: number | null;
  scale: number;
}

export class SensorChip implements SyscallDriver, Stateful<SensorChipState> {
  readonly #protocol: SensorChipProtocol;
  readonly #bus: RegisterBus;
  readonly #sensors: Readonly<Record<string, Sensor>>;
  readonly #grant: Grant<typeof layout>;
  #state: SensorChipState = { process: null, running: null, scale: 0 };

  /** `sensors` by the names in the protocol. */
  constructor(
    protocol: SensorChipProtocol,
    bus: RegisterBus,
    sensors: Readonly<Record<string, Sensor>>,
    grant: Grant<typeof layout>,
  ) {
    this.#protocol = protocol;
    this.#bus = bus;
    this.#sensors = sensors;
    this.#grant = grant;
    bus.setRegisterBusClient({ written: () => this.#end([]) });
    for (const sensor of Object.values(sensors))
      sensor.setSensorClient({ sensorRead: (_, ...values) => this.#end(values) });
  }

  command(commandNum: number, argument: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    const { reserved, busy, commands } = this.#protocol;
    if (reserved !== undefined) {
      if (!this.#mayOwn(process)) return Return.failure(ErrorCode[reserved]);
      this.#state.process = process;
    }
    const operation = commands[commandNum];
    if (operation === undefined) return Return.failure(ErrorCode.NOSUPPORT);
    if (this.#state.running !== null)
      return busy ? Return.failure(ErrorCode.BUSY) : Return.success();
    if ("measure" in operation) this.#sensors[operation.measure]?.read(this.#state.scale);
    else {
      if (operation.accepts?.(argument) === false) return Return.failure(ErrorCode.INVAL);
      if (operation.isScale) this.#state.scale = argument & 0xff;
      this.#bus.write();
    }
    this.#state.running = commandNum;
    this.#state.process = process;
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  save(): SensorChipState {
    return { ...this.#state };
  }

  load(state: SensorChipState): void {
    this.#state = { ...state };
  }

  #mayOwn(id: ProcessId): boolean {
    const { process } = this.#state;
    if (process === null || sameProcess(process, id)) return true;
    return !this.#grant.enter(process, () => {}).ok;
  }

  #end(values: readonly number[]): void {
    const { running, process } = this.#state;
    const operation = running === null ? undefined : this.#protocol.commands[running];
    if (operation === undefined || process === null) return;
    const told = "measure" in operation ? operation.upcall(values) : operation.transfer;
    const { ok } = this.#grant.enter(process, view => view.scheduleUpcall(UPCALL, ...told));
    if (ok || !this.#protocol.sticks) this.#state.running = null;
  }
}
