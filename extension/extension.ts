// The extension's entry. Starting the adapter needs no code here: package.json names it as a Node program,
// which VS Code starts with its own Node runtime, on the desktop as in a remote window.
import * as vscode from "vscode";
import { registerCommands } from "./commands/register.js";
import { run } from "./commands/run.node.js";
import { said } from "./commands/said.js";
import { ConfigurationProvider, DynamicConfigurationProvider } from "./configuration.js";
import { sendInput } from "./input.js";
import { startLanguage } from "./language.node.js";
import { registerLanguages } from "./languages/providers.js";
import { LogTrackerFactory } from "./log.js";
import { Crashes } from "./panels/crashes.js";
import { Timelines } from "./panels/timelines.js";
import { registerTesting } from "./testing/testing.js";
import { testingServer } from "./testing.node.js";
import { registerActions } from "./views/actions.js";
import { NumberFormat } from "./views/number-format.js";
import { Views } from "./views/views.js";

export function activate(context: vscode.ExtensionContext): void {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const log = new LogTrackerFactory();
  const language = startLanguage(context);
  const crashes = new Crashes(context.extensionUri, language);
  context.subscriptions.push(
    log,
    language,
    vscode.debug.registerDebugConfigurationProvider("tock", new ConfigurationProvider()),
    vscode.debug.registerDebugConfigurationProvider(
      "tock",
      new DynamicConfigurationProvider(),
      Dynamic,
    ),
    vscode.debug.registerDebugAdapterTrackerFactory("tock", log),
    vscode.commands.registerCommand("tock.sendInput", () => said(sendInput())),
    ...new Timelines(context.extensionUri).register(),
    ...new Views(context).register(),
    ...registerActions(),
    ...new NumberFormat(context.workspaceState).register(),
    ...registerLanguages(),
    ...crashes.register(),
    ...registerCommands(context, { run, showDump: (text, name) => crashes.openDump(text, name) }),
    ...registerTesting(context, testingServer(context), true),
  );
}
