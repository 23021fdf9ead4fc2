// Drives a scenario on a board under the debugger: as scripted inputs do, at the very cycles at which something is due.
import { type TraceEvent, UserError } from "../../emulator/index.js";
import type { Files } from "../files.js";
import type { DueInput } from "../runner.js";
import type { ScenarioOutcome } from "./model.js";
import { type Prepared, readEntry } from "./prepare.js";
import { type ScenarioBoard, ScenarioRun } from "./run.js";

export interface ScenarioEnds {
  ended(outcome: ScenarioOutcome): void;
  failed(error: unknown): void;
}

export class ScenarioDriver {
  readonly #prepared: Prepared;
  readonly #run: ScenarioRun;
  readonly #files: Files;
  readonly #ends: ScenarioEnds;
  /** Something that takes real time is under way; virtual time stands. */
  #waiting = false;

  /** @throws UserError for a device that the board does not have */
  constructor(prepared: Prepared, board: ScenarioBoard, files: Files, ends: ScenarioEnds) {
    this.#prepared = prepared;
    this.#run = new ScenarioRun(prepared, board, true);
    this.#files = files;
    this.#ends = ends;
  }

  hear(event: TraceEvent): void {
    this.#run.hear(event);
  }

  /** What the runner does next for the scenario. */
  get next(): DueInput {
    const { now } = this.#run.machine.clock;
    return {
      cycle: this.#run.isDue || this.#waiting ? now : this.#run.target,
      act: () => this.#proceed(),
      idle: () => this.#run.idle(),
    };
  }

  #proceed(): "wait" | undefined {
    if (this.#waiting) return "wait";
    this.#run.proceed();
    const { ended, due } = this.#run;
    if (!ended && due === undefined) return undefined;
    this.#waiting = true;
    const work = ended ? this.#end() : this.#load();
    work.catch((error: unknown) => this.#ends.failed(error));
    return "wait";
  }

  async #end(): Promise<void> {
    this.#ends.ended(await this.#run.outcome());
  }

  /** Reads the app that a step loads. */
  async #load(): Promise<void> {
    const { file, board } = this.#prepared;
    const { due, suits } = this.#run;
    if (due === undefined) return;
    try {
      this.#run.install((await readEntry(file, due, board, this.#files, suits)).app);
      await this.#run.debuggee.findSources();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#run.refuse(error.message);
    }
    this.#waiting = false;
    this.#run.isDue = true;
  }
}
