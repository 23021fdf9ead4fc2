// The Syscalls panel in the extension host: one for the window, which follows the session in front. While it cannot be
// seen, neither the debugger nor the page is told anything.
import * as vscode from "vscode";
import type { ExportTimelineBody, TimelineSourceBody } from "../../adapter/protocol.js";
import { said } from "../commands/said.js";
import { boardSession } from "../views/session.js";
import { openSource } from "./open-source.js";
import {
  type FromTimelineView,
  isFromTimelineView,
  isTimelineBody,
  type ToTimelineView,
  type WantPage,
} from "./timeline-messages.js";
import { fillPanel } from "./webview.js";

const VIEW_TYPE = "tock.syscalls";

export class Timelines implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  #panel: vscode.WebviewPanel | undefined;
  /** The page listens. */
  #ready = false;
  /** The session that knows that the panel can be seen. */
  #watched: vscode.DebugSession | undefined;

  /** @param extension where the extension lies */
  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  /** Commands and listeners, to be disposed with the extension. */
  register(): vscode.Disposable[] {
    const follow = () => void this.#follow();
    return [
      vscode.commands.registerCommand("tock.showSyscalls", () => this.#open()),
      vscode.commands.registerCommand("tock.exportSyscallTrace", () => said(exportTrace())),
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      vscode.debug.onDidStartDebugSession(session => {
        if (session === this.#watched) this.#watched = undefined;
        follow();
      }),
      vscode.debug.onDidChangeActiveDebugSession(follow),
      vscode.debug.onDidTerminateDebugSession(session => {
        if (session === this.#watched) this.#watched = undefined;
        follow();
      }),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session, body }) => {
        if (event !== "tock/timelineChanged" || session !== this.#watched) return;
        const { run, end } = body as { run: number; end: number };
        this.#send({ type: "state", session: session.name, run, end });
      }),
    ];
  }

  #open(): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    const { Active, Beside } = vscode.ViewColumn;
    const column = vscode.window.activeTextEditor ? Beside : Active;
    this.#adopt(
      vscode.window.createWebviewPanel(VIEW_TYPE, "Syscalls", column, { enableFindWidget: false }),
    );
  }

  /** The window is back. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel === undefined) this.#adopt(panel);
    else panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    const listening = fillPanel(panel, this.#extension, {
      script: "timeline-panel.js",
      title: "Syscalls",
      check: isFromTimelineView,
      receive: message => void said(this.#receive(message)),
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#ready = false;
      void this.#follow();
    });
    panel.onDidDispose(() => {
      listening.dispose();
      this.#panel = undefined;
      this.#ready = false;
      void this.#follow();
    });
  }

  /** Tells the session in front that the panel is seen, and the one before that it is not. */
  async #follow(): Promise<void> {
    const session = this.#panel?.visible ? boardSession() : undefined;
    const before = this.#watched;
    if (session === before) return;
    this.#watched = session;
    if (before !== undefined) await watch(before, false);
    if (this.#watched !== session) return;
    if (session === undefined) this.#send({ type: "state", session: null, run: 0, end: 0 });
    else if (!(await watch(session, true)) && this.#watched === session) this.#watched = undefined;
  }

  #send(message: ToTimelineView): void {
    if (this.#ready && this.#panel?.visible) void this.#panel.webview.postMessage(message);
  }

  async #receive(message: FromTimelineView): Promise<void> {
    if (message.type === "ready") {
      // A webview that was hidden draws its page anew, and must be told anew.
      this.#ready = true;
      const session = this.#watched;
      if (session !== undefined) await watch(session, true);
      else {
        await this.#follow();
        if (this.#watched === undefined)
          this.#send({ type: "state", session: null, run: 0, end: 0 });
      }
      return;
    }
    if (message.type === "export") return exportTrace();
    const session = this.#watched;
    if (session === undefined) return;
    if (message.type === "page") return this.#page(session, message);
    const { number } = message;
    const source = await session.customRequest("tock/timelineSource", { schema: 1, number });
    await this.#openSource(source as TimelineSourceBody);
  }

  async #page(session: vscode.DebugSession, { request, ...wanted }: WantPage): Promise<void> {
    const { start, count, filter } = wanted;
    const args = { schema: 1, start, count, filter };
    const body: unknown = await session.customRequest("tock/timeline", args);
    if (!isTimelineBody(body)) throw new Error("The debugger's answer is not one of this version.");
    this.#send({ type: "page", request, body });
  }

  async #openSource({ frames, own }: TimelineSourceBody): Promise<void> {
    const frame = frames[own];
    if (frame?.path == null) {
      const text =
        'No source line is known of this row: it has none, or came with "speed": "max" before the panel was opened.';
      this.#send({ type: "say", text });
      return;
    }
    const { path, line, column } = frame;
    await openSource({ path, line, column, function: frame.name });
  }
}

/** False when the session is not launched yet, or over. */
async function watch(session: vscode.DebugSession, visible: boolean): Promise<boolean> {
  try {
    await session.customRequest("tock/watchTimeline", { schema: 1, visible });
    return true;
  } catch {
    return false;
  }
}

async function exportTrace(): Promise<void> {
  const session = boardSession();
  if (session === undefined)
    throw new Error("There is no trace to export: no Tock app is being debugged.");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: "Export Syscall Trace",
    filters: { "Chrome trace": ["json"] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, "syscalls.trace.json") }),
  });
  if (uri === undefined) return;
  const body: ExportTimelineBody = await session.customRequest("tock/exportTimeline", {
    schema: 1,
  });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(body.trace));
  const rows = `${body.rows.toLocaleString("en-US")} rows`;
  const gone =
    body.dropped === 0 ? "" : ` ${body.dropped.toLocaleString("en-US")} older ones are gone.`;
  void vscode.window.showInformationMessage(
    `${rows} are in ${vscode.workspace.asRelativePath(uri)}.${gone} Open it with ui.perfetto.dev or chrome://tracing.`,
  );
}
