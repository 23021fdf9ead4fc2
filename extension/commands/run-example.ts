// "Run Example": an app that comes with the extension, with its source, on the emulated board.
import * as vscode from "vscode";
import { toPath } from "../paths.js";
import { examples } from "./examples.js";

/**
 * @param extension where the extension lies
 * @param name which example; the user is asked where there is none of that name
 */
export async function runExample(extension: vscode.Uri, name?: unknown): Promise<void> {
  const example = examples.find(each => each.name === name) ?? (await pick());
  if (example === undefined) return;
  const at = (file: string) => vscode.Uri.joinPath(extension, "examples", file);
  await vscode.window.showTextDocument(at(example.source), { preview: false });
  if (example.page !== undefined)
    await vscode.commands.executeCommand("markdown.showPreviewToSide", at(example.page));
  await vscode.debug.startDebugging(undefined, {
    type: "tock",
    request: "launch",
    name: `Example: ${example.name}`,
    apps: example.apps.map(({ tab, elf }) => ({
      path: toPath(at(tab)),
      ...(elf !== undefined && { elf: toPath(at(elf)) }),
    })),
    ...(example.board !== undefined && { board: example.board }),
    stopOnEntry: true,
  });
}

async function pick() {
  const items = examples.map(({ name, text }) => ({ label: name, detail: text }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: "Which example?",
    matchOnDetail: true,
  });
  return examples.find(({ name }) => name === picked?.label);
}
