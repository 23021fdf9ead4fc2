// Proximity, driver 0x60005 (capsules/extra/src/proximity.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                measure; upcall 0 (0 far to 255 near, 0, 0)
//   command 2  lower upper   the same, once the value is below `lower` or above `upper`
//
// One request per process, a second is BUSY. Refusals of the sensor are not reported.
import type { Stateful } from "../../base/stateful.js";
import type { ProximitySensor, SensorClient, SensorFailure } from "../../hil/sensors.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** `ProximityCommand`. A grant that nobody has used yet holds 0, which no request does. */
const Command = { ReadProximity: 1, ReadProximityOnInterrupt: 2, NoCommand: 3 } as const;
type Command = (typeof Command)[keyof typeof Command];

const layout = {
  subscribed: "bool",
  enqueuedCommandType: "u8",
  lowerProximity: "u8",
  upperProximity: "u8",
} as const;
type Data = GrantView<typeof layout>["data"];

export const PROXIMITY_GRANT: GrantShape<typeof layout> = {
  driver: 0x60005,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface ProximityState {
  commandRunning: Command;
}

interface Thresholds {
  lower: number;
  upper: number;
}

/** The values that some process does not wait for: it hears of all others. */
const narrowed = (t: Thresholds, { lowerProximity, upperProximity }: Data): Thresholds => ({
  lower: Math.max(t.lower, lowerProximity),
  upper: Math.min(t.upper, upperProximity),
});

export class ProximityDriver implements SyscallDriver, SensorClient, Stateful<ProximityState> {
  readonly #sensor: ProximitySensor;
  readonly #grant: Grant<typeof layout>;
  #commandRunning: Command = Command.NoCommand;

  constructor(sensor: ProximitySensor, grant: Grant<typeof layout>) {
    this.#sensor = sensor;
    this.#grant = grant;
    sensor.setSensorClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== Command.ReadProximity && commandNum !== Command.ReadProximityOnInterrupt)
      return Return.failure(ErrorCode.NOSUPPORT);
    const others = this.#thresholds(process);
    return this.#grant.command(process, ({ data }) => {
      if (data.subscribed) return Return.failure(ErrorCode.BUSY);
      if (commandNum === Command.ReadProximityOnInterrupt) {
        data.lowerProximity = arg1;
        data.upperProximity = arg2;
      }
      data.subscribed = true;
      data.enqueuedCommandType = commandNum;
      // A wait for an interrupt gives way to any request, and goes on behind it.
      if (this.#commandRunning === Command.ReadProximity) return Return.success();
      if (commandNum === Command.ReadProximityOnInterrupt) this.#wait(narrowed(others, data));
      else {
        this.#sensor.read();
        // Upstream notes this only when it interrupts a wait.
        if (this.#commandRunning !== Command.NoCommand)
          this.#commandRunning = Command.ReadProximity;
      }
      return Return.success();
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sensorRead(_failure: SensorFailure | undefined, value = 0): void {
    this.#grant.each(view => {
      const { data } = view;
      if (!data.subscribed) return;
      const waits = data.enqueuedCommandType === Command.ReadProximityOnInterrupt;
      if (waits && value <= data.upperProximity && value >= data.lowerProximity) return;
      view.scheduleUpcall(UPCALL, value, 0, 0);
      data.subscribed = false;
    });
    this.#commandRunning = Command.NoCommand;
    this.#runNext();
  }

  save(): ProximityState {
    return { commandRunning: this.#commandRunning };
  }

  load(state: ProximityState): void {
    this.#commandRunning = state.commandRunning;
  }

  #runNext(): void {
    const thresholds = this.#thresholds();
    let started = false;
    this.#grant.each(({ data }) => {
      if (started || !data.subscribed) return;
      started = true;
      if (data.enqueuedCommandType === Command.ReadProximityOnInterrupt) this.#wait(thresholds);
      else {
        this.#sensor.read();
        this.#commandRunning = Command.ReadProximity;
      }
    });
  }

  #wait({ lower, upper }: Thresholds): void {
    this.#sensor.readOnInterrupt(lower, upper);
    this.#commandRunning = Command.ReadProximityOnInterrupt;
  }

  /** Those of all processes that wait for an interrupt, but `besides`. */
  #thresholds(besides?: ProcessId): Thresholds {
    let thresholds: Thresholds = { lower: 0, upper: 255 };
    this.#grant.each(({ data }, process) => {
      if (besides !== undefined && sameProcess(process, besides)) return;
      if (data.subscribed && data.enqueuedCommandType === Command.ReadProximityOnInterrupt)
        thresholds = narrowed(thresholds, data);
    });
    return thresholds;
  }
}
