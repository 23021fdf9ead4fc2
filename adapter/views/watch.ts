// Tells the client what its visible views show: at stops at once, while the board runs a few times a second.
// A view that nobody sees costs nothing and gets no message.
import type { Control } from "../control.js";
import { boardBody } from "./board.js";
import { grantsBody } from "./grants.js";
import { kernelBody } from "./kernel.js";
import { memoryMapBody } from "./memory-map.js";
import type { ViewBody, ViewName } from "./model.js";
import { processesBody } from "./processes.js";

const bodies: Readonly<
  Record<ViewName, (control: Control, thread: number | undefined) => ViewBody>
> = {
  processes: processesBody,
  grants: grantsBody,
  kernel: kernelBody,
  board: boardBody,
  memoryMap: memoryMapBody,
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

export class Watch {
  readonly #options: WatchOptions;
  #views: readonly ViewName[] = [];
  #thread: number | undefined;
  /** What the client has, by view: what has not changed is not sent again. */
  #sent = new Map<ViewName, string>();
  /** When a view may be told again. */
  readonly #due = new Map<ViewName, number>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** These views are visible from now on, and what they show is sent at once. */
  set(views: readonly ViewName[], thread: number | undefined, control: Control): void {
    this.#sent = new Map([...this.#sent].filter(([name]) => views.includes(name)));
    this.#views = views;
    this.#thread = thread;
    this.tell(control);
  }

  /** The board runs and has got on a bit. */
  ran(control: Control): void {
    if (this.#views.length === 0) return;
    const now = this.#options.now();
    this.#tell(
      control,
      this.#views.filter(view => now >= (this.#due.get(view) ?? 0)),
    );
  }

  /** The board stands still, or nothing will happen for a while. */
  tell(control: Control): void {
    this.#tell(control, this.#views);
  }

  #tell(control: Control, views: readonly ViewName[]): void {
    for (const view of views) {
      this.#due.set(view, this.#options.now() + (periods[view] ?? PERIOD));
      const body = bodies[view](control, this.#thread);
      const text = JSON.stringify(body);
      if (this.#sent.get(view) === text) continue;
      this.#sent.set(view, text);
      this.#options.send(body);
    }
  }
}
