// The timeline of system calls and upcalls as it goes to a client: plain data, in pages.
import type { Schema } from "../protocol.js";

export type TimelineKind = "syscall" | "upcall" | "fault" | "start" | "exit";

export interface TimelineRow {
  /** Counts from 0 at power-on. */
  number: number;
  /** Virtual time since power-on. */
  seconds: number;
  kind: TimelineKind;
  threadId: number;
  /** Of the process. */
  process: string;
  pid: number;
  /** What happened, such as `command`, `allow read-only`, `upcall` or `start`. */
  call: string;
  /** `null` for what concerns no driver. */
  driver: number | null;
  driverName: string;
  /** Of a command, such as `write`; the number of an upcall or a buffer. */
  operation: string;
  arguments: string;
  result: string;
  /** The result is an error, or the process ended badly. */
  failed: boolean;
  /** Seconds from a command to its upcall, of a yield until the upcall that ended it; `null` if there is none (yet). */
  latency: number | null;
  /** The other row that `latency` tells of. */
  linked: number | null;
}

/** Which rows are wanted: all that fit everything that is given. */
export interface TimelineFilter {
  processes?: readonly string[];
  drivers?: readonly number[];
  kinds?: readonly TimelineKind[];
  failed?: boolean;
  /** Words that all occur in the row, whatever their case. */
  search?: string;
}

/** Custom request `tock/timeline`: a page of the rows that fit; the answer is a `TimelineBody`. */
export interface TimelineArguments {
  schema?: Schema;
  /** Index of the first row of the page among those that fit; a negative one counts from the end. */
  start: number;
  /** At most 1,000. */
  count: number;
  filter?: TimelineFilter;
}

/** How far the recording is; body of the event `tock/timelineChanged`. */
export interface TimelineState {
  schema: Schema;
  /** Grows when the board starts anew: rows of before are gone. */
  run: number;
  /** Number of the oldest row that is kept: so many were dropped. */
  first: number;
  /** Number of the row that comes next. */
  end: number;
}

export interface TimelineBody extends TimelineState {
  /** Index of the page's first row among those that fit. */
  start: number;
  /** How many rows fit. */
  total: number;
  rows: readonly TimelineRow[];
  /** What a filter can name. */
  processes: readonly string[];
  drivers: readonly { driver: number; name: string }[];
}

/** Custom request `tock/watchTimeline`: whether the user can see it; while so, events `tock/timelineChanged` come. No body. */
export interface WatchTimelineArguments {
  schema?: Schema;
  visible: boolean;
}

/** Custom request `tock/timelineSource`: where a process stood at a row; the answer is a `TimelineSourceBody`. */
export interface TimelineSourceArguments {
  schema?: Schema;
  number: number;
}

export interface TimelineFrame {
  name: string;
  /** As the client can open it, or as the debug information says. */
  path: string | null;
  line: number;
  column: number;
}

export interface TimelineSourceBody {
  schema: Schema;
  /** Innermost first; empty where nothing is known. */
  frames: readonly TimelineFrame[];
  /** Index of the frame that is the app's own code and not a library's; -1 if no frame has a source. */
  own: number;
}

/** Custom request `tock/exportTimeline`: all rows that are kept as a trace for Perfetto and chrome://tracing. */
export interface ExportTimelineArguments {
  schema?: Schema;
}

export interface ExportTimelineBody {
  schema: Schema;
  /** JSON in the Trace Event Format. */
  trace: string;
  rows: number;
  dropped: number;
}
