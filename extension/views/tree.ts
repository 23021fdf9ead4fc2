// A tree view over the last body that the debugger has sent. Its rows stay the same objects as long as they are there.
import * as vscode from "vscode";
import type { ViewBody, ViewName } from "../../adapter/protocol.js";
import type { Node } from "./nodes.js";
import { updateNodes } from "./update-nodes.js";

type Body<N extends ViewName> = Extract<ViewBody, { view: N }>;

export class Tree<N extends ViewName> implements vscode.TreeDataProvider<Node> {
  readonly name: N;
  readonly view: vscode.TreeView<Node>;
  readonly #nodesOf: (body: Body<N> | undefined) => Node[];
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #body: Body<N> | undefined;
  /** What VS Code has: the same objects as long as the same rows are there. */
  #rows: Node[];

  /** @param nodesOf the rows of a body, or those that are there without one */
  constructor(name: N, nodesOf: (body: Body<N> | undefined) => Node[]) {
    this.name = name;
    this.#nodesOf = nodesOf;
    this.#rows = nodesOf(undefined);
    this.view = vscode.window.createTreeView(`tock.${name}`, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
  }

  /** Shows a body; `undefined`: there is nothing to show, and the view welcomes the user. */
  show(body: Body<N> | undefined): void {
    this.#body = body;
    const fresh = this.#nodesOf(body);
    const changed = updateNodes(this.#rows, fresh);
    if (changed === undefined) this.#rows = fresh;
    if (changed?.length !== 0) this.#changed.fire(changed);
  }

  get body(): Body<N> | undefined {
    return this.#body;
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined) return [...(node.children ?? [])];
    return this.#rows;
  }

  /** A row at the top. */
  row(id: string): Node | undefined {
    return this.#rows.find(node => node.id === id);
  }

  /** Only rows at the top are revealed. */
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const state = node.children === undefined ? None : node.open ? Expanded : Collapsed;
    const item = new vscode.TreeItem(labelOf(node), state);
    item.id = node.id;
    if (node.description !== undefined) item.description = node.description;
    if (node.tooltip !== undefined) item.tooltip = node.tooltip;
    if (node.kind !== undefined) item.contextValue = node.kind;
    if (node.spoken !== undefined) item.accessibilityInformation = { label: node.spoken };
    const color = node.color === undefined ? undefined : new vscode.ThemeColor(node.color);
    if (node.icon !== undefined) item.iconPath = new vscode.ThemeIcon(node.icon, color);
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.#changed.dispose();
  }
}

const labelOf = ({ label, highlights }: Node): string | vscode.TreeItemLabel =>
  highlights === undefined ? label : { label, highlights };

/** Rows of bodies; without one there are none, and the view welcomes the user. */
export const only =
  <B>(nodesOf: (body: B) => Node[]) =>
  (body: B | undefined): Node[] =>
    body === undefined ? [] : nodesOf(body);
