// Which command an upcall answers. The kernel does not know: an upcall of a driver is taken for the answer to the last
// command of the process that such an upcall answers, and only the first is. One that is scheduled inside a command is its own.
import { ANY_UPCALL, answerOf } from "./command-names.js";

/** An upcall in a queue. */
interface Waiting {
  /** Row of the command. */
  command: number | undefined;
  cycle: number;
  driver: number;
  isNull: boolean;
}

const keyOf = (driver: number, subscribe: number): string => `${driver} ${subscribe}`;

/** What is under way for one process. */
interface Process {
  /** Rows of commands that no upcall has answered, by driver and upcall. */
  open: Map<string, number>;
  /** Upcalls in the queue, by driver and upcall. */
  queued: Map<string, Waiting[]>;
}

export class Causes {
  readonly #processes = new Map<number, Process>();
  /** Scheduled at one cycle, by which the system call is known inside of which that happened. */
  #recent: Waiting[] = [];

  #of(process: number): Process {
    let found = this.#processes.get(process);
    if (found === undefined) {
      found = { open: new Map(), queued: new Map() };
      this.#processes.set(process, found);
    }
    return found;
  }

  /** A command has succeeded. Upcalls that it has scheduled itself are its answers. */
  commanded(
    process: number,
    [driver, command]: readonly [number, number, ...number[]],
    row: number,
    cycle: number,
  ): void {
    const own = this.#recent.filter(w => w.cycle === cycle && w.driver === driver);
    this.#recent = [];
    for (const waiting of own) waiting.command = row;
    if (own.length > 0) return;
    const upcall = answerOf(driver, command);
    if (upcall !== null) this.#of(process).open.set(keyOf(driver, upcall), row);
  }

  scheduled(event: {
    process: number;
    driver: number;
    subscribe: number;
    cycle: number;
    isNull: boolean;
  }): void {
    const { process, driver, subscribe, cycle, isNull } = event;
    const { open, queued } = this.#of(process);
    const key = [keyOf(driver, subscribe), keyOf(driver, ANY_UPCALL)].find(k => open.has(k));
    const command = key === undefined ? undefined : open.get(key);
    if (key !== undefined) open.delete(key);
    const waiting: Waiting = { command, cycle, driver, isNull };
    const at = keyOf(driver, subscribe);
    const list = queued.get(at);
    if (list === undefined) queued.set(at, [waiting]);
    else list.push(waiting);
    if (this.#recent[0]?.cycle !== cycle) this.#recent = [];
    this.#recent.push(waiting);
  }

  /** The oldest of its kind leaves the queue; the result is the row of the command that it answers. */
  delivered(process: number, driver: number, subscribe: number): number | undefined {
    return this.#of(process).queued.get(keyOf(driver, subscribe))?.shift()?.command;
  }

  /** A subscription takes calls of the old one out of the queue. */
  subscribed(process: number, driver: number, subscribe: number): void {
    const { queued } = this.#of(process);
    const at = keyOf(driver, subscribe);
    const kept = queued.get(at)?.filter(({ isNull }) => isNull);
    if (kept !== undefined) queued.set(at, kept);
  }

  /** The process has ended or begins again. */
  forget(process: number): void {
    this.#processes.delete(process);
  }
}
