// Where the expressions of a frame have their meaning: the symbols of its program, its registers, and memory.
import type { EvaluationContext } from "./evaluate.js";
import type { Subject } from "./subject.js";
import type { SymbolTable } from "./symbols/model.js";
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
