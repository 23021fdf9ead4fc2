// The extension in a browser without a machine behind it: dumps are explained there, debugging needs Node.
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { registerCommands } from "./commands/register.js";
import { CrashLanguage } from "./language.js";
import { Crashes } from "./panels/crashes.js";

declare class Worker {
  constructor(url: string);
}

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const server = vscode.Uri.joinPath(extensionUri, "dist", "language.worker.js").toString(true);
  const language = new CrashLanguage(
    options => new LanguageClient("tock-crash", "Tock Crash Dumps", new Worker(server), options),
  );
  const crashes = new Crashes(extensionUri, language);
  subscriptions.push(
    language,
    ...crashes.register(),
    ...registerCommands(context, { showDump: (text, name) => crashes.openDump(text, name) }),
  );
}
