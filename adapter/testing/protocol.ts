// What the extension and the server that runs scenarios say to each other, by JSON-RPC. Types and names only: both sides
// import this. The server asks for files as the language server does (`tock/readFile` and others in ../language/protocol.ts).
import type { Difference, Mistake, Place } from "../scenario/model.js";

export type { Difference, Mistake, Place };

/** Files with scenarios end so. */
export const SCENARIO_PATTERN = "**/*.tocktest.yaml";

/** Client to server: what a file holds. `ReadParams` → `ReadResult`. */
export const READ_SCENARIOS = "tock/readScenarios";

export interface ReadParams {
  uri: string;
  text: string;
}

export interface ScenarioInfo {
  name: string;
  /** Which document of the file it is, from 1. */
  number: number;
  place: Place;
  end: Place;
}

export interface ReadResult {
  /** Those without a mistake. */
  scenarios: readonly ScenarioInfo[];
  mistakes: readonly Mistake[];
}

/** Client to server: runs a scenario. `RunParams` → `RunResult`. Can be cancelled. */
export const RUN_SCENARIO = "tock/runScenario";

export interface RunParams extends ReadParams {
  /** By which `CONSOLE` names the run. */
  run: number;
  number: number;
  /** Count what is executed. */
  coverage: boolean;
  /** Look at stacks. */
  profile: boolean;
}

/** Server to client: what the board has printed since the last time. */
export const CONSOLE = "tock/scenarioConsole";

export interface ConsoleParams {
  run: number;
  text: string;
}

export type RunResult =
  | ({ kind: "passed" | "failed" } & RunOutcome)
  /** It cannot be run. */
  | { kind: "wrong"; mistake: Mistake }
  | { kind: "cancelled" };

export interface RunOutcome {
  virtualSeconds: number;
  instructions: number;
  failures: readonly Failure[];
  /** What a user must be told beside: an app without symbols, a file that was not found. */
  notices: readonly string[];
  /** Empty unless asked for. */
  coverage: readonly CoveredFile[];
  profiles: readonly NamedProfile[];
}

export interface Failure extends Place {
  /** What was written: `console: Ready`. */
  text: string;
  message: string;
  virtualSeconds: number;
  difference?: Difference;
  /** Of the fault that it tells of. */
  stack?: readonly StackFrame[];
}

export interface StackFrame {
  name: string;
  place?: Place & { uri: string };
}

/** Counts of a source; lines are from 1, and those without code are absent. */
export interface CoveredFile {
  uri: string;
  lines: readonly (readonly [line: number, count: number])[];
  functions: readonly { name: string; line: number; count: number }[];
}

export interface NamedProfile {
  /** Name for a file, without an ending. */
  name: string;
  /** Text of a `.cpuprofile`. */
  text: string;
}

/** Event of a debug session that was launched with a scenario, when that is over. */
export const SCENARIO_ENDED = "tock/scenarioEnded";

export interface ScenarioEndedBody extends RunOutcome {
  schema: 1;
  result: "passed" | "failed";
}
