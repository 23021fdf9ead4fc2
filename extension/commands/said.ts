// How a command ends badly: in one sentence for the user.
import * as vscode from "vscode";
import { plain } from "../panels/text.js";
import { named } from "../paths.js";

/** A sentence for the user, with a command that helps. */
export class Sentence extends Error {
  readonly help: { title: string; command: string } | undefined;

  constructor(text: string, help?: { title: string; command: string }) {
    super(text);
    this.help = help;
  }
}

/** A refusal that VS Code has shown itself. */
export class Shown extends Error {}

/** Runs a command; what went wrong is told in its sentence, and nothing holds the command up. */
export async function said(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Shown) return;
    const message = plain(named(error instanceof Error ? error.message : String(error)));
    const help = error instanceof Sentence ? error.help : undefined;
    const buttons = help === undefined ? [] : [help.title];
    void vscode.window.showErrorMessage(message, ...buttons).then(answer => {
      if (answer !== undefined && help) void vscode.commands.executeCommand(help.command);
    });
  }
}
