// All that the extension registers, in whichever host.
import * as vscode from "vscode";
import { AdapterFactory } from "./adapter.js";
import { registerCommands } from "./commands/register.js";
import { said } from "./commands/said.js";
import { ConfigurationProvider, DynamicConfigurationProvider } from "./configuration.js";
import type { Host } from "./host.js";
import { sendInput } from "./input.js";
import { CrashLanguage } from "./language.js";
import { registerLanguages } from "./languages/providers.js";
import { LogTrackerFactory } from "./log.js";
import { Crashes } from "./panels/crashes.js";
import { Timelines } from "./panels/timelines.js";
import { registerTesting } from "./testing/testing.js";
import { registerActions } from "./views/actions.js";
import { NumberFormat } from "./views/number-format.js";
import { Views } from "./views/views.js";

export function activateIn(host: Host, context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions, workspaceState } = context;
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const { registerDebugConfigurationProvider: provide } = vscode.debug;
  const log = new LogTrackerFactory();
  const language = new CrashLanguage(host.makeLanguageClient);
  const crashes = new Crashes(extensionUri, language);
  const showDump = (text: string, name: string) => crashes.openDump(text, name);
  subscriptions.push(
    log,
    language,
    provide("tock", new ConfigurationProvider(host.run !== undefined)),
    provide("tock", new DynamicConfigurationProvider(), Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory(
      "tock",
      new AdapterFactory(host.startAdapter),
    ),
    vscode.debug.registerDebugAdapterTrackerFactory("tock", log),
    vscode.commands.registerCommand("tock.sendInput", () => said(sendInput())),
    ...new Timelines(extensionUri).register(),
    ...new Views(context).register(),
    ...registerActions(),
    ...new NumberFormat(workspaceState).register(),
    ...registerLanguages(),
    ...crashes.register(),
    ...registerCommands(context, { ...(host.run && { run: host.run }), showDump }),
    ...registerTesting(context, host.connectTesting),
  );
}
