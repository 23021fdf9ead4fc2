// Paths as the adapter takes them. That of a file has `/`, on Windows too; one of another file system of VS Code begins with
// scheme and authority of its URI, and is not encoded: `vscode-vfs://github/tock/libtock-c/build`.
import * as vscode from "vscode";
import { worldOf } from "../adapter/world.js";
import { withNames } from "./path-names.js";

export function toPath(uri: vscode.Uri): string {
  const { scheme, authority, path } = uri;
  if (scheme === "file") return uri.fsPath.replaceAll("\\", "/");
  return `${scheme}:${authority === "" ? "" : `//${authority}`}${path}`;
}

export function toUri(path: string): vscode.Uri {
  const world = worldOf(path);
  if (world === "") return vscode.Uri.file(path);
  return vscode.Uri.parse(`${world}/`).with({ path: path.slice(world.length) });
}

/** Where programs of this computer find no file. */
export const isVirtual = (path: string): boolean => worldOf(path) !== "";

/** A folder's path inside the workspace; of a workspace folder its name where there are several, else nothing. */
export function shownFolder(path: string): string {
  const roots = vscode.workspace.workspaceFolders ?? [];
  const root = roots.find(({ uri }) => toPath(uri) === path);
  if (root !== undefined) return roots.length === 1 ? "" : root.name;
  return vscode.workspace.asRelativePath(toUri(path));
}

/** A sentence for the user: paths in it that lie in a virtual workspace begin in their folder. */
export function named(sentence: string): string {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri, name }) => ({
    path: toPath(uri),
    name,
  }));
  const virtual = roots.some(({ path }) => isVirtual(path));
  return virtual ? withNames(sentence, roots) : sentence;
}

/**
 * A path of a configuration, made absolute. One that is relative lies in the configuration's folder; one without a file system in
 * that folder's, and where the configuration belongs to no folder, in that of the workspace folder around it.
 */
export function placedIn(folder: vscode.WorkspaceFolder | undefined, path: string): string {
  if (isVirtual(path)) return path;
  const roots = vscode.workspace.workspaceFolders ?? [];
  if (!/^([A-Za-z]:)?[\\/]/.test(path)) {
    const home = folder ?? roots[0];
    return home === undefined ? path : toPath(vscode.Uri.joinPath(home.uri, path));
  }
  const slashed = path.replaceAll("\\", "/");
  const { uri } = folder ?? roots.find(root => slashed.startsWith(`${root.uri.path}/`)) ?? {};
  return uri === undefined || uri.scheme === "file" ? path : toPath(uri.with({ path: slashed }));
}
