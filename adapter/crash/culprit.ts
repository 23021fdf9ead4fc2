// Which variable or expression made an address: the base register of the faulting instruction, followed back to its names.
import { hex8 } from "../../emulator/index.js";
import { bare } from "../format.js";
import type { Frame, SourceLocation, SymbolTable } from "../symbols/model.js";
import { type Folded, fold, isPointer, unscaled } from "./address.js";
import type { Transfer } from "./architecture.js";
import type { FunctionCode } from "./code.js";
import { codeAround, type Facts, physicalFrames } from "./facts.js";
import type { Scene } from "./model.js";
import { behind, elementOf, type Named, type NameSource, Names } from "./names.js";
import { type Origin, originsOf, type Trace } from "./origin.js";

export interface Culprit {
  /** What the base register is in the source: `p->next`. */
  expression: string;
  /** The same with what was added to it: `&packet[3]`. */
  text: string;
  /** What it holds; `undefined` if a dump does not tell. */
  value: number | undefined;
  named: Named;
  /** What the instruction touched: `p->next->value`. */
  target: string | undefined;
  /** The index that was added, if there is one. */
  index: { expression: string | undefined; value: number | undefined } | undefined;
  /** A loop has moved the pointer on from `expression`. */
  stepped: boolean;
  /** The expression that the variable got its value from: `malloc()`. */
  source: string | undefined;
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

function nameSource(scene: Scene, symbols: SymbolTable, code?: FunctionCode): NameSource {
  const { memory, stackTop } = scene.process;
  return {
    symbols,
    memory: scene.memory,
    arguments: scene.architecture.abi.arguments,
    calleeAt: at => calleeAt(scene, at),
    knowsRegisters: code === undefined || !isAssembler(scene, code),
    isStack: at => memory !== null && stackTop !== null && at >= memory.start && at < stackTop,
  };
}

/** What made the address of the access at the pc. */
export function culpritOf(facts: Facts): Culprit | undefined {
  const { scene, pc, transfer } = facts;
  if (pc === undefined || transfer === undefined || transfer.literal !== undefined)
    return undefined;
  const registers = registersOf(scene);
  const frames = physicalFrames(scene, 0);
  const standpoint = { scene, frames, caller: frames.length, pc, registers };
  return follow(standpoint, transfer, 0) ?? constantCulprit(facts, frames);
}

/** Those of the program. */
const registersOf = ({ registers, architecture }: Scene): readonly (number | undefined)[] =>
  registers.slice(0, architecture.abi.pc + 1);

/** A pointer that the compiler knew: the address is in the code. */
function constantCulprit(
  { scene, access, pc }: Facts,
  frames: readonly Frame[],
): Culprit | undefined {
  const { symbols } = scene;
  if (symbols === undefined || access === null) return undefined;
  const source = nameSource(scene, symbols);
  const named = new Names(source, frames, pc ?? 0).constantPointer(access.address);
  if (named === undefined) return undefined;
  const { address: value } = access;
  const target = behind(named, 0, access.size ?? 1)?.text;
  return {
    expression: named.text,
    text: named.text,
    value,
    named,
    target,
    index: undefined,
    stepped: false,
    source: undefined,
    trail: [],
    caller: undefined,
  };
}

/** What a register holds at an instruction of the app, which need not be on the stack. */
export function culpritInRegister(scene: Scene, pc: number, register: number): Culprit | undefined {
  const ranges = scene.symbols?.functionAt(pc)?.ranges ?? [];
  const first = scene.frames.findIndex(({ lookupPc }) =>
    ranges.some(({ low, high }) => lookupPc >= low && lookupPc < high),
  );
  const registers = registersOf(scene);
  const frames = first < 0 ? [frameAt(scene, pc, registers)] : physicalFrames(scene, first);
  const caller = first < 0 ? scene.frames.length : first + frames.length;
  return follow({ scene, frames, caller, pc, registers }, { base: register }, 0);
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
  const { symbols } = scene;
  const [frame] = scene.frames;
  if (symbols === undefined || frame === undefined) return undefined;
  const source = nameSource(scene, symbols);
  return new Names(source, physicalFrames(scene, 0), frame.pc).at(address, size)?.text;
}

/** What an address is made of: a register, and what of a load or store comes on top. */
type Made = Pick<Transfer, "base"> & Partial<Pick<Transfer, "offset" | "size" | "index">>;

/** Of two registers that are added without a shift either may be the pointer. */
function arranged(names: Names, trace: Trace, made: Made): Made {
  const { index, base } = made;
  if (index === undefined || index.shift !== 0) return made;
  const pointsTo = (register: number) =>
    originsOf(trace, register).some(origin => isPointer(names.of(origin)));
  return pointsTo(base) || !pointsTo(index.register)
    ? made
    : { ...made, base: index.register, index: { register: base, shift: 0 } };
}

function follow(standpoint: Standpoint, given: Made, depth: number): Culprit | undefined {
  const { scene, frames, pc, registers } = standpoint;
  const { symbols, memory } = scene;
  const code = codeAround(scene, pc);
  if (symbols === undefined || code === undefined) return undefined;
  const names = new Names(nameSource(scene, symbols, code), frames, code.entry);
  const trace = { code, abi: scene.architecture.abi, memory, registers, pc };
  const made = arranged(names, trace, given);
  const by = made.index && unscaled(indexOrigin(trace, made.index.register), 2 ** made.index.shift);
  const candidates = originsOf(trace, made.base).map(origin =>
    fold(names, {
      whole: origin,
      pointer: origin,
      offset: (made.offset ?? 0) + (by?.offset ?? 0),
      index: by,
      stepped: false,
    }),
  );
  const [chosen = candidates[0]] = candidates.filter(each => names.of(each.pointer) !== undefined);
  if (chosen === undefined) return undefined;
  const { pointer } = chosen;
  const named = names.of(pointer);
  const stored = named?.variable && names.registerOf(named.variable);
  const passed = passedBy(standpoint, pointer, depth, stored);
  if (named === undefined) return passed;
  const source = sourceOf(named, pointer, names);
  const trail = [...(passed?.trail ?? [])];
  if (source !== undefined)
    trail.unshift(
      `${quoted(named.text)} got its value from ${quoted(source)}${lineText(scene, pointer.at)}.`,
    );
  return {
    ...culpritBy(names, chosen, named, made),
    source: source ?? passed?.source,
    trail,
    caller: undefined,
  };
}

/** Of a parameter: what the caller passed. Where it has been stored since, its register tells nothing any more. */
function passedBy(
  standpoint: Standpoint,
  { made }: Origin,
  depth: number,
  stored: number | undefined,
): Culprit | undefined {
  if (made.by === "entry") return fromCaller(standpoint, made.register, depth);
  if (stored === undefined) return undefined;
  const registers = standpoint.registers.with(stored, undefined);
  return fromCaller({ ...standpoint, registers }, stored, depth);
}

/** The index, where only the address tells it any more. */
function indexIn({ whole, pointer, offset, index, stepped }: Folded, made: Made) {
  if (made.index !== undefined || index === undefined || stepped) return undefined;
  if (whole.value === undefined || pointer.value === undefined) return undefined;
  const bytes = (whole.value + (made.offset ?? 0) - pointer.value - offset) | 0;
  return bytes % index.scale === 0 ? bytes / index.scale : undefined;
}

function culpritBy(names: Names, folded: Folded, named: Named, made: Made) {
  const { pointer, offset, index, stepped } = folded;
  const size = made.size ?? 4;
  const text = names.of(folded.whole)?.text ?? named.text;
  const position = index && names.of(index.origin);
  const target = stepped
    ? undefined
    : index === undefined
      ? behind(named, offset, size)
      : position && elementOf(named, position.text, index.scale, offset, size);
  const number = index?.origin.value ?? indexIn(folded, made);
  // A constant that was added has left the object before any index did.
  const room = objectSize(named);
  const hasLeft = room !== undefined && (offset < 0 || offset >= room);
  return {
    expression: named.text,
    text,
    value: pointer.value,
    named,
    target: target?.text,
    index:
      index === undefined || hasLeft
        ? undefined
        : {
            expression: position?.text,
            value: number === undefined ? undefined : number | 0,
          },
    stepped,
  };
}

function indexOrigin(trace: Trace, register: number): Origin {
  const found = originsOf(trace, register);
  const [only] = found;
  const value = trace.registers[register];
  return found.length === 1 && only !== undefined
    ? only
    : { value, at: undefined, place: { register, pc: trace.pc }, made: { by: "unknown" } };
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
function sourceOf(named: Named, origin: Origin, names: Names): string | undefined {
  const from = names.ofMade(origin);
  if (from === undefined || from.text === named.text) return undefined;
  return origin.made.by === "entry" || origin.made.by === "constant" ? undefined : from.text;
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
  if (call === undefined || !leadsTo(scene, call.address, callee)) return undefined;
  const outer = physicalFrames(scene, index);
  // What the callee got and has not changed, the caller had.
  const known = caller.registers.map((value, i) => (i === register ? registers[i] : value));
  const found = follow(
    { scene, frames: outer, caller: index + outer.length, pc: call.address, registers: known },
    { base: register },
    depth + 1,
  );
  if (found === undefined) return undefined;
  const line = lineText(scene, call.address);
  const trail = [
    `${caller.name} passed ${quoted(found.text)} to ${callee.name}${line}.`,
    ...found.trail,
  ];
  const place = { function: caller.name, location: caller.location };
  return { ...found, trail, caller: found.caller ?? place };
}

/**
 * Whether the call at an address leads to the function of a frame. Else it called one that has jumped on, of which no frame is
 * left where the debug information tells no tail calls, and that may have changed the registers.
 */
function leadsTo(scene: Scene, call: number, { lookupPc }: Frame): boolean {
  const target = codeAround(scene, call)?.effectsAt(call)?.target;
  return target === undefined || target === codeAround(scene, lookupPc)?.entry;
}

/** Name of the function that the call at an address calls, if it is a direct one. */
export function calleeAt(scene: Scene, at: number): string | undefined {
  const { symbols } = scene;
  if (symbols === undefined) return undefined;
  const address = codeAround(scene, at)?.effectsAt(at)?.target;
  if (address === undefined) return undefined;
  return symbols.functionAt(address)?.name ?? symbols.symbolAt(address)?.name;
}

export const valueText = (value: number | undefined): string =>
  value === undefined ? "unknown" : hex8(value);

/** Bytes of the array or variable that an address was made from; `undefined` for pointers to who knows what. */
export function objectSize({ text, type }: Named): number | undefined {
  const own = type && bare(type);
  if (own?.kind === "array") return own.size > 0 ? own.size : undefined;
  return own?.kind === "pointer" && text.startsWith("&") ? bare(own.target()).size : undefined;
}
