// From what performing a scenario gives to what the client is told of it.
import type { FileCoverage } from "../coverage.js";
import { uriOf } from "../language/client-files.js";
import type { ProcessProfile } from "../profile.js";
import { type CheckResult, failuresOf, type ScenarioOutcome } from "../scenario/model.js";
import type { Performed } from "../scenario/perform.js";
import type {
  CoveredFile,
  Failure,
  NamedProfile,
  RunOutcome,
  ScenarioEndedBody,
  StackFrame,
} from "./protocol.js";

/** `base`: URI of the scenario's file, whose world all paths belong to. */
export function reportOf({ outcome, coverage, profiles }: Performed, base: string): RunOutcome {
  const { virtualSeconds, instructions, notices } = outcome;
  const failed = failuresOf(outcome);
  return {
    virtualSeconds,
    instructions,
    failures: failed.map(check => failureOf(check, outcome, base)),
    notices: notices.filter(notice => !failed.some(({ message }) => message === notice)),
    coverage: coverage.map(file => coveredOf(file, base)),
    profiles: profiles.map(profile => namedOf(outcome.name, profile)),
  };
}

/** The outcome of a scenario that was debugged. */
export const endedBody = (outcome: ScenarioOutcome): ScenarioEndedBody => ({
  schema: 1,
  result: outcome.result,
  ...reportOf({ outcome, coverage: [], profiles: [] }, "file:///"),
});

function failureOf(check: CheckResult, { faults }: ScenarioOutcome, base: string): Failure {
  const { line, column, text, message = "", virtualSeconds, difference } = check;
  const fault = faults.find(({ app, expected }) => !expected && message.includes(`${app} faulted`));
  const stack = fault?.stack.map((frame): StackFrame => {
    const { name, file, line: at, column: from } = frame;
    if (file === undefined || at === undefined) return { name };
    return { name, place: { uri: uriOf(file, base), line: at, column: from ?? 1 } };
  });
  return {
    line,
    column,
    text,
    message,
    virtualSeconds,
    ...(difference && { difference }),
    ...(stack && { stack }),
  };
}

const coveredOf = ({ path, lines, functions }: FileCoverage, base: string): CoveredFile => ({
  uri: uriOf(path, base),
  lines: [...lines],
  functions: functions.map(({ name, line, count }) => ({ name, line, count })),
});

const namedOf = (scenario: string, { process, profile }: ProcessProfile): NamedProfile => ({
  name: `${scenario}.${process}`.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-"),
  text: JSON.stringify(profile),
});
