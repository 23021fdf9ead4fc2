// What the kernel has decided and does at its next step: write a return value back, act on a fault, restart, panic.
// Everything that a debugger may stop before goes through here, whether or not it stops, so that a stop changes nothing.
import type { Stateful } from "../base/stateful.js";
import type { Occurrence, OccurrenceKind } from "../machine/occurrence.js";

export interface Act {
  occurrence: Occurrence;
  /** Of the process, whose slot may get another one before the act; `null`: of no process. */
  pid: number | null;
  /** A debugger has been told. */
  reported: boolean;
}

/** Acts in the order in which they were decided; plain data. */
export class Acts implements Stateful<Act[]> {
  #waiting: Act[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The kernel panics; nothing else is going to happen. */
  get panics(): boolean {
    return this.#waiting[0]?.occurrence.kind === "panic";
  }

  push(occurrence: Occurrence, pid: number | null): void {
    if (occurrence.kind === "panic") this.#waiting = [];
    this.#waiting.push({ occurrence, pid, reported: false });
  }

  /** A process that is to start anew has no fault left for its policy to act on. */
  withdrawFault(process: number): void {
    this.#waiting = this.#waiting.filter(
      ({ occurrence }) => occurrence.kind !== "fault" || occurrence.process !== process,
    );
  }

  /** The next act to carry out. */
  take(): Act | undefined {
    return this.#waiting.shift();
  }

  /** An act that a debugger wants to hear of and has not; from now on it has. */
  report(wanted: ReadonlySet<OccurrenceKind>): Occurrence | undefined {
    if (this.#waiting.length === 0) return undefined;
    const act = this.#waiting.find(
      ({ occurrence, reported }) => !reported && wanted.has(occurrence.kind),
    );
    if (act !== undefined) act.reported = true;
    return act?.occurrence;
  }

  /** A grant of the driver is known to have failed since the last step. */
  hasFailedGrant(process: number, driver: number): boolean {
    return this.#waiting.some(
      ({ occurrence: o }) =>
        o.kind === "grantFailed" && o.process === process && o.driver === driver,
    );
  }

  /** The system call of a process has not returned yet. */
  isInSyscall(process: number): boolean {
    return this.#waiting.some(
      ({ occurrence: { kind, process: of } }) =>
        of === process && (kind === "syscallReturn" || kind === "syscallError" || kind === "exit"),
    );
  }

  reset(): void {
    this.#waiting = [];
  }

  save(): Act[] {
    return structuredClone(this.#waiting);
  }

  load(state: Act[]): void {
    this.#waiting = structuredClone(state);
  }
}
