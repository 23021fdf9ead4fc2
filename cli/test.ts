// `tock-debug test`: scenarios on emulated boards, with reports for people and for CI, coverage and profiles.
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type FileCoverage, lcovText, mergeCoverage } from "../adapter/coverage.js";
import { nodeHost } from "../adapter/host.node.js";
import { failuresOf, type Scenario, type ScenarioOutcome } from "../adapter/scenario/model.js";
import { type Performed, perform } from "../adapter/scenario/perform.js";
import { readScenarios, SCENARIO_ENDING } from "../adapter/scenario/read.js";
import { UserError } from "../emulator/index.js";
import { folderEntries, makeFolder, readBytes, writeBytes } from "./files.js";
import { isPattern, patternOf } from "./glob.js";
import { junitText } from "./junit.js";
import { complain } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Runs scenarios, which are tests of apps, on emulated boards.",
  usage: "[OPTION]… [FILE|FOLDER|PATTERN]…",
  options: {
    junit: { value: "FILE", help: "write the results as JUnit XML, which CI systems show" },
    coverage: {
      value: "FILE",
      help: "write which lines of the apps were executed, and how often, as LCOV",
    },
    profile: {
      value: "FOLDER",
      help: "write where each process spent its instructions, as .cpuprofile files",
    },
    json: { help: "print one JSON object at the end instead" },
  },
  notes: [
    `Scenarios are files that end in ${SCENARIO_ENDING}; without an argument those of this folder and the folders below it.`,
    "In a pattern, * and ? stand for a part of a name, **/ for any folders.",
    "The same scenario gives the same result every time, on every computer. Exit code 0: all passed; 1: one failed;",
    "2: a file or an argument is wrong. docs/scenarios.md tells how scenarios are written.",
  ],
  examples: [
    "tock-debug test",
    "tock-debug test --junit results.xml --coverage lcov.info examples/grants",
  ],
  run,
};

export interface TestResult {
  schema: 1;
  scenarios: readonly ScenarioOutcome[];
  /** A sentence with its place for each scenario that could not be run. */
  mistakes: readonly string[];
}

/** Where scenarios are not looked for. */
const SKIPPED = ["node_modules", ".git", "target"];

async function run(args: Arguments): Promise<number> {
  const paths = args.positionals.length === 0 ? ["."] : args.positionals;
  const files = [...new Set(paths.flatMap(scenariosUnder).map(normalize))];
  const json = args.flag("json");
  const mistakes: string[] = [];
  const found = files.flatMap(file => read(file, mistakes).map(scenario => ({ file, scenario })));
  const width = Math.max(0, ...found.map(({ file }) => file.length));
  const outcomes: ScenarioOutcome[] = [];
  let coverage: readonly FileCoverage[] = [];
  const profiles = new Profiles(args.text("profile"));
  const watch = {
    coverage: args.text("coverage") !== undefined,
    profile: args.text("profile") !== undefined,
  };
  for (const { file, scenario } of found) {
    const performed = await attempt(file, scenario, watch, mistakes);
    if (performed === undefined) continue;
    outcomes.push(performed.outcome);
    coverage = mergeCoverage([...coverage, ...performed.coverage]);
    profiles.write(performed);
    if (!json) console.log(linesOf(performed.outcome, width));
  }
  for (const mistake of mistakes) complain(mistake);
  const result: TestResult = { schema: 1, scenarios: outcomes, mistakes };
  write(args.text("junit"), () => junitText(result));
  write(args.text("coverage"), () => lcovText(coverage));
  console.log(json ? JSON.stringify(result, null, 2) : summaryOf(result, coverage));
  if (mistakes.length > 0) return 2;
  return outcomes.every(outcome => outcome.result === "passed") ? 0 : 1;
}

