// The view Live Watch: expressions whose values are shown while the board runs, kept with the workspace.
import * as vscode from "vscode";
import type { AppsBody, LiveWatchBody, SetLiveValueArguments } from "../../adapter/protocol.js";
import { emulatedBoard } from "../commands/emulated-board.js";
import { Sentence, said } from "../commands/said.js";
import { expressionAtCursor } from "../languages/providers.js";
import { tockSession } from "../panels/live-crash.js";
import { plain } from "../panels/text.js";
import { LiveList, type LiveReference } from "./live-list.js";
import { changedRows, liveNodes } from "./live-nodes.js";
import type { Node } from "./nodes.js";
import { Tree } from "./tree.js";

const KEY = "tock.liveWatch";
/** How long a changed value is highlighted. */
const HIGHLIGHT_MILLISECONDS = 1000;

/** What commands of the view are given: a row, the row with the focus by a key, or nothing from the palette. */
type Given = Node | "selected" | undefined;

export class LiveWatch {
  readonly tree: Tree<"liveWatch">;
  readonly #memory: vscode.Memento;
  readonly #list: LiveList;
  readonly #changed = new vscode.EventEmitter<undefined>();
  /** Other expressions, or other rows of them, are to be asked for. */
  readonly onDidChange = this.#changed.event;
  #body: LiveWatchBody | undefined;
  #highlighted: ReadonlySet<string> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param memory keeps the expressions with the workspace */
  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#list = new LiveList(memory.get(KEY));
    this.tree = new Tree("liveWatch", body => this.#nodes(body));
  }

  /** What the session in front is to evaluate. */
  get expressions() {
    return this.#list.saved;
  }

  /** The view's commands, to be disposed with the extension. */
  register(): vscode.Disposable[] {
    const command = (name: string, work: (given: never) => Promise<unknown>) =>
      vscode.commands.registerCommand(`tock.${name}`, (given: never) => said(work(given)));
    const opened = ({ live }: Node, isOpen: boolean) => {
      if (live === undefined) return;
      this.#list.setOpen(live.id, live.path, isOpen);
      this.#keep();
    };
    return [
      this.#changed,
      new vscode.Disposable(() => clearTimeout(this.#timer)),
      this.tree.view.onDidExpandElement(({ element }) => opened(element, true)),
      this.tree.view.onDidCollapseElement(({ element }) => opened(element, false)),
      command("addLiveWatch", (given: unknown) => this.#add(given)),
      command("editLiveWatch", (given: Given) => this.#edit(given)),
      command("removeLiveWatch", (given: Given) => this.#remove(given)),
      command("removeAllLiveWatch", () => this.#clear()),
      command("setLiveValue", (given: Given) => this.#set(given)),
    ];
  }

  /** Shows the values of a body, and for a moment which are new. */
  show(body: LiveWatchBody | undefined): void {
    this.#highlighted =
      body === undefined ? new Set() : changedRows(this.#list.items, this.#body, body);
    this.#body = body;
    clearTimeout(this.#timer);
    if (this.#highlighted.size > 0)
      this.#timer = setTimeout(() => {
        this.#highlighted = new Set();
        this.tree.show(this.#body);
      }, HIGHLIGHT_MILLISECONDS);
    this.tree.show(body);
  }

  /** Says above the expressions why none of them has a value. */
  explain(reason: string | undefined): void {
    // A text that is empty takes the message away.
    this.tree.view.message = reason ?? "";
  }

  #nodes(body: LiveWatchBody | undefined): Node[] {
    return liveNodes(this.#list.items, body, this.#highlighted);
  }

  #keep(): void {
    void this.#memory.update(KEY, this.#list.saved);
    this.tree.show(this.#body);
    this.#changed.fire(undefined);
  }

  // Commands

  /** @param given a variable of VS Code's own views, the document of an editor's menu, or nothing */
  async #add(given: unknown): Promise<void> {
    const { variable } = (given ?? {}) as { variable?: { evaluateName?: string; name?: string } };
    const atCursor = expressionAtCursor();
    let expression = variable?.evaluateName ?? variable?.name;
    if (expression === undefined && given instanceof vscode.Uri) expression = atCursor;
    expression ??= await ask("Add to Live Watch", atCursor ?? "");
    if (expression === undefined) return;
    this.#list.add(expression, await selectedApp());
    this.#keep();
    if (tockSession() === undefined)
      tell(`${expression} is in Live Watch, which is shown while a Tock app is debugged.`);
    else await vscode.commands.executeCommand("tock.liveWatch.focus", { preserveFocus: true });
  }

  async #edit(given: Given): Promise<void> {
    const live = await this.#chosen(given, "Which expression to edit?");
    const item = live && this.#list.item(live.id);
    if (item === undefined) return;
    const expression = await ask("Edit Live Expression", item.expression);
    if (expression === undefined) return;
    this.#list.edit(item.id, expression);
    this.#keep();
  }

  async #remove(given: Given): Promise<void> {
    const live = await this.#chosen(given, "Which expression to remove?");
    if (live === undefined) return;
    this.#list.remove(live.id);
    this.#keep();
  }

  async #clear(): Promise<void> {
    if (this.#list.items.length === 0) throw new Sentence(empty);
    this.#list.clear();
    this.#keep();
  }

  async #set(given: Given): Promise<void> {
    const board = emulatedBoard();
    const live = await this.#chosen(given, "Which expression gets another value?");
    if (live?.expression === undefined) return;
    const { expression, app } = live;
    const value = await ask(`Set ${expression}`, live.value ?? "");
    if (value === undefined) return;
    const threadId = selectedThread();
    const args: SetLiveValueArguments = {
      expression,
      value,
      ...(app === undefined ? {} : { app }),
      ...(threadId === undefined ? {} : { threadId }),
    };
    await board.act("tock/setLiveValue", args);
  }

  /** The row that a command is about. */
  async #chosen(given: Given, question: string): Promise<LiveReference | undefined> {
    if (given === "selected") return this.tree.view.selection[0]?.live;
    if (given !== undefined) return given.live;
    const nodes = this.#nodes(this.#body);
    if (nodes.length === 0) throw new Sentence(empty);
    const items = nodes.map(({ label, description = "", live }) => ({
      label: plain(label),
      description: plain(description),
      live,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: question }))?.live;
  }
}

const empty = 'Live Watch has no expression: add one with "Tock: Add to Live Watch".';

const tell = (text: string): void => void vscode.window.showInformationMessage(plain(text));

/** An expression that the user types; `undefined` when he gives up. */
async function ask(title: string, value: string): Promise<string | undefined> {
  const prompt = "An expression of C or Rust over globals and statics, such as queue.events[0]";
  const validateInput = (text: string) => (text.trim() === "" ? "Type an expression." : undefined);
  const typed = await vscode.window.showInputBox({ title, value, prompt, validateInput });
  return typed?.trim();
}

/** The app of the process that is selected in the Call Stack; of a board with one app that one. */
async function selectedApp(): Promise<string | undefined> {
  const session = tockSession();
  if (session?.configuration.request !== "launch") return undefined;
  const thread = selectedThread();
  const { apps }: AppsBody = await session.customRequest("tock/apps");
  const running = apps.filter(({ threadId }) => threadId !== undefined);
  const selected = running.find(({ threadId }) => threadId === thread);
  return (selected ?? (running.length === 1 ? running[0] : undefined))?.name;
}

function selectedThread(): number | undefined {
  const item = vscode.debug.activeStackItem;
  return item?.session === vscode.debug.activeDebugSession ? item?.threadId : undefined;
}
