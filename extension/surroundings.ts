// Looks around in the workspace for find-app.ts: which apps, which Makefiles, which file is being edited.
import * as vscode from "vscode";
import { findFiles, readFolder } from "./files.js";
import { foldersAbove, isApp, type Surroundings } from "./find-app.js";
import { toPath, toUri } from "./paths.js";

/** How far above a file outside of every workspace folder apps are looked for. */
const maxFoldersAbove = 6;

export async function lookAround(): Promise<Surroundings> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => toPath(uri));
  const activeFile = activePath();
  const above = activeFile === undefined ? [] : foldersAbove(activeFile, folders);
  // Not every file system can be searched.
  const near = new Set([...above.slice(0, maxFoldersAbove), ...folders]);
  const found = await findFiles("**/*.{tab,tbf}", "**/{node_modules,.git}/**");
  const apps = new Set(found.map(toPath));
  for (const path of (await Promise.all([...near].map(appsIn))).flat()) apps.add(path);
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
  return uri && isFile(uri) ? toPath(uri) : undefined;
}

/** No text of an extension's, of Git or of none: a file on the disk or in the same file system as a workspace folder. */
const isFile = ({ scheme, authority }: vscode.Uri): boolean =>
  scheme === "file" ||
  (vscode.workspace.workspaceFolders ?? []).some(
    ({ uri }) => uri.scheme === scheme && uri.authority === authority,
  );

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
  const bytes = await vscode.workspace.fs.readFile(toUri(`${folder}/Makefile`));
  return new TextDecoder().decode(bytes).includes("AppMakefile.mk") ? folder : undefined;
}

/** Names of the files in a folder; none if there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readFolder(toUri(folder));
  return entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
}
