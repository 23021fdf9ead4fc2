// Scenarios in the Testing view.
import * as vscode from "vscode";
import { ScenarioItems } from "./items.js";
import { ScenarioRuns } from "./runs.js";
import { type Connect, ScenarioServer } from "./server.js";

export function registerTesting(
  { storageUri, globalStorageUri }: vscode.ExtensionContext,
  connect: Connect,
): vscode.Disposable[] {
  const controller = vscode.tests.createTestController("tock", "Tock Scenarios");
  const server = new ScenarioServer(connect);
  const items = new ScenarioItems(controller, server);
  new ScenarioRuns(controller, items, server, storageUri ?? globalStorageUri).offer();
  return [controller, server, items];
}
