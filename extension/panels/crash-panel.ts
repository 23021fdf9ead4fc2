// The crash panel in the extension host: one webview that shows one crash, and does what its buttons say.
import * as vscode from "vscode";
import {
  type FromCrashView,
  isFromCrashView,
  type Say,
  type ShowCrash,
  type SourcePlace,
} from "./crash-messages.js";
import type { DumpDocuments } from "./dump-documents.js";
import { livePath, restartProcess, type Shown } from "./live-crash.js";
import { besidePanel, openSource } from "./open-source.js";
import { readable } from "./text.js";
import { fillPanel } from "./webview.js";

export class CrashPanel {
  static readonly viewType = "tock.crash";
  readonly #panel: vscode.WebviewPanel;
  readonly #documents: DumpDocuments;
  #shown: Shown;
  #ready = false;

  /** @param extension where the extension lies */
  constructor(
    panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    documents: DumpDocuments,
    shown: Shown,
  ) {
    this.#documents = documents;
    this.#panel = panel;
    this.#shown = shown;
    const listening = fillPanel(panel, extension, {
      script: "crash-panel.js",
      title: "Crash",
      check: isFromCrashView,
      receive: message => void this.#receive(message),
    });
    panel.onDidDispose(() => listening.dispose());
    this.show(shown);
  }

  get shown(): Shown {
    return this.#shown;
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  onClose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const { crash, source } = shown.message;
    this.#panel.title = `Crash: ${readable(crash.processes[0]?.name ?? source, 30).text}`;
    this.#send(shown.message);
  }

  reveal(preserveFocus: boolean): void {
    this.#panel.reveal(undefined, preserveFocus);
  }

  /** The session is over: what it was stays to be read. */
  end(): void {
    const { message } = this.#shown;
    if (message.live) this.show({ ...this.#shown, message: { ...message, live: false } });
  }

  async copyReport(): Promise<void> {
    await vscode.env.clipboard.writeText(this.#shown.message.crash.markdown);
    this.#send({ type: "say", text: "The report is on the clipboard, as Markdown." });
  }

  async restart(): Promise<void> {
    const { session, message } = this.#shown;
    if (session === undefined || !message.live) return;
    const [first] = message.crash.processes;
    const restarted = await restartProcess(session, first?.threadId);
    if (restarted) this.#send({ type: "say", text: "The process starts anew." });
  }

  #send(message: ShowCrash | Say): void {
    if (this.#ready) void this.#panel.webview.postMessage(message);
  }

  async #receive(message: FromCrashView): Promise<void> {
    const { crash } = this.#shown.message;
    switch (message.type) {
      case "ready":
        // A webview that was hidden draws its page anew, and says this each time.
        this.#ready = true;
        this.#send(this.#shown.message);
        return;
      case "openPlace":
        return this.#openSource(0, crash.explanation.place);
      case "openFrame": {
        const { process, frame } = message;
        return this.#openSource(process, crash.processes[process]?.stack[frame]?.place ?? null);
      }
      case "openDump":
        return this.#openDump();
      case "copyReport":
        return this.copyReport();
      case "restart":
        return this.restart();
      case "openSettings":
        await vscode.commands.executeCommand("workbench.action.openSettings", "tock.crashPanel");
    }
  }

  async #openSource(process: number, place: SourcePlace | null): Promise<void> {
    if (place === null) return;
    const { session, message } = this.#shown;
    const threadId = message.crash.processes[process]?.threadId;
    const path =
      session === undefined || !message.live || threadId === undefined
        ? undefined
        : await livePath(session, threadId, place);
    await openSource({ ...place, path: path ?? place.path });
  }

  async #openDump(): Promise<void> {
    const { document, message } = this.#shown;
    // A document without a file is gone once it is closed.
    const lasts = document !== undefined && document.scheme !== "untitled";
    const opened = lasts
      ? await vscode.workspace.openTextDocument(document)
      : await this.#documents.open(message.crash.dump);
    await vscode.window.showTextDocument(opened, { viewColumn: besidePanel() });
  }
}
