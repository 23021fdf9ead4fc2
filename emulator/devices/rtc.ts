// A real-time clock that runs in virtual time (chips/rp2040/src/rtc.rs). Its date at power-on is the board's; the user can
// set it, and sees it.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type {
  DateTime,
  DateTimeClient,
  DateTimeFailure,
  DateTimeValues,
} from "../hil/date-time.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface RtcOptions {
  start: DateTimeValues;
  /**
   * RP2040: the driver reads month and day of the week where they were set, so that they stay when the date runs on into
   * another.
   */
  staleMonthAndWeekday: boolean;
}

/** Where the RP2040's driver starts it; it says that this was a Sunday. */
export const EPOCH: DateTimeValues = {
  year: 1970,
  month: 1,
  day: 1,
  dayOfWeek: 0,
  hour: 0,
  minute: 0,
  seconds: 0,
};

export interface RtcState {
  /** The date at cycle `since`. */
  set: DateTimeValues;
  since: number;
  /** What the client is waiting for, and the date it is told. */
  task: "get" | "set" | null;
  read: DateTimeValues | null;
}

const SECONDS_PER_DAY = 86_400;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (month: number, year: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** The date `seconds` later. */
function advance(from: DateTimeValues, seconds: number): DateTimeValues {
  const total = from.hour * 3600 + from.minute * 60 + from.seconds + seconds;
  const days = Math.floor(total / SECONDS_PER_DAY);
  const ofDay = total % SECONDS_PER_DAY;
  let { year, month } = from;
  let day = from.day + days;
  while (day > daysIn(month, year)) {
    day -= daysIn(month, year);
    month = (month % 12) + 1;
    if (month === 1) year++;
  }
  return {
    year,
    month,
    day,
    dayOfWeek: (from.dayOfWeek + days) % 7,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor((ofDay % 3600) / 60),
    seconds: ofDay % 60,
  };
}

/** Sakamoto's method for the Gregorian calendar. */
function dayOfWeekOf(year: number, month: number, day: number): number {
  const offset = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] as number;
  const y = month < 3 ? year - 1 : year;
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + offset + day) % 7;
}

const isTime = ({ hour, minute, seconds }: DateTimeValues): boolean =>
  hour <= 23 && minute <= 59 && seconds <= 59;

export class RtcDevice implements Device<RtcState>, DateTime {
  readonly name = "rtc";
  readonly takes = "a date such as 2026-11-25 12:30:00";
  readonly #clock: Clock;
  readonly #options: RtcOptions;
  #client: DateTimeClient | undefined;
  #state: RtcState;

  constructor(clock: Clock, options: RtcOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#state = { set: options.start, since: clock.now, task: null, read: null };
  }

  setDateTimeClient(client: DateTimeClient): void {
    this.#client = client;
  }

  getDateTime(): DateTimeFailure | undefined {
    if (this.#state.task !== null) return this.#state.task === "get" ? "ALREADY" : "BUSY";
    this.#state.read = this.#now();
    this.#start("get");
    return undefined;
  }

  setDateTime(values: DateTimeValues): DateTimeFailure | undefined {
    if (this.#state.task !== null) return this.#state.task === "set" ? "ALREADY" : "BUSY";
    if (values.day < 1 || values.day > 31 || !isTime(values)) return "INVAL";
    this.#set(values);
    this.#start("set");
    return undefined;
  }

  onEvent(): void {
    const { task, read } = this.#state;
    this.#state.task = null;
    if (task === "set") this.#client?.setDateTimeDone();
    else if (read !== null) this.#client?.getDateTimeDone(read);
  }

  onInput(value: InputValue): void {
    const match =
      typeof value === "string"
        ? /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)$/.exec(value)
        : null;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, seconds = 0] =
      match?.slice(1).map(Number) ?? [];
    const values = { year, month, day, dayOfWeek: 0, hour, minute, seconds };
    const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year);
    if (!isDate || year > 4095 || !isTime(values))
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    this.#set({ ...values, dayOfWeek: dayOfWeekOf(year, month, day) });
  }

  shown(): string {
    const { year, month, day, hour, minute, seconds } = this.#now();
    const two = (n: number) => String(n).padStart(2, "0");
    const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
    return `${date} ${two(hour)}:${two(minute)}:${two(seconds)}`;
  }

  face(): Face {
    return { kind: "entry", shown: this.shown() };
  }

  /** The chip starts it anew. */
  reset(): void {
    this.#set(this.#options.start);
    this.#state.task = null;
  }

  save(): RtcState {
    return structuredClone(this.#state);
  }

  load(state: RtcState): void {
    this.#state = structuredClone(state);
  }

  #set(values: DateTimeValues): void {
    this.#state.set = values;
    this.#state.since = this.#clock.now;
  }

  #now(): DateTimeValues {
    const { set, since } = this.#state;
    const seconds = Math.floor((this.#clock.now - since) / this.#clock.frequency);
    const now = advance(set, seconds);
    const { month, dayOfWeek } = set;
    return this.#options.staleMonthAndWeekday ? { ...now, month, dayOfWeek } : now;
  }

  /** Completes as a deferred call does: as soon as the kernel has returned to its loop. */
  #start(task: "get" | "set"): void {
    this.#state.task = task;
    this.#clock.schedule(this.name, 0, 0);
  }
}
