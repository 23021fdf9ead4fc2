// What was seen instead of what was wanted, in a sentence.
import type { Machine } from "../../emulator/index.js";
import type { Heard } from "./heard.js";
import {
  ANYONE,
  type Condition,
  type Difference,
  type ExitCondition,
  type Expectation,
  failuresOf,
  type ScenarioOutcome,
  type ShownCondition,
  shownText,
  type Wanted,
} from "./model.js";

/** More of what came is cut. */
const LONGEST = 200;

export const wantedText = (wanted: Wanted): string =>
  "text" in wanted ? JSON.stringify(wanted.text) : String(wanted.regex);

/** The end of a text, in quotes. */
export const quoted = (text: string): string =>
  text.length > LONGEST ? `… ${JSON.stringify(text.slice(-LONGEST))}` : JSON.stringify(text);

const sender = (from: string): string => (from === ANYONE ? "" : ` from ${from}`);

export function missingText(wanted: Wanted, from: string, seen: string): string {
  const came = seen === "" ? "nothing came" : `what came is ${quoted(seen)}`;
  return `${wantedText(wanted)} did not come${sender(from)}; ${came}.`;
}

export const shownInstead = ({ device }: ShownCondition, devices: Machine["devices"]): string =>
  `${device} shows ${shownText(devices.get(device)?.shown?.())}.`;

export function exitInstead(
  { app, code }: ExitCondition,
  codes: readonly (number | null)[],
  state: string | undefined,
): string {
  if (codes.length === 0)
    return `${app} has not exited${state === undefined ? "" : `; it is ${state}`}.`;
  const had = codes.map(c => (c === null ? "no code" : String(c))).join(", ");
  return `${app} exited with ${had}${code === undefined ? "" : `, not with ${code}`}.`;
}

/** The end of a scenario in a log: a line for it, and one for each thing that failed. */
export function endSentences(outcome: ScenarioOutcome): readonly string[] {
  const { file, name, result, virtualSeconds } = outcome;
  const failed = failuresOf(outcome).map(
    ({ line, column, text, message, virtualSeconds: at }) =>
      `${file}:${line}:${column}: ${text}: ${message} (${at.toFixed(6)} s)`,
  );
  return [...failed, `"${name}" ${result} after ${virtualSeconds.toFixed(6)} s of virtual time.`];
}

/** What was wanted and what was seen, where both are texts of one kind. */
export function differenceOf(
  condition: Condition | Expectation,
  heard: Heard,
  devices: Machine["devices"],
): Difference | undefined {
  switch (condition.kind) {
    case "console": {
      const { wanted, from } = condition;
      const expected = "text" in wanted ? wanted.text : String(wanted.regex);
      return { expected, actual: heard.textFrom(from) };
    }
    case "shown": {
      const shown = devices.get(condition.device)?.shown?.();
      return { expected: wantedShown(condition.value), actual: shownText(shown) };
    }
    default:
      return undefined;
  }
}

const wantedShown = (value: ShownCondition["value"]): string =>
  typeof value === "object" ? shownText({ ...value }) : shownText(value);

/** Why a condition has not come true. */
export function notCome(
  condition: Condition,
  heard: Heard,
  machine: Machine,
  stateOf: (app: string) => string | undefined,
): string {
  switch (condition.kind) {
    case "console":
      return missingText(condition.wanted, condition.from, heard.restFrom(condition.from));
    case "shown":
      return shownInstead(condition, machine.devices);
    case "syscall":
      return "There was no such system call.";
    case "exit":
      return exitInstead(condition, heard.exitsOf(condition.app), stateOf(condition.app));
    case "fault": {
      const texts = heard.faults.filter(({ app }) => app === condition.app).map(f => f.text);
      if (texts.length === 0) return `${condition.app} has not faulted.`;
      return `${condition.app} faulted, but not so: ${texts.join(" ")}`;
    }
  }
}
