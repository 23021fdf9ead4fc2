// "Open Console": a terminal that is the UART of the emulated board. What the board sends appears as it is; keys go to it.
import * as vscode from "vscode";
import type { ConsoleBody } from "../../adapter/protocol.js";
import { keysFor, Lines } from "./console-text.js";
import { type EmulatedBoard, emulatedBoard } from "./emulated-board.js";

const open = new Map<string, vscode.Terminal>();

export async function openConsole(): Promise<void> {
  const board = emulatedBoard();
  const { id, name } = board.session;
  const old = open.get(id);
  if (old !== undefined) {
    old.show();
    return;
  }
  const pty = new BoardTerminal(board, () => open.delete(id));
  const iconPath = new vscode.ThemeIcon("circuit-board");
  const terminal = vscode.window.createTerminal({ name: `Console: ${name}`, pty, iconPath });
  open.set(id, terminal);
  terminal.show();
}

class BoardTerminal implements vscode.Pseudoterminal {
  readonly #board: EmulatedBoard;
  readonly #writes = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#writes.event;
  readonly #lines = new Lines();
  readonly #closed: () => void;
  #listening: vscode.Disposable | undefined;
  #over = false;

  constructor(board: EmulatedBoard, closed: () => void) {
    this.#board = board;
    this.#closed = closed;
  }

  open(): void {
    const { id } = this.#board.session;
    this.#listening = vscode.Disposable.from(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.id === id && event === "tock/console") this.#write((body as ConsoleBody).text);
      }),
      vscode.debug.onDidTerminateDebugSession(session => {
        if (session.id === id) this.#end();
      }),
    );
    void this.#board.ask<ConsoleBody>("tock/openConsole").then(
      ({ text }) => this.#write(text),
      // The session has ended meanwhile.
      () => this.#end(),
    );
  }

  close(): void {
    this.#listening?.dispose();
    this.#closed();
    if (this.#over) return;
    void this.#board.ask("tock/closeConsole").then(undefined, () => {
      // Nobody is left to be told.
    });
  }

  handleInput(data: string): void {
    if (this.#over) return;
    const value = keysFor(data);
    void this.#board.ask("tock/input", { device: "console", value }).then(undefined, () => {
      // VS Code has shown why.
    });
  }

  #write(text: string): void {
    this.#writes.fire(this.#lines.shown(text));
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#writes.fire("\r\n\u001b[2mThe board is off.\u001b[0m\r\n");
    this.#closed();
  }
}
