// Date and time, driver 0x90007 (capsules/extra/src/date_time.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                read; upcall 0 (status, date, time)
//   command 2  date time     set; upcall 0 (status, 0, 0)
//
//   date: day in bits 0 to 4, month in 5 to 8, year in 9 to 20
//   time: seconds in bits 0 to 5, minute in 6 to 11, hour in 12 to 16, day of the week in 17 to 19 (0 is Sunday)
//
// Each process has one request, and a second one while it waits is ignored though the command succeeds. What the clock
// refuses is INVAL at once, but upstream keeps the request and goes on trying it: from then on the process is told INVAL
// whenever a request is done.
import type { Stateful } from "../../base/stateful.js";
import type {
  DateTime,
  DateTimeClient,
  DateTimeFailure,
  DateTimeValues,
} from "../../hil/date-time.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const Task = { None: 0, Read: 1, Set: 2 } as const;

const layout = { task: "u32", date: "u32", time: "u32" } as const;

export const DATE_TIME_GRANT: GrantShape<typeof layout> = {
  driver: 0x90007,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface DateTimeDriverState {
  inProgress: ProcessId | null;
}

interface Request {
  task: number;
  date: number;
  time: number;
}

export class DateTimeDriver
  implements SyscallDriver, DateTimeClient, Stateful<DateTimeDriverState>
{
  readonly #dateTime: DateTime;
  readonly #grant: Grant<typeof layout>;
  #inProgress: ProcessId | null = null;

  constructor(dateTime: DateTime, grant: Grant<typeof layout>) {
    this.#dateTime = dateTime;
    this.#grant = grant;
    dateTime.setDateTimeClient(this);
  }

  command(commandNum: number, date: number, time: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#enqueue({ task: Task.Read, date: 0, time: 0 }, process);
      case 2:
        return this.#enqueue({ task: Task.Set, date, time }, process);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  getDateTimeDone(values: DateTimeValues): void {
    this.#inProgress = null;
    const [date, time] = packed(values);
    this.#grant.each(view => {
      if (view.data.task !== Task.Read) return;
      view.data.task = Task.None;
      view.scheduleUpcall(UPCALL, 0, date, time);
    });
    this.#startNext();
  }

  setDateTimeDone(): void {
    const process = this.#inProgress;
    this.#inProgress = null;
    if (process !== null) {
      this.#grant.enter(process, view => {
        view.data.task = Task.None;
        view.scheduleUpcall(UPCALL, 0, 0, 0);
      });
    }
    this.#startNext();
  }

  save(): DateTimeDriverState {
    return { inProgress: this.#inProgress };
  }

  load(state: DateTimeDriverState): void {
    this.#inProgress = state.inProgress;
  }

  #enqueue(request: Request, process: ProcessId): SyscallReturn {
    const entered = this.#grant.enter(process, ({ data }) => {
      if (data.task === Task.None) Object.assign(data, request);
    });
    if (!entered.ok) return Return.failure(ErrorCode.FAIL);
    if (this.#inProgress !== null) return Return.success();
    const failure = this.#start(request, process);
    return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
  }

  #start({ task, date, time }: Request, process: ProcessId): DateTimeFailure | undefined {
    const failure =
      task === Task.Read ? this.#dateTime.getDateTime() : this.#setDateTime(date, time);
    if (failure === undefined) this.#inProgress = process;
    return failure;
  }

  #setDateTime(date: number, time: number): DateTimeFailure | undefined {
    const values = unpacked(date, time);
    return values === undefined ? "INVAL" : this.#dateTime.setDateTime(values);
  }

  #startNext(): void {
    let started = false;
    this.#grant.each((view, process) => {
      const { data } = view;
      if (started || data.task === Task.None) return;
      const failure = this.#start(data, process);
      if (failure === undefined) started = true;
      else view.scheduleUpcall(UPCALL, ErrorCode[failure], 0, 0);
    });
  }
}

const packed = (v: DateTimeValues): readonly [date: number, time: number] => [
  (v.year << 9) + (v.month << 5) + v.day,
  (v.dayOfWeek << 17) + (v.hour << 12) + (v.minute << 6) + v.seconds,
];

/** `undefined` for what upstream's capsule refuses; the clock refuses more. */
function unpacked(date: number, time: number): DateTimeValues | undefined {
  const values = {
    year: (date >>> 9) & 0xfff,
    month: (date >>> 5) & 0xf,
    day: date & 0x1f,
    dayOfWeek: (time >>> 17) & 0x7,
    hour: (time >>> 12) & 0x1f,
    minute: (time >>> 6) & 0x3f,
    seconds: time & 0x3f,
  };
  const { month, dayOfWeek, hour, minute, seconds } = values;
  const valid =
    month >= 1 && month <= 12 && dayOfWeek <= 6 && hour <= 24 && minute <= 60 && seconds <= 60;
  return valid ? values : undefined;
}
