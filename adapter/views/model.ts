// What the views of the workbench show: plain data, whole at every message. Addresses and sizes are in bytes.

import type { Face } from "../../emulator/index.js";
import type { AccessRange, CrashSegment } from "../crash/model.js";
import type { Schema } from "../protocol.js";

export type ViewName = "processes" | "grants" | "kernel" | "board" | "memoryMap" | "liveWatch";

/** Custom request `tock/watch`: the views that the user can see now. The answer has no body; events `tock/view` follow. */
export interface WatchArguments {
  schema?: Schema;
  /** The views in place of those that were named before; none of them: no more events. */
  views: readonly ViewName[];
  /** The process that is selected; if it is not given, the one that stopped last. */
  threadId?: number;
  /** What `liveWatch` evaluates. */
  expressions?: readonly LiveExpression[];
}

/** An expression of globals and statics, whose value can be told while the board runs. */
export interface LiveExpression {
  expression: string;
  /** The app whose variables it means; if it is not given, that of the selected process. */
  app?: string;
  /** Rows below it whose children are shown, by the names that lead to them; `[]` is the expression itself. */
  open?: readonly (readonly string[])[];
}

/** Body of the event `tock/view`: a view at a stop, or while the board runs, if it has changed. */
export type ViewBody =
  | ProcessesBody
  | GrantsBody
  | KernelBody
  | BoardBody
  | MemoryMapBody
  | LiveWatchBody;

/** How far a part of a process's RAM is filled. */
export interface Gauge {
  used: number;
  /** The most that was in use since the process began; for a stack as far as the kernel has seen its pointer, or at a stop. */
  highest: number;
  /** All that could be used; of heap and grants, which grow towards each other, up to the other one. */
  size: number;
}

export interface ProcessInfo {
  threadId: number;
  name: string;
  pid: number;
  /** As Tock prints it; `Unique` for one that is only locally unique. */
  shortId: string;
  /** As Tock prints it, such as `Yielded`; `explained` in words. */
  state: string;
  explained: string;
  /** What can be done with it. */
  kind: "active" | "stopped" | "faulted" | "terminated";
  restarts: number;
  syscalls: number;
  lastSyscall: string | null;
  /** That it used up. */
  timeslices: number;
  queuedUpcalls: number;
  droppedUpcalls: number;
  /** `null`: it has not ended yet. */
  completionCode: string | null;
  /** Of its header in flash. */
  address: number;
  memory: { start: number; end: number };
  /** `null` until the process has told the kernel where its stack begins. */
  stack: Gauge | null;
  /** `null` until the process has told the kernel where its heap begins. */
  heap: Gauge | null;
  grants: Gauge;
}

export interface ProcessesBody {
  schema: Schema;
  view: "processes";
  processes: readonly ProcessInfo[];
}

/** Bytes on which a data breakpoint can be set. */
export interface Bytes {
  address: number;
  length: number;
  /** A data breakpoint of this view is set on them. */
  watched: boolean;
}

export interface GrantField extends Bytes {
  name: string;
  type: string;
  value: string;
}

export interface GrantAllow extends Bytes {
  access: "read-only" | "read-write";
  allow: number;
}

export interface GrantInfo extends Bytes {
  /** The order in which the board created its grants. */
  number: number;
  driver: number;
  /** Of the driver, such as `Console`. */
  name: string;
  /** Upcalls that the process has subscribed to, and what they call. */
  upcalls: readonly { subscribe: number; calls: string }[];
  /** Buffers that the process shares now. */
  allows: readonly GrantAllow[];
  fields: readonly GrantField[];
  /** The first bytes in hexadecimal, sixteen a row; `more` follow. */
  rows: readonly string[];
  more: number;
}

export interface GrantsBody {
  schema: Schema;
  view: "grants";
  /** Whose grants; `null` on a board without processes. */
  process: { threadId: number; name: string } | null;
  grants: readonly GrantInfo[];
  /** Names of drivers whose grant the process has not used. */
  unused: readonly string[];
}

/** A part of app flash: an app, or room between apps. */
export interface FlashPart {
  kind: "app" | "free";
  /** Of the app. */
  name: string;
  address: number;
  size: number;
  version: number;
  enabled: boolean;
  sticky: boolean;
  /** Of the app's process, if it has one. */
  threadId?: number;
}

export interface KernelBody {
  schema: Schema;
  view: "kernel";
  board: string;
  /** Virtual time since power-on. */
  seconds: number;
  panicked: boolean;
  scheduler: string;
  /** Whose turn it is; `left`: of its timeslice, in microseconds. */
  current: { threadId: number; name: string; left: number | null } | null;
  /** The other processes that are ready, in the order in which they would run. */
  next: readonly { threadId: number; name: string }[];
  /** Of processes, the soonest first. */
  alarms: readonly { threadId: number; name: string; seconds: number }[];
  /** What devices are about to do, the soonest first. */
  events: readonly { device: string; seconds: number }[];
  flash: readonly FlashPart[];
  drivers: readonly { driver: number; name: string }[];
  /** Drivers that the real board has and this one has not. */
  missing: readonly { driver: number; name: string }[];
}

