// The scene of a process on the emulated board, as it stands now.
import type { ProcessView } from "../../emulator/index.js";
import type { Debuggee } from "../debuggee.js";
import { accessRanges } from "../mpu.js";
import { architectureOf } from "./architectures.js";
import { explain } from "./explain.js";
import type { Explanation, Scene, SceneProcess } from "./model.js";

const NO_STATUS = { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };

/** What only the session knows. */
export interface SceneContext {
  requested?: boolean;
  panic?: { location: string; message: string } | null;
  history?: readonly string[];
}

/** @throws Error if there is no process `index` */
export function liveScene(debuggee: Debuggee, index: number, context: SceneContext = {}): Scene {
  const view = debuggee.process(index);
  if (view === undefined) throw new Error(`there is no process ${index}`);
  const others = debuggee.processes.filter(each => each.index !== index);
  const shown = (each: ProcessView) => sceneProcess(each, debuggee.nameOf(each.index));
  return {
    origin: "live",
    process: shown(view),
    others: others.map(shown),
    cause: { isa: "cortex-m", status: view.fault ?? NO_STATUS },
    architecture: architectureOf(debuggee.isa),
    registers: debuggee.kernel.registers(index) ?? [],
    ranges: accessRanges(view.mpu),
    frames: debuggee.frames(index),
    symbols: debuggee.program(index)?.symbols,
    memory: debuggee.memory,
    panic: context.panic ?? null,
    ...(context.requested === true ? { requested: true as const } : {}),
    history: context.history ?? [],
  };
}

/** As the kernel will call it: the debugger stops before it marks a process that faulted. */
export const stateOf = ({ fault, state }: ProcessView): string =>
  fault !== null && state !== "Terminated" ? "Faulted" : state;

/** What is known of a process on the board. */
export const sceneProcess = (view: ProcessView, name: string): SceneProcess => ({
  name,
  state: stateOf(view),
  flash: view.flash,
  memory: view.memory,
  stackTop: view.stackTop,
  heapStart: view.heapStart,
  minimumStackPointer: view.minimumStackPointer,
  completionCode: view.completionCode,
  syscallCount: view.syscallCount,
  restartCount: view.restartCount,
  lastSyscall: view.lastSyscall,
  grants: view.grants.map(({ driver, address, size }) => ({ driver, address, size })),
});

/** Why a process of the board faulted. */
export const explainProcess = (
  debuggee: Debuggee,
  index: number,
  context: SceneContext = {},
): Explanation => explain(liveScene(debuggee, index, context));
