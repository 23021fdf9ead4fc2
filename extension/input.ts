// The user acts on the running board: a text for its console, a press of a button, a value for a sensor.
import * as vscode from "vscode";
import type { BoardInfoBody, InputArguments } from "../adapter/protocol.js";
import { emulatedBoard } from "./commands/emulated-board.js";
import { inputChoices } from "./input-choices.js";

/** How long a button is held down. */
const pressMilliseconds = 100;

export async function sendInput(): Promise<void> {
  const board = emulatedBoard();
  const { inputs } = await board.ask<BoardInfoBody>("tock/board");
  const placeHolder = "Input for the board";
  const choice = await vscode.window.showQuickPick(inputChoices(inputs), { placeHolder });
  if (choice === undefined) return;
  const { device, isButton } = choice;
  const send = (value: InputArguments["value"]) => board.act("tock/input", { device, value });
  if (isButton) {
    await send("down");
    await new Promise(resolve => setTimeout(resolve, pressMilliseconds));
    await send("up");
    return;
  }
  const what = device === "console" ? "Text for the board's console." : `Value for ${device}.`;
  const prompt = `${what} Write \\n for the end of a line.`;
  const text = await vscode.window.showInputBox({ prompt });
  if (text) await send(decode(text));
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

const decode = (text: string): string =>
  text.replace(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? letter);
