// Which debug session is in front, for all that acts on a board or shows one.
import * as vscode from "vscode";

const type = "tock";

/** The session in front, if it runs a board; a crash dump has none. */
export function boardSession(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === type && session.configuration.request === "launch" ? session : undefined;
}

export const isDumpInFront = (): boolean =>
  vscode.debug.activeDebugSession?.type === type && boardSession() === undefined;
