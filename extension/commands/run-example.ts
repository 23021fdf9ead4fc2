// "Run Example": an app that comes with the extension, with its source, on the emulated board.
import * as vscode from "vscode";
import { toPath } from "../paths.js";
import { examples } from "./examples.js";

/** @param extension where the extension lies */
export async function runExample(extension: vscode.Uri): Promise<void> {
  const items = examples.map(({ name, text }) => ({ label: name, detail: text }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: "Which example?",
    matchOnDetail: true,
  });
  const example = examples.find(({ name }) => name === picked?.label);
  if (example === undefined) return;
  const folder = vscode.Uri.joinPath(extension, "examples", example.name);
  const at = (file: string) => vscode.Uri.joinPath(folder, file);
  await vscode.window.showTextDocument(at(example.source), { preview: false });
  await vscode.debug.startDebugging(undefined, {
    type: "tock",
    request: "launch",
    name: `Example: ${example.name}`,
    apps: [toPath(at(`${example.name}.tab`))],
    stopOnEntry: true,
  });
}
