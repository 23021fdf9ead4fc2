// Counters and alarms as capsules see them (kernel/src/hil/time.rs).

export interface Time {
  /** Bits of the counter, 1–32. */
  readonly width: number;
  /** Ticks per second. */
  readonly frequency: number;
  /** Ticks, below 2^width. */
  now(): number;
}

export interface AlarmClient {
  /** The alarm has expired; it is disarmed. */
  alarm(): void;
}

export interface Alarm extends Time {
  setAlarmClient(client: AlarmClient): void;
  /** Arms the alarm for `reference + dt`. If `now` is not in `[reference, reference + dt)` it fires as soon as it can. */
  setAlarm(reference: number, dt: number): void;
  /** Ticks at which the alarm fires or last fired. */
  getAlarm(): number;
  disarm(): void;
  isArmed(): boolean;
  /** Smallest useful `dt`. */
  readonly minimumDt: number;
}
