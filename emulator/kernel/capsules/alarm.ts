// Alarms, driver 0x0 (capsules/core/src/alarm.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                frequency in Hz, scaled to left-justified ticks
//   command 2                now
//   command 3                stop; ALREADY if no alarm is set
//   command 5  dt            set relative to now; returns the expiration; upcall 0 (now, expiration, 0)
//   command 6  reference dt  set relative to reference; the same
//
// Ticks are left-justified in 32 bits, so that the counter wraps at 2^32 on every chip.
import {
  leftJustified,
  u32Padding,
  withinRange,
  wrappingAdd,
  wrappingSub,
} from "../../base/ticks.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** `Option<Expiration<Ticks>>`: a tag, then ticks of the hardware. */
const layout = { set: "u32", reference: "u32", dt: "u32" } as const;
type View = GrantView<typeof layout>;

export const ALARM_GRANT: GrantShape<typeof layout> = {
  driver: 0x0,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

/** Everything an app's alarm needs is in its grant; the driver has no state of its own. */
export class AlarmDriver implements SyscallDriver, AlarmClient {
  readonly #alarm: Alarm;
  readonly #grant: Grant<typeof layout>;

  constructor(alarm: Alarm, grant: Grant<typeof layout>) {
    this.#alarm = alarm;
    this.#grant = grant;
    alarm.setAlarmClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    let rearm = false;
    const result = this.#grant.command(process, view => {
      const { width, frequency } = this.#alarm;
      switch (commandNum) {
        case 0:
          return Return.success();
        case 1:
          return Return.successU32(leftJustified(frequency, width));
        case 2:
          return Return.successU32(leftJustified(this.#alarm.now(), width));
        case 3:
          if (!view.data.set) return Return.failure(ErrorCode.ALREADY);
          view.data.set = 0;
          rearm = true;
          return Return.success();
        case 5:
          rearm = true;
          return Return.successU32(this.#setRelative(view, arg1));
        case 6:
          rearm = true;
          return Return.successU32(this.#setFrom(view, arg1, arg2));
        default:
          return Return.failure(ErrorCode.NOSUPPORT);
      }
    });
    // Only now, because it enters the grants again.
    if (rearm) this.#fireAndRearm();
    return result;
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  alarm(): void {
    this.#fireAndRearm();
  }

  /** Processes that have set an alarm, and the seconds until it expires; 0 when it is due. */
  get pending(): { process: ProcessId; seconds: number }[] {
    const { width, frequency } = this.#alarm;
    const now = this.#alarm.now();
    const found: { process: ProcessId; seconds: number }[] = [];
    this.#grant.each(({ data: { set, reference, dt } }, process) => {
      if (!set) return;
      const end = wrappingAdd(reference, dt, width);
      const due = !withinRange(now, reference, end, width);
      found.push({ process, seconds: due ? 0 : wrappingSub(end, now, width) / frequency });
    });
    return found;
  }

  #setRelative(view: View, dt: number): number {
    return this.#set(view, this.#alarm.now(), this.#roundUp(dt));
  }

  #setFrom(view: View, reference: number, dt: number): number {
    const { width } = this.#alarm;
    // Reference is rounded down and expiration up: an alarm never fires early.
    const start = reference >>> u32Padding(width);
    const end = this.#roundUp((reference + dt) >>> 0);
    return this.#set(view, start, wrappingSub(end, start, width));
  }

  /** Left-justified ticks as ticks of the hardware; may be 2^width, which wraps to 0. */
  #roundUp(ticks: number): number {
    return wrappingAdd(Math.ceil(ticks / 2 ** u32Padding(this.#alarm.width)), 0, this.#alarm.width);
  }

  #set(view: View, reference: number, dt: number): number {
    const { width } = this.#alarm;
    view.data.set = 1;
    view.data.reference = reference;
    view.data.dt = dt;
    return leftJustified(wrappingAdd(reference, dt, width), width);
  }

  /** Upcalls for every app whose time has come; then the soonest of the others is armed. */
  #fireAndRearm(): void {
    const { width } = this.#alarm;
    const now = this.#alarm.now();
    let soonest: { reference: number; dt: number; left: number } | undefined;
    this.#grant.each(view => {
      const { set, reference, dt } = view.data;
      if (!set) return;
      const end = wrappingAdd(reference, dt, width);
      if (!withinRange(now, reference, end, width)) {
        view.data.set = 0;
        view.scheduleUpcall(UPCALL, leftJustified(now, width), leftJustified(end, width), 0);
        return;
      }
      const left = wrappingSub(end, now, width);
      if (!soonest || left < soonest.left) soonest = { reference, dt, left };
    });
    if (soonest) this.#alarm.setAlarm(soonest.reference, soonest.dt);
    else this.#alarm.disarm();
  }
}
