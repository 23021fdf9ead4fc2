// The date as capsules see it (kernel/src/hil/date_time.rs).

/** Why an operation was refused: names of kernel/src/errorcode.rs. */
export type DateTimeFailure = "BUSY" | "ALREADY" | "INVAL";

export interface DateTimeValues {
  year: number;
  /** 1 January to 12 December. */
  month: number;
  day: number;
  /** 0 Sunday to 6 Saturday. */
  dayOfWeek: number;
  hour: number;
  minute: number;
  seconds: number;
}

export interface DateTimeClient {
  getDateTimeDone(values: DateTimeValues): void;
  setDateTimeDone(): void;
}

export interface DateTime {
  setDateTimeClient(client: DateTimeClient): void;
  /** The client is told later, of the date as it is now. */
  getDateTime(): DateTimeFailure | undefined;
  setDateTime(values: DateTimeValues): DateTimeFailure | undefined;
}
