// One hardware alarm shared by several clients (capsules/core/src/virtualizers/virtual_alarm.rs).
import type { Stateful } from "../../base/stateful.js";
import { halfMax, withinRange, wrappingAdd, wrappingSub } from "../../base/ticks.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";

interface VirtualAlarmState {
  reference: number;
  dt: number;
  /** `dt` is only a first part: half of the counter's range follows. */
  extended: boolean;
  armed: boolean;
}

export interface AlarmMuxState {
  /** What the hardware alarm was last set to. */
  next: { reference: number; dt: number } | null;
  /** In the order of registration. */
  alarms: VirtualAlarmState[];
}

export class AlarmMux implements AlarmClient, Stateful<AlarmMuxState> {
  readonly alarmHardware: Alarm;
  readonly #alarms: VirtualAlarm[] = [];
  #next: { reference: number; dt: number } | null = null;
  /** Only true while `alarm` runs, so never saved. */
  #firing = false;

  constructor(alarm: Alarm) {
    this.alarmHardware = alarm;
    alarm.setAlarmClient(this);
  }

  /** Called by `VirtualAlarm`. */
  register(alarm: VirtualAlarm): void {
    this.#alarms.push(alarm);
  }

  /** Called by `VirtualAlarm` after it was armed; `first`: no other alarm was. */
  armed(reference: number, dt: number, first: boolean): void {
    const hardware = this.alarmHardware;
    if (first) {
      this.#set(reference, dt);
      return;
    }
    // While firing, the soonest alarm is chosen at the end anyway.
    if (this.#firing) return;
    const { width } = hardware;
    const expiration = wrappingAdd(reference, dt, width);
    if (withinRange(hardware.getAlarm(), reference, expiration, width)) return;
    const next = this.#next;
    const nextIsAhead =
      !next ||
      withinRange(
        hardware.now(),
        next.reference,
        wrappingAdd(next.reference, next.dt, width),
        width,
      );
    if (nextIsAhead) this.#set(reference, dt);
  }

  /** Called by `VirtualAlarm`: how many alarms are armed. */
  get enabled(): number {
    return this.#alarms.filter(a => a.isArmed()).length;
  }

  alarm(): void {
    const { width } = this.alarmHardware;
    this.#firing = true;
    for (const alarm of this.#alarms.toReversed()) {
      const { armed, reference, dt } = alarm.state;
      const end = wrappingAdd(reference, dt, width);
      if (armed && !withinRange(this.alarmHardware.now(), reference, end, width)) alarm.expire();
    }
    this.#firing = false;
    const now = this.alarmHardware.now();
    let soonest: { reference: number; dt: number; left: number } | undefined;
    for (const alarm of this.#alarms.toReversed()) {
      const { armed, reference, dt } = alarm.state;
      if (!armed) continue;
      const end = wrappingAdd(reference, dt, width);
      const left = withinRange(now, reference, end, width) ? wrappingSub(end, now, width) : 0;
      if (!soonest || left < soonest.left) soonest = { reference, dt, left };
    }
    if (soonest) {
      this.#set(soonest.reference, soonest.dt);
    } else {
      this.#next = null;
      this.alarmHardware.disarm();
    }
  }

  save(): AlarmMuxState {
    return { next: this.#next, alarms: this.#alarms.map(a => ({ ...a.state })) };
  }

  load(state: AlarmMuxState): void {
    this.#next = state.next;
    state.alarms.forEach((saved, i) => {
      const alarm = this.#alarms[i];
      if (alarm) alarm.state = { ...saved };
    });
  }

  #set(reference: number, dt: number): void {
    this.#next = { reference, dt };
    this.alarmHardware.setAlarm(reference, dt);
  }
}

/** One client's alarm. Its state is part of the multiplexer's. */
export class VirtualAlarm implements Alarm {
  readonly #mux: AlarmMux;
  #client: AlarmClient | undefined;
  /** The multiplexer's business. */
  state: VirtualAlarmState = { reference: 0, dt: 0, extended: false, armed: false };

  constructor(mux: AlarmMux) {
    this.#mux = mux;
    mux.register(this);
  }

  get width(): number {
    return this.#mux.alarmHardware.width;
  }

  get frequency(): number {
    return this.#mux.alarmHardware.frequency;
  }

  get minimumDt(): number {
    return this.#mux.alarmHardware.minimumDt;
  }

  now(): number {
    return this.#mux.alarmHardware.now();
  }

  setAlarmClient(client: AlarmClient): void {
    this.#client = client;
  }

  setAlarm(reference: number, dt: number): void {
    const half = halfMax(this.width);
    // A long wait is split, so that a late look at the clock does not mistake it for one that is over.
    const extended = dt > wrappingAdd(half, this.minimumDt, this.width);
    const first = extended ? wrappingSub(dt, half, this.width) : dt;
    const none = this.#mux.enabled === 0;
    this.state = { reference, dt: first, extended, armed: true };
    this.#mux.armed(reference, first, none);
  }

  getAlarm(): number {
    const { reference, dt, extended } = this.state;
    const end = wrappingAdd(reference, dt, this.width);
    return extended ? wrappingAdd(end, halfMax(this.width), this.width) : end;
  }

  disarm(): void {
    if (!this.state.armed) return;
    this.state.armed = false;
    if (this.#mux.enabled === 0) this.#mux.alarmHardware.disarm();
  }

  isArmed(): boolean {
    return this.state.armed;
  }

  /** Called by the multiplexer when `reference + dt` has passed. */
  expire(): void {
    const { reference, dt, extended } = this.state;
    if (extended) {
      const end = wrappingAdd(reference, dt, this.width);
      this.state = { reference: end, dt: halfMax(this.width), extended: false, armed: true };
      return;
    }
    this.state.armed = false;
    this.#client?.alarm();
  }
}
