// A user's hand on the processes: ends one, as the process console's `terminate` does, without a console.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { Device } from "./device.js";

/** What ends processes: the kernel's process management. */
export interface ProcessTerminator {
  terminate(index: number): void;
}

/** Its inputs wait as events for the interrupt that takes the running process off the CPU. */
export class ProcessSwitch implements Device<null> {
  readonly name = "processes";
  readonly takes = '"terminate N", N counting processes from 0';
  readonly #clock: Clock;
  readonly #processes: ProcessTerminator;

  constructor(clock: Clock, processes: ProcessTerminator) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /** `terminate N`, N being the index of a process. */
  onInput(value: InputValue): void {
    const index = /^terminate (\d{1,3})$/.exec(String(value))?.[1];
    if (index === undefined) {
      throw new UserError(`processes: expected ${this.takes}, got ${JSON.stringify(value)}.`);
    }
    this.#clock.schedule(this.name, Number(index), 0);
  }

  /** `tag` is the index of the process; one that has ended already is left alone. */
  onEvent(tag: number): void {
    this.#processes.terminate(tag);
  }

  save(): null {
    return null;
  }

  load(): void {}
}
