// Instruction profiles of a run as files, which VS Code opens with its own viewer.
import * as vscode from "vscode";
import type { NamedProfile } from "../../adapter/testing/protocol.js";

/** More than this are only named in the output. */
const OPENED = 3;

export class Profiles {
  readonly #folder: vscode.Uri;
  readonly #written: vscode.Uri[] = [];

  /** @param storage folder of the extension's files for this workspace */
  constructor(storage: vscode.Uri) {
    this.#folder = vscode.Uri.joinPath(storage, "profiles");
  }

  /** Writes profiles over those of the same names; where they lie. */
  async write(profiles: readonly NamedProfile[]): Promise<string[]> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    const paths: string[] = [];
    for (const { name, text } of profiles) {
      const uri = vscode.Uri.joinPath(this.#folder, `${name}.cpuprofile`);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      this.#written.push(uri);
      paths.push(uri.fsPath);
    }
    return paths;
  }

  async open(): Promise<void> {
    for (const uri of this.#written.slice(0, OPENED))
      await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
  }
}
