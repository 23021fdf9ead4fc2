// Routes of the timeline, and what tells a client that sees it how far the recording is: at stops at once, while the
// board runs at most four times a second. A timeline that nobody sees gets no message.
import { UserError } from "../../emulator/index.js";
import { Fields } from "../arguments.js";
import type { Control } from "../control.js";
import { chromeTrace } from "./chrome-trace.js";
import type {
  ExportTimelineBody,
  TimelineBody,
  TimelineFilter,
  TimelineKind,
  TimelineSourceBody,
  TimelineState,
} from "./model.js";
import { sourceOfRow } from "./place.js";
import { TimelineRows } from "./rows.js";

/** Milliseconds between two messages while the board runs. */
const PERIOD = 250;
const MOST_ROWS = 1000;
const kinds: readonly TimelineKind[] = ["syscall", "upcall", "fault", "start", "exit"];

export interface TimelinesOptions {
  /** Milliseconds of the host's clock. */
  now(): number;
  send(state: TimelineState): void;
}

export class Timelines {
  readonly #options: TimelinesOptions;
  #visible = false;
  /** A client has seen the timeline, and may ask where a process stood. */
  #wanted = false;
  #due = 0;
  #run = 0;
  #rows: TimelineRows | undefined;
  /** What the client has been told last. */
  #told = "";

  constructor(options: TimelinesOptions) {
    this.#options = options;
  }

  /** A board that has just been built, or that is looked at from now on. */
  adopt({ recording }: Control): void {
    if (this.#wanted) recording.keepPlaces();
  }

  /** The board has got on a bit. */
  ran(control: Control): void {
    if (this.#visible && this.#options.now() >= this.#due) this.tell(control);
  }

  /** The board stands still, or nothing will happen for a while. */
  tell(control: Control): void {
    if (!this.#visible) return;
    this.#due = this.#options.now() + PERIOD;
    const state = this.#state(control);
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#options.send(state);
  }

  /** The client is told behind the answer. */
  watch(args: Fields, control: () => Control): () => void {
    const visible = args.optionalBoolean("visible") ?? args.wrong("visible", "true or false");
    return () => {
      this.#visible = visible;
      this.#wanted ||= visible;
      this.#told = "";
      this.adopt(control());
      this.tell(control());
    };
  }

  page(args: Fields, control: Control): TimelineBody {
    const filter = readFilter(new Fields(`${args.where}: filter`, args.raw("filter")));
    const [wanted, count] = [args.integer("start"), args.integer("count", 0)];
    const rows = this.#rowsOf(control);
    const total = rows.total(filter);
    const start = wanted < 0 ? Math.max(0, total + wanted) : Math.min(wanted, total);
    return {
      ...this.#state(control),
      start,
      total,
      rows: rows.page(start, Math.min(count, MOST_ROWS)),
      processes: rows.recording.names,
      drivers: rows.drivers,
    };
  }

  source(args: Fields, control: Control): Promise<TimelineSourceBody> {
    const number = args.integer("number", 0);
    const { recording, debuggee } = control;
    if (number < recording.first || number >= recording.end)
      throw new UserError(`Row ${number} of the timeline is not kept any more.`);
    return sourceOfRow(recording, number, debuggee);
  }

  exported({ recording, debuggee: { machine } }: Control): ExportTimelineBody {
    const { first, end } = recording;
    const trace = JSON.stringify(chromeTrace(recording, machine.clock.frequency));
    return { schema: 1, trace, rows: end - first, dropped: first };
  }

  #rowsOf({ recording, debuggee: { machine } }: Control): TimelineRows {
    if (this.#rows?.recording !== recording) {
      this.#rows = new TimelineRows(recording, machine.clock.frequency);
      this.#run++;
    }
    return this.#rows;
  }

  #state(control: Control): TimelineState {
    const { first, end } = this.#rowsOf(control).recording;
    return { schema: 1, run: this.#run, first, end };
  }
}

function readFilter(fields: Fields): TimelineFilter {
  const failed = fields.optionalBoolean("failed");
  const search = fields.optionalString("search")?.trim();
  const all = <T>(name: string, what: string, is: (value: unknown) => value is T) => {
    if (fields.raw(name) === undefined) return {};
    const list = fields.list(name);
    if (!list.every(is)) fields.wrong(name, what);
    return { [name]: list };
  };
  const isText = (value: unknown): value is string => typeof value === "string";
  const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);
  const isKind = (value: unknown): value is TimelineKind => kinds.includes(value as TimelineKind);
  return {
    ...all("processes", "a list of names", isText),
    ...all("drivers", "a list of driver numbers", isNumber),
    ...all("kinds", `a list of ${kinds.join(", ")}`, isKind),
    ...(failed === undefined ? {} : { failed }),
    ...(search ? { search } : {}),
  };
}
