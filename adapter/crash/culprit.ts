// Which variable or expression made an address: the base register of the faulting instruction, followed back to its names.
import { hex8 } from "../../emulator/index.js";
import { bare } from "../format.js";
import type { Frame, SourceLocation, SymbolTable } from "../symbols/model.js";
import type { FunctionCode } from "./code.js";
import { codeAround, type Facts, physicalFrames } from "./facts.js";
import { partsOf, registerNumber } from "./instructions.js";
import type { Scene } from "./model.js";
import { behind, elementOf, type Named, type NameSource, Names } from "./names.js";
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
  /** Of the function, the calls inlined around the place included, innermost first. */
  frames: readonly Frame[];
  /** Index of the caller's innermost frame. */
  caller: number;
  pc: number;
  registers: readonly (number | undefined)[];
}

const MOST_CALLERS = 4;

function nameSource(scene: Scene, symbols: SymbolTable): NameSource {
  const { memory, stackTop } = scene.process;
  return {
    symbols,
    memory: scene.memory,
    calleeAt: at => calleeAt(scene, at),
    isStack: at => memory !== null && stackTop !== null && at >= memory.start && at < stackTop,
  };
}

/** What made the address of the access at the pc. */
export function culpritOf(facts: Facts): Culprit | undefined {
  const { scene, pc, transfer } = facts;
  if (pc === undefined || transfer === undefined || transfer.base === 15) return undefined;
  const registers = scene.registers.slice(0, 16);
  const frames = physicalFrames(scene, 0);
  const standpoint = { scene, frames, caller: frames.length, pc, registers };
  const found = follow(standpoint, transfer.base, 0) ?? constantCulprit(facts, frames);
  if (found === undefined) return undefined;
  const { index } = transfer;
  if (index === undefined) {
    const target = found.caller ? undefined : behind(found.named, transfer.offset, transfer.size);
    return { ...found, target: found.target ?? target?.text };
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

/** A pointer that the compiler knew: the address is in the code. */
function constantCulprit(
  { scene, access, pc }: Facts,
  frames: readonly Frame[],
): Culprit | undefined {
  const { symbols, memory } = scene;
  if (symbols === undefined || access === null) return undefined;
  const source = nameSource(scene, symbols);
  const named = new Names(source, frames, pc ?? 0).constantPointer(access.address);
  if (named === undefined) return undefined;
  const { address: value } = access;
  const target = behind(named, 0, access.size ?? 1)?.text;
  const nothing = { index: undefined, trail: [], caller: undefined };
  return { expression: named.text, value, named, target, ...nothing };
}

/** What a register holds at an instruction of the app, which need not be on the stack. */
export function culpritInRegister(scene: Scene, pc: number, register: number): Culprit | undefined {
  const ranges = scene.symbols?.functionAt(pc)?.ranges ?? [];
  const first = scene.frames.findIndex(({ lookupPc }) =>
    ranges.some(({ low, high }) => lookupPc >= low && lookupPc < high),
  );
  const registers = scene.registers.slice(0, 16);
  const frames = first < 0 ? [frameAt(scene, pc, registers)] : physicalFrames(scene, first);
  const caller = first < 0 ? scene.frames.length : first + frames.length;
  return follow({ scene, frames, caller, pc, registers }, register, 0);
}

/** A frame of code that has left the stack. */
const frameAt = ({ symbols }: Scene, pc: number, registers: Frame["registers"]): Frame => ({
  pc,
  lookupPc: pc,
  cfa: undefined,
  registers,
  name: symbols?.functionAt(pc)?.name ?? "",
  location: symbols?.locationAt(pc) ?? null,
  upcall: false,
  inlineDepth: 0,
});

/** What lies at an address, by the names of the innermost function: `limits.highest`. */
export function nameAt(scene: Scene, address: number, size: number): string | undefined {
  const { symbols, memory } = scene;
  const [frame] = scene.frames;
  if (symbols === undefined || frame === undefined) return undefined;
  const source = nameSource(scene, symbols);
  return new Names(source, physicalFrames(scene, 0), frame.pc).at(address, size)?.text;
}

function follow(standpoint: Standpoint, register: number, depth: number): Culprit | undefined {
  const { scene, frames, pc, registers } = standpoint;
  const { symbols, memory } = scene;
  const code = codeAround(scene, pc);
  if (symbols === undefined || code === undefined) return undefined;
  const source = nameSource(scene, symbols);
  const names = new Names(source, frames, code.entry);
  const origins = originsOf({ code, memory, registers, pc }, register);
  const told = origins
    .map(origin => ({ origin, named: names.of(origin) }))
    .find(({ named }) => named !== undefined);
  const variable = isAssembler(scene, code) ? undefined : names.inRegister(register);
  const named = variable ?? told?.named;
  const { made } = told?.origin ?? origins[0] ?? {};
  const passed = made?.by === "entry" ? fromCaller(standpoint, made.register, depth) : undefined;
  if (named === undefined) return passed;
  return {
    expression: named.text,
    value: registers[register],
    named,
    target: undefined,
    index: undefined,
    trail: [...trailOf(scene, named, told), ...(passed?.trail ?? [])],
    caller: undefined,
  };
}

/** Instructions and lines of a function that is one piece of assembler. */
const MANY_INSTRUCTIONS = 12;
const FEW_LINES = 2;

/** Assembler uses the registers of parameters as it likes, and the debug information does not know. */
function isAssembler({ symbols }: Scene, code: FunctionCode): boolean {
  const lines = new Set<number | undefined>();
  let count = 0;
  for (const { address } of code.instructions) {
    lines.add(symbols?.locationAt(address)?.line);
    count++;
  }
  return count >= MANY_INSTRUCTIONS && lines.size <= FEW_LINES;
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
  { scene, frames, caller: index, registers }: Standpoint,
  register: number,
  depth: number,
): Culprit | undefined {
  if (depth >= MOST_CALLERS) return undefined;
  const caller = scene.frames[index];
  const callee = frames.at(-1);
  if (caller === undefined || callee === undefined || callee.upcall || caller.tailCall)
    return undefined;
  const call = codeAround(scene, caller.lookupPc)?.endingAt(caller.pc);
  if (call === undefined) return undefined;
  const outer = physicalFrames(scene, index);
  // What the callee got and has not changed, the caller had.
  const known = caller.registers.map((value, i) => (i === register ? registers[i] : value));
  const found = follow(
    { scene, frames: outer, caller: index + outer.length, pc: call.address, registers: known },
    register,
    depth + 1,
  );
  if (found === undefined) return undefined;
  const line = lineText(scene, call.address);
  const trail = [
    `${caller.name} passed ${quoted(found.expression)} to ${callee.name}${line}.`,
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
