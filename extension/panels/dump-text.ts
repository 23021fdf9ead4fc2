// Where a crash dump's text may lie: a file, an editor, the clipboard, what is selected in a terminal.
import * as vscode from "vscode";
import { logText } from "../../adapter/crash/log-text.js";

/** Text to look for a dump in. */
export interface DumpText {
  text: string;
  /** What the user knows it by. */
  name: string;
  /** The document it was read from. */
  uri?: vscode.Uri;
}

const largest = 32 * 1024 * 1024;

interface Choice extends vscode.QuickPickItem {
  read(): Promise<DumpText | undefined>;
}

/** Asks where the dump is, and reads it; `undefined` if the user gave up or was told what is wrong. */
export async function askForDump(more: readonly Choice[]): Promise<DumpText | undefined> {
  const choices: Choice[] = [
    ...more,
    ...editorChoice(),
    { label: "$(folder-opened) A file…", read: fromDialog },
    { label: "$(clippy) The clipboard", read: fromClipboard },
    { label: "$(terminal) The selection in the terminal", read: fromTerminal },
  ];
  const choice = await vscode.window.showQuickPick(choices, {
    placeHolder: "Where is the crash dump?",
  });
  return choice?.read();
}

function editorChoice(): Choice[] {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) return [];
  const name = vscode.workspace.asRelativePath(document.uri);
  return [{ label: `$(file) ${name}`, read: () => fromFile(document.uri) }];
}

async function fromDialog(): Promise<DumpText | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: "Open Crash Dump" })) ?? [];
  return uri && fromFile(uri);
}

/** A document as it stands in its editor, else the file. */
export async function fromFile(uri: vscode.Uri): Promise<DumpText | undefined> {
  const name = vscode.workspace.asRelativePath(uri);
  const open = vscode.workspace.textDocuments.find(
    document => document.uri.toString() === uri.toString(),
  );
  if (open !== undefined) return bounded({ text: open.getText(), name, uri });
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > largest) return tooLarge(name, size);
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { text: logText(bytes), name, uri };
}

async function fromClipboard(): Promise<DumpText | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === "") return tell("The clipboard has no text. Copy the crash dump first.");
  return bounded({ text, name: "Clipboard" });
}

/** VS Code gives a terminal's selection only through the clipboard, which gets back what it had. */
export async function fromTerminal(): Promise<DumpText | undefined> {
  const { clipboard } = vscode.env;
  const before = await clipboard.readText();
  await clipboard.writeText("");
  await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
  const text = await clipboard.readText();
  await clipboard.writeText(before);
  if (text.trim() === "")
    return tell("Nothing is selected in the terminal. Select the dump first.");
  return bounded({ text, name: vscode.window.activeTerminal?.name ?? "Terminal" });
}

const bounded = (dump: DumpText): DumpText | undefined =>
  dump.text.length > largest ? tooLarge(dump.name, dump.text.length) : dump;

const tooLarge = (name: string, size: number): undefined =>
  tell(
    `${name} has ${Math.round(size / 1024 / 1024)} MB, and a dump is looked for in at most ${largest / 1024 / 1024} MB. Save the part around the panic in a file of its own.`,
  );

function tell(message: string): undefined {
  void vscode.window.showWarningMessage(message);
}
