// Threads, which are Tock's processes, and their frames, as a client shows them.
import type { ProcessView } from "../emulator/index.js";
import type { Debuggee } from "./debuggee.js";
import { baseName } from "./files.js";
import type { Subject } from "./subject.js";
import type { Frame } from "./symbols/model.js";

/** Thread ids start at 1. */
export const threadOf = (process: number): number => process + 1;
export const processOf = (thread: number): number => thread - 1;

export interface Thread {
  id: number;
  name: string;
}

/** `Running`, `Yielded`, … without upstream's details. */
const shortState = (state: string): string => state.replace(/^(YieldedFor|Stopped)\(.*/s, "$1");

/** A process whose code may still run or that can be looked at after its fault. */
const isListed = (view: ProcessView): boolean => view.state !== "Terminated";

export function threadsOf(debuggee: Debuggee): Thread[] {
  return debuggee.processes.filter(isListed).map(view => ({
    id: threadOf(view.index),
    name: `${debuggee.nameOf(view.index)} (pid ${view.pid}) ${shortState(view.state)}`,
  }));
}

export interface StackEntry {
  frame: Frame;
  depth: number;
  name: string;
  line: number;
  column: number;
  source: StackSource | undefined;
  /** Its caller is more telling. */
  subtle: boolean;
}

export interface StackSource {
  name: string;
  /** Here, or as the debug information says if it is not here. */
  path: string;
  found: boolean;
}

/** Frames of a process with their sources looked up. */
export async function stackOf(subject: Subject, process: number): Promise<StackEntry[]> {
  const program = subject.program(process);
  const sources = program?.app.sources;
  return Promise.all(
    subject.frames(process).map(async (frame, depth) => {
      const { location } = frame;
      const found = location === null ? undefined : await sources?.resolve(location.path);
      const name = `${frame.name}${remarkOf(frame)}`;
      const source = location === null ? undefined : sourceOf(location.path, found);
      const place = { line: location?.line ?? 0, column: location?.column ?? 0 };
      const symbol = depth === 0 ? program?.symbols?.symbolAt(frame.pc) : undefined;
      return { frame, depth, name, ...place, source, subtle: isPanicEntry(symbol) };
    }),
  );
}

/** Whether Rust's panic handler has just been called. */
const isPanicEntry = (symbol: { name: string; offset: number } | undefined): boolean =>
  symbol?.offset === 0 && symbol.name.includes("rust_begin_unwind");

/** Behind the name of a frame. */
export function remarkOf({ upcall, inlineDepth, tailCall }: Frame): string {
  if (upcall) return " (upcall)";
  if (tailCall) return " (tail call)";
  return inlineDepth > 0 ? " (inlined)" : "";
}

export const sourceOf = (path: string, found: string | undefined): StackSource => ({
  name: baseName(path),
  path: found ?? path,
  found: found !== undefined,
});
