// Crashes of the extension: opens panels on faults and by command, brings them back with the window, ends them with their session.
import * as vscode from "vscode";
import {
  type CrashParams,
  type DumpPlace,
  OPEN_PANEL_COMMAND,
} from "../../adapter/language/protocol.js";
import { emulatedBoard } from "../commands/emulated-board.js";
import { said } from "../commands/said.js";
import { askForProcess } from "../views/actions.js";
import { addressOfRow } from "../views/nodes.js";
import { number, object, text } from "./check.js";
import { isCrashBody, isShowCrash, type ShowCrash } from "./crash-messages.js";
import { CrashPanel } from "./crash-panel.js";
import { DumpDocuments } from "./dump-documents.js";
import { askForDump, type DumpText, fromFile, fromTerminal } from "./dump-text.js";
import { liveCrash, restartProcess, type Shown, tockSession } from "./live-crash.js";

/** The language server, which reads dumps; `null` when there is none in the text. */
export interface DumpReader {
  crash(params: CrashParams): Promise<unknown>;
}

const isDumpPlace = object<DumpPlace>({ uri: text, offset: number });

const noCrash = 'No crash is shown. Open one with "Tock: Open Crash Dump…".';

export class Crashes implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  readonly #reader: DumpReader;
  readonly #documents = new DumpDocuments();
  readonly #panels = new Set<CrashPanel>();

  /** @param extension where the extension lies */
  constructor(extension: vscode.Uri, reader: DumpReader) {
    this.#extension = extension;
    this.#reader = reader;
  }

  /** Commands and listeners, to be disposed with the extension. */
  register(): vscode.Disposable[] {
    const command = (name: string, run: (...words: unknown[]) => Promise<unknown>) =>
      vscode.commands.registerCommand(name, (...words: unknown[]) => said(run(...words)));
    return [
      command("tock.openCrashDump", async uri => this.#openText(await this.#dumpFor(uri))),
      command(OPEN_PANEL_COMMAND, place => this.#openPlace(place)),
      command("tock.openCrashDumpOfTerminal", async () => this.#openText(await fromTerminal())),
      command("tock.copyCrashReport", () => this.#copyReport()),
      command("tock.restartProcess", given => this.#restart(given)),
      this.#documents.register(),
      vscode.window.registerWebviewPanelSerializer(CrashPanel.viewType, this),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(event => {
        if (event.event === "tock/faulted") void said(this.#faulted(event.session, event.body));
      }),
      vscode.debug.onDidTerminateDebugSession(session => {
        for (const panel of this.#panels) if (panel.shown.session === session) panel.end();
      }),
    ];
  }

  /** Opens the panel on the last dump in a text; a text without one is told of. */
  openDump(text: string, name: string): Promise<void> {
    return said(this.#openText({ text, name }));
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

  /** What an earlier session of this name has left: run, crash, mend and run again needs no panel per turn. */
  #panelLeft({ name }: vscode.DebugSession): CrashPanel | undefined {
    return [...this.#panels].find(
      ({ shown: { document, message } }) =>
        document === undefined && !message.live && message.source === name,
    );
  }

  #panelOfDocument(uri: vscode.Uri): CrashPanel | undefined {
    return [...this.#panels].find(({ shown }) => shown.document?.toString() === uri.toString());
  }

  /** One panel per session and per document. */
  #show(shown: Shown, preserveFocus: boolean): void {
    const { session, document } = shown;
    const old =
      (session && (this.#panelOf(session) ?? this.#panelLeft(session))) ??
      (document && this.#panelOfDocument(document));
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
    const made = new CrashPanel(panel, this.#extension, this.#documents, shown);
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

  #dumpFor(uri: unknown): Promise<DumpText | undefined> {
    if (uri instanceof vscode.Uri) return fromFile(uri);
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

  async #openText(dump: DumpText | undefined): Promise<void> {
    if (dump === undefined) return;
    const { text, name, uri } = dump;
    await this.#open({ text, ...(uri && { base: uri.toString() }) }, name, uri);
  }

  /** The dump that a code lens stands over. */
  async #openPlace(place: unknown): Promise<void> {
    if (!isDumpPlace(place)) throw new Error(noCrash);
    const uri = vscode.Uri.parse(place.uri);
    await this.#open(place, vscode.workspace.asRelativePath(uri), uri);
  }

  async #open(params: CrashParams, name: string, document?: vscode.Uri): Promise<void> {
    const crash = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Reading ${name}` },
      () => this.#reader.crash(params),
    );
    if (crash === null) throw new Error(`There is no crash dump of Tock in ${name}.`);
    if (!isCrashBody(crash)) throw new Error(`${name} cannot be shown by this version.`);
    const message: ShowCrash = { type: "show", crash, source: name, live: false };
    this.#show({ message, document }, false);
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

  /** @param given a row of a view, or what the menu of a panel gives */
  async #restart(given: unknown): Promise<void> {
    const address = addressOfRow(given);
    if (address !== undefined) {
      await emulatedBoard().act("tock/restartProcess", { address });
      return;
    }
    const panel = this.#front();
    if (panel?.shown.message.live) return panel.restart();
    const { session } = emulatedBoard();
    const threadId = await askForProcess(session, "restart");
    if (threadId !== undefined) await restartProcess(session, threadId);
  }
}
