// Paths as the adapter takes them. That of a file has `/`, on Windows too; one of another file system of VS Code begins with
// scheme and authority of its URI, and is not encoded: `vscode-vfs://github/tock/libtock-c/build`.
import * as vscode from "vscode";
import { worldOf } from "../adapter/world.js";

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

/** A path made absolute as it is meant in a folder: one that says no more than where it lies is of the folder's file system. */
export function placedIn({ uri }: vscode.WorkspaceFolder, path: string): string {
  if (isVirtual(path)) return path;
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.test(path);
  if (!isAbsolute) return toPath(vscode.Uri.joinPath(uri, path));
  return uri.scheme === "file" ? path : toPath(uri.with({ path: path.replaceAll("\\", "/") }));
}
