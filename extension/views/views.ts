// The views Processes, Grants, Kernel, Live Watch, Board and Memory map: they show the session in front and follow what is selected in the Call Stack.
import * as vscode from "vscode";
import type { ViewBody, WatchArguments } from "../../adapter/protocol.js";
import { boardView } from "../panels/board-view.js";
import { memoryMapView } from "../panels/memory-map-view.js";
import { grantNodes } from "./grants.js";
import { kernelNodes } from "./kernel.js";
import { LiveWatch } from "./live-watch.js";
import { processId, processNodes } from "./processes.js";
import { boardSession, isDumpInFront } from "./session.js";
import { only, Tree } from "./tree.js";

const notRunning = "No board is running: start a Tock app first.";
const ofDump = "A crash dump has no board: the crash panel shows what it tells.";

export class Views {
  readonly processes = new Tree("processes", only(processNodes));
  readonly #grants = new Tree("grants", only(grantNodes));
  readonly #kernel = new Tree("kernel", only(kernelNodes));
  readonly #live: LiveWatch;
  readonly #board;
  readonly #memoryMap;
  /** Whose bodies the views hold. */
  #session: vscode.DebugSession | undefined;
  /** What was asked for last, as text. */
  #asked = "";

  constructor({ extensionUri: extension, workspaceState }: vscode.ExtensionContext) {
    this.#live = new LiveWatch(workspaceState);
    this.#board = boardView(extension, () => this.#session);
    this.#memoryMap = memoryMapView(extension);
  }

  /** Views and listeners, to be disposed with the extension. */
  register(): vscode.Disposable[] {
    const follow = () => void this.#follow();
    return [
      ...this.#views,
      this.#board.register(),
      this.#memoryMap.register(),
      ...this.#live.register(),
      this.#live.onDidChange(follow),
      ...this.#views.map(({ view }) => view.onDidChangeVisibility(follow)),
      vscode.debug.onDidStartDebugSession(session => {
        if (session === this.#session) this.#asked = "";
        follow();
      }),
      vscode.debug.onDidChangeActiveDebugSession(follow),
      vscode.debug.onDidChangeActiveStackItem(() => {
        follow();
        this.#reveal();
      }),
      vscode.debug.onDidTerminateDebugSession(follow),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session, body }) => {
        if (event === "tock/view" && session === this.#session) this.#show(body as ViewBody);
      }),
    ];
  }

  get #views() {
    return [
      this.processes,
      this.#grants,
      this.#kernel,
      this.#live.tree,
      this.#board,
      this.#memoryMap,
    ];
  }

  /** Tells the session which views can be seen, if that or the selection has changed. */
  async #follow(): Promise<void> {
    const session = boardSession();
    const dump = isDumpInFront();
    void vscode.commands.executeCommand("setContext", "tock.dump", dump);
    if (session !== this.#session) {
      this.#leave();
      this.#session = session;
    }
    this.#live.explain(dump ? ofDump : undefined);
    if (session === undefined) {
      for (const page of [this.#board, this.#memoryMap])
        page.show(undefined, dump ? ofDump : notRunning);
      return;
    }
    const views = this.#views.filter(({ view }) => view.visible).map(({ name }) => name);
    const threadId = selectedThread(session);
    const args: WatchArguments = {
      schema: 1,
      views,
      ...(threadId === undefined ? {} : { threadId }),
      ...(views.includes("liveWatch") ? { expressions: this.#live.expressions } : {}),
    };
    const asked = JSON.stringify(args);
    if (asked === this.#asked) return;
    this.#asked = asked;
    try {
      await session.customRequest("tock/watch", args);
    } catch {
      // Not launched yet, or over: the start of the session asks again.
      if (this.#asked === asked) this.#asked = "";
    }
  }

  /** The session that was in front sends nothing more. */
  #leave(): void {
    const session = this.#session;
    if (session !== undefined && this.#asked !== "") {
      const gone = session.customRequest("tock/watch", { schema: 1, views: [] });
      // It may have ended, which is as good.
      gone.then(undefined, () => {});
    }
    this.#asked = "";
    for (const view of this.#views) view.show(undefined);
    this.#live.show(undefined);
    this.#grants.view.description = "";
  }

  #show(body: ViewBody): void {
    if (body.view === "processes") {
      this.processes.show(body);
      this.#reveal();
    } else if (body.view === "kernel") this.#kernel.show(body);
    else if (body.view === "board") this.#board.show(body);
    else if (body.view === "memoryMap") this.#memoryMap.show(body);
    else if (body.view === "liveWatch") this.#live.show(body);
    else {
      this.#grants.show(body);
      this.#grants.view.description = body.process?.name ?? "";
    }
  }

  /** Selects the process of the Call Stack's selection, once it is another one. */
  #reveal(): void {
    const session = this.#session;
    const threadId = session === undefined ? undefined : selectedThread(session);
    const { view } = this.processes;
    if (threadId === undefined || !view.visible) return;
    const [selected] = view.selection;
    if (selected?.threadId === threadId) return;
    const node = this.processes.row(processId(threadId));
    if (node !== undefined) void view.reveal(node, { select: true, focus: false });
  }
}

/** Thread of the selected stack frame or thread. */
function selectedThread(session: vscode.DebugSession): number | undefined {
  const item = vscode.debug.activeStackItem;
  return item?.session === session ? item.threadId : undefined;
}
