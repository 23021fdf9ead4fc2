// Restart frame: a process goes back to the entry of a function on its stack, with the arguments as they are now.
// What stood where at the entry is the procedure call standard's (AAPCS32 6.4) and the debug information's to tell.

import { toInteger } from "./bytes.js";
import { contextOf } from "./context.js";
import type { Debuggee } from "./debuggee.js";
import * as errors from "./errors.js";
import { type EvaluationContext, variableValue } from "./evaluate.js";
import { instructionAt } from "./flow.js";
import { bare, isSigned } from "./format.js";
import type { Frame, FunctionInfo, Type, ValueLocation, Variable } from "./symbols/model.js";
import type { FrameReference } from "./variables.js";

const SP = 13;
const LR = 14;
const PC = 15;
const XPSR = 16;
/** r4 to r11 belong to the caller, r0 to r3 hold arguments. */
const CALLEE_SAVED = [4, 5, 6, 7, 8, 9, 10, 11];
const ARGUMENT_REGISTERS = 4;
const WORD = 4;
/** EPSR.IT: a new start is in no IT block (ARMv7-M ARM B1.4.2). */
const IT_STATE = 0x0600fc00;

/** Whether a frame looks as if it could be restarted; its arguments are not looked at. */
export const canRestart = (frame: Frame): boolean =>
  frame.inlineDepth === 0 && !frame.tailCall && frame.cfa !== undefined && !!frame.caller?.();

/** Puts the process at the entry of the frame's function. Gives where its first line begins, or throws one sentence. */
export function restartFrame(debuggee: Debuggee, reference: FrameReference): number {
  const { process, frame } = reference;
  const name = debuggee.nameOf(process);
  const view = debuggee.process(process);
  if (view?.state !== "Running" || view.fault !== null) {
    throw errors.notRestartable(frame.name, `${name} does not run now`);
  }
  const found = debuggee.program(process)?.symbols?.functionAt(frame.lookupPc);
  if (frame.inlineDepth > 0) {
    throw errors.notRestartable(frame.name, "the compiler put it into its caller; restart that");
  }
  if (frame.tailCall) {
    throw errors.notRestartable(
      frame.name,
      "it has ended with a jump to the function that it called",
    );
  }
  if (found === undefined || frame.cfa === undefined) {
    throw errors.notRestartable(frame.name, "there is no debug information about its frame");
  }
  const registers = entryRegisters(debuggee, reference, found);
  // The stack pointer first: where registers lie in a stacked frame it moves with it, and only it may fail.
  for (const [register, value] of [...registers].sort(
    ([a], [b]) => Number(b === SP) - Number(a === SP),
  )) {
    if (!debuggee.kernel.setRegister(process, register, value)) {
      throw errors.registerNotStored(frame.name, name);
    }
  }
  return found.afterPrologue;
}

/** Registers as the function's first instruction found them. */
function entryRegisters(
  debuggee: Debuggee,
  reference: FrameReference,
  found: FunctionInfo,
): Map<number, number> {
  const { frame, process } = reference;
  const caller = callerOf(frame);
  if (caller === undefined || frame.cfa === undefined) {
    throw errors.notRestartable(frame.name, "nobody called it");
  }
  const registers = new Map<number, number>();
  for (const register of CALLEE_SAVED) {
    const value = caller.registers[register];
    if (value === undefined) {
      throw errors.notRestartable(frame.name, `r${register} of its caller is lost`);
    }
    registers.set(register, value);
  }
  for (const [register, value] of argumentRegisters(debuggee, reference, found)) {
    registers.set(register, value);
  }
  const xpsr = debuggee.kernel.registers(process)?.[XPSR] ?? 0;
  return registers
    .set(SP, frame.cfa)
    .set(LR, (caller.pc | 1) >>> 0)
    .set(PC, found.entry)
    .set(XPSR, (xpsr & ~IT_STATE) >>> 0);
}

/** The frame that the function returns to: not one that has left the stack with a jump. */
function callerOf(frame: Frame): Frame | undefined {
  let caller = frame.caller?.();
  while (caller?.tailCall) caller = caller.caller?.();
  return caller;
}

