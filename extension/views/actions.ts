// Actions on rows of the tree views. From the command palette they ask which process.
import * as vscode from "vscode";
import type { AppsBody, ProcessArguments, WatchBytesArguments } from "../../adapter/protocol.js";
import type { Node } from "./nodes.js";
import { boardSession } from "./views.js";

const noBoard = "No board is running: start a Tock app first.";

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

type Action = (session: vscode.DebugSession, node: Node | undefined) => Promise<unknown>;

/** Commands, to be disposed with the extension. */
export function registerActions(): vscode.Disposable[] {
  const command = (name: string, act: Action) =>
    vscode.commands.registerCommand(`tock.${name}`, (node?: Node) => said(act, node));
  return [
    ...Object.entries(processActions).map(([name, action]) =>
      command(name, async (session, node) => {
        const threadId = node?.threadId ?? (await askForProcess(session, action));
        if (threadId === undefined) return;
        await session.customRequest("tock/process", { schema: 1, threadId, action });
      }),
    ),
    ...Object.entries(accesses).map(([name, access]) =>
      command(name, async (session, node) => {
        const { address, length } = node ?? {};
        if (address === undefined || length === undefined) return;
        await session.customRequest("tock/watchBytes", { schema: 1, address, length, access });
      }),
    ),
    command("restartProcessRow", (session, node) => onApp(session, node, "tock/restartProcess")),
    command("uninstallAppRow", (session, node) => onApp(session, node, "tock/uninstallApp")),
  ];
}

async function onApp(session: vscode.DebugSession, node: Node | undefined, request: string) {
  if (node?.address === undefined) return;
  await session.customRequest(request, { schema: 1, address: node.address });
}

async function askForProcess(
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

/** What went wrong is told in a sentence. */
async function said(act: Action, node: Node | undefined): Promise<void> {
  try {
    const session = boardSession();
    if (session === undefined) throw new Error(noBoard);
    await act(session, node);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
