// F5 on an app whose sources are newer than its TAB builds it first; "Debug Without Optimization" builds it with -Og.
import * as vscode from "vscode";
import { Sentence } from "../commands/said.js";
import { appFolder, isApp } from "../find-app.js";
import { toPath } from "../paths.js";
import { buildOf } from "./builds.js";
import { currentBuild, runBuild } from "./provider.js";

const DEBUG_ANYWAY = "Debug Anyway";
const sources = /^(?:Makefile|.*\.(?:c|h|cc|cpp|hpp|s|S|rs|toml))$/;

/** Builds the app of a TAB if that is older than its sources and make is told so. False: the launch is not to go on. */
export async function buildFirst(tab: string): Promise<boolean> {
  const definition = await currentBuild();
  const mode = vscode.workspace.getConfiguration("tock").get<string>("buildBeforeDebugging");
  if (definition === undefined || mode === "never" || !vscode.workspace.isTrusted) return true;
  if (definition.example === undefined && appFolder(tab) !== definition.folder) return true;
  if (mode !== "always" && !(await isStale(tab, appFolder(tab)))) return true;
  if (await runBuild(definition)) return true;
  const message = `${buildOf(definition).label} failed, so the app is older than its sources.`;
  return (await vscode.window.showWarningMessage(message, DEBUG_ANYWAY)) === DEBUG_ANYWAY;
}

async function isStale(tab: string, folder: string): Promise<boolean> {
  const built = await timeOf(vscode.Uri.file(tab));
  const uri = vscode.Uri.file(folder);
  const entries = await vscode.workspace.fs.readDirectory(uri);
  const names = entries.map(([name]) => name).filter(name => sources.test(name));
  const times = await Promise.all(names.map(name => timeOf(vscode.Uri.joinPath(uri, name))));
  return times.some(time => time > built);
}

const timeOf = async (uri: vscode.Uri): Promise<number> =>
  (await vscode.workspace.fs.stat(uri)).mtime;

/** Builds the app of the active editor so that its variables can be seen, and debugs that. */
export async function debugWithoutOptimization(): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Sentence("An app is built only in a workspace that you trust.");
  const found = await currentBuild();
  if (found === undefined)
    throw new Sentence("No app to build: open a source file of an app in libtock-c or libtock-rs.");
  const definition = { ...found, debug: true };
  const { label, output, tab } = buildOf(definition);
  if (!(await runBuild(definition)))
    throw new Sentence(`${label} failed: see its terminal and the Problems view.`);
  const name = tab ?? (await tabIn(output));
  if (name === undefined) throw new Sentence(`${label} has left no .tab in ${output}.`);
  await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
    type: "tock",
    request: "launch",
    name: `Tock: ${name.replace(/\.tab$/, "")} (-Og)`,
    apps: [`${output}/${name}`],
  });
}

async function tabIn(folder: string): Promise<string | undefined> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
  return entries.map(([name]) => name).find(name => isApp(name) && name.endsWith(".tab"));
}

/** Builds what is not built yet, and starts debugging it when that succeeds. */
export async function buildAndDebug(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  if (!(await runBuild({ folder: toPath(uri) }))) return;
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), {
    type: "tock",
    request: "launch",
    name: "",
  });
}
