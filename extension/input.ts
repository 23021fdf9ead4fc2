// The user acts on the running board: a text for its console, a press of a button.
import * as vscode from "vscode";
import type { InputArguments } from "../adapter/protocol.js";
import { emulatedBoard } from "./commands/emulated-board.js";

/** How long a button is held down. */
const pressMilliseconds = 100;

interface Choice extends vscode.QuickPickItem {
  device: string;
}

const choices: readonly Choice[] = [
  { label: "$(keyboard) Type into the console…", device: "console" },
  ...[0, 1, 2, 3].map(index => ({
    label: `$(circle-filled) Press button ${index + 1}`,
    description: `button${index}`,
    device: `button${index}`,
  })),
];

export async function sendInput(): Promise<void> {
  const board = emulatedBoard();
  const choice = await vscode.window.showQuickPick(choices, { placeHolder: "Input for the board" });
  if (choice === undefined) return;
  const send = (value: InputArguments["value"]) =>
    board.act("tock/input", { device: choice.device, value });
  if (choice.device === "console") {
    const text = await vscode.window.showInputBox({
      prompt: "Text for the board's console. Write \\n for the end of a line.",
    });
    if (text) await send(decode(text));
  } else {
    await send("down");
    await new Promise(resolve => setTimeout(resolve, pressMilliseconds));
    await send("up");
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

const decode = (text: string): string =>
  text.replace(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? letter);
