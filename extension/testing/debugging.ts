// A scenario under the debugger: its steps are driven by the session while the user stops and looks.
import * as vscode from "vscode";
import { SCENARIO_ENDED, type ScenarioEndedBody } from "../../adapter/testing/protocol.js";
import { toPath } from "../paths.js";
import type { Leaf } from "./items.js";
import { tellMistakes, tellOutcome } from "./results.js";

/** Resolves when the session is over. */
export async function debugScenario(
  run: vscode.TestRun,
  leaf: Leaf,
  token: vscode.CancellationToken,
): Promise<void> {
  const { item, uri, number } = leaf;
  const scenario = toPath(uri);
  run.started(item);
  const isOurs = ({ type, configuration }: vscode.DebugSession) =>
    type === "tock" &&
    configuration["scenario"] === scenario &&
    configuration["scenarioNumber"] === number;
  const subscriptions: vscode.Disposable[] = [];
  let outcome: ScenarioEndedBody | undefined;
  const ended = new Promise<void>(resolve => {
    subscriptions.push(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (event === SCENARIO_ENDED && isOurs(session)) outcome = body as ScenarioEndedBody;
      }),
      vscode.debug.onDidTerminateDebugSession(session => isOurs(session) && resolve()),
      token.onCancellationRequested(() => resolve()),
    );
  });
  const configuration = {
    type: "tock",
    request: "launch",
    name: item.label,
    scenario,
    scenarioNumber: number,
  };
  try {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const started = await vscode.debug.startDebugging(folder, configuration, { testRun: run });
    if (started) await ended;
    if (outcome !== undefined) tellOutcome(run, leaf, outcome.result, outcome);
    else if (started) run.skipped(item);
    else
      tellMistakes(run, item, uri, [
        { line: 1, column: 1, message: "The debug session did not start." },
      ]);
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
  }
}
