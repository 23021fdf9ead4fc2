// Rows for C values: variables of a scope, results of expressions.
import { UserError } from "../emulator/index.js";
import type { Debuggee } from "./debuggee.js";
import { type EvaluationContext, evaluate, variableValue } from "./evaluate.js";
import type { Row } from "./rows.js";
import type { SymbolTable, Variable } from "./symbols/model.js";
import type { Value } from "./values.js";
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
  enumeratorNamed: () => undefined,
};

const XPSR = 16;

export function contextOf(
  debuggee: Debuggee,
  { process, depth, frame }: FrameReference,
): EvaluationContext {
  // DWARF numbers registers up to pc; xpsr is known of the innermost frame only.
  const xpsr = depth === 0 ? debuggee.kernel.registers(process)?.[XPSR] : undefined;
  return {
    symbols: debuggee.program(process)?.symbols ?? noSymbols,
    frame: { ...frame, registers: [...frame.registers.slice(0, XPSR), xpsr] },
    memory: debuggee.memory,
  };
}

export function valueRow(name: string, value: Value): Row {
  const { text, type, evaluateName, memoryReference, namedCount, indexedCount } = value;
  return {
    name,
    value: text,
    type: type.name,
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(memoryReference === undefined ? {} : { memoryAddress: memoryReference }),
    ...(indexedCount === 0 ? {} : { indexedCount }),
    ...(namedCount + indexedCount === 0
      ? {}
      : {
          children: (start?: number, count?: number) =>
            value.children(start, count).map(child => valueRow(child.name, child.value)),
        }),
  };
}

export const variableRow = (variable: Variable, context: EvaluationContext): Row =>
  valueRow(variable.name, variableValue(variable, context));

/** The value of a watch or hover expression in a frame. */
export function evaluateRow(
  debuggee: Debuggee,
  expression: string,
  reference: FrameReference,
): Row {
  const value = evaluate(expression, contextOf(debuggee, reference));
  if (value instanceof UserError) throw value;
  return valueRow(expression, value);
}
