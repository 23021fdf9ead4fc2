// Over, into, out: each a plan that orders short runs of the machine until the step is done.
// A plan never runs the machine itself, so that pause, faults and other breakpoints can come in between.
import type { Isa } from "../emulator/index.js";
import { exitsOf, type Instruction, instructionAt, type Read16 } from "./flow.js";
import type {
  AddressRange,
  Frame,
  FunctionInfo,
  InlinedCall,
  SourceLocation,
} from "./symbols/model.js";

/** What a plan asks for next. */
export type Order =
  /** One instruction of the process; a system call counts as one, however long it blocks. */
  | { until: "instruction" }
  /** The process stands at one of `addresses` with its stack pointer at `minimumSp` or above. */
  | { until: "address"; addresses: readonly number[]; minimumSp: number };

/** Runs until it returns: the step is done. */
export type Plan = Generator<Order, void, void>;

export type StepKind = "over" | "into" | "out";

/** What stepping asks about the process it steps. */
export interface Stepped {
  readonly isa: Isa;
  readonly read16: Read16;
  /** At most `limit` frames, innermost first; none when the process has no registers. */
  frames(limit: number): readonly Frame[];
  functionAt(pc: number): FunctionInfo | undefined;
  /** Inlined calls that contain `pc`, outermost first. */
  inlinedAt(pc: number): readonly InlinedCall[];
  /** The stop is seen from the frame inside of `depth` of the inlined calls where the process stands. */
  showInlined(depth: number): void;
  /** ELF symbol that covers `pc`, and how far `pc` lies behind its start. */
  symbolAt(pc: number): { name: string; offset: number } | undefined;
  locationAt(pc: number): SourceLocation | null;
  lineRangeAt(pc: number): AddressRange | undefined;
  /** The source of code at `pc` can be shown. */
  isShown(pc: number): boolean;
}

const SP = 13;
const LR = 14;

interface Place {
  pc: number;
  sp: number;
  /** Return address without the Thumb bit, as far as the link register knows it. */
  lr: number;
  cfa: number | undefined;
  /** Inlined calls that contain `pc`, outermost first, and in how many of them the innermost frame is. */
  calls: readonly InlinedCall[];
  depth: number;
  line: SourceLocation | null;
}

function placeOf(process: Stepped): Place | undefined {
  const [top] = process.frames(1);
  if (top === undefined) return undefined;
  return {
    pc: top.pc,
    sp: top.registers[SP] ?? 0,
    lr: (top.registers[LR] ?? 0) & ~1,
    cfa: top.cfa,
    calls: process.inlinedAt(top.pc),
    depth: top.inlineDepth,
    line: top.location,
  };
}

/** How many of `calls` begin at `pc`: the process stands before them as before any other call. */
export function beginningAt(calls: readonly InlinedCall[], pc: number): number {
  return calls.length - 1 - calls.findLastIndex(call => call.entry !== pc);
}

/** The end of a step: inlined calls that begin here are still to come. */
function standBefore(process: Stepped): void {
  const place = placeOf(process);
  if (place) process.showInlined(place.calls.length - beginningAt(place.calls, place.pc));
}

const contains = (range: AddressRange, pc: number) => pc >= range.low && pc < range.high;

const instruction = (process: Stepped, pc: number): Instruction =>
  instructionAt(process.isa, pc, process.read16);

/** A step by source lines. Without line information it becomes a step out, or a single instruction. */
export function* stepLine(stepped: Stepped, kind: "over" | "into"): Plan {
  const start = placeOf(stepped);
  if (start === undefined) return;
  // Who steps in code that cannot be shown may also come to other such code.
  const process = stepped.isShown(start.pc)
    ? stepped
    : { ...stepped, isShown: (pc: number) => hasLine(stepped, pc) };
  if (kind === "into" && start.depth < start.calls.length) {
    process.showInlined(start.depth + 1);
    return;
  }
  const depth = yield* throughLines(process, start, kind);
  if (depth === undefined) standBefore(process);
  else process.showInlined(depth);
}

