// The Board view in the extension host: hands the page what the debugger tells of the board, and the debugger what the user does.
import type * as vscode from "vscode";
import type { InputArguments } from "../../adapter/protocol.js";
import { type FromBoardView, isFromBoardView, type ShowBoard } from "./board-messages.js";
import { PageView } from "./page-view.js";

export type BoardView = PageView<"board", ShowBoard, FromBoardView>;

/**
 * @param extension where the extension lies
 * @param session the one whose board is shown
 */
export function boardView(
  extension: vscode.Uri,
  session: () => vscode.DebugSession | undefined,
): BoardView {
  const view: BoardView = new PageView(extension, {
    name: "board",
    title: "Board",
    script: "board-view.js",
    check: isFromBoardView,
    message: board => ({ type: "board", board }),
    receive: message => {
      if (message.type === "input") void act(message.device, message.value);
    },
  });
  /** Requests arrive in the order in which the page asked for them. */
  async function act(device: string, value: InputArguments["value"]): Promise<void> {
    // Only what is drawn can be acted on.
    if (!view.body?.parts.some(part => part.device === device)) return;
    try {
      await session()?.customRequest("tock/input", { schema: 1, device, value });
    } catch (error) {
      view.say(error instanceof Error ? error.message : String(error));
    }
  }
  return view;
}
