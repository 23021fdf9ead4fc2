// Integers in hexadecimal or decimal in the views Variables and Watch and in hovers: a button that every session follows.
import * as vscode from "vscode";
import { boardSession } from "./session.js";

const HEX = "tock.hex";

export class NumberFormat {
  readonly #memory: vscode.Memento;

  /** @param memory keeps the choice with the workspace */
  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  register(): vscode.Disposable[] {
    this.#showState();
    return [
      vscode.commands.registerCommand("tock.showHexadecimal", () => this.#choose(true)),
      vscode.commands.registerCommand("tock.showDecimal", () => this.#choose(false)),
      vscode.debug.onDidStartDebugSession(() => {
        if (this.#hex) void this.#send();
      }),
    ];
  }

  get #hex(): boolean {
    return this.#memory.get(HEX, false);
  }

  async #choose(hex: boolean): Promise<void> {
    await this.#memory.update(HEX, hex);
    this.#showState();
    if (boardSession() !== undefined) return this.#send();
    const base = hex ? "hexadecimal" : "decimal";
    void vscode.window.showInformationMessage(`Integers are ${base} from the next session on.`);
  }

  #showState(): void {
    void vscode.commands.executeCommand("setContext", HEX, this.#hex);
  }

  /** Without a session the choice waits for the next one. */
  async #send(): Promise<void> {
    await boardSession()?.customRequest("tock/format", { schema: 1, hex: this.#hex });
  }
}
