// Stack overflow: by how much, which calls take how much of the stack, and a size that would do.
import { alignUp, hex8 } from "../../emulator/index.js";
import { bare } from "../format.js";
import type { Frame } from "../symbols/model.js";
import { lineText, quoted } from "./culprit.js";
import { common } from "./data.js";
import { codeAround, type Facts } from "./facts.js";
import { REBUILD } from "./makefile-advice.js";
import type { Explanation, Scene } from "./model.js";
import { bytesText } from "./regions.js";

/** No instruction stores further below the stack pointer than this. */
const FARTHEST = 256;
/** A stack pointer further below the stack is none that came there by calls. */
const FARTHEST_BELOW = 0x100000;
const MOST_LISTED = 4;
/** Shown as the cause of a deep stack, in bytes. */
const LARGE_LOCAL = 256;
/** The size that is proposed has this much more than what was needed, and is a multiple of `STEP`. */
const RESERVE = 1.25;
const STEP = 512;

export interface Overflow {
  /** Where the stack ends, and the lowest address that was needed. */
  bottom: number;
  lowest: number;
  /** Bytes of the stack, if its top is known. */
  size: number | undefined;
}

/** Whether the stack pointer or the access went below the process's RAM, which is where its stack ends. */
export function overflowOf({ scene, sp, access, transfer, has }: Facts): Overflow | undefined {
  const { memory, stackTop } = scene.process;
  const { exceptionFrame, abi } = scene.architecture;
  if (memory === null || sp === undefined) return undefined;
  const bottom = memory.start;
  const stacking = has("MSTKERR") || has("STKERR") || has("MUNSTKERR") || has("UNSTKERR");
  const isNear = sp >= bottom - FARTHEST_BELOW;
  const below =
    isNear &&
    access !== null &&
    access.address < bottom &&
    access.address >= sp - FARTHEST &&
    (transfer?.base === abi.sp || access.address >= sp);
  const noRoom = isNear && sp < bottom + exceptionFrame;
  if (!below && !(noRoom && (stacking || access === null))) return undefined;
  const needed = [
    sp,
    ...(below ? [access.address] : []),
    // A dump shows the stack pointer with the frame that had no room.
    ...(noRoom && !(stacking && scene.origin === "dump") ? [sp - exceptionFrame] : []),
  ];
  const size = stackTop === null ? undefined : stackTop - bottom;
  return { bottom, lowest: Math.min(...needed), size };
}

export function stackOverflow(facts: Facts, overflow: Overflow): Explanation {
  const { scene, name, sp, access } = facts;
  const { bottom, lowest, size } = overflow;
  const missing = bottom - lowest;
  const has = size === undefined ? "" : ` of ${bytesText(size)}`;
  const where = facts.place === null ? "" : ` in ${facts.place.function}`;
  const usage = withSelfCall(facts, usageOf(scene));
  return {
    kind: "stack-overflow",
    verdict: `${name} overflowed its stack${has} by at least ${bytesText(missing)}${where}.`,
    details: [
      ...recursionText(scene, usage),
      ...(sp === undefined ? [] : [pointerText(sp, bottom, scene.architecture.exceptionFrame)]),
      ...largestText(usage),
      ...largeLocalText(scene.frames, scene),
    ],
    ...common(facts),
    access,
    culprit: sp === undefined ? null : { expression: "sp", value: hex8(sp) },
    nearest: {
      name: `stack of ${name}`,
      low: bottom,
      high: bottom + (size ?? 0),
      distance: missing,
    },
    fix: stackFix(scene, size, missing, usage),
  };
}

function pointerText(sp: number, bottom: number, frame: number): string {
  if (sp < bottom)
    return `The stack pointer is ${hex8(sp)}, ${bytesText(bottom - sp)} below the end of the stack at ${hex8(bottom)}.`;
  const where =
    sp === bottom
      ? `at the very end of the stack, ${hex8(bottom)}`
      : `${hex8(sp)}, ${bytesText(sp - bottom)} above the end of the stack at ${hex8(bottom)}`;
  const bytes = sp === bottom ? `${frame} bytes` : `${frame}`;
  const needs = frame === 0 ? "" : `; a system call or interrupt alone needs ${bytes}`;
  return `The stack pointer is ${where}${needs}.`;
}

/** Functions on the stack: how often, and bytes of one frame. */
interface Usage {
  name: string;
  count: number;
  bytes: number;
  /** Of the innermost one: where it called itself last, if the link register tells. */
  selfCall?: number;
}

/** Of the frames whose extent the call frame information tells, the largest sum first. */
export function usageOf({ frames, architecture }: Scene): readonly Usage[] {
  const uses = new Map<string, Usage>();
  let inner: number | undefined;
  for (const frame of frames) {
    if (frame.inlineDepth > 0 || frame.cfa === undefined) continue;
    const low = inner ?? frame.registers[architecture.abi.sp];
    inner = frame.cfa;
    if (low === undefined || frame.tailCall) continue;
    const name = frame.name.split("+")[0] ?? frame.name;
    const use = uses.get(name) ?? { name, count: 0, bytes: 0 };
    uses.set(name, { name, count: use.count + 1, bytes: Math.max(use.bytes, frame.cfa - low) });
  }
  return [...uses.values()].sort((a, b) => b.count * b.bytes - a.count * a.bytes);
}

