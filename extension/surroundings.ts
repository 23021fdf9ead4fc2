// Looks around in the workspace for find-app.ts: which apps, which Makefiles, which file is being edited.
import * as vscode from "vscode";
import { foldersAbove, isApp, type Surroundings } from "./find-app.js";

/** How far above a file outside of every workspace folder apps are looked for. */
const maxFoldersAbove = 6;

/** A path with `/`, as find-app.ts and Node on every system take it. */
export const toPath = (uri: vscode.Uri): string => uri.fsPath.replaceAll("\\", "/");

export async function lookAround(): Promise<Surroundings> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => toPath(uri));
  const activeFile = activePath();
  const above = activeFile === undefined ? [] : foldersAbove(activeFile, folders);
  const near = above.slice(0, maxFoldersAbove);
  const found = await vscode.workspace.findFiles("**/*.{tab,tbf}", "**/{node_modules,.git}/**");
  const apps = new Set(found.map(toPath));
  for (const path of (await Promise.all(near.map(appsIn))).flat()) apps.add(path);
  const makefiles = await Promise.all([...new Set([...above, ...folders])].map(appMakefile));
  return {
    folders,
    activeFile,
    apps: [...apps],
    appMakefiles: makefiles.filter(folder => folder !== undefined),
  };
}

/** The file in front of the user; a `.tab` opened in a binary editor counts too. */
function activePath(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    vscode.window.activeTextEditor?.document.uri ??
    (input instanceof vscode.TabInputCustom ? input.uri : undefined);
  return uri?.scheme === "file" ? toPath(uri) : undefined;
}

async function appsIn(folder: string): Promise<string[]> {
  const lists = await Promise.all(
    [folder, `${folder}/build`].map(async path =>
      (await namesIn(path)).filter(isApp).map(name => `${path}/${name}`),
    ),
  );
  return lists.flat();
}

/** The folder itself if its Makefile includes libtock-c's AppMakefile.mk. */
async function appMakefile(folder: string): Promise<string | undefined> {
  if (!(await namesIn(folder)).includes("Makefile")) return undefined;
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(`${folder}/Makefile`));
  return new TextDecoder().decode(bytes).includes("AppMakefile.mk") ? folder : undefined;
}

/** Names of the files in a folder; none if there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
    return entries.filter(([, type]) => type & vscode.FileType.File).map(([name]) => name);
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}
