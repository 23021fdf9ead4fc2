// Actions on rows of the tree views. From the command palette they ask which process.
import * as vscode from "vscode";
import type { AppsBody, ProcessArguments, WatchBytesArguments } from "../../adapter/protocol.js";
import { type EmulatedBoard, emulatedBoard } from "../commands/emulated-board.js";
import { said } from "../commands/said.js";
import type { Node } from "./nodes.js";

/** Names of commands behind `tock.`, and what each does to a process. */
const processActions = {
  stopProcess: "stop",
  startProcess: "start",
  bootProcess: "boot",
  terminateProcess: "terminate",
  faultProcess: "fault",
} as const satisfies Readonly<Record<string, ProcessArguments["action"]>>;

const accesses = {
  breakOnWrite: "write",
  breakOnRead: "read",
  breakOnAccess: "readWrite",
  removeDataBreakpoint: null,
} as const satisfies Readonly<Record<string, WatchBytesArguments["access"]>>;

type Action = (board: EmulatedBoard, node: Node | undefined) => Promise<unknown>;

/** Commands, to be disposed with the extension. */
export function registerActions(): vscode.Disposable[] {
  const command = (name: string, act: Action) =>
    vscode.commands.registerCommand(`tock.${name}`, (node?: Node) => said(onBoard(act, node)));
  return [
    ...Object.entries(processActions).map(([name, action]) =>
      command(name, async (board, node) => {
        const threadId = node?.threadId ?? (await askForProcess(board.session, action));
        if (threadId === undefined) return;
        await board.act("tock/process", { threadId, action });
      }),
    ),
    ...Object.entries(accesses).map(([name, access]) =>
      command(name, async (board, node) => {
        const { address, length } = node ?? {};
        if (address === undefined || length === undefined) return;
        await board.act("tock/watchBytes", { address, length, access });
      }),
    ),
  ];
}

/** A command that finds no board fails like one that the board refuses. */
async function onBoard(act: Action, node: Node | undefined): Promise<void> {
  await act(emulatedBoard(), node);
}

/** The thread of a process that the user picks. */
export async function askForProcess(
  session: vscode.DebugSession,
  action: string,
): Promise<number | undefined> {
  const { apps }: AppsBody = await session.customRequest("tock/apps");
  const items = apps.flatMap(({ name, state, threadId }) =>
    threadId === undefined ? [] : [{ label: name, description: state ?? "", threadId }],
  );
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: `Which process to ${action}?`,
  });
  return picked?.threadId;
}
