// The view of processes: what `ps` and the memory map of a crash dump tell, for all of them.
import { type ProcessView, shortIdText } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { lowestStackPointer } from "../rows.js";
import { threadOf } from "../stack.js";
import { driverText, syscallText } from "../syscall-text.js";
import type { Gauge, ProcessesBody, ProcessInfo } from "./model.js";

export const processesBody = ({ debuggee }: Control): ProcessesBody => ({
  schema: 1,
  view: "processes",
  processes: debuggee.processes.map(view => infoOf(view, debuggee.nameOf(view.index))),
});

function infoOf(view: ProcessView, name: string): ProcessInfo {
  const { completionCode, lastSyscall } = view;
  return {
    threadId: threadOf(view.index),
    name,
    pid: view.pid,
    shortId: shortIdText(view.shortId).trim(),
    state: view.state,
    ...stateOf(view),
    restarts: view.restartCount,
    syscalls: view.syscallCount,
    lastSyscall: lastSyscall === null ? null : syscallText(lastSyscall),
    timeslices: view.timesliceExpirations,
    queuedUpcalls: view.queuedUpcalls.length,
    droppedUpcalls: view.droppedUpcalls,
    completionCode: typeof completionCode === "number" ? `${completionCode | 0}` : completionCode,
    address: view.flash.start,
    memory: { start: view.memory.start, end: view.memory.end },
    stack: stackOf(view),
    heap: heapOf(view),
    grants: grantsOf(view),
  };
}

const WAITS = /^YieldedFor\(UpcallId \{ driver_num: (0x[0-9a-f]+), subscribe_num: (\d+) \}\)$/;

function stateOf({ state, fault }: ProcessView): Pick<ProcessInfo, "kind" | "explained"> {
  const [, driver, subscribe] = WAITS.exec(state) ?? [];
  if (state === "Faulted") return { kind: "faulted", explained: "faulted" };
  // Its fault policy has not acted yet.
  if (fault !== null) return { kind: "faulted", explained: "faulting" };
  if (state === "Terminated") return { kind: "terminated", explained: "terminated" };
  if (state.startsWith("Stopped")) return { kind: "stopped", explained: "stopped" };
  if (driver !== undefined)
    return {
      kind: "active",
      explained: `waits for ${driverText(Number(driver))}, upcall ${subscribe}`,
    };
  if (state === "Yielded") return { kind: "active", explained: "waits for an upcall" };
  return { kind: "active", explained: state === "Running" ? "ready to run" : state };
}

function stackOf(view: ProcessView): Gauge | null {
  const { stackTop, memory, registers } = view;
  if (stackTop === null) return null;
  const below = (pointer: number | null | undefined): number =>
    pointer == null ? 0 : Math.max(0, stackTop - pointer);
  const used = below(registers?.[SP]);
  const size = stackTop - memory.start;
  return { used, highest: Math.max(used, below(lowestStackPointer(view))), size };
}

const SP = 13;

/** As libraries for apps do, from the start that they tell the kernel up to the app break. */
function heapOf({ heapStart, memory, highestAppBreak }: ProcessView): Gauge | null {
  if (heapStart === null) return null;
  const upTo = (end: number): number => Math.max(0, end - heapStart);
  return {
    used: upTo(memory.appBreak),
    highest: upTo(highestAppBreak),
    size: upTo(memory.kernelBreak),
  };
}

/** The kernel's own part included. A grant is freed only when its process ends, so the most is what is in use. */
function grantsOf({ memory: { appBreak, kernelBreak, end } }: ProcessView): Gauge {
  return { used: end - kernelBreak, highest: end - kernelBreak, size: end - appBreak };
}
