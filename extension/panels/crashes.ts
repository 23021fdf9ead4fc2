// Crashes of the extension: opens panels on faults and by command, brings them back with the window, ends them with their session.
import * as vscode from "vscode";
import { isCrashBody, isShowCrash, type ShowCrash } from "./crash-messages.js";
import { CrashPanel } from "./crash-panel.js";
import { askForDump, type DumpText, fromFile, fromTerminal } from "./dump-text.js";
import { liveCrash, restartProcess, type Shown, tockSession } from "./live-crash.js";

/** Reads a dump; rejects with a sentence for the user when the text holds none. */
export type ReadDump = (text: string, uri: vscode.Uri | undefined) => Promise<unknown>;

const noCrash = 'No crash is shown. Open one with "Tock: Open Crash Dump…".';

export class Crashes implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  readonly #readDump: ReadDump;
  readonly #panels = new Set<CrashPanel>();

  constructor(extension: vscode.Uri, readDump: ReadDump) {
    this.#extension = extension;
    this.#readDump = readDump;
  }

  /** Commands and listeners, to be disposed with the extension. */
  register(): vscode.Disposable[] {
    const command = (name: string, run: (...words: unknown[]) => Promise<unknown>) =>
      vscode.commands.registerCommand(name, (...words: unknown[]) => said(run(...words)));
    return [
      command("tock.openCrashDump", async (uri, part) =>
        this.#open(await this.#dumpFor(uri, part)),
      ),
      command("tock.openCrashDumpOfTerminal", async () => this.#open(await fromTerminal())),
      command("tock.copyCrashReport", () => this.#copyReport()),
      command("tock.restartProcess", () => this.#restart()),
      vscode.window.registerWebviewPanelSerializer(CrashPanel.viewType, this),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(event => {
        if (event.event === "tock/faulted") void said(this.#faulted(event.session, event.body));
      }),
      vscode.debug.onDidTerminateDebugSession(session => {
        for (const panel of this.#panels) if (panel.shown.session === session) panel.end();
      }),
    ];
  }

  // A live fault

  async #faulted(session: vscode.DebugSession, body: unknown): Promise<void> {
    const settings = vscode.workspace.getConfiguration("tock", session.workspaceFolder);
    const open = settings.get<boolean>("crashPanel.openOnFault", true);
    const panel = this.#panelOf(session);
    if (!open && panel === undefined) return;
    const { threadId } = (body ?? {}) as { threadId?: unknown };
    const shown = await liveCrash(session, typeof threadId === "number" ? threadId : undefined);
    this.#show(shown, true);
  }

  #panelOf(session: vscode.DebugSession): CrashPanel | undefined {
    return [...this.#panels].find(({ shown }) => shown.session?.id === session.id);
  }

  /** One panel per session; dumps have one each. */
  #show(shown: Shown, preserveFocus: boolean): void {
    const old = shown.session && this.#panelOf(shown.session);
    if (old !== undefined) {
      old.show(shown);
      old.reveal(preserveFocus);
      return;
    }
    const viewColumn = vscode.window.activeTextEditor
      ? vscode.ViewColumn.Beside
      : vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(
      CrashPanel.viewType,
      "Crash",
      { viewColumn, preserveFocus },
      { enableFindWidget: true },
    );
    this.#adopt(panel, shown);
  }

  #adopt(panel: vscode.WebviewPanel, shown: Shown): void {
    const made = new CrashPanel(panel, this.#extension, shown);
    this.#panels.add(made);
    made.onClose(() => this.#panels.delete(made));
  }

  /** The window is back; the session of a live crash is not. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (!isShowCrash(state)) {
      panel.dispose();
      return;
    }
    this.#adopt(panel, { message: { ...state, live: false } });
  }

  // Dumps

  #dumpFor(uri: unknown, part: unknown): Promise<DumpText | undefined> {
    if (uri instanceof vscode.Uri)
      return fromFile(uri, part instanceof vscode.Range ? part : undefined);
    const session = tockSession();
    const live = session && {
      label: `$(debug-alt) The fault in ${session.name}`,
      read: async () => {
        this.#show(await liveCrash(session), false);
        return undefined;
      },
    };
    return askForDump(live === undefined ? [] : [live]);
  }

  async #open(dump: DumpText | undefined): Promise<void> {
    if (dump === undefined) return;
    const { text, name, uri } = dump;
    const crash = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Reading ${name}` },
      () => this.#readDump(text, uri),
    );
    if (!isCrashBody(crash)) throw new Error(`${name} cannot be shown by this version.`);
    const message: ShowCrash = { type: "show", crash, source: name, live: false };
    this.#show({ message, document: uri }, false);
  }

  // Commands on what is shown

  #front(): CrashPanel | undefined {
    const panels = [...this.#panels];
    return (
      panels.find(({ isActive }) => isActive) ??
      panels.find(({ isVisible }) => isVisible) ??
      panels.at(-1)
    );
  }

  async #copyReport(): Promise<void> {
    const panel = this.#front();
    if (panel !== undefined) return panel.copyReport();
    const session = tockSession();
    if (session === undefined) throw new Error(noCrash);
    const { message } = await liveCrash(session);
    await vscode.env.clipboard.writeText(message.crash.markdown);
  }

  async #restart(): Promise<void> {
    const panel = this.#front();
    if (panel?.shown.message.live) return panel.restart();
    const session = tockSession();
    if (session === undefined)
      throw new Error("No process can be restarted: no Tock app is being debugged.");
    const item = vscode.debug.activeStackItem;
    const threadId = item?.session === session ? item.threadId : undefined;
    await restartProcess(session, threadId);
  }
}

/** What went wrong is told in a sentence. */
async function said(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
