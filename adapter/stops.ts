// Why the machine stands still, in the words of a client.
import { explainProcess } from "./crash/live-scene.js";
import type { Debuggee } from "./debuggee.js";
import type { FilterId } from "./exceptions/filters.js";
import type { Hit } from "./execution.js";
import type { Pause, Step } from "./runner.js";
import { threadOf } from "./stack.js";

export interface StopInfo {
  reason:
    | "breakpoint"
    | "function breakpoint"
    | "instruction breakpoint"
    | "data breakpoint"
    | "step"
    | "entry"
    | "goto"
    | "restart"
    | "pause"
    | "exception";
  threadId: number;
  description?: string;
  text?: string;
  breakpointIds?: readonly number[];
  /** Of an exception filter, for `exceptionInfo`. */
  filter?: FilterId;
}

/** What a stop cannot tell by itself. */
export interface StopContext {
  debuggee: Debuggee;
  step: Step | undefined;
  /** The kernel's last words. */
  panic: string | undefined;
  /** Thread of a stop that is nobody's: a pause, and a panic behind an earlier stop. */
  pausedThread(): number;
  lastThread: number | undefined;
}

/** A process or the kernel is at its end: there is a crash to be explained. */
export const isCrash = (pause: Pause): boolean =>
  pause.kind === "exception"
    ? pause.exception.filter === "appPanic" || pause.exception.filter === "kernelPanic"
    : pause.kind === "fault" || pause.kind === "halted";

/** `undefined`: the program has ended. */
export function stopInfoOf(
  pause: Exclude<Pause, { kind: "exited" }>,
  { debuggee, step, panic, pausedThread, lastThread }: StopContext,
): StopInfo {
  switch (pause.kind) {
    case "breakpoint":
      return hitInfoOf(pause.process, pause.hit);
    case "done":
      return { reason: step?.reason ?? "step", threadId: threadOf(step?.process ?? 0) };
    case "entry":
      return { reason: "entry", threadId: threadOf(pause.process) };
    case "pause":
      return { reason: "pause", threadId: pausedThread() };
    case "fault": {
      const text = explainProcess(debuggee, pause.process).verdict;
      const description = `${debuggee.nameOf(pause.process)} faulted`;
      return { reason: "exception", threadId: threadOf(pause.process), description, text };
    }
    case "exception": {
      const { process, filter, description, text } = pause.exception;
      return { reason: "exception", threadId: threadOf(process), description, text, filter };
    }
    case "halted": {
      const text = panic ?? "The processor locked up.";
      const threadId = lastThread ?? pausedThread();
      return { reason: "exception", threadId, description: "The kernel panicked", text };
    }
  }
}

function hitInfoOf(process: number, { states, why, text }: Hit): StopInfo {
  const kinds = new Set(states.map(({ spot }) => spot.kind));
  const [kind] = kinds.has("source") ? ["source" as const] : kinds;
  return {
    reason: kind === undefined || kind === "source" ? "breakpoint" : `${kind} breakpoint`,
    threadId: threadOf(process),
    breakpointIds: states.map(({ id }) => id),
    ...(text === undefined ? {} : { description: "Paused on data breakpoint", text }),
    ...(why === undefined ? {} : { description: "A breakpoint makes no sense", text: why }),
  };
}
