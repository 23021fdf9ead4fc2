// A crash of a running session: asked of the debug adapter by its own requests.
import * as vscode from "vscode";
import type { AppsBody } from "../../adapter/protocol.js";
import { isVirtual, toPath } from "../paths.js";
import { isCrashBody, type ShowCrash, type SourcePlace } from "./crash-messages.js";

/** A crash and where it comes from. */
export interface Shown {
  message: ShowCrash;
  /** The session that it happened in. */
  session?: vscode.DebugSession | undefined;
  /** The document that holds the dump. */
  document?: vscode.Uri | undefined;
}

/** The session in front, if it is ours. */
export function tockSession(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === "tock" ? session : undefined;
}

/** The crash of a thread, or of the one that has stopped. The adapter refuses with a sentence if there is none. */
export async function liveCrash(session: vscode.DebugSession, threadId?: number): Promise<Shown> {
  const crash: unknown = await session.customRequest("tock/crash", { schema: 1, threadId });
  if (!isCrashBody(crash)) throw new Error("The debugger's answer is not one of this version.");
  const message: ShowCrash = { type: "show", crash, source: session.name, live: true };
  return { message, session };
}

/** Where the debugger has found the source of a frame on this computer; `undefined` when it no longer stands there. */
export async function livePath(
  session: vscode.DebugSession,
  threadId: number,
  { path, line }: SourcePlace,
): Promise<string | undefined> {
  const name = (full: string) => full.split(/[\\/]/).at(-1);
  try {
    const { stackFrames }: StackTrace = await session.customRequest("stackTrace", { threadId });
    return stackFrames
      .map(({ source, line: at }) => (at === line ? readPath(source?.path) : undefined))
      .find(found => found !== undefined && name(found) === name(path));
  } catch {
    // The board runs on: a frame of the past is found like one of a dump.
    return undefined;
  }
}

/** The adapter names a file that is none of this computer's by its URI. */
const readPath = (path = ""): string => (isVirtual(path) ? toPath(vscode.Uri.parse(path)) : path);

interface StackTrace {
  stackFrames: readonly { line: number; source?: { path?: string } }[];
}

/** Starts a process anew and lets the board run on; false when it is gone, which the user is told. */
export async function restartProcess(
  session: vscode.DebugSession,
  threadId: number | undefined,
): Promise<boolean> {
  const { apps }: AppsBody = await session.customRequest("tock/apps");
  const app = apps.find(app => app.threadId !== undefined && app.threadId === threadId);
  if (app === undefined) {
    void vscode.window.showWarningMessage("The process is no longer on the board.");
    return false;
  }
  const { address } = app;
  await session.customRequest("tock/restartProcess", { schema: 1, address, resume: true });
  return true;
}
