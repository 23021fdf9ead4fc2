// A scenario from its files to its outcome, with what was asked to be watched meanwhile.
import { UserError } from "../../emulator/index.js";
import { Coverage, type FileCoverage } from "../coverage.js";
import type { Files } from "../files.js";
import { type ProcessProfile, Profiler } from "../profile.js";
import type { Scenario, ScenarioOutcome } from "./model.js";
import { prepare, readEntry } from "./prepare.js";
import { ScenarioRun } from "./run.js";

/** What performing needs of the program it lives in. */
export interface Performer {
  files: Files;
  /** Lets other things happen between two slices of the run, as it stands; a rejection ends it. */
  pause(run: ScenarioRun): Promise<void>;
}

export interface Watch {
  /** Count what is executed: about five times slower. */
  coverage?: boolean;
  /** Look at stacks. */
  profile?: boolean;
}

export interface Performed {
  outcome: ScenarioOutcome;
  /** Empty unless asked for. */
  coverage: readonly FileCoverage[];
  profiles: readonly ProcessProfile[];
}

/** @throws UserError with the place in the scenario's file for a file, board, app or device that there is not */
export async function perform(
  file: string,
  scenario: Scenario,
  performer: Performer,
  watch: Watch = {},
): Promise<Performed> {
  const { files } = performer;
  const prepared = await prepare(file, scenario, files);
  const run = ScenarioRun.start(prepared);
  const coverage = watch.coverage ? new Coverage(run.debuggee) : undefined;
  const profiler = watch.profile ? new Profiler(run.debuggee) : undefined;
  if (profiler !== undefined) run.runMachine = until => profiler.run(until);
  while (run.slice()) {
    const { due } = run;
    if (due !== undefined) {
      try {
        run.install((await readEntry(file, due, prepared.board, files, run.suits)).app);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        run.refuse(error.message);
      }
    }
    await performer.pause(run);
  }
  return {
    outcome: await run.outcome(),
    coverage: (await coverage?.files()) ?? [],
    profiles: (await profiler?.profiles()) ?? [],
  };
}
