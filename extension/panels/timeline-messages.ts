// What the Syscalls panel and its host tell each other; each half checks what it gets.
import type {
  TimelineBody,
  TimelineFilter,
  TimelineKind,
  TimelineRow,
} from "../../adapter/protocol.js";
import { either, list, nullable, number, object, oneOf, optional, text, truth } from "./check.js";

export type { TimelineBody, TimelineFilter, TimelineKind, TimelineRow };

/** How far the recording is. Without a session what was shown last stays. */
export interface TimelineShown {
  type: "state";
  /** Name of the session, `null` if none is being debugged. */
  session: string | null;
  run: number;
  end: number;
}

export interface TimelinePage {
  type: "page";
  /** Of the `WantPage` that this answers. */
  request: number;
  body: TimelineBody;
}

export interface TimelineSay {
  type: "say";
  text: string;
}

export type ToTimelineView = TimelineShown | TimelinePage | TimelineSay;

export interface WantPage {
  type: "page";
  request: number;
  /** As in `TimelineArguments`. */
  start: number;
  count: number;
  filter: TimelineFilter;
}

export type FromTimelineView =
  | { type: "ready" }
  | { type: "export" }
  /** The source line of a row. */
  | { type: "open"; number: number }
  | WantPage;

/** What the panel remembers while it is hidden. */
export interface TimelineKept {
  filter: TimelineFilter;
  follow: boolean;
}

export const timelineKinds = ["syscall", "upcall", "fault", "start", "exit"] as const;
const kind = oneOf(...timelineKinds);

const isRow = object<TimelineRow>({
  number,
  seconds: number,
  kind,
  threadId: number,
  process: text,
  pid: number,
  call: text,
  driver: nullable(number),
  driverName: text,
  operation: text,
  arguments: text,
  result: text,
  failed: truth,
  latency: nullable(number),
  linked: nullable(number),
});

export const isTimelineBody = object<TimelineBody>({
  schema: oneOf(1),
  run: number,
  first: number,
  end: number,
  start: number,
  total: number,
  rows: list(isRow),
  processes: list(text),
  drivers: list(object<{ driver: number; name: string }>({ driver: number, name: text })),
});

const isFilter = object<TimelineFilter>({
  processes: optional(list(text)),
  drivers: optional(list(number)),
  kinds: optional(list(kind)),
  failed: optional(truth),
  search: optional(text),
});

export const isTimelineKept = object<TimelineKept>({ filter: isFilter, follow: truth });

export const isToTimelineView = either(
  either(
    object<TimelineShown>({
      type: oneOf("state"),
      session: nullable(text),
      run: number,
      end: number,
    }),
    object<TimelinePage>({ type: oneOf("page"), request: number, body: isTimelineBody }),
  ),
  object<TimelineSay>({ type: oneOf("say"), text }),
);

export const isFromTimelineView = either(
  either(
    object<{ type: "ready" | "export" }>({ type: oneOf("ready", "export") }),
    object<{ type: "open"; number: number }>({ type: oneOf("open"), number }),
  ),
  object<WantPage>({
    type: oneOf("page"),
    request: number,
    start: number,
    count: number,
    filter: isFilter,
  }),
) as (value: unknown) => value is FromTimelineView;
