// The scenarios of the workspace as test items: a file, and below it each scenario at its lines. Mistakes in a file are
// problems of it, too.
import * as vscode from "vscode";
import {
  type Mistake,
  type ReadResult,
  SCENARIO_PATTERN,
  type ScenarioInfo,
} from "../../adapter/testing/protocol.js";
import { said } from "../commands/said.js";
import { findFiles } from "../files.js";
import type { ScenarioServer } from "./server.js";
import { mistakesText } from "./texts.js";

/** Where scenarios are not looked for. */
const EXCLUDED = "**/{node_modules,.git,target}/**";
const ENDING = ".tocktest.yaml";
/** A file is read again so long after the last key was pressed in it, in milliseconds. */
const REST = 300;

/** A scenario in its file. */
export interface Leaf {
  item: vscode.TestItem;
  uri: vscode.Uri;
  number: number;
}

export class ScenarioItems implements vscode.Disposable {
  readonly #controller: vscode.TestController;
  readonly #server: ScenarioServer;
  readonly #problems = vscode.languages.createDiagnosticCollection("tock-scenarios");
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Numbers of scenarios by the items that stand for them. */
  readonly #numbers = new WeakMap<vscode.TestItem, number>();
  readonly #mistakes = new WeakMap<vscode.TestItem, readonly Mistake[]>();
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(controller: vscode.TestController, server: ScenarioServer) {
    this.#controller = controller;
    this.#server = server;
    const watcher = vscode.workspace.createFileSystemWatcher(SCENARIO_PATTERN);
    const look = (uri: vscode.Uri) => void said(this.#look(uri));
    const opened = ({ uri }: vscode.TextDocument) => isScenario(uri) && look(uri);
    this.#subscriptions.push(
      this.#problems,
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      watcher.onDidDelete(uri => this.#drop(uri)),
      vscode.workspace.onDidOpenTextDocument(opened),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#lookSoon(document.uri)),
    );
    controller.resolveHandler = async item => {
      if (item === undefined) await said(this.lookAround());
      else if (item.uri !== undefined) await said(this.#look(item.uri));
    };
    controller.refreshHandler = () => said(this.lookAround());
    for (const document of vscode.workspace.textDocuments) opened(document);
  }

  /** Reads every file of the workspace that holds scenarios. */
  async lookAround(): Promise<void> {
    const found = await findFiles(SCENARIO_PATTERN, EXCLUDED);
    const ids = new Set(found.map(String));
    for (const [id, { uri }] of this.#controller.items) if (!ids.has(id) && uri) this.#drop(uri);
    await Promise.all(found.map(uri => this.#look(uri)));
  }

  /** The scenarios that an item stands for. */
  leaves(item: vscode.TestItem): Leaf[] {
    const { uri } = item;
    const number = this.#numbers.get(item);
    if (uri === undefined) return [];
    if (number !== undefined) return [{ item, uri, number }];
    return [...item.children].flatMap(([, child]) => this.leaves(child));
  }

  /** Mistakes in the file that an item stands for. */
  mistakes(item: vscode.TestItem): readonly Mistake[] {
    return this.#mistakes.get(item) ?? [];
  }

  #lookSoon(uri: vscode.Uri): void {
    if (!isScenario(uri)) return;
    const id = String(uri);
    clearTimeout(this.#waiting.get(id));
    const look = () => {
      this.#waiting.delete(id);
      void said(this.#look(uri));
    };
    this.#waiting.set(id, setTimeout(look, REST));
  }

  async #look(uri: vscode.Uri): Promise<void> {
    const text = await textOf(uri);
    if (text === undefined) return this.#drop(uri);
    const read = await this.#server.read({ uri: String(uri), text });
    const found = read.mistakes.map(mistake => problemOf(mistake));
    this.#problems.set(uri, found);
    // One that lies outside of the workspace is only read.
    if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) this.#show(uri, read);
  }

  #show(uri: vscode.Uri, { scenarios, mistakes }: ReadResult): void {
    const id = String(uri);
    const path = vscode.workspace.asRelativePath(uri);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const file = this.#controller.items.get(id) ?? this.#controller.createTestItem(id, name, uri);
    file.description = path.slice(0, -name.length - 1);
    file.error = mistakes.length > 0 ? mistakesText(mistakes) : undefined;
    this.#mistakes.set(file, mistakes);
    file.children.replace(scenarios.map(scenario => this.#leafOf(file, uri, scenario)));
    this.#controller.items.add(file);
  }

  /** The item of a scenario; one that has only moved keeps its results. */
  #leafOf(
    file: vscode.TestItem,
    uri: vscode.Uri,
    { name, number, place, end }: ScenarioInfo,
  ): vscode.TestItem {
    const id = `${uri}#${number}`;
    const item = file.children.get(id) ?? this.#controller.createTestItem(id, name, uri);
    item.label = name;
    item.sortText = String(number).padStart(6, "0");
    item.range = new vscode.Range(place.line - 1, place.column - 1, end.line - 1, end.column - 1);
    this.#numbers.set(item, number);
    return item;
  }

  #drop(uri: vscode.Uri): void {
    this.#problems.delete(uri);
    this.#controller.items.delete(String(uri));
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** An old version that git shows has a query. */
const isScenario = ({ path, query }: vscode.Uri): boolean => path.endsWith(ENDING) && query === "";

/** The text of a file as it stands in its editor, else on the disk; `undefined` if there is none. */
export async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri: of }) => String(of) === String(uri));
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

/** From a place to the end of its line. */
export const restOfLine = ({ line, column }: { line: number; column: number }): vscode.Range =>
  new vscode.Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);

function problemOf(mistake: Mistake): vscode.Diagnostic {
  const problem = new vscode.Diagnostic(restOfLine(mistake), mistake.message);
  problem.source = "Tock";
  return problem;
}
