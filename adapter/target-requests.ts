// Routes of targets: what a step may enter, where a thread may go, which thread is ended.
import { hex8 } from "../emulator/index.js";
import type { Fields } from "./arguments.js";
import type { Client } from "./client.js";
import type { Control } from "./control.js";
import * as targets from "./targets.js";

export function stepInTargets(args: Fields, control: Control) {
  const { process, depth } = control.variables.frame(args.integer("frameId"));
  const found = depth === 0 ? targets.stepInTargets(control.debuggee.stepped(process)) : [];
  return { targets: found.map(({ address, label }) => ({ id: address, label })) };
}

export async function gotoTargets(args: Fields, control: Control, client: Client) {
  const path = client.readPath(args.object("source").string("path"));
  const line = client.readLine(args.integer("line"));
  await control.debuggee.prepareSource(path);
  const found = targets.gotoTargets(control.debuggee, path, line);
  return {
    targets: found.map(({ address, label }) => ({
      id: address,
      label,
      line: client.line(line),
      instructionPointerReference: hex8(address),
    })),
  };
}

export function terminateThreads(args: Fields, control: Control): undefined {
  const ids = args.list("threadIds").map(id => {
    if (typeof id !== "number") args.wrong("threadIds", "a list of numbers");
    return id;
  });
  control.terminateThreads(ids);
}
