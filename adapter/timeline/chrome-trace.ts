// The timeline in the Trace Event Format, which Perfetto and chrome://tracing open: a process of Tock is a track, a system
// call a slice, a command and the upcall that answers it the two ends of a flow.
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
import { KERNEL_ENTRY_CYCLES } from "../../emulator/index.js";
import { describeRow } from "./describe.js";
import type { TimelineRow } from "./model.js";
import type { Recording } from "./recording.js";

/** Times are microseconds. */
export interface TraceEventRecord {
  name: string;
  cat?: string;
  /** Complete, start and finish of a flow, instant, metadata. */
  ph: "X" | "s" | "f" | "i" | "M";
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  id?: number;
  /** A flow ends in the slice that stands there, not in the next. */
  bp?: "e";
  /** An instant is the thread's. */
  s?: "t";
  args?: Readonly<Record<string, string | number>>;
}

export interface ChromeTrace {
  displayTimeUnit: "ns";
  otherData: { schema: 1; tool: string; rows: number; dropped: number };
  traceEvents: readonly TraceEventRecord[];
}

const MICROSECONDS = 1e6;

/** @param frequency of the clock, in Hz */
export function chromeTrace(recording: Recording, frequency: number): ChromeTrace {
  const events: TraceEventRecord[] = [];
  const tracks = new Map<number, string>();
  /** Times of the rows that follow, by process, for where a slice must end. */
  const next = new Map<number, number>();
  for (let number = recording.end - 1; number >= recording.first; number--) {
    const row = describeRow(recording, number, frequency);
    tracks.set(row.threadId, tracks.get(row.threadId) ?? row.process);
    const end = next.get(row.threadId) ?? Number.POSITIVE_INFINITY;
    events.push(...eventsOf(row, end, frequency).reverse());
    next.set(row.threadId, row.seconds);
  }
  const named = [...tracks].sort(([a], [b]) => a - b).flatMap(([id, name]) => metadata(id, name));
  return {
    displayTimeUnit: "ns",
    otherData: {
      schema: 1,
      tool: "tock-debug",
      rows: recording.end - recording.first,
      dropped: recording.first,
    },
    traceEvents: [...named, ...events.reverse()],
  };
}

function metadata(id: number, name: string): TraceEventRecord[] {
  const record = (what: string, args: Record<string, string | number>): TraceEventRecord => ({
    name: what,
    ph: "M",
    ts: 0,
    pid: id,
    tid: id,
    args,
  });
  return [
    record("process_name", { name }),
    record("process_sort_index", { sort_index: id }),
    record("thread_name", { name }),
  ];
}

/** What is seen of a row: `end` is when the next of its process begins, in seconds. */
function eventsOf(row: TimelineRow, end: number, frequency: number): TraceEventRecord[] {
  const place = { ts: row.seconds * MICROSECONDS, pid: row.threadId, tid: row.threadId };
  const name = nameOf(row);
  const cat = row.kind;
  const args = argumentsOf(row);
  if (row.kind === "fault" || row.kind === "start" || row.kind === "exit")
    return [{ name, cat, ph: "i", ...place, s: "t", args }];
  const own = isYield(row) && row.latency !== null ? row.latency : KERNEL_ENTRY_CYCLES / frequency;
  const dur = Math.max(0, Math.min(own, end - row.seconds)) * MICROSECONDS;
  const slice: TraceEventRecord = { name, cat, ph: "X", ...place, dur, args };
  if (row.linked === null || isYield(row)) return [slice];
  const flow = { name: row.driverName, cat: "upcall", id: Math.min(row.number, row.linked) };
  return row.kind === "upcall"
    ? [slice, { ...flow, ph: "f", bp: "e", ...place }]
    : [slice, { ...flow, ph: "s", ...place }];
}

const isYield = ({ call }: TimelineRow): boolean => call.startsWith("yield");

const nameOf = ({ call, driverName, operation }: TimelineRow): string =>
  [call === "command" ? "" : call, driverName, operation].filter(part => part !== "").join(" ");

function argumentsOf(row: TimelineRow): Record<string, string | number> {
  const { pid, result, latency, number } = row;
  return {
    row: number,
    pid,
    ...(row.arguments === "" ? {} : { arguments: row.arguments }),
    ...(result === "" ? {} : { result }),
    ...(latency === null ? {} : { latency_us: latency * MICROSECONDS }),
  };
}
