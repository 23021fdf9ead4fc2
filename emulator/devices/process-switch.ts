// A user's hand on the processes: what the process console does to one, without a console
// (capsules/core/src/process_console.rs of Tock: stop, start, fault, boot and terminate).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { Device } from "./device.js";

/** What can be done to a process: the kernel's process management. */
export interface ProcessSwitches {
  stop(index: number): void;
  resume(index: number): void;
  terminate(index: number): void;
  setFault(index: number): void;
  boot(index: number): void;
}

/** The process console's words, in the order of their tags. */
const verbs = [
  ["terminate", "terminate"],
  ["stop", "stop"],
  ["start", "resume"],
  ["fault", "setFault"],
  ["boot", "boot"],
] as const satisfies readonly (readonly [string, keyof ProcessSwitches])[];

/** A tag is the index of a process and this many times the number of a verb. */
const SLOTS = 1000;

/** Its inputs wait as events for the interrupt that takes the running process off the CPU. */
export class ProcessSwitch implements Device<null> {
  readonly name = "processes";
  readonly takes =
    '"terminate N", "stop N", "start N", "fault N" or "boot N", N counting processes from 0';
  readonly #clock: Clock;
  readonly #processes: ProcessSwitches;

  constructor(clock: Clock, processes: ProcessSwitches) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /** `VERB N`, N being the index of a process. */
  onInput(value: InputValue): void {
    const [, word, index] = /^(\w+) (\d{1,3})$/.exec(String(value)) ?? [];
    const verb = verbs.findIndex(([name]) => name === word);
    if (verb < 0) {
      throw new UserError(`processes: expected ${this.takes}, got ${JSON.stringify(value)}.`);
    }
    this.#clock.schedule(this.name, verb * SLOTS + Number(index), 0);
  }

  /** What has been done already, such as the end of a process that has ended, does nothing. */
  onEvent(tag: number): void {
    const [, act] = verbs[Math.floor(tag / SLOTS)] ?? verbs[0];
    this.#processes[act](tag % SLOTS);
  }

  save(): null {
    return null;
  }

  load(): void {}
}
