// A tree view over the last body that the debugger has sent; it keeps nothing else.
import * as vscode from "vscode";
import type { ViewBody, ViewName } from "../../adapter/protocol.js";
import type { Node } from "./nodes.js";

type Body<N extends ViewName> = Extract<ViewBody, { view: N }>;

export class Tree<N extends ViewName> implements vscode.TreeDataProvider<Node> {
  readonly name: N;
  readonly view: vscode.TreeView<Node>;
  readonly #nodesOf: (body: Body<N> | undefined) => Node[];
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #body: Body<N> | undefined;

  /** @param nodesOf the rows of a body, or those that are there without one */
  constructor(name: N, nodesOf: (body: Body<N> | undefined) => Node[]) {
    this.name = name;
    this.#nodesOf = nodesOf;
    this.view = vscode.window.createTreeView(`tock.${name}`, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
  }

  /** Shows a body; `undefined`: there is nothing to show, and the view welcomes the user. */
  show(body: Body<N> | undefined): void {
    this.#body = body;
    this.#changed.fire(undefined);
  }

  get body(): Body<N> | undefined {
    return this.#body;
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined) return [...(node.children ?? [])];
    return this.#nodesOf(this.#body);
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