const isRecursion = ({ count, selfCall }: Usage): boolean => count > 2 || selfCall !== undefined;

/** A dump shows no stack; but the link register may hold an address behind a call of the function by itself. */
function withSelfCall({ scene, pc, frame }: Facts, usage: readonly Usage[]): readonly Usage[] {
  const link = scene.registers[scene.architecture.abi.link];
  if (pc === undefined || link === undefined) return usage;
  const back = (link & ~1) >>> 0;
  const code = codeAround(scene, back - 2);
  const call = code?.endingAt(back);
  const target = call && code?.effectsAt(call.address)?.target;
  if (code === undefined || call === undefined) return usage;
  if (target !== code.entry || code.at(pc) === undefined) return usage;
  const name = scene.frames.find(({ inlineDepth }) => inlineDepth === 0)?.name ?? frame?.name;
  return usage.map(use => (use.name === name ? { ...use, selfCall: call.address } : use));
}

const recursionText = (scene: Scene, usage: readonly Usage[]): string[] =>
  usage
    .filter(isRecursion)
    .slice(0, 1)
    .map(({ name, count, bytes, selfCall }) =>
      count > 2
        ? `${quoted(name)} is on the stack ${count} times, ${bytesText(bytes)} each: it calls itself.`
        : `${quoted(name)} calls itself${lineText(scene, selfCall)}, and takes ${bytesText(bytes)} each time.`,
    );

function largestText(usage: readonly Usage[]): string[] {
  const single = usage.filter(use => !isRecursion(use) && use.bytes > 0).slice(0, MOST_LISTED);
  if (single.length === 0) return [];
  const parts = single.map(({ name, bytes, count }) =>
    count === 1 ? `${name} ${bytes}` : `${name} ${bytes} (${count} times)`,
  );
  return [`Bytes of stack by function: ${parts.join(", ")}.`];
}

/** The largest local variable on the stack, if it is large. */
function largestLocal(
  frames: readonly Frame[],
  { symbols, memory }: Scene,
): { name: string; size: number; function: string } | undefined {
  const seen = new Set<string>();
  let largest: { name: string; size: number; function: string } | undefined;
  for (const frame of frames.slice(0, 64)) {
    if (seen.has(frame.name)) continue;
    seen.add(frame.name);
    for (const variable of symbols?.variablesAt(frame.lookupPc, frame.inlineDepth) ?? []) {
      const { size } = bare(variable.type);
      if (variable.kind !== "local" || size < LARGE_LOCAL || size <= (largest?.size ?? 0)) continue;
      if (variable.locate(frame, memory).kind !== "memory") continue;
      largest = { name: variable.name, size, function: frame.name };
    }
  }
  return largest;
}

function largeLocalText(frames: readonly Frame[], scene: Scene): string[] {
  const largest = largestLocal(frames, scene);
  return largest === undefined
    ? []
    : [
        `The local variable ${quoted(largest.name)} of ${largest.function} alone takes ${bytesText(largest.size)}.`,
      ];
}

/** `STACK_MEMORY` is what libtock-rs's `stack_size!` makes (runtime/src/startup/mod.rs), `rust_start` calls `main` there. */
const isRustApp = ({ symbols, frames }: Scene): boolean =>
  frames.some(frame => symbols?.isRust(frame.lookupPc) === true) ||
  ["rust_begin_unwind", "rust_start", "STACK_MEMORY"].some(
    name => symbols?.symbolNamed(name) !== undefined,
  );

function stackFix(
  scene: Scene,
  size: number | undefined,
  missing: number,
  usage: readonly Usage[],
): Explanation["fix"] {
  const rust = isRustApp(scene);
  const variable = rust ? "stack_size!" : "STACK_SIZE";
  const where = rust ? quoted("stack_size! {…}") : `${quoted("STACK_SIZE")} in the app's Makefile`;
  const rebuild = rust ? "" : ` ${REBUILD}`;
  const [deep] = usage.filter(isRecursion);
  if (deep !== undefined) {
    const levels = `End the recursion of ${quoted(deep.name)} earlier: each level takes ${bytesText(deep.bytes)}`;
    const now = size === undefined ? "" : `, now ${size},`;
    return {
      text: `${levels}. If it has to be deeper, raise ${where}${now} by that much a level.${rebuild}`,
      variable,
    };
  }
  if (size === undefined) return { text: `Raise ${where}.${rebuild}`, variable };
  const proposed = alignUp(Math.ceil((size + missing) * RESERVE), STEP);
  return { text: `Raise ${where} from ${size} to at least ${proposed}.${rebuild}`, variable };
}
