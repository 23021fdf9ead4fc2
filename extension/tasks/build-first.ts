// F5 on an app whose sources are newer than its TAB builds it first, a Cargo package's always; "Debug Without Optimization" builds it with -Og.
import * as vscode from "vscode";
import { Sentence } from "../commands/said.js";
import { appFolder, isApp } from "../find-app.js";
import { toPath } from "../paths.js";
import { lookAround } from "../surroundings.js";
import { buildOf, tabPlaceOf } from "./builds.js";
import { type CargoApp, elfOf, withoutOptimization } from "./cargo.js";
import { appsOfCargo, isThere } from "./cargo-project.js";
import { currentBuild, runBuild } from "./provider.js";

const DEBUG_ANYWAY = "Debug Anyway";
const failed = "failed: see its terminal and the Problems view.";
const sources = /^(?:Makefile|.*\.(?:c|h|cc|cpp|hpp|s|S|rs|toml))$/;

/** Builds the app of a TAB if that is older than its sources and make is told so. False: the launch is not to go on. */
export async function buildFirst(tab: string): Promise<boolean> {
  const definition = await currentBuild();
  const mode = vscode.workspace.getConfiguration("tock").get<string>("buildBeforeDebugging");
  if (definition === undefined || mode === "never" || !vscode.workspace.isTrusted) return true;
  // Of libtock-rs an example is built with the crates around it, and its TAB lies in none of their folders.
  if (definition.example === undefined && appFolder(tab) !== definition.folder) return true;
  if (mode !== "always" && !(await isStale(tab, definition.folder))) return true;
  if (await runBuild(definition)) return true;
  const message = `${buildOf(definition).label} failed, so the app is older than its sources.`;
  return (await vscode.window.showWarningMessage(message, DEBUG_ANYWAY)) === DEBUG_ANYWAY;
}

/** Some source in the app's folder or below it was changed after the build. */
async function isStale(tab: string, folder: string): Promise<boolean> {
  const built = await timeOf(vscode.Uri.file(tab));
  const times = await Promise.all((await sourcesBelow(vscode.Uri.file(folder))).map(timeOf));
  return times.some(time => time > built);
}

/** Deeper than this no app has its sources. */
const MOST_FOLDERS = 4;
const isOutput = (name: string): boolean => /^(?:\.|build|target$|node_modules$)/.test(name);

async function sourcesBelow(folder: vscode.Uri, depth = 1): Promise<vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const found = entries.map(async ([name, type]) => {
    const uri = vscode.Uri.joinPath(folder, name);
    const isBelow = type === vscode.FileType.Directory && !isOutput(name) && depth < MOST_FOLDERS;
    if (isBelow) return sourcesBelow(uri, depth + 1);
    return type !== vscode.FileType.Directory && sources.test(name) ? [uri] : [];
  });
  return (await Promise.all(found)).flat();
}

const timeOf = async (uri: vscode.Uri): Promise<number> =>
  (await vscode.workspace.fs.stat(uri)).mtime;

/** Builds the app of the active editor so that its variables can be seen, and debugs that. */
export async function debugWithoutOptimization(): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Sentence("An app is built only in a workspace that you trust.");
  const { activeFile } = await lookAround();
  const found = await currentBuild();
  if (found === undefined) {
    const apps = await appsOfCargo(activeFile);
    if (apps.length === 0)
      throw new Sentence("No app to build: open a source file of an app in libtock-c or Rust.");
    const app = await builtByCargo(apps.map(withoutOptimization));
    if (app !== undefined) await debugApp(elfOf(app), `${app.name} (dev)`);
    return;
  }
  const definition = { ...found, debug: true };
  const { label } = buildOf(definition);
  const { output, tab } = tabPlaceOf(definition);
  if (!(await runBuild(definition))) throw new Sentence(`${label} ${failed}`);
  const name = tab ?? (await tabIn(output));
  if (name === undefined) throw new Sentence(`${label} has left no .tab in ${output}.`);
  await debugApp(`${output}/${name}`, `${name.replace(/\.tab$/, "")} (-Og)`);
}

async function debugApp(path: string, title: string): Promise<void> {
  await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
    type: "tock",
    request: "launch",
    name: `Tock: ${title}`,
    apps: [path],
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

/** The app of which the user wants to debug a fresh build; `undefined`: nothing is launched. */
export async function builtByCargo(apps: readonly CargoApp[]): Promise<CargoApp | undefined> {
  const app = await chooseApp(apps);
  if (app === undefined) return undefined;
  const mode = vscode.workspace.getConfiguration("tock").get<string>("buildBeforeDebugging");
  if (mode === "never" && (await isThere(elfOf(app)))) return app;
  // cargo itself knows what is out of date.
  if (await runBuild(app.definition)) return app;
  const message = `${buildOf(app.definition).label} ${failed}`;
  const buttons = (await isThere(elfOf(app))) ? [DEBUG_ANYWAY] : [];
  const answer = await vscode.window.showErrorMessage(message, ...buttons);
  return answer === DEBUG_ANYWAY ? app : undefined;
}

async function chooseApp(apps: readonly CargoApp[]): Promise<CargoApp | undefined> {
  if (apps.length === 1) return apps[0];
  const items = apps.map(app => ({
    label: app.name,
    description: `${app.kind === "example" ? "example, " : ""}${app.definition.target}`,
    app,
  }));
  const options = { placeHolder: "Which Tock app?", matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.app;
}
