// Files for servers that have no other way to them: through VS Code, on a disk, in a remote window or a virtual workspace.
import * as vscode from "vscode";

/** `undefined` where the work fails for the file system's reasons: no such file, no such file system, no permission. */
async function tried<T>(work: Thenable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

export const readFile = (uri: vscode.Uri): Promise<Uint8Array | undefined> =>
  tried(vscode.workspace.fs.readFile(uri));

/** A folder is no file. */
export async function fileExists(uri: vscode.Uri): Promise<boolean> {
  const stat = await tried(vscode.workspace.fs.stat(uri));
  return stat !== undefined && (stat.type & vscode.FileType.File) !== 0;
}

export interface Entry {
  name: string;
  isFolder: boolean;
}

/** Empty if there is no such folder. */
export async function readFolder(uri: vscode.Uri): Promise<Entry[]> {
  const entries = (await tried(vscode.workspace.fs.readDirectory(uri))) ?? [];
  return entries.map(([name, type]) => ({
    name,
    // One that is a link is left alone: it may lead back.
    isFolder: type === vscode.FileType.Directory,
  }));
}

/** False when it cannot be written. */
export async function writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  const written = vscode.workspace.fs.writeFile(uri, bytes).then(() => true);
  return (await tried(written)) === true;
}

/** How long a search may take where nobody may be able to search, in milliseconds. */
const PATIENCE = 3000;
/** The last search was not answered in time. */
let givenUp = false;

/** Files of the workspace by a pattern. VS Code waits for ever where a file system cannot be searched: none are found there. */
export function findFiles(include: string, exclude: string, most?: number): Promise<vscode.Uri[]> {
  const found = vscode.workspace.findFiles(include, exclude, most);
  const roots = vscode.workspace.workspaceFolders ?? [];
  if (roots.every(({ uri }) => uri.scheme === "file")) return Promise.resolve(found);
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      givenUp = true;
      resolve([]);
    };
    const timer = setTimeout(giveUp, givenUp ? 0 : PATIENCE);
    found.then(uris => {
      clearTimeout(timer);
      givenUp = false;
      resolve(uris);
    }, reject);
  });
}
