// Stops on entry: each app once, when it gets to its `main`; those that come while the board runs, too.
import type { App } from "./apps.js";
import type { Debuggee } from "./debuggee.js";

export class Entries {
  readonly #debuggee: Debuggee;
  /** Apps that have had their turn; by the address of their flash where their files are not known. */
  readonly #entered = new Set<App | number>();

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
    for (const { index } of debuggee.processes) this.add(index);
  }

  /** A process has been made. After a reset or a restart of the process its app does not stop again. */
  add(index: number): void {
    const app = this.#debuggee.program(index)?.app ?? this.#debuggee.process(index)?.flash.start;
    if (app === undefined || this.#entered.has(app)) return;
    this.#entered.add(app);
    const entry = this.#debuggee.entryOf(index);
    if (entry !== undefined) this.#debuggee.breakpoints.addEntry(entry);
  }
}
