// Routes of the tree views: which of them are visible, what is done to a process, which bytes are watched.
import { hex8 } from "../../emulator/index.js";
import type { Fields } from "../arguments.js";
import type { Spot } from "../breakpoints.js";
import type { Control } from "../control.js";
import * as errors from "../errors.js";
import { viewNames, type Watch } from "./watch.js";

/** The views are told behind the answer. */
export function watch(args: Fields, control: () => Control, views: Watch): () => void {
  const given = args.list("views");
  const named = viewNames.filter(name => given.includes(name));
  if (named.length < given.length) args.wrong("views", `a list of ${viewNames.join(", ")}`);
  const thread = args.optionalInteger("threadId");
  return () => views.set(named, thread, control());
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

export function format(args: Fields, { debuggee }: Control): void {
  debuggee.hex = args.optionalBoolean("hex") ?? args.wrong("hex", "true or false");
}
