// Judges what a scenario expects of the whole run, when it is over.
import type { Machine } from "../../emulator/index.js";
import { type Heard, shows } from "./heard.js";
import type { CheckResult, Expectation, FaultResult, Scenario } from "./model.js";
import {
  differenceOf,
  exitInstead,
  missingText,
  quoted,
  shownInstead,
  wantedText,
} from "./sentences.js";

export interface Run {
  heard: Heard;
  devices: Machine["devices"];
  /** By the app's name. */
  grantBytes: ReadonlyMap<string, number>;
  /** Of an app's process. */
  stateOf(app: string): string | undefined;
}

type Judged = Omit<CheckResult, "virtualSeconds">;

export function judgeExpectations(scenario: Scenario, run: Run): readonly Judged[] {
  const { expectations, noFault, place } = scenario;
  const consoles = expectations.filter(e => e.kind === "console");
  const missing = run.heard.missing(consoles);
  const judged = expectations.map(expectation => {
    const message = wrongWith(expectation, run, missing);
    const { place: at, text } = expectation;
    const difference = message && differenceOf(expectation, run.heard, run.devices);
    return { ...resultOf(at, text, message), ...(difference && { difference }) };
  });
  if (!noFault) return judged;
  const unexpected = run.heard.faults.filter(({ expected }) => !expected);
  const panicked =
    run.heard.panic !== undefined && run.heard.faults.length === 0
      ? [`The kernel panicked: ${run.heard.panic}`]
      : [];
  const message = [...unexpected.map(faultSentence), ...panicked].join(" ");
  return [...judged, resultOf(place, "no-fault: true", message || undefined)];
}

const resultOf = (place: Scenario["place"], text: string, message: string | undefined): Judged => ({
  line: place.line,
  column: place.column,
  text,
  ...(message === undefined
    ? { result: "passed" as const }
    : { result: "failed" as const, message }),
});

const faultSentence = ({ app, virtualSeconds, text }: FaultResult): string =>
  `${app} faulted at ${virtualSeconds.toFixed(6)} s. ${text}`;

/** `undefined`: it is as expected. */
function wrongWith(
  expectation: Expectation,
  run: Run,
  missing: readonly Expectation[],
): string | undefined {
  const { heard } = run;
  switch (expectation.kind) {
    case "console": {
      const { wanted, from } = expectation;
      return missing.includes(expectation)
        ? missingText(wanted, from, heard.textFrom(from))
        : undefined;
    }
    case "noConsole": {
      const { wanted, from } = expectation;
      if (!heard.hasEverCome(wanted, from)) return undefined;
      return `${wantedText(wanted)} came: ${quoted(heard.textFrom(from))}.`;
    }
    case "shown": {
      const shown = run.devices.get(expectation.device)?.shown?.();
      return shows(shown, expectation.value) ? undefined : shownInstead(expectation, run.devices);
    }
    case "exit": {
      if (heard.hasExited(expectation)) return undefined;
      const { app } = expectation;
      return exitInstead(expectation, heard.exitsOf(app), run.stateOf(app));
    }
    case "syscalls": {
      const count = heard.countOf(expectation.pattern);
      const { least, most } = expectation;
      return count >= least && count <= most ? undefined : `There were ${count} such system calls.`;
    }
    case "grantBytes": {
      const bytes = run.grantBytes.get(expectation.app);
      if (bytes === undefined) return `${expectation.app} was never started.`;
      return bytes <= expectation.most ? undefined : `It had ${bytes} bytes of grants.`;
    }
  }
}
