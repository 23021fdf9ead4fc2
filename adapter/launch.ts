// From launch arguments, which may hold anything, to checked options.
import { UserError } from "../emulator/index.js";
import { Fields } from "./arguments.js";
import * as errors from "./errors.js";
import type { SourceMap } from "./protocol.js";

export interface AppOptions {
  path: string;
  elf: string | undefined;
  name: string | undefined;
  /** The app's own map before the launch's. */
  sourceMap: SourceMap;
}

export interface LaunchOptions {
  apps: readonly AppOptions[];
  board: string;
  stopOnEntry: boolean;
  speed: "realtime" | "max";
  inputs: readonly string[];
  seed: number | undefined;
  kernelConfig: Readonly<Record<string, boolean | number | string>>;
  trace: boolean;
}

export function readLaunch(value: unknown): LaunchOptions {
  const fields = new Fields("launch", value);
  const sourceMap = readSourceMap(fields);
  const apps = fields.list("apps").map((app, i) => readApp(app, i, sourceMap));
  if (apps.length === 0) throw errors.noApps();
  return {
    apps,
    board: fields.optionalString("board") ?? "nrf52840dk",
    stopOnEntry: fields.optionalBoolean("stopOnEntry") ?? false,
    speed: fields.choice("speed", ["realtime", "max"]) ?? "realtime",
    inputs: fields.list("inputs").map((input, i) => {
      if (typeof input === "string") return input;
      throw new UserError(`launch: "inputs[${i}]" must be text such as 1.5s:button0=down.`);
    }),
    seed: fields.optionalInteger("seed", 0),
    kernelConfig: readScalars(fields.object("kernelConfig")),
    trace: fields.optionalBoolean("trace") ?? false,
  };
}

function readApp(value: unknown, index: number, shared: SourceMap): AppOptions {
  if (typeof value === "string") {
    return { path: value, elf: undefined, name: undefined, sourceMap: shared };
  }
  if (value === null || typeof value !== "object") {
    throw new UserError(
      `launch: "apps[${index}]" must be a path or an object with a "path", got ${JSON.stringify(value)}.`,
    );
  }
  const fields = new Fields(`launch: "apps[${index}]"`, value);
  return {
    path: fields.string("path"),
    elf: fields.optionalString("elf"),
    name: fields.optionalString("name"),
    sourceMap: { ...shared, ...readSourceMap(fields) },
  };
}

function readSourceMap(fields: Fields): SourceMap {
  const map = fields.object("sourceMap");
  return Object.fromEntries(map.names.map(from => [from, map.string(from)]));
}

function readScalars(fields: Fields): Record<string, boolean | number | string> {
  const scalar = (name: string) => {
    const value = fields.raw(name);
    if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
      return value;
    }
    return fields.wrong(name, "true, false, a number or text");
  };
  return Object.fromEntries(fields.names.map(name => [name, scalar(name)]));
}