/** What a user sees and touches of the board, in the order in which the board has it. */
export interface BoardBody {
  schema: Schema;
  view: "board";
  /** Of the board. */
  name: string;
  parts: readonly BoardPart[];
}

/** A device, which takes inputs by `tock/input` under its name. */
export type BoardPart = { device: string } & (
  | Exclude<Face, { kind: "screen" | "entry" }>
  | {
      kind: "screen";
      width: number;
      height: number;
      on: boolean;
      /** 0 to 65,535. */
      brightness: number;
      /** Red, green and blue of each pixel, row by row, in Base64. */
      pixels: string;
    }
  /** Any other device with an input: what it takes, in words, and what it was set to, if it tells. */
  | { kind: "entry"; takes: string; shown: string }
);

/** Where everything lies, and who may use it. Addresses `[low, high)`. */
export interface MemoryMapBody {
  schema: Schema;
  view: "memoryMap";
  /** Whose rows and regions these are; `null` on a board without processes. */
  process: { threadId: number; name: string } | null;
  /** Flash and RAM of the board. */
  areas: readonly MapArea[];
  /** The selected process's memory and what else it may use, ascending. */
  rows: readonly MapRow[];
  /** Regions of the MPU that are enabled while it runs. */
  regions: readonly MapRegion[];
  /** What the kernel keeps in the RAM of each process. */
  kernelBytes: readonly KernelBytes[];
}

export interface MapArea {
  name: "Flash" | "RAM";
  low: number;
  high: number;
  /** All of it, ascending. */
  parts: readonly {
    kind: "kernel" | "app" | "free";
    /** Of the app. */
    name: string;
    low: number;
    high: number;
    /** It is the selected process's. */
    selected: boolean;
  }[];
}

export interface MapRow {
  low: number;
  high: number;
  /** `other`: of another process. */
  kind: CrashSegment["kind"] | "other";
  /** What the selected process may do with these bytes while it runs. */
  read: boolean;
  write: boolean;
  execute: boolean;
  /** Buffers that it shares with the kernel here, such as `Console (0x1), read-only 1`. */
  shared: readonly string[];
  /** Other processes that may use them, with their rights, such as `ipc_service rw-`. */
  others: readonly string[];
}

export interface MapRegion {
  number: number;
  low: number;
  high: number;
  read: boolean;
  write: boolean;
  execute: boolean;
  /** Which of its eight parts are enabled, the lowest first; empty for a region too small to have them. */
  subregions: readonly boolean[];
  /** What it opens: its enabled parts, neighbours joined. */
  ranges: readonly Pick<AccessRange, "low" | "high">[];
}

export interface KernelBytes {
  threadId: number;
  name: string;
  /** The process's own structure, its queue of upcalls and its table of grants, with what alignment costs. */
  own: number;
  /** In grants that it uses. */
  grants: number;
}

/** Custom request `tock/process`: does to a process what the process console can, as soon as the board runs. No body. */
export interface ProcessArguments {
  schema?: Schema;
  threadId: number;
  action: "stop" | "start" | "terminate" | "fault" | "boot";
}

/** Custom request `tock/watchBytes`: sets a data breakpoint on bytes, or takes it away. No body; the views are told. */
export interface WatchBytesArguments {
  schema?: Schema;
  address: number;
  length: number;
  /** `null`: no longer. */
  access: "read" | "write" | "readWrite" | null;
}

/** Custom request `tock/format`: how integers are shown. The client is told to ask for its variables again. No body. */
export interface FormatArguments {
  schema?: Schema;
  hex: boolean;
}

/** A row for each expression, in the order in which they were asked for. */
export interface LiveWatchBody {
  schema: Schema;
  view: "liveWatch";
  rows: readonly LiveExpressionRow[];
}

export interface LiveExpressionRow extends LiveRow {
  /** As it was asked for. */
  app?: string;
}

export interface LiveRow {
  /** The expression, or the name of a member or an element. */
  name: string;
  /** In one line; of a row that has failed a sentence that says why. */
  value: string;
  failed: boolean;
  type?: string;
  /** An expression for it. */
  evaluateName?: string;
  /** `tock/setLiveValue` can be asked to. */
  changeable: boolean;
  /** Absent: it has none; `null`: nobody has opened it. */
  children?: readonly LiveRow[] | null;
  /** Children that are left out behind these. */
  more?: number;
}

/** Custom request `tock/setLiveValue`: gives a row of Live Watch another value, at once. No body; the view is told. */
export interface SetLiveValueArguments {
  schema?: Schema;
  /** Of the row. */
  expression: string;
  app?: string;
  threadId?: number;
  /** An expression. */
  value: string;
}
