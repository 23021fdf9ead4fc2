// A view of the debug container that is a webview: it holds the last body, and tells its page while it can be seen.
import * as vscode from "vscode";
import type { ViewBody, ViewName } from "../../adapter/protocol.js";
import type { Check } from "./check.js";
import type { Empty, Say } from "./view-messages.js";
import { fillPanel } from "./webview.js";

type Body<N extends ViewName> = Extract<ViewBody, { view: N }>;

export interface PageViewOptions<N extends ViewName, To, From> {
  name: N;
  /** The name that a screen reader gives the page. */
  title: string;
  /** The bundle in dist/ that draws the page. */
  script: string;
  check: Check<From>;
  message(body: Body<N>): To;
  /** What the page says beside `ready`. */
  receive(message: From): void;
}

export class PageView<N extends ViewName, To, From extends { type: string }>
  implements vscode.WebviewViewProvider
{
  readonly name: N;
  readonly #extension: vscode.Uri;
  readonly #options: PageViewOptions<N, To, From>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeVisibility = this.#changed.event;
  #view: vscode.WebviewView | undefined;
  /** A page that was hidden is drawn anew, and says when it is there. */
  #ready = false;
  #body: Body<N> | undefined;
  #reason = "";

  /** @param extension where the extension lies */
  constructor(extension: vscode.Uri, options: PageViewOptions<N, To, From>) {
    this.#extension = extension;
    this.#options = options;
    this.name = options.name;
  }

  /** The same names as a tree has. */
  get view(): Pick<PageView<N, To, From>, "visible" | "onDidChangeVisibility"> {
    return this;
  }

  get visible(): boolean {
    return this.#view?.visible === true;
  }

  get body(): Body<N> | undefined {
    return this.#body;
  }

  register(): vscode.Disposable {
    return vscode.window.registerWebviewViewProvider(`tock.${this.name}`, this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { script, title, check } = this.#options;
    this.#view = view;
    const listening = fillPanel(view, this.#extension, {
      script,
      styles: ["views.css"],
      title,
      check,
      receive: message => {
        if (message.type !== "ready") return this.#options.receive(message);
        this.#ready = true;
        this.#tell();
      },
    });
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.#ready = false;
      this.#changed.fire(undefined);
    });
    view.onDidDispose(() => {
      listening.dispose();
      this.#view = undefined;
      this.#ready = false;
      this.#changed.fire(undefined);
    });
    this.#changed.fire(undefined);
  }

  /** Shows a body; `undefined`: there is nothing to show, for `reason`. */
  show(body: Body<N> | undefined, reason = ""): void {
    this.#body = body;
    this.#reason = reason;
    this.#tell();
  }

  say(text: string): void {
    this.#send({ type: "say", text });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #tell(): void {
    const body = this.#body;
    this.#send(
      body === undefined ? { type: "empty", text: this.#reason } : this.#options.message(body),
    );
  }

  #send(message: To | Empty | Say): void {
    if (this.#ready && this.visible) void this.#view?.webview.postMessage(message);
  }
}
