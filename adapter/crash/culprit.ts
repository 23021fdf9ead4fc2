// Which variable or expression made an address: the base register of the faulting instruction, followed back to its names.
import { hex8 } from "../../emulator/index.js";
import { bare } from "../format.js";
import type { SourceLocation } from "../symbols/model.js";
import { codeAround, type Facts, physicalFrames } from "./facts.js";
import { partsOf, registerNumber } from "./instructions.js";
import type { Scene } from "./model.js";
import { behind, elementOf, type Named, Names } from "./names.js";
import { type Origin, originsOf } from "./origin.js";

export interface Culprit {
  /** What the base register is in the source: `p->next`. */
  expression: string;
  /** What it holds; `undefined` if a dump does not tell. */
  value: number | undefined;
  named: Named;
  /** What the instruction touched: `p->next->value`. */
  target: string | undefined;
  /** The index that was added, if there is one. */
  index: { expression: string | undefined; value: number | undefined } | undefined;
  /** Sentences about where the value came from. */
  trail: readonly string[];
  /** The function of the app that made it, if the fault is in code without names, such as memcpy. */
  caller: { function: string; location: SourceLocation | null } | undefined;
}

/** A place on the stack from which a register is followed back. */
interface Standpoint {
  scene: Scene;
  /** Index of the innermost frame of the function. */
  first: number;
  pc: number;
  registers: readonly (number | undefined)[];
}

const MOST_CALLERS = 4;

/** What made the address of the access at the pc. */
export function culpritOf(facts: Facts): Culprit | undefined {
  const { scene, pc, transfer } = facts;
  if (pc === undefined || transfer === undefined || transfer.base === 15) return undefined;
  const registers = scene.registers.slice(0, 16);
  const standpoint = { scene, first: 0, pc, registers };
  const found = follow(standpoint, transfer.base, 0);
  if (found === undefined) return undefined;
  const { index } = transfer;
  if (index === undefined) {
    const target = found.caller ? undefined : behind(found.named, transfer.offset, transfer.size);
    return { ...found, target: target?.text };
  }
  const position = follow(standpoint, index.register, MOST_CALLERS);
  const value = registers[index.register];
  const target = position && elementOf(found.named, position.expression, index.shift);
  const signed = value === undefined ? undefined : value | 0;
  return {
    ...found,
    target: target?.text,
    index: { expression: position?.expression, value: signed },
  };
}

/** What a register holds at a place, told from there or from its callers. */
export function culpritInRegister(scene: Scene, pc: number, register: number): Culprit | undefined {
  const first = scene.frames.findIndex(frame => {
    const range = scene.symbols?.functionAt(pc)?.ranges ?? [];
    return range.some(({ low, high }) => frame.lookupPc >= low && frame.lookupPc < high);
  });
  const registers = scene.registers.slice(0, 16);
  return follow({ scene, first: Math.max(0, first), pc, registers }, register, 0);
}

function follow(standpoint: Standpoint, register: number, depth: number): Culprit | undefined {
  const { scene, first, pc, registers } = standpoint;
  const { symbols, memory } = scene;
  const code = codeAround(scene, pc);
  if (symbols === undefined || code === undefined) return undefined;
  const source = { symbols, memory, calleeAt: (at: number) => calleeAt(scene, at) };
  const names = new Names(source, physicalFrames(scene, first), code.entry);
  const origins = originsOf({ code, memory, registers, pc }, register);
  const told = origins
    .map(origin => ({ origin, named: names.of(origin) }))
    .find(({ named }) => named !== undefined);
  const variable = names.inRegister(register);
  const named = variable ?? told?.named;
  const origin = told?.origin ?? origins[0];
  const value = registers[register];
  if (named !== undefined) {
    return {
      expression: named.text,
      value,
      named,
      target: undefined,
      index: undefined,
      trail: trailOf(scene, named, told),
      caller: undefined,
    };
  }
  return origin?.made.by === "entry"
    ? fromCaller(standpoint, origin.made.register, depth)
    : undefined;
}

/** Of a variable in a register: the expression that was loaded into it. */
function trailOf(
  scene: Scene,
  named: Named,
  told: { origin: Origin; named: Named | undefined } | undefined,
): string[] {
  const from = told?.named;
  if (told === undefined || from === undefined || from.text === named.text) return [];
  if (told.origin.made.by === "entry" || told.origin.made.by === "constant") return [];
  const line = lineText(scene, told.origin.at);
  return [`${quoted(named.text)} got its value from ${quoted(from.text)}${line}.`];
}

export const quoted = (text: string): string => `\`${text}\``;

export const lineText = ({ symbols }: Scene, at: number | undefined): string => {
  const location = at === undefined ? null : (symbols?.locationAt(at) ?? null);
  return location === null || location.line === 0
    ? ""
    : ` (${location.path.split("/").at(-1)}:${location.line})`;
};

/** The register still is what the caller put there: what was it there? */
function fromCaller(
  { scene, first, registers }: Standpoint,
  register: number,
  depth: number,
): Culprit | undefined {
  if (depth >= MOST_CALLERS) return undefined;
  const own = physicalFrames(scene, first).length;
  const caller = scene.frames[first + own];
  const callee = scene.frames[first + own - 1];
  if (caller === undefined || callee?.upcall !== false || caller.tailCall) return undefined;
  const call = codeAround(scene, caller.lookupPc)?.endingAt(caller.pc);
  if (call === undefined) return undefined;
  // What the callee got and has not changed, the caller had.
  const known = caller.registers.map((value, i) => (i === register ? registers[i] : value));
  const found = follow(
    { scene, first: first + own, pc: call.address, registers: known },
    register,
    depth + 1,
  );
  if (found === undefined) return undefined;
  const trail = [
    `${callee.name} got it from ${caller.name}${lineText(scene, call.address)}.`,
    ...found.trail,
  ];
  const place = { function: caller.name, location: caller.location };
  return { ...found, trail, caller: found.caller ?? place };
}

/** Name of the function that the call at an address calls, if it is a direct one. */
export function calleeAt(scene: Scene, at: number): string | undefined {
  const { symbols } = scene;
  if (symbols === undefined) return undefined;
  const text = codeAround(scene, at)?.at(at)?.text;
  const target = /^bl\S* 0x([0-9a-f]+)$/.exec(text ?? "")?.[1];
  if (target === undefined) return undefined;
  const address = Number.parseInt(target, 16);
  return symbols.functionAt(address)?.name ?? symbols.symbolAt(address)?.name;
}

/** The register of a call or jump through a pointer. */
export function jumpRegister(text: string): number | undefined {
  const { mnemonic, operands } = partsOf(text);
  return /^bl?x/.test(mnemonic) ? registerNumber(operands[0] ?? "") : undefined;
}

export const valueText = (value: number | undefined): string =>
  value === undefined ? "unknown" : hex8(value);

/** Elements of the array that an expression is; `undefined` if it is none. */
export function elementsOf({ type }: Named): number | undefined {
  const own = type && bare(type);
  return own?.kind === "array" ? own.count : undefined;
}
