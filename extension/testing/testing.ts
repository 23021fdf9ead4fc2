// Scenarios in the Testing view.
import * as vscode from "vscode";
import { ScenarioItems } from "./items.js";
import { ScenarioRuns } from "./runs.js";
import { type Connect, ScenarioServer } from "./server.js";

/** `debug`: debug sessions can be started in this host. */
export function registerTesting(
  { storageUri, globalStorageUri }: vscode.ExtensionContext,
  connect: Connect,
  debug: boolean,
): vscode.Disposable[] {
  const controller = vscode.tests.createTestController("tock", "Tock Scenarios");
  const server = new ScenarioServer(connect);
  const items = new ScenarioItems(controller, server);
  new ScenarioRuns(controller, items, server, storageUri ?? globalStorageUri).offer(debug);
  return [controller, server, items];
}
