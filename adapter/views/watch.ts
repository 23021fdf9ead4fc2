// Tells the client what its visible views show: at stops at once, while the board runs a few times a second.
// A view that nobody sees costs nothing and gets no message.
import type { Control } from "../control.js";
import { boardBody } from "./board.js";
import { grantsBody } from "./grants.js";
import { kernelBody } from "./kernel.js";
import { liveWatchBody } from "./live-watch.js";
import { memoryMapBody } from "./memory-map.js";
import type { LiveExpression, ViewBody, ViewName } from "./model.js";
import { processesBody } from "./processes.js";

type BodyOf = (
  control: Control,
  thread: number | undefined,
  expressions: readonly LiveExpression[],
) => ViewBody;

const bodies: Readonly<Record<ViewName, BodyOf>> = {
  processes: processesBody,
  grants: grantsBody,
  kernel: kernelBody,
  board: boardBody,
  memoryMap: memoryMapBody,
  liveWatch: liveWatchBody,
};

export const viewNames = Object.keys(bodies) as ViewName[];

/** Milliseconds between two messages about a view while the board runs. */
const PERIOD = 250;
/** The same of a view that shows what moves. */
const periods: Partial<Record<ViewName, number>> = { board: 100 };

export interface WatchOptions {
  /** Milliseconds of the host's clock. */
  now(): number;
  send(body: ViewBody): void;
}

/** What the client sees. */
export interface Seen {
  views: readonly ViewName[];
  /** The one that is selected. */
  thread: number | undefined;
  expressions: readonly LiveExpression[];
}

export class Watch {
  readonly #options: WatchOptions;
  #seen: Seen = { views: [], thread: undefined, expressions: [] };
  /** What the client has, by view: what has not changed is not sent again. */
  #sent = new Map<ViewName, string>();
  /** When a view may be told again. */
  readonly #due = new Map<ViewName, number>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** These views are visible from now on, and what they show is sent at once. */
  set(seen: Seen, control: Control): void {
    this.#sent = new Map([...this.#sent].filter(([name]) => seen.views.includes(name)));
    this.#seen = seen;
    this.tell(control);
  }

  /** The board runs and has got on a bit. */
  ran(control: Control): void {
    const { views } = this.#seen;
    if (views.length === 0) return;
    const now = this.#options.now();
    this.#tell(
      control,
      views.filter(view => now >= (this.#due.get(view) ?? 0)),
    );
  }

  /** The board stands still, or nothing will happen for a while. */
  tell(control: Control): void {
    this.#tell(control, this.#seen.views);
  }

  #tell(control: Control, views: readonly ViewName[]): void {
    for (const view of views) {
      this.#due.set(view, this.#options.now() + (periods[view] ?? PERIOD));
      const body = bodies[view](control, this.#seen.thread, this.#seen.expressions);
      const text = JSON.stringify(body);
      if (this.#sent.get(view) === text) continue;
      this.#sent.set(view, text);
      this.#options.send(body);
    }
  }
}
