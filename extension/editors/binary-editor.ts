// The read-only editor for .tab and .tbf files in the extension host, and "Inspect TAB", which opens it.
// https://code.visualstudio.com/api/extension-guides/custom-editors
import * as vscode from "vscode";
import { chooseFile } from "../commands/app-commands.js";
import { readFile } from "../files.js";
import { fillPanel } from "../panels/webview.js";
import { toPath, toUri } from "../paths.js";
import { type FromBinaryView, isFromBinaryView, type ShowBinary } from "./binary-messages.js";
import { reportOf, unreadable } from "./binary-report.js";

const viewType = "tock.binary";

export class BinaryEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extension: vscode.Uri;

  /** @param extension where the extension lies */
  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  /** To be disposed with the extension. */
  register(): vscode.Disposable {
    const webviewOptions = { enableFindWidget: true };
    return vscode.window.registerCustomEditorProvider(viewType, this, { webviewOptions });
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose() {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const show = async () => {
      const file = vscode.workspace.asRelativePath(uri);
      const bytes = await readFile(uri);
      const report = bytes ? await reportOf(bytes, file, hash) : unreadable(file);
      const message: ShowBinary = { type: "show", file, report };
      await panel.webview.postMessage(message);
    };
    const page = fillPanel(panel, this.#extension, {
      script: "binary-editor.js",
      title: "Tock app",
      check: isFromBinaryView,
      receive: message => void (message.type === "ready" ? show() : act(message, uri)),
    });
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const folder = vscode.Uri.joinPath(uri, "..");
    const pattern = new vscode.RelativePattern(folder, name.replace(/[[\]{}*?]/g, "?"));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    // A build writes the file anew.
    watcher.onDidChange(() => void show());
    watcher.onDidCreate(() => void show());
    panel.onDidDispose(() => vscode.Disposable.from(page, watcher).dispose());
  }
}

async function act({ type }: FromBinaryView, uri: vscode.Uri): Promise<void> {
  if (type === "install") await vscode.commands.executeCommand("tock.installApp", uri);
  if (type !== "debug") return;
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const apps = [toPath(uri)];
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  await vscode.debug.startDebugging(folder, {
    type: "tock",
    request: "launch",
    name: `Tock: ${name}`,
    apps,
  });
}

const hash = async (algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest(algorithm, data));

/** @param given a file of the explorer */
export async function inspectTab(given: unknown): Promise<void> {
  const path = given instanceof vscode.Uri ? undefined : await chooseFile();
  const uri = given instanceof vscode.Uri ? given : path && toUri(path);
  if (uri) await vscode.commands.executeCommand("vscode.openWith", uri, viewType);
}
