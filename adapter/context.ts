// Where expressions have their meaning: the symbols of a program, memory, and the registers of a frame if there is one.

import type { EvaluationContext } from "./evaluate.js";
import { registerNames } from "./expressions/registers.js";
import type { Subject } from "./subject.js";
import type { Frame, SymbolTable } from "./symbols/model.js";
import type { FrameReference } from "./variables.js";

/** What an app without debug information knows; `$r0` can be evaluated all the same. */
const noSymbols: SymbolTable = {
  files: [],
  functionAt: () => undefined,
  inlinedAt: () => [],
  functionsNamed: () => [],
  symbolAt: () => undefined,
  isData: () => false,
  symbolNamed: () => undefined,
  locationAt: () => null,
  addressesOf: () => undefined,
  lineRangeAt: () => undefined,
  variablesAt: () => [],
  staticsAt: () => [],
  globalNamed: () => undefined,
  staticInFunction: () => undefined,
  typeNamed: () => undefined,
  isRust: () => false,
  typeOfVtable: () => undefined,
  enumeratorNamed: () => undefined,
};

const XPSR = 16;

export function contextOf(
  subject: Subject,
  { process, depth, frame }: FrameReference,
): EvaluationContext {
  // DWARF numbers registers up to pc; xpsr is known of the innermost frame only.
  const xpsr = depth === 0 ? subject.registers(process)?.[XPSR] : undefined;
  const isArm = subject.isa.registers[XPSR]?.name === "xpsr";
  const registers = isArm ? [...frame.registers.slice(0, XPSR), xpsr] : frame.registers;
  return {
    symbols: subject.program(process)?.symbols ?? noSymbols,
    frame: { ...frame, registers },
    memory: subject.memory,
    registers: registerNames(subject.isa),
    hex: subject.hex === true,
  };
}

/** No code lies here: the last halfword of the address space is the system's (ARMv7-M ARM B3.1). */
const NOWHERE = 0xfffffffe;

/** Where `main` begins, by program: its language is the app's, and of several statics of a name its file's is meant. */
const mains = new WeakMap<SymbolTable, number>();

function mainOf(symbols: SymbolTable): number {
  const known = mains.get(symbols);
  if (known !== undefined) return known;
  const entry = symbols.functionsNamed("main")[0]?.entry ?? NOWHERE;
  mains.set(symbols, entry);
  return entry;
}

const noFrame: Omit<Frame, "lookupPc"> = {
  pc: NOWHERE,
  cfa: undefined,
  registers: [],
  name: "",
  location: null,
  upcall: false,
  inlineDepth: 0,
};

/** Where expressions mean the same at any time of a run: globals and statics of a process's app. */
export function framelessContextOf(subject: Subject, process: number): EvaluationContext {
  const symbols = subject.program(process)?.symbols ?? noSymbols;
  return {
    symbols,
    frame: { ...noFrame, lookupPc: mainOf(symbols) },
    memory: subject.memory,
    registers: registerNames(subject.isa),
    hex: subject.hex === true,
    frameless: true,
  };
}
