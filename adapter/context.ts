// Where expressions have their meaning: the symbols of a program, memory, and the registers of a frame if there is one.
import type { EvaluationContext } from "./evaluate.js";
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
    hex: subject.hex === true,
  };
}

/** No code lies here: the last halfword of the address space is the system's (ARMv7-M ARM B3.1). */
const NOWHERE = 0xfffffffe;

const noFrame: Frame = {
  pc: NOWHERE,
  lookupPc: NOWHERE,
  cfa: undefined,
  registers: [],
  name: "",
  location: null,
  upcall: false,
  inlineDepth: 0,
};

/** Where expressions mean the same at any time of a run: globals and statics of a process's app. */
export const framelessContextOf = (subject: Subject, process: number): EvaluationContext => ({
  symbols: subject.program(process)?.symbols ?? noSymbols,
  frame: noFrame,
  memory: subject.memory,
  hex: subject.hex === true,
  frameless: true,
});
