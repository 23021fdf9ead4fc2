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

  /** Writes profiles over those of earlier runs; where they lie. */
  async write(profiles: readonly NamedProfile[]): Promise<string[]> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    const paths: string[] = [];
    for (const { name, text } of profiles) {
      const uri = this.#place(name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      this.#written.push(uri);
      paths.push(uri.fsPath);
    }
    return paths;
  }

  /** Scenarios and processes of one run may have the same names. */
  #place(name: string, n = 1): vscode.Uri {
    const file = `${name}${n === 1 ? "" : `.${n}`}.cpuprofile`;
    const uri = vscode.Uri.joinPath(this.#folder, file);
    const taken = this.#written.some(({ path }) => path === uri.path);
    return taken ? this.#place(name, n + 1) : uri;
  }

  async open(): Promise<void> {
    for (const uri of this.#written.slice(0, OPENED))
      await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
  }
}
