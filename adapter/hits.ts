// Judges the breakpoints at which a process stands, inside the run loop: evaluates what their terms ask for.
import { UserError } from "../emulator/index.js";
import type { BreakpointState } from "./breakpoints.js";
import { linesOf } from "./breakpoints.js";
import { toFloat, toInteger } from "./bytes.js";
import { contextOf } from "./context.js";
import type { Debuggee } from "./debuggee.js";
import { evaluate } from "./evaluate.js";
import type { Hit } from "./execution.js";
import { bare, isSigned } from "./format.js";
import type { NumberFormat, TermsContext } from "./terms.js";
import type { Value } from "./values.js";

/** Breakpoints of `states` that stop `process`; log messages go to `log`. */
export function judgeHits(
  debuggee: Debuggee,
  process: number,
  states: readonly BreakpointState[],
  log: (text: string) => void,
): Hit | undefined {
  const stopping: BreakpointState[] = [];
  let why: string | undefined;
  for (const state of states) {
    if (state.judge.isPlain) {
      stopping.push(state);
      continue;
    }
    const verdict = state.judge.judge(termsContext(debuggee, process, linesOf([state])));
    if (verdict.kind === "log") log(verdict.text);
    if (verdict.kind === "wrong") why ??= verdict.why;
    if (verdict.kind === "wrong" || verdict.kind === "stop") stopping.push(state);
  }
  return stopping.length === 0 ? undefined : { states: stopping, why };
}

/** Expressions in the frame of `process` that stands at one of `lines`, else in its innermost. */
export function termsContext(
  debuggee: Debuggee,
  process: number,
  lines: readonly number[],
): TermsContext {
  const value = (expression: string, hex: boolean): Value => {
    const frame = debuggee.frameAt(process, lines);
    if (frame === undefined) throw new UserError("the process has no registers");
    const context = contextOf(debuggee, { process, depth: 0, frame });
    const result = evaluate(expression, { ...context, hex });
    if (result instanceof UserError) throw result;
    return result;
  };
  return {
    isTrue: expression => isTrue(value(expression, false)),
    textOf: (expression, format) => formatted(value(expression, format === "x"), format),
  };
}

function bytesOf(value: Value): Uint8Array {
  const fetched = value.bytes();
  if ("why" in fetched) throw new UserError(`it has no value: ${fetched.why}`);
  return fetched.bytes;
}

/** As C's `if` takes a value. */
export function isTrue(value: Value): boolean {
  const type = bare(value.type);
  if (type.kind === "array" || type.kind === "function") return true;
  if (type.kind !== "base" && type.kind !== "enum" && type.kind !== "pointer") {
    throw new UserError(`it is of type ${value.type.name}, which is neither true nor false`);
  }
  const bytes = bytesOf(value);
  if (type.kind === "base" && type.encoding === "float") return toFloat(bytes) !== 0;
  return bytes.some(byte => byte !== 0);
}

const radix: Partial<Record<NumberFormat, readonly [prefix: string, base: number]>> = {
  x: ["0x", 16],
  o: ["0", 8],
  b: ["0b", 2],
};

/** A value as `,x` and its like show it; what is no number is shown as ever. */
function formatted(value: Value, format: NumberFormat | undefined): string {
  const type = bare(value.type);
  const number =
    (type.kind === "base" && type.encoding !== "float") ||
    type.kind === "enum" ||
    type.kind === "pointer";
  if (format === undefined || !number) return value.text;
  const bytes = bytesOf(value);
  if (format === "c") return String.fromCharCode(bytes[0] ?? 0);
  const [prefix, base] = radix[format] ?? ["", 10];
  return prefix + toInteger(bytes, format === "d" && isSigned(type)).toString(base);
}
