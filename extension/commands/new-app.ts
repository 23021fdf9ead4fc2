// "New App…": an app in C or Rust that builds in the tree of its library.
import * as vscode from "vscode";
import { readFolder } from "../files.js";
import { toPath } from "../paths.js";
import { Sentence } from "./said.js";
import { filesOf, type Language, nameProblem, treeOf } from "./templates.js";

interface Tree {
  uri: vscode.Uri;
  language: Language;
}

const libraries: Readonly<Record<Language, string>> = { C: "libtock-c", Rust: "libtock-rs" };

export async function newApp(): Promise<void> {
  const tree = await chooseTree();
  if (tree === undefined) return;
  const name = await vscode.window.showInputBox({
    title: `New app in ${libraries[tree.language]}`,
    prompt: "Name of the app",
    validateInput: text => nameProblem(text),
  });
  if (name === undefined) return;
  const files = filesOf(tree.language, name);
  const at = (path: string) => vscode.Uri.joinPath(tree.uri, path);
  const uris = files.map(({ path }) => at(path));
  // A folder with other sources would become a part of the app.
  for (const uri of [at(`examples/${name}`), ...uris])
    if (await isThere(uri))
      throw new Sentence(`${toPath(uri)} is there already: choose another name.`);
  for (const [index, { text }] of files.entries())
    await vscode.workspace.fs.writeFile(uris[index] as vscode.Uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(uris[0] as vscode.Uri);
}

/** The tree of the workspace; of several the user's choice, of none another folder. */
async function chooseTree(): Promise<Tree | undefined> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const found = (await Promise.all(roots.map(treeAt))).filter(tree => tree !== undefined);
  const items = found.map(tree => ({
    label: `${tree.language} app`,
    description: `in ${toPath(tree.uri)}`,
    tree,
  }));
  const another = {
    label: "$(folder-opened) In Another Folder…",
    description: "",
    tree: undefined,
  };
  if (items.length === 0) return fromDialog();
  const picked = await vscode.window.showQuickPick([...items, another], {
    placeHolder: "Which app?",
  });
  if (picked === undefined) return undefined;
  return picked.tree ?? fromDialog();
}

async function fromDialog(): Promise<Tree | undefined> {
  const folders = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title: "The root of libtock-c or libtock-rs",
    openLabel: "Choose",
  });
  const [folder] = folders ?? [];
  if (folder === undefined) return undefined;
  const tree = await treeAt(folder);
  if (tree !== undefined) return tree;
  throw new Sentence(
    `${toPath(folder)} is neither libtock-c nor libtock-rs: get one of them from github.com/tock, and choose its root.`,
  );
}

async function treeAt(uri: vscode.Uri): Promise<Tree | undefined> {
  const entries = await readFolder(uri);
  const language = treeOf(entries.map(({ name }) => name));
  return language && { uri, language };
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    // So the name is free.
    return false;
  }
}
