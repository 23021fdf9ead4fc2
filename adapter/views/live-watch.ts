// The view of live values: expressions of globals and statics, evaluated between two slices of a run. Looking changes nothing.
import { UserError } from "../../emulator/index.js";
import { changeFrameless } from "../change.js";
import { framelessContextOf } from "../context.js";
import type { Control } from "../control.js";
import * as errors from "../errors.js";
import type { Row } from "../rows.js";
import { processOf } from "../stack.js";
import { ValueRows } from "../value-rows.js";
import type { LiveExpression, LiveExpressionRow, LiveRow, LiveWatchBody } from "./model.js";

/** Children of a row that are shown; `array[100]@100` shows the next ones. */
const MOST_CHILDREN = 100;

export const liveWatchBody = (
  control: Control,
  thread: number | undefined,
  expressions: readonly LiveExpression[],
): LiveWatchBody => ({
  schema: 1,
  view: "liveWatch",
  rows: expressions.map(each => expressionRow(control, thread, each)),
});

function expressionRow(
  control: Control,
  thread: number | undefined,
  { expression, app, open = [] }: LiveExpression,
): LiveExpressionRow {
  const named = app === undefined ? {} : { app };
  try {
    const row = rowsOf(control, processFor(control, app, thread)).expression(expression);
    return { ...liveRow(row, [], open), ...named };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name: expression, value: error.message, failed: true, changeable: false, ...named };
  }
}

function liveRow(row: Row, path: readonly string[], open: readonly (readonly string[])[]): LiveRow {
  const { name, value, type, evaluateName, change, computed, children } = row;
  return {
    name,
    value,
    failed: false,
    ...(type === undefined ? {} : { type }),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    changeable: change !== undefined && !computed,
    ...(children === undefined ? {} : childrenOf(row, path, open)),
  };
}

function childrenOf(
  row: Row,
  path: readonly string[],
  open: readonly (readonly string[])[],
): Pick<LiveRow, "children" | "more"> {
  if (!open.some(each => samePath(each, path))) return { children: null };
  // Elements are made in part, members all together.
  const made = row.children?.(0, MOST_CHILDREN + 1) ?? [];
  const shown = made.slice(0, MOST_CHILDREN);
  const children = shown.map(child => liveRow(child, [...path, child.name], open));
  const more = (row.indexedCount ?? made.length) - shown.length;
  return more > 0 ? { children, more } : { children };
}

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

/** Gives what an expression stands for another value, at once. @throws UserError */
export function setLiveValue(
  control: Control,
  of: { expression: string; app: string | undefined; thread: number | undefined },
  value: string,
): void {
  const row = rowsOf(control, processFor(control, of.app, of.thread)).expression(of.expression);
  if (row.change === undefined) throw errors.notChangeable(of.expression);
  row.change(value);
}

function rowsOf({ debuggee }: Control, process: number): ValueRows {
  return new ValueRows(
    debuggee,
    () => framelessContextOf(debuggee, process),
    (target, to) => changeFrameless(debuggee, process, target, to),
  );
}

/** Of an app the first process; without one the selected process, else the one that stopped last, else the first. */
function processFor(control: Control, app: string | undefined, thread: number | undefined): number {
  const { debuggee } = control;
  const { processes } = debuggee;
  const wanted = thread ?? control.stoppedBy?.threadId;
  const found =
    app === undefined
      ? (processes.find(({ index }) => wanted !== undefined && index === processOf(wanted)) ??
        processes[0])
      : processes.find(({ index }) => debuggee.nameOf(index) === app);
  if (found === undefined) throw errors.noProcessOf(app);
  if (debuggee.program(found.index)?.symbols === undefined)
    throw errors.noVariablesOf(debuggee.nameOf(found.index));
  return found.index;
}
