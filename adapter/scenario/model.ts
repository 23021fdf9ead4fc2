// What a scenario is, a test of apps on a board, and what came of one: plain data, with the places where it is written.
// The written form is described in docs/scenarios.md and schemas/tocktest.schema.json.
import type {
  KernelConfig,
  OutputValue,
  ProcessFaultPolicy,
  SchedulerName,
} from "../../emulator/index.js";
import type { ScriptedInput } from "../inputs.js";

/** A place in a scenario file, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What is wrong with a file, in one sentence. */
export interface Mistake extends Place {
  message: string;
}

export interface AppEntry {
  /** As written: relative to the file. */
  path: string;
  elf: string | undefined;
  name: string | undefined;
  /** On the board from the start; else another app may install it. */
  installed: boolean;
  place: Place;
}

/** Text that is to come, or a pattern of it. */
export type Wanted = { text: string } | { regex: RegExp };

/** Whose output: an app by its name, `kernel`, or all that the UART sends. */
export const ANYONE = "anyone";
export const KERNEL = "kernel";

export interface ConsoleCondition {
  kind: "console";
  wanted: Wanted;
  from: string;
}

/** What a device must show: the whole value, or the members of it that are written. */
export interface ShownCondition {
  kind: "shown";
  device: string;
  value: boolean | number | string | Readonly<Record<string, boolean | number | string>>;
}

/** System calls that count; what is `undefined` may be anything. */
export interface SyscallPattern {
  app: string | undefined;
  syscallClass: number | undefined;
  driver: number | undefined;
  /** Number of the command, subscribe or allow; of a memop its operation. */
  number: number | undefined;
  /** `true`: a success; an error code: that failure; `false`: any failure. */
  returned: boolean | number | undefined;
}

export interface SyscallCondition {
  kind: "syscall";
  pattern: SyscallPattern;
}

export interface ExitCondition {
  kind: "exit";
  app: string;
  /** `undefined`: any. */
  code: number | undefined;
}

export interface FaultCondition {
  kind: "fault";
  app: string;
  /** A part of the explanation. */
  text: string | undefined;
}

export type Condition =
  | ConsoleCondition
  | ShownCondition
  | SyscallCondition
  | ExitCondition
  | FaultCondition;

export type Action =
  | { kind: "wait"; seconds: number }
  | { kind: "input"; device: string; value: ScriptedInput["value"] }
  | { kind: "load"; app: AppEntry };

export interface Step {
  place: Place;
  /** As a report names it: `console: Ready`. */
  text: string;
  /** Virtual seconds since power-on before which it does not begin. */
  at: number | undefined;
  /** Virtual seconds that a condition may take; `undefined`: up to the time limit, but what is shown must be so now. */
  within: number | undefined;
  does: Action | Condition;
}

/** What must be true of the whole run. */
export type Expectation = { place: Place; text: string } & (
  | ConsoleCondition
  | { kind: "noConsole"; wanted: Wanted; from: string }
  | ShownCondition
  | ExitCondition
  | { kind: "syscalls"; pattern: SyscallPattern; least: number; most: number }
  | { kind: "grantBytes"; app: string; most: number }
);

export interface Scenario {
  name: string;
  /** Which document of its file it is, from 1. */
  number: number;
  place: Place;
  /** Behind its last character. */
  end: Place;
  /** A board's name, or `auto`. */
  board: string;
  apps: readonly AppEntry[];
  /** With their times. */
  inputs: readonly (ScriptedInput & { place: Place })[];
  /** Virtual seconds. */
  timeLimit: number;
  seed: number | undefined;
  wires: readonly (readonly [number, number])[];
  faultPolicy: ProcessFaultPolicy | undefined;
  scheduler: SchedulerName | undefined;
  kernelConfig: KernelConfig;
  /** A fault that no step expects fails the scenario. */
  noFault: boolean;
  steps: readonly Step[];
  expectations: readonly Expectation[];
}

/** What came of one step or expectation. */
export interface CheckResult extends Place {
  text: string;
  /** `skipped`: a step before it failed. */
  result: "passed" | "failed" | "skipped";
  /** Virtual seconds at which it was decided. */
  virtualSeconds: number;
  /** Of one that failed: what was seen instead, in a sentence or two. */
  message?: string;
  /** The same as two texts, where these can be laid side by side. */
  difference?: Difference;
}

export interface Difference {
  expected: string;
  actual: string;
}

/** A frame of a stack. The path is that of the debug information until it is found on this computer. */
export interface FaultFrame {
  name: string;
  file?: string;
  line?: number;
  column?: number;
}

/** A fault that happened, expected or not. */
export interface FaultResult {
  app: string;
  virtualSeconds: number;
  /** What happened, where, and what to change, in a few sentences. */
  text: string;
  /** All that is known of it, a sentence a line. */
  explanation: string;
  /** Where the debug information says it is. */
  file?: string;
  line?: number;
  /** Innermost first. */
  stack: readonly FaultFrame[];
  expected: boolean;
}

export interface ScenarioOutcome extends Place {
  schema: 1;
  /** Path of the scenario's file. */
  file: string;
  name: string;
  result: "passed" | "failed";
  virtualSeconds: number;
  instructions: number;
  checks: readonly CheckResult[];
  faults: readonly FaultResult[];
  /** What a user must be told beside: an app without symbols, an app that was not installed. */
  notices: readonly string[];
  /** All that the UART sent, as text. */
  console: string;
}

/** The sentences of all that failed. */
export const failuresOf = ({ checks }: ScenarioOutcome): readonly CheckResult[] =>
  checks.filter(({ result }) => result === "failed");

/** What a device shows, as a person reads it. */
export function shownText(value: OutputValue | undefined): string {
  if (value === true) return "on";
  if (value === false) return "off";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name} ${shownText(member)}`)
    .join(", ");
}