/** Runs until a step from `start` is done; returns the depth of the frame where it ends if that must be told. */
function* throughLines(
  process: Stepped,
  start: Place,
  kind: "over" | "into",
): Generator<Order, number | undefined, void> {
  let range = process.lineRangeAt(start.pc);
  if (range === undefined) {
    if (hasCaller(process)) yield* stepOut(process);
    else yield { until: "instruction" };
    return undefined;
  }
  let place: Place | undefined = start;
  while (place !== undefined) {
    if (place.cfa !== start.cfa || isTailCall(process, start, place)) {
      yield* arriveElsewhere(process, start, place, kind);
      return undefined;
    }
    if (contains(range, place.pc)) {
      if (yield* throughRange(process, range, place, kind)) return undefined;
    } else {
      const depth = arrivedAt(process, { ...start, range }, place, kind);
      if (depth !== undefined) return depth;
      range = process.lineRangeAt(place.pc) ?? oneInstruction(process, place.pc);
    }
    place = placeOf(process);
  }
  return undefined;
}

/** The frame is popped and another function begins: it will return to the caller in this one's place. */
function isTailCall(process: Stepped, start: Place, place: Place): boolean {
  const from = process.symbolAt(start.pc);
  const to = process.symbolAt(place.pc);
  if (from === undefined || to === undefined || to.offset !== 0) return false;
  return place.sp === start.cfa && start.pc - from.offset !== place.pc;
}

const oneInstruction = (process: Stepped, pc: number): AddressRange => ({
  low: pc,
  high: pc + instruction(process, pc).size,
});

const sameLine = (a: SourceLocation | null, b: SourceLocation | null): boolean =>
  a?.line === b?.line && a?.path === b?.path;

/**
 * Whether a step from `start` ends at `place`, in the same frame on the stack: at another line of its function, at
 * an inlined call on another line, or inside of one that is stepped into. Gives the depth of that frame.
 * `range` is what was run last.
 */
function arrivedAt(
  process: Stepped,
  start: Place & { range: AddressRange },
  place: Place,
  kind: "over" | "into",
): number | undefined {
  const { calls, pc } = place;
  const here = process.locationAt(pc);
  if (here === null || here.line === 0) return undefined;
  // Back at its beginning from the inside, by a loop, a call does not begin again.
  const inside = calls.findLastIndex(call => holds(call, start.range));
  const entered = Math.max(inside + 1, calls.length - beginningAt(calls, pc));
  const next = calls[entered];
  if (process.lineRangeAt(pc)?.low !== pc && next?.entry !== pc) return undefined;
  const kept = commonDepth(start, place);
  const into = kind === "into" && process.isShown(pc);
  if (entered > kept) return into ? entered : undefined;
  const sameFrame = entered === start.depth;
  if (sameFrame && sameLine(next ? next.callSite : here, start.line)) {
    return next && into ? entered + 1 : undefined;
  }
  return entered;
}

const holds = (call: InlinedCall, { low, high }: AddressRange): boolean =>
  [low, high - 1].every(pc => call.ranges.some(range => contains(range, pc)));

/** In how many of the inlined calls of `start`'s frame `place` is, too. */
function commonDepth(start: Place, place: Place): number {
  let depth = 0;
  while (depth < start.depth && start.calls[depth] === place.calls[depth]) depth++;
  return depth;
}

/** Runs from `place` to a way out of `range`. True when the step has ended inside a function that was called. */
function* throughRange(
  process: Stepped,
  range: AddressRange,
  place: Place,
  kind: "over" | "into",
): Generator<Order, boolean, void> {
  const { flow, size } = instruction(process, place.pc);
  const back: Order = { until: "address", addresses: [place.pc + size], minimumSp: place.sp };
  switch (flow.kind) {
    case "call":
    case "syscall":
      if (kind !== "into") {
        yield back;
        return false;
      }
      yield { until: "instruction" };
      return yield* entered(process, back);
    case "computed":
      yield { until: "instruction" };
      return false;
    default: {
      const { outside, inside } = exitsOf(process.isa, range, process.read16);
      const others = inside.filter(address => address !== place.pc);
      yield { until: "address", addresses: [...outside, ...others], minimumSp: 0 };
      return false;
    }
  }
}

