// Routes of breakpoints: from the arguments of DAP's requests to wanted breakpoints, and their states back into DAP's words.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex8 } from "../emulator/index.js";
import { Fields } from "./arguments.js";
import type { BreakpointState, Spot, WantedBreakpoint } from "./breakpoints.js";
import type { Client } from "./client.js";
import type { Control } from "./control.js";
import { codeLines } from "./debuggee-sources.js";
import * as errors from "./errors.js";
import { readAddress } from "./memory.js";
import type { Terms } from "./terms.js";

/** The items of `breakpoints`, each with its terms. */
export function wantedOf(args: Fields, spotOf: (item: Fields) => Spot): WantedBreakpoint[] {
  return args.list("breakpoints").map((value, i) => {
    const item = new Fields(`${args.where}: "breakpoints[${i}]"`, value);
    return { spot: spotOf(item), terms: termsOf(item) };
  });
}

function termsOf(item: Fields): Terms {
  const terms: Terms = {};
  for (const name of ["condition", "hitCondition", "logMessage"] as const) {
    const text = item.optionalString(name);
    if (text !== undefined) terms[name] = text;
  }
  return terms;
}

export async function setBreakpoints(args: Fields, control: Control, client: Client) {
  const path = client.readPath(args.object("source").string("path"));
  const wanted = wantedOf(args, item => ({
    kind: "source",
    path,
    line: client.readLine(item.integer("line")),
  }));
  return answer(await control.setBreakpoints(`source ${path}`, wanted), control, client);
}

export async function setFunctionBreakpoints(args: Fields, control: Control, client: Client) {
  const wanted = wantedOf(args, item => ({ kind: "function", name: item.string("name").trim() }));
  return answer(await control.setBreakpoints("functions", wanted), control, client);
}

export async function setInstructionBreakpoints(args: Fields, control: Control, client: Client) {
  const wanted = wantedOf(args, item => ({
    kind: "instruction",
    // Code lies at even addresses; an odd one is that of a function pointer.
    address: even(
      readAddress(item.string("instructionReference")) + (item.optionalInteger("offset") ?? 0),
    ),
  }));
  return answer(await control.setBreakpoints("instructions", wanted), control, client);
}

const even = (address: number): number => address - (((address % 2) + 2) % 2);

/** Lines are looked at one by one: more than these are not asked for at once by any view. */
const MOST_LINES = 5000;

export async function breakpointLocations(args: Fields, control: Control, client: Client) {
  const path = client.readPath(args.object("source").string("path"));
  const first = client.readLine(args.integer("line"));
  const last = client.readLine(args.optionalInteger("endLine") ?? args.integer("line"));
  const lines = await codeLines(control.debuggee, path, first, Math.min(last, first + MOST_LINES));
  return { breakpoints: lines.map(line => ({ line: client.line(line) })) };
}

export const answer = (states: readonly BreakpointState[], control: Control, client: Client) => ({
  breakpoints: states.map(state => breakpointOf(state, control, client)),
});

/** A breakpoint in DAP's words. */
export function breakpointOf(
  { id, bound, spot, judge }: BreakpointState,
  control: Control,
  client: Client,
): DebugProtocol.Breakpoint {
  const message = bound === undefined ? unboundText(spot, control) : judge.why;
  const [address] = bound?.addresses ?? [];
  return {
    id,
    verified: bound !== undefined,
    ...placeOf(spot, bound?.line, client),
    ...(spot.kind === "source" || address === undefined
      ? {}
      : { instructionReference: hex8(address) }),
    ...(message === undefined ? {} : { message }),
  };
}

function placeOf(spot: Spot, line: number | undefined, client: Client) {
  if (spot.kind !== "source") return {};
  const { path } = spot;
  const source = { name: path.split(/[\\/]/).at(-1) ?? path, path: client.path(path) };
  return { line: client.line(line ?? spot.line), source };
}

function unboundText(spot: Spot, control: Control): string {
  switch (spot.kind) {
    case "source":
      return control.debuggee.hasSource(spot.path)
        ? errors.noCodeForLine(spot.line)
        : errors.noAppFromFile;
    case "function":
      return errors.noFunction(spot.name);
    case "instruction":
    case "data":
      return errors.noMemoryAt(hex8(spot.address));
  }
}
