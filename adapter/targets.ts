// Places that a user may choose to go to: functions called on the present line, and lines of the present function.
// A target's number is its address, so nothing needs to be remembered.
import type { Debuggee } from "./debuggee.js";
import * as errors from "./errors.js";
import { instructionAt } from "./flow.js";
import { type Plan, type Stepped, stepLine } from "./stepping.js";

export interface Target {
  address: number;
  label: string;
}

const PC = 15;

/** Functions with a source here that the rest of the line calls by name, in the order of its code. */
export function stepInTargets(stepped: Stepped): Target[] {
  const [top] = stepped.frames(1);
  const range = top && stepped.lineRangeAt(top.pc);
  if (top === undefined || range === undefined) return [];
  const targets = new Map<number, Target>();
  for (let at = top.pc; at < range.high; ) {
    const { size, text, flow } = instructionAt(stepped.isa, at, stepped.read16);
    at += size;
    const digits = flow.kind === "call" ? /0x([0-9a-f]+)\s*$/i.exec(text)?.[1] : undefined;
    if (digits === undefined) continue;
    const address = (Number.parseInt(digits, 16) & ~1) >>> 0;
    const called = stepped.functionAt(address);
    if (called?.entry !== address || !stepped.isShown(address)) continue;
    targets.set(address, { address, label: called.name });
  }
  return [...targets.values()];
}

/** A step into the function at `target`, over all others that the line calls. */
export function stepIntoTarget(stepped: Stepped, target: number): Plan {
  const start = stepped.frames(1)[0]?.pc;
  const own = stepped.functionAt(start ?? 0)?.entry;
  const isOther = (pc: number): boolean => {
    if (pc === target || pc === start) return false;
    const function_ = stepped.functionAt(pc);
    if (function_?.entry === pc) return true;
    return function_?.entry === own && stepped.inlinedAt(pc).some(({ entry }) => entry === pc);
  };
  return stepLine({ ...stepped, isShown: pc => stepped.isShown(pc) && !isOther(pc) }, "into");
}

/** Where a process may go on instead: the code of a line of a source that `prepareSource` has looked for. */
export function gotoTargets(debuggee: Debuggee, path: string, line: number): Target[] {
  const bound = debuggee.bindLine(path, line);
  if (bound?.line !== line) return [];
  return bound.addresses.map(address => {
    const name = debuggee.programAt(address)?.symbols?.functionAt(address)?.name;
    return { address, label: name === undefined ? `line ${line}` : `${name}, line ${line}` };
  });
}

/** The process goes on at `address`, which must lie in the function where it stands: the stack stays as it is. */
export function goTo(debuggee: Debuggee, process: number, address: number): void {
  const name = debuggee.nameOf(process);
  const [top] = debuggee.frames(process, 1);
  if (top === undefined) throw errors.noRegisters(name);
  const symbols = debuggee.program(process)?.symbols;
  const here = symbols?.functionAt(top.pc);
  const there = symbols?.functionAt(address);
  if (here === undefined || here.entry !== there?.entry) {
    throw errors.otherFunction(name, here?.name ?? top.name);
  }
  if (!debuggee.kernel.setRegister(process, PC, address)) {
    throw errors.registerNotStored("pc", name);
  }
}
