// Routes of the tree views: which of them are visible, what is done to a process, which bytes are watched.
import { hex8 } from "../../emulator/index.js";
import { Fields } from "../arguments.js";
import type { Spot } from "../breakpoints.js";
import type { Control } from "../control.js";
import * as errors from "../errors.js";
import { setLiveValue as setLive } from "./live-watch.js";
import type { LiveExpression } from "./model.js";
import { viewNames, type Watch } from "./watch.js";

/** The views are told behind the answer. */
export function watch(args: Fields, control: () => Control, views: Watch): () => void {
  const given = args.list("views");
  const named = viewNames.filter(name => given.includes(name));
  if (named.length < given.length) args.wrong("views", `a list of ${viewNames.join(", ")}`);
  const thread = args.optionalInteger("threadId");
  const expressions = args.list("expressions").map(expressionOf);
  return () => views.set({ views: named, thread, expressions }, control());
}

function expressionOf(given: unknown): LiveExpression {
  const fields = new Fields('tock/watch: "expressions"', given);
  const open = fields.list("open").map(path => {
    if (Array.isArray(path) && path.every(name => typeof name === "string")) return path;
    return fields.wrong("open", "a list of lists of names");
  });
  const app = fields.optionalString("app");
  const expression = fields.string("expression");
  return { expression, open, ...(app === undefined ? {} : { app }) };
}

export function setLiveValue(args: Fields, control: Control): undefined {
  const expression = args.string("expression");
  const [app, thread] = [args.optionalString("app"), args.optionalInteger("threadId")];
  setLive(control, { expression, app, thread }, args.string("value"));
}

const ACTIONS = ["stop", "start", "terminate", "fault", "boot"] as const;

export function actOnProcess(args: Fields, control: Control): undefined {
  const index = control.index(args.integer("threadId"));
  const action = args.choice("action", ACTIONS) ?? args.wrong("action", ACTIONS.join(", "));
  control.input("processes", `${action} ${index}`);
  control.sayIfStill(`${action} ${control.debuggee.nameOf(index)}`);
}

const ACCESS = ["read", "write", "readWrite"] as const;

export async function watchBytes(args: Fields, control: Control): Promise<undefined> {
  const [address, length] = [args.integer("address", 0), args.integer("length", 1)];
  if (!control.debuggee.machine.memory.contains(address, length))
    throw errors.noBytesAt(hex8(address));
  const access = args.choice("access", ACCESS);
  const others = control.debuggee.breakpoints
    .of("views")
    .map(({ spot }) => spot)
    .filter(spot => spot.kind !== "data" || spot.address !== address || spot.length !== length);
  const spots: Spot[] =
    access === undefined ? others : [...others, { kind: "data", address, length, access }];
  await control.setBreakpoints(
    "views",
    spots.map(spot => ({ spot })),
  );
}

export function format(args: Fields, { debuggee }: Control): undefined {
  debuggee.hex = args.optionalBoolean("hex") ?? args.wrong("hex", "true or false");
  debuggee.onChange({ kind: "format" });
}
