// The extension in a browser without a machine behind it: dumps are explained there, debugging needs Node.
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { CrashLanguage } from "./language.js";
import { Crashes } from "./panels/crashes.js";
import { Timelines } from "./panels/timelines.js";

declare class Worker {
  constructor(url: string);
}

export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): void {
  const server = () => startWorker(vscode.Uri.joinPath(extensionUri, "dist", "language.worker.js"));
  const language = new CrashLanguage(
    options => new LanguageClient("tock-crash", "Tock Crash Dumps", server, options),
  );
  subscriptions.push(
    language,
    ...new Crashes(extensionUri, language).register(),
    ...new Timelines(extensionUri).register(),
  );
}

/**
 * By its text, because an extension that comes from a remote machine has no address that a worker could load. As a pair
 * of streams, because the client does not take the extension host's own `Worker` for one.
 */
async function startWorker(script: vscode.Uri): Promise<MessageTransports> {
  const text = await vscode.workspace.fs.readFile(script);
  const type = "text/javascript";
  const worker = new Worker(URL.createObjectURL(new Blob([new Uint8Array(text)], { type })));
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}
