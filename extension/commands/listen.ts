// "Listen to Board": tockloader in a terminal, which its miniterm needs. A crash dump in what the board says opens the crash panel.
// Terminal text is read by shell integration: https://code.visualstudio.com/docs/terminal/shell-integration
import * as vscode from "vscode";
import { DumpWatch, withoutEscapes } from "./dump-watch.js";
import { ownArguments } from "./real-board.js";
import { Sentence, said } from "./said.js";
import { argumentsOf, failureOf, missing } from "./tockloader.js";

/** Shows the crash in a text; says so if there is none. */
export type ShowDump = (text: string, name: string) => Promise<void>;

/** A shell tells within this time that it can be followed, or it never does. */
const PATIENCE_MILLISECONDS = 10_000;
const SILENCE_MILLISECONDS = 700;

export async function listenToBoard(showDump: ShowDump): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Sentence("tockloader runs only in a workspace that you trust.");
  const terminal = vscode.window.createTerminal({
    name: "Tock Board",
    iconPath: new vscode.ThemeIcon("plug"),
  });
  terminal.show();
  const words = argumentsOf({ do: "listen" }, ownArguments());
  const shell = await integrationOf(terminal);
  if (shell === undefined) {
    terminal.sendText(["tockloader", ...words.map(quoted)].join(" "));
    throw new Sentence(
      'This shell does not let its text be read: open a crash dump by selecting it in the terminal, with "Tock: Open Selection as Crash Dump".',
    );
  }
  void said(follow(shell.executeCommand("tockloader", words), showDump));
}

function integrationOf(
  terminal: vscode.Terminal,
): Promise<vscode.TerminalShellIntegration | undefined> {
  if (terminal.shellIntegration) return Promise.resolve(terminal.shellIntegration);
  return new Promise(resolve => {
    const listening = vscode.window.onDidChangeTerminalShellIntegration(changed => {
      if (changed.terminal === terminal) end(changed.shellIntegration);
    });
    const timer = setTimeout(() => end(undefined), PATIENCE_MILLISECONDS);
    const end = (found: vscode.TerminalShellIntegration | undefined) => {
      listening.dispose();
      clearTimeout(timer);
      resolve(found);
    };
  });
}

/** What shells give for a program that they do not find, and for one that the user has ended. */
const NOT_FOUND = [127, 9009];
const ENDED_BY_USER = [0, 130, 0xc000013a];
/** An error stands at the end of what tockloader says. */
const KEPT = 4096;

async function follow(execution: vscode.TerminalShellExecution, showDump: ShowDump): Promise<void> {
  const ended = endOf(execution);
  const watch = new DumpWatch();
  let tail = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const piece of execution.read()) {
    clearTimeout(timer);
    tail = (tail + piece).slice(-KEPT);
    if (watch.push(piece))
      timer = setTimeout(() => void showDump(watch.take(), "the board"), SILENCE_MILLISECONDS);
  }
  const code = await ended;
  // Python tells of Ctrl+C in words.
  if (code === undefined || ENDED_BY_USER.includes(code) || /KeyboardInterrupt/.test(tail)) return;
  const known = NOT_FOUND.includes(code) ? undefined : code;
  const failure = failureOf(
    { code: known, output: withoutEscapes(tail), errors: "" },
    { do: "listen" },
  );
  throw new Sentence(failure ?? missing);
}

/** The exit code, if the shell tells one. */
const endOf = (execution: vscode.TerminalShellExecution): Promise<number | undefined> =>
  new Promise(resolve => {
    const listening = vscode.window.onDidEndTerminalShellExecution(over => {
      if (over.execution !== execution) return;
      listening.dispose();
      resolve(over.exitCode);
    });
  });

const quoted = (word: string): string => (/^[\w./=:-]+$/.test(word) ? word : JSON.stringify(word));
