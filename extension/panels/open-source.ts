// Opens the source line of a frame. The path is the building computer's: as it is, else the file of the workspace nearest to it.
import * as vscode from "vscode";
import { fileExists, findFiles } from "../files.js";
import { isVirtual, toUri } from "../paths.js";
import type { SourcePlace } from "./crash-messages.js";
import { closest, namePattern } from "./path-ends.js";
import { readable } from "./text.js";

const mostFiles = 200;

/** Shows the line beside the panel; tells the user when the file is not here. */
export async function openSource(place: SourcePlace): Promise<void> {
  const uri = await find(place.path);
  if (uri === undefined) {
    const { text } = readable(place.path, 200);
    void vscode.window.showWarningMessage(
      `${text} is in no open folder. Open the folder with the app's source.`,
    );
    return;
  }
  if (uri === "given up") return;
  const at = new vscode.Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));
  await vscode.window.showTextDocument(uri, {
    selection: new vscode.Range(at, at),
    viewColumn: besidePanel(),
  });
}

/** A column of text editors, so that the panel stays in sight. */
export const besidePanel = (): vscode.ViewColumn =>
  vscode.window.visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined)?.viewColumn ??
  (vscode.window.tabGroups.all.length > 1 ? vscode.ViewColumn.One : vscode.ViewColumn.Beside);

async function find(path: string): Promise<vscode.Uri | "given up" | undefined> {
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.test(path) || isVirtual(path);
  if (isAbsolute && (await fileExists(toUri(path)))) return toUri(path);
  const pattern = namePattern(path);
  if (pattern === "") return undefined;
  const excluded = "**/{node_modules,.git}/**";
  const found = await findFiles(`**/${pattern}`, excluded, mostFiles);
  const byPath = new Map(found.map(uri => [uri.path, uri]));
  const near = closest(path, [...byPath.keys()]);
  const chosen = near.length > 1 ? await choose(near, path) : near[0];
  if (near.length > 1 && chosen === undefined) return "given up";
  return chosen === undefined ? undefined : byPath.get(chosen);
}

function choose(paths: readonly string[], wanted: string): Thenable<string | undefined> {
  const placeHolder = `Which file is ${readable(wanted, 80).text}?`;
  return vscode.window.showQuickPick(paths, { placeHolder });
}
