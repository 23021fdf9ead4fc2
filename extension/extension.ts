// The extension's entry. The adapter itself needs no code here: package.json names it as a Node program,
// which VS Code starts with its own Node runtime, on the desktop as in a remote window.
import * as vscode from "vscode";
import { ConfigurationProvider, DynamicConfigurationProvider } from "./configuration.js";

export function activate(context: vscode.ExtensionContext): void {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider("tock", new ConfigurationProvider()),
    vscode.debug.registerDebugConfigurationProvider(
      "tock",
      new DynamicConfigurationProvider(),
      Dynamic,
    ),
  );
}
