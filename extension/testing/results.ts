// What came of a scenario, told to a run of the Testing view.
import * as vscode from "vscode";
import type { Failure, Mistake, RunOutcome, StackFrame } from "../../adapter/testing/protocol.js";
import { type Leaf, restOfLine } from "./items.js";
import { endText, failureText, forTerminal } from "./texts.js";

/** Passed or failed; the duration is the board's virtual time, and the output says so. */
export function tellOutcome(
  run: vscode.TestRun,
  { item, uri }: Leaf,
  result: "passed" | "failed",
  outcome: RunOutcome,
): void {
  run.appendOutput(forTerminal(endText(result, outcome)), undefined, item);
  const duration = outcome.virtualSeconds * 1000;
  if (result === "passed") run.passed(item, duration);
  else
    run.failed(
      item,
      outcome.failures.map(failure => messageOf(failure, uri)),
      duration,
    );
}

/** What keeps a scenario from being run. */
export function tellMistakes(
  run: vscode.TestRun,
  item: vscode.TestItem,
  uri: vscode.Uri,
  mistakes: readonly Mistake[],
): void {
  const messages = mistakes.map(mistake => {
    run.appendOutput(
      forTerminal(`${mistake.message}\n`),
      new vscode.Location(uri, restOfLine(mistake)),
      item,
    );
    const message = new vscode.TestMessage(mistake.message);
    message.location = new vscode.Location(uri, restOfLine(mistake));
    return message;
  });
  run.errored(item, messages);
}

function messageOf(failure: Failure, uri: vscode.Uri): vscode.TestMessage {
  const { difference, stack } = failure;
  const text = failureText(failure);
  const message =
    difference === undefined
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, difference.expected, difference.actual);
  message.location = new vscode.Location(uri, restOfLine(failure));
  if (stack !== undefined) message.stackTrace = stack.map(frameOf);
  return message;
}

function frameOf({ name, place }: StackFrame): vscode.TestMessageStackFrame {
  if (place === undefined) return new vscode.TestMessageStackFrame(name);
  const { uri, line, column } = place;
  const position = new vscode.Position(line - 1, Math.max(0, column - 1));
  return new vscode.TestMessageStackFrame(name, vscode.Uri.parse(uri), position);
}
