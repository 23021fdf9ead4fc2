// How a process came to an address without code: by a call or a branch through a pointer, or by a return.

import type { FunctionCode } from "./code.js";
import { type Culprit, culpritInRegister } from "./culprit.js";
import { codeAround, type Facts } from "./facts.js";
import type { Scene } from "./model.js";
import { type Origin, originsOf, readNumber } from "./origin.js";

/** Functions that ended with a jump to the next, one after the other. */
const MOST_TAIL_CALLS = 4;

export interface Jump {
  /** `upcall`: the kernel did. */
  how: "call" | "return" | "upcall" | "unknown";
  /** The instruction that went there, if it is known. */
  from: number | undefined;
  culprit: Culprit | undefined;
  /** The culprit is known to be it. */
  sure: boolean;
}

/** By the link register, the others and the stack: nothing else has changed since the jump. */
export function jumpOf({ scene, pc, sp }: Facts): Jump {
  const nothing = { from: undefined, culprit: undefined, sure: false };
  if (pc === undefined) return { how: "unknown", ...nothing };
  const { registers, memory, architecture } = scene;
  const link = registers[architecture.abi.link];
  const back = link === undefined ? undefined : (link & ~1) >>> 0;
  const code = back === undefined ? undefined : codeAround(scene, back - 2);
  const call = back === undefined ? undefined : code?.endingAt(back);
  if (code !== undefined && call !== undefined) {
    const from = jumpFrom(scene, code, call.address, pc);
    if (from !== undefined) return from;
  }
  const popped = sp === undefined ? undefined : readNumber(memory, sp - 4, 4);
  if (popped !== undefined && (popped & ~1) >>> 0 === pc) return { how: "return", ...nothing };
  if (back === pc && back !== 0) return { how: "return", ...nothing };
  if (isInNoRegister(scene, pc))
    return { how: scene.frames[0]?.upcall ? "upcall" : "return", ...nothing };
  const onlyReturns =
    code !== undefined &&
    call !== undefined &&
    !hasComputedJump(code) &&
    leavesByReturn(scene, code, call.address);
  return { how: onlyReturns ? "return" : "unknown", ...nothing };
}

/**
 * Whether no register holds the address: a jump through one leaves it there, so a return has read it from memory. Nor has the
 * processor walked there, from the end of code that it may execute.
 */
function isInNoRegister({ architecture, registers, ranges, symbols }: Scene, pc: number): boolean {
  const { abi, popsReturns } = architecture;
  // Without symbols nothing tells a return from an upcall.
  if (
    !popsReturns ||
    symbols === undefined ||
    ranges.some(({ high, execute }) => execute && high === pc)
  )
    return false;
  return registers
    .slice(0, abi.pc)
    .every((value, i) => i === abi.sp || (value !== undefined && (value & ~1) >>> 0 !== pc));
}

/** Whether the function that a direct call leads to can only come back: it has returned, or its caller has. */
function leavesByReturn(scene: Scene, code: FunctionCode, call: number): boolean {
  const target = code.effectsAt(call)?.target;
  const callee = target === undefined ? undefined : codeAround(scene, (target & ~1) >>> 0);
  return callee !== undefined && !hasComputedJump(callee);
}

/** A jump through a register, or one to another function, which may have such. */
const hasComputedJump = (code: FunctionCode): boolean =>
  [...code.instructions].some(
    ({ address, flow }) =>
      (flow.kind === "computed" && code.effectsAt(address)?.ends !== "return") ||
      (flow.kind === "branch" && code.at(flow.target) === undefined),
  );

/** The call before lr went to the address, or the function that it called jumped there. */
function jumpFrom(scene: Scene, code: FunctionCode, call: number, pc: number): Jump | undefined {
  const { through: register, target } = code.effectsAt(call) ?? {};
  if (register === undefined) return tailJump(scene, target, pc, 0);
  const { registers, memory, architecture } = scene;
  const here = { code, abi: architecture.abi, memory, registers, pc: call };
  const value = scene.registers[register];
  const origins = originsOf(here, register);
  const same = value !== undefined && (value & ~1) >>> 0 === pc;
  if (same && origins.some(isSure)) {
    return {
      how: "call",
      from: call,
      culprit: culpritInRegister(scene, call, register),
      sure: true,
    };
  }
  // The register has had another value since: where did the call go?
  const before = originsOf(
    { ...here, registers: scene.registers.with(register, undefined) },
    register,
  );
  for (const origin of before) {
    const found = origin.value === undefined ? undefined : tailJump(scene, origin.value, pc, 0);
    if (found !== undefined) return found;
  }
  if (!same) return undefined;
  // The function that it called may have jumped on through the same register.
  const culprit = origins.some(isKnown) ? culpritInRegister(scene, call, register) : undefined;
  return { how: "unknown", from: call, culprit, sure: false };
}

const isKnown = ({ made }: Origin): boolean => made.by !== "unknown";
const isSure = ({ checked, made }: Origin): boolean => checked === true || made.by === "entry";

/** A jump through a register out of the function at `entry`, or out of those that it jumps to. */
function tailJump(
  scene: Scene,
  entry: number | undefined,
  pc: number,
  depth: number,
): Jump | undefined {
  if (entry === undefined || depth > MOST_TAIL_CALLS) return undefined;
  const code = codeAround(scene, (entry & ~1) >>> 0);
  if (code === undefined) return undefined;
  for (const { address, flow } of code.instructions) {
    const { through: register, ends } = code.effectsAt(address) ?? {};
    const value = register === undefined ? undefined : scene.registers[register];
    if (flow.kind === "computed" && ends !== "return" && value !== undefined) {
      if ((value & ~1) >>> 0 === pc)
        return {
          how: "call",
          from: address,
          culprit: culpritInRegister(scene, address, register ?? 0),
          sure: true,
        };
    }
    const leaves = flow.kind === "branch" && code.at(flow.target) === undefined;
    const found = leaves ? tailJump(scene, flow.target, pc, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
