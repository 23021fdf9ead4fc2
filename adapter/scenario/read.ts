// From the text of a scenario file, which may hold anything, to checked scenarios: one YAML document is one scenario.
import { LineCounter, parseAllDocuments } from "yaml";
import {
  faultPolicy,
  faultPolicyNames,
  type KernelConfig,
  kernelConfigNames,
  schedulerNames,
} from "../../emulator/index.js";
import { baseName } from "../files.js";
import { parseInput, parseWire } from "../inputs.js";
import { AUTOMATIC } from "../launch.js";
import { readApp } from "./app-entry.js";
import { readExpectations } from "./expectations.js";
import type { Mistake, Scenario } from "./model.js";
import { type Entry, Nodes } from "./nodes.js";
import { readStep } from "./steps.js";

/** Files with scenarios end so. */
export const SCENARIO_ENDING = ".tocktest.yaml";

export interface ReadScenarios {
  /** Those without a mistake. */
  scenarios: readonly Scenario[];
  mistakes: readonly Mistake[];
}

/** Virtual seconds of a scenario that names no limit. */
const TIME_LIMIT = 10;

const KEYS = [
  "name",
  "board",
  "apps",
  "inputs",
  "time-limit",
  "seed",
  "wires",
  "fault-policy",
  "scheduler",
  "kernel-config",
  "steps",
  "expect",
] as const;

/** Reads every scenario of a file; `path` gives what is not written its name. */
export function readScenarios(text: string, path: string): ReadScenarios {
  const lines = new LineCounter();
  const documents = parsed(text, lines);
  if (documents === undefined)
    return {
      scenarios: [],
      mistakes: [{ line: 1, column: 1, message: "The YAML is nested too deeply." }],
    };
  const scenarios: Scenario[] = [];
  const mistakes: Mistake[] = [];
  for (const [i, document] of documents.entries()) {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      mistakes.push({ line, column: col, message: sentenceOf(error.message) });
      continue;
    }
    const nodes = new Nodes(document, lines, text);
    const stem = baseName(path).replace(SCENARIO_ENDING, "");
    const name = documents.length > 1 ? `${stem} ${i + 1}` : stem;
    const scenario = readScenario(nodes, { name, number: i + 1, app: `${stem}.tab` });
    mistakes.push(...nodes.mistakes.sort((a, b) => a.line - b.line || a.column - b.column));
    if (scenario !== undefined && nodes.mistakes.length === 0) scenarios.push(scenario);
  }
  if (documents.length === 0)
    mistakes.push({ line: 1, column: 1, message: "The file is empty; expected a scenario." });
  return { scenarios, mistakes };
}

function parsed(text: string, lines: LineCounter) {
  try {
    const options = { lineCounter: lines, logLevel: "silent", prettyErrors: false } as const;
    const documents = parseAllDocuments(text, options);
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    // The library follows the nesting of the text with its own calls.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const sentenceOf = (message: string): string => `${message.replace(/\.$/, "")}.`;

interface Defaults {
  name: string;
  number: number;
  app: string;
}

function readScenario(nodes: Nodes, defaults: Defaults): Scenario | undefined {
  const { root } = nodes;
  const entries = nodes.map(root, KEYS);
  if (entries === undefined) return undefined;
  const of = (key: (typeof KEYS)[number]) => entries.find(entry => entry.key === key);
  const read = <T>(key: (typeof KEYS)[number], how: (entry: Entry) => T): T | undefined => {
    const entry = of(key);
    return entry && how(entry);
  };
  const expect = of("expect");
  const expected = expect && readExpectations(nodes, expect);
  return {
    name: read("name", entry => nodes.text(entry)) ?? defaults.name,
    number: defaults.number,
    place: root.place,
    end: nodes.end,
    board: read("board", entry => nodes.text(entry)) ?? AUTOMATIC,
    apps: read("apps", entry => nodes.list(entry).flatMap(item => readApp(nodes, item) ?? [])) ?? [
      { path: defaults.app, elf: undefined, name: undefined, installed: true, place: root.place },
    ],
    inputs: read("inputs", entry => readInputs(nodes, entry)) ?? [],
    timeLimit: read("time-limit", entry => nodes.seconds(entry)) ?? TIME_LIMIT,
    seed: read("seed", entry => nodes.number(entry)),
    wires: read("wires", entry => readWires(nodes, entry)) ?? [],
    faultPolicy: read("fault-policy", entry => readPolicy(nodes, entry)),
    scheduler: read("scheduler", entry => nodes.choice(entry, schedulerNames)),
    kernelConfig: read("kernel-config", entry => readConfig(nodes, entry)) ?? {},
    noFault: expected?.noFault ?? true,
    steps: read("steps", entry => nodes.list(entry).flatMap(item => readStep(nodes, item))) ?? [],
    expectations: expected?.expectations ?? [],
  };
}

function readInputs(nodes: Nodes, entry: Entry): Scenario["inputs"] {
  return nodes.list(entry).flatMap(item => {
    const input = nodes.attempt(item, parseInput);
    return input === undefined ? [] : [{ ...input, place: item.place }];
  });
}

const readWires = (nodes: Nodes, entry: Entry): Scenario["wires"] =>
  nodes.list(entry).flatMap(item => {
    const wire = nodes.attempt(item, parseWire);
    return wire === undefined ? [] : [wire];
  });

function readPolicy(nodes: Nodes, entry: Entry) {
  const policy = faultPolicy(String(nodes.scalar(entry)));
  return (
    policy ??
    nodes.wrong(entry.place, `${entry.what}: expected one of ${faultPolicyNames.join(", ")}.`)
  );
}

function readConfig(nodes: Nodes, entry: Entry): KernelConfig {
  const config: KernelConfig = {};
  for (const item of nodes.list(entry)) {
    const name = nodes.choice(item, kernelConfigNames);
    if (name !== undefined) config[name] = true;
  }
  return config;
}