function argumentRegisters(
  debuggee: Debuggee,
  reference: FrameReference,
  found: FunctionInfo,
): Map<number, number> {
  const { frame } = reference;
  const standsAtEntry = reference.depth === 0 && frame.pc === found.entry;
  if (standsAtEntry) return new Map();
  const pushed = pushedArguments(debuggee, frame, found.entry);
  if (found.variadic && pushed.size === 0) {
    throw errors.notRestartable(frame.name, "where its variable arguments lie is not known");
  }
  const returned = bare(found.returns?.() ?? { kind: "void", name: "void", size: 0 });
  if (isAggregate(returned) && returned.size > WORD) {
    throw errors.notRestartable(
      frame.name,
      `where its caller wants the ${returned.name} that it returns is not known any more`,
    );
  }
  const context = contextOf(debuggee, reference);
  const atEntry: Frame = { ...frame, pc: found.entry, lookupPc: found.entry };
  const symbols = context.symbols;
  const parameters = symbols.variablesAt(found.entry, 0).filter(({ kind }) => kind === "parameter");
  const byStandard = standardRegisters(parameters);
  const values = new Map<number, number>(pushed);
  for (const parameter of parameters) {
    const location = parameter.locate(atEntry, debuggee.memory);
    const size = bare(parameter.type).size;
    const registers = passedIn(location, size, {
      cfa: frame.cfa ?? 0,
      standard: byStandard.get(parameter),
    });
    if (registers === undefined) {
      throw errors.notRestartable(frame.name, `how ${parameter.name} was passed is not known`);
    }
    if (registers.every(register => pushed.has(register))) continue;
    const words = wordsOf(parameter, context, frame);
    for (const [i, register] of registers.entries()) values.set(register, words[i] ?? 0);
  }
  return values;
}

const isAggregate = (type: Type): boolean =>
  /^(struct|union|variants|array|unknown)$/.test(bare(type).kind);

/**
 * Registers that hold a parameter at the function's entry, in the order of its words. Where the debug information
 * tells only in which memory the function will put it, the standard tells; `undefined`: nothing does.
 */
function passedIn(
  location: ValueLocation,
  size: number,
  by: { cfa: number; standard: number[] | undefined },
): number[] | undefined {
  switch (location.kind) {
    case "register":
      return Array.from({ length: Math.ceil(size / WORD) }, (_, i) => location.register + i);
    case "memory":
      // What lies above is on the stack and stays there; if the standard says otherwise it is a reference in disguise.
      if (location.address < by.cfa || by.standard?.length === 0) return by.standard;
      return undefined;
    case "pieces": {
      const parts = location.pieces.map(piece => passedIn(piece.location, piece.size, by));
      return parts.includes(undefined) ? undefined : parts.flatMap(part => part ?? []);
    }
    case "bits":
      return passedIn(location.container, location.size, by);
    case "bytes":
    case "optimizedOut":
      return [];
  }
}

/**
 * The argument registers of each parameter by AAPCS32 6.5, stage C, for the base standard, which Tock apps are
 * built for. Rust passes aggregates its own way: they are left out.
 */
function standardRegisters(parameters: readonly Variable[]): Map<Variable, number[]> {
  const registers = new Map<Variable, number[]>();
  let next = 0;
  for (const parameter of parameters) {
    const type = bare(parameter.type);
    const rust = parameter.declaration?.path.endsWith(".rs") === true;
    if (rust && isAggregate(type)) return registers;
    const words = Math.ceil(type.size / WORD);
    if (alignmentOf(type) === 8 && next % 2 === 1) next++;
    const first = next;
    next = Math.min(next + words, ARGUMENT_REGISTERS);
    registers.set(
      parameter,
      Array.from({ length: next - first }, (_, i) => first + i),
    );
  }
  return registers;
}

/** 8 or 4 bytes: what the standard distinguishes. */
function alignmentOf(given: Type): 4 | 8 {
  const type = bare(given);
  switch (type.kind) {
    case "base":
    case "enum":
      return type.size >= 8 ? 8 : 4;
    case "array":
      return alignmentOf(type.element());
    case "struct":
    case "union":
      return type.members().some(member => alignmentOf(member.type) === 8) ? 8 : 4;
    default:
      return 4;
  }
}

/** The value that a parameter has now, by words. */
function wordsOf(parameter: Variable, context: EvaluationContext, frame: Frame): number[] {
  const fetched = variableValue(parameter, context).bytes();
  if ("why" in fetched) {
    const why = `its argument ${parameter.name} cannot be restored (${fetched.why})`;
    throw errors.notRestartable(frame.name, why);
  }
  const { bytes } = fetched;
  const length = Math.ceil(bytes.length / WORD);
  // What is smaller than a word is extended to one.
  const number = toInteger(bytes, isSigned(bare(parameter.type)));
  return Array.from({ length }, (_, i) => Number(BigInt.asUintN(32, number >> BigInt(32 * i))));
}

/** Argument registers that the function pushes first of all, as variadic ones do: their values lie right below its caller's frame. */
function pushedArguments(debuggee: Debuggee, frame: Frame, entry: number): Map<number, number> {
  const { isa } = debuggee.machine.cpu;
  const { text } = instructionAt(isa, entry, debuggee.read16);
  const [, list = ""] = /^push\s+\{([^}]*)\}$/.exec(text) ?? [];
  const numbers = list
    .split(",")
    .map(name => Number(/^r([0-3])$/.exec(name.trim())?.[1] ?? Number.NaN));
  const values = new Map<number, number>();
  if (numbers.at(-1) !== ARGUMENT_REGISTERS - 1) return values;
  numbers.forEach((register, i) => {
    const bytes = debuggee.memory.read((frame.cfa ?? 0) - WORD * (numbers.length - i), WORD);
    if (bytes)
      values.set(register, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  });
  return values;
}
