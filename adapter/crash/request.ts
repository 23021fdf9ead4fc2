// The route of `tock/crash`: the crash of a process of the live board.
import { KERNEL_VERSION, printCrashReport } from "../../emulator/index.js";
import type { Fields } from "../arguments.js";
import type { Control } from "../control.js";
import * as errors from "../errors.js";
import { processOf, threadOf } from "../stack.js";
import { crashBody } from "./body.js";
import { liveScene, stateOf } from "./live-scene.js";
import type { CrashBody } from "./model.js";

/** As upstream calls the place where a fault becomes a panic. */
const FAULT_LOCATION = "kernel/src/process_standard.rs:753:17";

/** @throws UserError when there is no such thread, or none that faulted */
export function crash(args: Fields, { debuggee, crashes }: Control): CrashBody {
  const thread = args.optionalInteger("threadId");
  const wanted = thread === undefined ? crashes.lastFaulted : processOf(thread);
  const first = wanted ?? (crashes.panic === null ? undefined : debuggee.processes[0]?.index);
  if (first === undefined) throw errors.nothingFaulted();
  if (debuggee.process(first) === undefined) throw errors.noSuchThread(threadOf(first));
  const indexes = [first, ...debuggee.processes.map(({ index }) => index).filter(i => i !== first)];
  const scenes = indexes.map(index => liveScene(debuggee, index, crashes.contextOf(index)));
  return crashBody(scenes, {
    kernelVersion: KERNEL_VERSION,
    notes: [],
    dump: dumpOf(debuggee, first, crashes.panic),
    threads: indexes.map(threadOf),
  });
}

/** What the kernel has printed, or would print now. */
function dumpOf(
  debuggee: Control["debuggee"],
  first: number,
  panic: { location: string; message: string } | null,
): string {
  const { location, message } = panic ?? {
    location: FAULT_LOCATION,
    message: `Process ${debuggee.nameOf(first)} had a fault`,
  };
  const fault = debuggee.kernel.faultStatus;
  const report = { location, message, kernelVersion: KERNEL_VERSION, debugText: "", fault };
  const processes = debuggee.processes.map(view => ({ ...view, state: stateOf(view) }));
  return printCrashReport({ ...report, processes });
}