/** After a call or system call was executed: stops in a function that can be shown, else comes back at once. */
function* entered(
  process: Stepped,
  back: Extract<Order, { until: "address" }>,
): Generator<Order, boolean, void> {
  const pc = process.frames(1)[0]?.pc;
  if (pc === undefined) return true;
  if (back.addresses.includes(pc)) return false;
  if (yield* pastPrologue(process, pc)) return true;
  yield back;
  return false;
}

/** At a function's entry: runs to its first line after the prologue. False if it has no lines or its source is missing. */
function* pastPrologue(process: Stepped, pc: number): Generator<Order, boolean, void> {
  const target = process.functionAt(pc);
  if (target === undefined || !process.isShown(pc)) return false;
  if (target.entry === pc && target.afterPrologue !== pc) {
    yield { until: "address", addresses: [target.afterPrologue], minimumSp: 0 };
  }
  return true;
}

const hasLine = (process: Stepped, pc: number): boolean =>
  (process.locationAt(pc)?.line ?? 0) !== 0;

/** The frame of the step is gone: by a return, or by a tail call. */
function* arriveElsewhere(
  process: Stepped,
  start: Place,
  place: Place,
  kind: "over" | "into",
): Plan {
  const tailCall = isTailCall(process, start, place);
  if (tailCall && kind === "into" && (yield* pastPrologue(process, place.pc))) return;
  if (tailCall) yield { until: "address", addresses: [place.lr], minimumSp: place.sp };
  for (let top = process.frames(1)[0]; top !== undefined; top = process.frames(1)[0]) {
    if (process.isShown(top.pc)) return;
    if (hasCaller(process)) yield* stepOut(process);
    else yield { until: "address", addresses: [], minimumSp: 0 };
  }
}

/** Where the function on the stack returns to, and the stack pointer there. */
function callerOf(process: Stepped): { caller: Frame; cfa: number } | undefined {
  const [top] = process.frames(1);
  let caller = top?.caller?.();
  while (caller?.tailCall) caller = caller.caller?.();
  if (top?.cfa === undefined || caller === undefined) return undefined;
  return { caller, cfa: top.cfa };
}

/** Whether there is a frame to step out to. */
export const hasCaller = (process: Stepped): boolean =>
  (process.frames(1)[0]?.inlineDepth ?? 0) > 0 || callerOf(process) !== undefined;

/** Runs until the current function has returned to its caller, or to the end of an inlined call. */
export function* stepOut(process: Stepped): Plan {
  const start = placeOf(process);
  const call = start?.calls[start.depth - 1];
  const found = callerOf(process);
  if (start && call) yield* throughCall(process, start, call);
  else if (found)
    yield { until: "address", addresses: [found.caller.pc & ~1], minimumSp: found.cfa };
  else return;
  standBefore(process);
}

/** Runs until the process has left the code of an inlined call. */
function* throughCall(process: Stepped, start: Place, call: InlinedCall): Plan {
  let place: Place | undefined = start;
  while (place !== undefined && place.cfa === start.cfa) {
    const { pc } = place;
    const range = call.ranges.find(r => contains(r, pc));
    if (range === undefined) return;
    yield* throughRange(process, range, place, "over");
    place = placeOf(process);
  }
}

/** Runs to `address`, whatever the stack; the process may stand there already. */
export function* runTo(process: Stepped, address: number): Plan {
  if (process.frames(1)[0]?.pc !== address)
    yield { until: "address", addresses: [address], minimumSp: 0 };
}

/** A step by instructions; over a call or a system call it comes back after it. */
export function* stepInstruction(process: Stepped, kind: "over" | "into"): Plan {
  const place = placeOf(process);
  if (place === undefined) return;
  const { flow, size } = instruction(process, place.pc);
  if (kind === "over" && (flow.kind === "call" || flow.kind === "syscall")) {
    yield { until: "address", addresses: [place.pc + size], minimumSp: place.sp };
  } else {
    yield { until: "instruction" };
  }
}

/** A step of a kind, by lines or by instructions. */
export function planOf(process: Stepped, kind: StepKind, instructions: boolean): Plan {
  if (kind === "out") return stepOut(process);
  return instructions ? stepInstruction(process, kind) : stepLine(process, kind);
}
