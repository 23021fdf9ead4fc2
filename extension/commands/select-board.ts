// "Select Board": which emulated board a launch gets that names none, or a real one behind tockloader.
import * as vscode from "vscode";
import { boardSession } from "../views/session.js";

interface Schema {
  enum: readonly string[];
  enumDescriptions: readonly string[];
}

/** @param extension of which package.json lists the boards */
export async function selectBoard(extension: vscode.Extension<unknown>): Promise<void> {
  const { properties } = extension.packageJSON.contributes.configuration as {
    properties: Record<"tock.board", Schema>;
  };
  const { enum: names, enumDescriptions: texts } = properties["tock.board"];
  const settings = vscode.workspace.getConfiguration("tock");
  const real = settings.get("target") === "real board";
  const current = real ? "real board" : settings.get<string>("board");
  const items = [
    ...names.map((name, index) => ({ name, detail: texts[index] ?? "" })),
    { name: "real board", detail: "The board at this computer, by tockloader." },
  ].map(({ name, detail }) => ({
    name,
    label: name === current ? `$(check) ${name}` : name,
    detail,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: "Which board do Tock commands and launches use?",
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  const { ConfigurationTarget: target } = vscode;
  const place = vscode.workspace.workspaceFolders ? target.Workspace : target.Global;
  const toReal = picked.name === "real board";
  if (toReal !== real)
    await settings.update("target", toReal ? "real board" : "emulated board", place);
  if (!toReal) await settings.update("board", picked.name, place);
  const running = boardSession() !== undefined && !toReal;
  const when = running ? " It takes effect at the next start." : "";
  void vscode.window.showInformationMessage(`The board is ${picked.name} now.${when}`);
}