/** The scenario files under a folder or of a pattern in the order of their paths, or the file itself. */
function scenariosUnder(path: string): string[] {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined && isPattern(path)) {
    const { folder, matches } = patternOf(path);
    const found = existsSync(folder) ? scenariosIn(folder).filter(matches) : [];
    if (found.length > 0) return found;
    throw new UserError(`${path}: no file that ends in ${SCENARIO_ENDING} has such a path.`);
  }
  if (!there?.isDirectory()) return [path];
  const found = scenariosIn(path);
  if (found.length > 0) return found;
  throw new UserError(`${path}: no file that ends in ${SCENARIO_ENDING} lies in this folder.`);
}

const scenariosIn = (folder: string): string[] =>
  filesUnder(folder)
    .filter(file => file.endsWith(SCENARIO_ENDING))
    .sort();

function filesUnder(folder: string): string[] {
  return folderEntries(folder).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.includes(entry.name) ? [] : filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

function read(file: string, mistakes: string[]): readonly Scenario[] {
  let text = "";
  try {
    text = new TextDecoder().decode(readBytes(file));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    mistakes.push(error.message);
    return [];
  }
  const { scenarios, mistakes: wrong } = readScenarios(text, file);
  for (const { line, column, message } of wrong)
    mistakes.push(`${file}:${line}:${column}: ${message}`);
  return scenarios;
}

/** `undefined`, and a sentence more, if the scenario cannot be run. */
async function attempt(
  file: string,
  scenario: Scenario,
  watch: { coverage: boolean; profile: boolean },
  mistakes: string[],
): Promise<Performed | undefined> {
  try {
    const pause = () => setImmediate();
    return await perform(file, scenario, { files: nodeHost.files, pause }, watch);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    mistakes.push(error.message);
    return undefined;
  }
}

function write(path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  makeFolder(dirname(path));
  writeBytes(path, new TextEncoder().encode(text()));
}

/** The folder with a file for each process of each scenario. */
class Profiles {
  readonly #folder: string | undefined;
  readonly #names = new Set<string>();

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  write({ outcome, profiles }: Performed): void {
    if (this.#folder === undefined) return;
    makeFolder(this.#folder);
    for (const { process, profile } of profiles) {
      const stem = `${outcome.name}.${process}`.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-");
      let name = stem;
      for (let n = 2; this.#names.has(name); n++) name = `${stem}.${n}`;
      this.#names.add(name);
      const path = join(this.#folder, `${name}.cpuprofile`);
      writeBytes(path, new TextEncoder().encode(JSON.stringify(profile)));
    }
  }
}

/** A line for a scenario, and one below it for each thing that failed. */
function linesOf(outcome: ScenarioOutcome, width: number): string {
  const { file, name, result, virtualSeconds } = outcome;
  const time = `${virtualSeconds.toFixed(3)} s`.padStart(10);
  const head = `${result}  ${file.padEnd(width)} ${time}  ${name}`;
  const failed = failuresOf(outcome);
  const failures = failed.map(
    ({ line, column, text, message, virtualSeconds: at }) =>
      `  ${file}:${line}:${column}: ${text}\n    at ${at.toFixed(6)} s: ${message}`,
  );
  const untold = outcome.notices.filter(notice => !failed.some(check => check.message === notice));
  const notices = failed.length === 0 ? [] : untold.map(notice => `    ${notice}`);
  return [head, ...failures, ...notices].join("\n");
}

function summaryOf({ scenarios, mistakes }: TestResult, coverage: readonly FileCoverage[]): string {
  const passed = scenarios.filter(({ result }) => result === "passed").length;
  const counts = [`${passed} passed`];
  if (passed < scenarios.length) counts.push(`${scenarios.length - passed} failed`);
  if (mistakes.length > 0)
    counts.push(`${mistakes.length} ${mistakes.length === 1 ? "mistake" : "mistakes"}`);
  const lines = coverage.flatMap(({ lines: of }) => [...of.values()]);
  const hit = lines.filter(count => count > 0).length;
  const covered =
    lines.length === 0
      ? ""
      : ` ${hit} of ${lines.length} lines executed (${((100 * hit) / lines.length).toFixed(1)} %).`;
  const noun = scenarios.length === 1 ? "scenario" : "scenarios";
  return `${scenarios.length} ${noun}: ${counts.join(", ")}.${covered}`;
}
