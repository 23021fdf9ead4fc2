// From launch arguments, which may hold anything, to checked options.
import {
  faultPolicy,
  faultPolicyNames,
  type KernelConfig,
  kernelConfigNames,
  type ProcessFaultPolicy,
  type SchedulerName,
  schedulerNames,
  UserError,
} from "../emulator/index.js";
import { Fields } from "./arguments.js";
import * as errors from "./errors.js";
import { parseWire } from "./inputs.js";
import type { SourceMap } from "./protocol.js";

/** The name by which a launch leaves the choice of its board to us. */
export const AUTOMATIC = "auto";

export interface AppOptions {
  path: string;
  elf: string | undefined;
  name: string | undefined;
  /** The app's own map before the launch's. */
  sourceMap: SourceMap;
  /** On the board from the start. */
  installed: boolean;
}

/** A scenario that the session drives. */
export interface ScenarioOptions {
  path: string;
  /** Which of the file, from 1. */
  number: number;
}

export interface LaunchOptions {
  /** Instead of all that it says itself: apps, board, inputs and more. */
  scenario: ScenarioOptions | undefined;
  apps: readonly AppOptions[];
  /** Path of the file that keeps the board's flash. */
  flash: string | undefined;
  /** For apps that come later. */
  sourceMap: SourceMap;
  board: string;
  stopOnEntry: boolean;
  speed: "realtime" | "max";
  inputs: readonly string[];
  seed: number | undefined;
  wires: readonly (readonly [number, number])[];
  faultPolicy: ProcessFaultPolicy | undefined;
  scheduler: SchedulerName | undefined;
  kernelConfig: KernelConfig;
  /** Sentences about what is not wrong enough to refuse the launch. */
  notices: readonly string[];
  trace: boolean;
}

export function readLaunch(value: unknown): LaunchOptions {
  const fields = new Fields("launch", value);
  const sourceMap = readSourceMap(fields);
  const scenario = readScenario(fields);
  const apps = fields.list("apps").map((app, i) => readApp(app, i, sourceMap));
  const flash = fields.optionalString("flash");
  if (flash === "") throw errors.emptyPath('launch: "flash"');
  if (apps.length === 0 && flash === undefined && scenario === undefined) throw errors.noApps();
  return {
    scenario,
    apps,
    flash,
    sourceMap,
    board: fields.optionalString("board") ?? AUTOMATIC,
    stopOnEntry: fields.optionalBoolean("stopOnEntry") ?? false,
    speed: fields.choice("speed", ["realtime", "max"]) ?? (scenario ? "max" : "realtime"),
    inputs: fields.list("inputs").map((input, i) => {
      if (typeof input === "string") return input;
      throw new UserError(`launch: "inputs[${i}]" must be text such as 1.5s:button0=down.`);
    }),
    seed: fields.optionalInteger("seed", 0),
    wires: fields.list("wires").map((wire, i) => {
      if (typeof wire === "string") return parseWire(wire);
      throw new UserError(`launch: "wires[${i}]" must be text such as 0-1.`);
    }),
    faultPolicy: readFaultPolicy(fields),
    scheduler: fields.choice("scheduler", schedulerNames),
    ...readKernelConfig(fields.object("kernelConfig")),
    trace: fields.optionalBoolean("trace") ?? false,
  };
}

/** What a scenario says itself, by the names of the launch. */
const OF_SCENARIO = [
  "apps",
  "board",
  "flash",
  "inputs",
  "seed",
  "wires",
  "faultPolicy",
  "scheduler",
  "kernelConfig",
];

function readScenario(fields: Fields): ScenarioOptions | undefined {
  const path = fields.optionalString("scenario");
  const number = fields.optionalInteger("scenarioNumber", 1) ?? 1;
  if (path === undefined) return undefined;
  if (path === "") throw errors.emptyPath('launch: "scenario"');
  const isGiven = (name: string) => {
    const value = fields.raw(name);
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  };
  const twice = OF_SCENARIO.find(isGiven);
  if (twice !== undefined) throw errors.saidByScenario(twice);
  return { path, number };
}

function readApp(value: unknown, index: number, shared: SourceMap): AppOptions {
  if (value === "") throw errors.emptyPath(`launch: "apps[${index}]"`);
  if (typeof value === "string") {
    return { path: value, elf: undefined, name: undefined, sourceMap: shared, installed: true };
  }
  if (value === null || typeof value !== "object") {
    throw new UserError(
      `launch: "apps[${index}]" must be a path or an object with a "path", got ${JSON.stringify(value)}.`,
    );
  }
  const fields = new Fields(`launch: "apps[${index}]"`, value);
  const path = fields.string("path");
  const elf = fields.optionalString("elf");
  if (path === "") throw errors.emptyPath(`${fields.where}: "path"`);
  if (elf === "") throw errors.emptyPath(`${fields.where}: "elf"`);
  return {
    path,
    elf,
    name: fields.optionalString("name"),
    sourceMap: { ...shared, ...readSourceMap(fields) },
    installed: fields.optionalBoolean("installed") ?? true,
  };
}

function readFaultPolicy(fields: Fields): ProcessFaultPolicy | undefined {
  const name = fields.optionalString("faultPolicy");
  if (name === undefined) return undefined;
  return (
    faultPolicy(name) ??
    fields.wrong("faultPolicy", faultPolicyNames.map(n => `"${n}"`).join(" or "))
  );
}

export function readSourceMap(fields: Fields): SourceMap {
  const map = fields.object("sourceMap");
  return Object.fromEntries(map.names.map(from => [from, map.string(from)]));
}

/** Upstream knows more settings than this kernel: those are told, not refused. */
function readKernelConfig(fields: Fields): Pick<LaunchOptions, "kernelConfig" | "notices"> {
  const kernelConfig: KernelConfig = {};
  for (const name of kernelConfigNames) {
    const value = fields.optionalBoolean(name);
    if (value !== undefined) kernelConfig[name] = value;
  }
  const unknown = fields.names.filter(name => !kernelConfigNames.some(known => known === name));
  return {
    kernelConfig,
    notices: unknown.map(name => errors.noSuchSetting(name, kernelConfigNames)),
  };
}
