// The extension in a browser without a machine behind it: dumps are explained there, debugging needs Node.
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { registerCommands } from "./commands/register.js";
import { CrashLanguage } from "./language.js";
import { Crashes } from "./panels/crashes.js";
import { Timelines } from "./panels/timelines.js";

declare class Worker {
  constructor(url: string);
}

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const script = vscode.Uri.joinPath(extensionUri, "dist", "language.worker.js");
  const server = () => startWorker(script).then(transports);
  const language = new CrashLanguage(
    options => new LanguageClient("tock-crash", "Tock Crash Dumps", server, options),
  );
  const crashes = new Crashes(extensionUri, language);
  subscriptions.push(
    language,
    ...crashes.register(),
    ...registerCommands(context, { showDump: (text, name) => crashes.openDump(text, name) }),
    ...new Timelines(extensionUri).register(),
  );
}

/**
 * A pair of streams, because the client does not take the extension host's own `Worker` for one.
 */
const transports = (worker: Worker): MessageTransports => ({
  reader: new BrowserMessageReader(worker),
  writer: new BrowserMessageWriter(worker),
});

/** By its text, because an extension that comes from a remote machine has no address that a worker could load. */
async function startWorker(script: vscode.Uri): Promise<Worker> {
  const text = await vscode.workspace.fs.readFile(script);
  const type = "text/javascript";
  return new Worker(URL.createObjectURL(new Blob([new Uint8Array(text)], { type })));
}
