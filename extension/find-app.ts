// Which app F5 means when no launch.json says it. Pure: the caller lists the files, see surroundings.ts.
// An app lies where libtock-c's AppMakefile.mk puts it (`build/NAME.tab`), beside its sources, or in libtock-rs's target/.
import { worldOf } from "../adapter/world.js";

/** What can be seen from the editor. Paths are absolute and have `/`, on Windows too; see paths.ts. */
export interface Surroundings {
  /** The open workspace folders. */
  folders: readonly string[];
  activeFile?: string | undefined;
  /** Every `.tab` and `.tbf` file in the folders and around the active file. */
  apps: readonly string[];
  /** Folders whose Makefile builds an app, built or not. */
  appMakefiles: readonly string[];
}

export type Found =
  | { kind: "app"; path: string }
  /** Several apps fit equally well: the user chooses. */
  | { kind: "choose"; paths: string[] }
  /** The app is known but not built; `folder` is where make has to run. */
  | { kind: "unbuilt"; folder: string; message: string }
  | { kind: "nothing"; message: string };

export function findApp(seen: Surroundings): Found {
  const { activeFile } = seen;
  if (activeFile !== undefined && isApp(activeFile)) return { kind: "app", path: activeFile };
  const byFolder = groupByFolder(seen.apps);
  for (const folder of activeFile === undefined ? [] : foldersAbove(activeFile, seen.folders)) {
    const built = byFolder.get(folder);
    if (built) return narrow(built, [stem(activeFile as string), baseName(folder)]);
    if (seen.appMakefiles.includes(folder)) return unbuilt(folder);
  }
  const inFolders = [...byFolder]
    .filter(([folder]) => seen.folders.some(outer => isInside(folder, outer)))
    .flatMap(([, apps]) => apps);
  if (inFolders.length > 0) {
    return narrow(inFolders, activeFile === undefined ? [] : [stem(activeFile)]);
  }
  const makefile = seen.folders.find(folder => seen.appMakefiles.includes(folder));
  return makefile === undefined ? nothing(seen) : unbuilt(makefile);
}

/** Every app in the surroundings, `.tbf` files only where no `.tab` holds them. */
export function allApps(seen: Surroundings): string[] {
  return [...groupByFolder(seen.apps).values()].flat().sort();
}

/** `/x/blink/build/blink.tab` → `blink`. */
export function stem(path: string): string {
  return baseName(path).replace(/\.[^.]*$/, "");
}

/** The folder an app belongs to: where its sources and its Makefile are. */
export function appFolder(path: string): string {
  const folder = parent(path);
  if (baseName(folder) === "build") return parent(folder);
  return baseName(parent(folder)) === "build" ? parent(parent(folder)) : folder;
}

/** The folders from the one of `file` up to the workspace folder it lies in, or to the root if it lies in none. */
export function foldersAbove(file: string, folders: readonly string[]): string[] {
  const outer = folders.find(folder => isInside(file, folder));
  const result: string[] = [];
  for (let folder = parent(file); folder !== ""; folder = parent(folder)) {
    result.push(folder);
    if (folder === outer || folder === parent(folder)) break;
  }
  return result;
}

export const isApp = (path: string): boolean => /\.(tab|tbf)$/i.test(path);

function groupByFolder(apps: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const app of [...apps].sort()) {
    const folder = appFolder(app);
    groups.set(folder, [...(groups.get(folder) ?? []), app]);
  }
  for (const [folder, group] of groups) {
    const tabs = group.filter(path => /\.tab$/i.test(path));
    if (tabs.length > 0) groups.set(folder, tabs);
  }
  return groups;
}

/** The only one, else the only one that has the first of `names` that any has, else the user's choice. */
function narrow(apps: string[], names: string[]): Found {
  if (apps.length === 1) return { kind: "app", path: apps[0] as string };
  for (const name of names) {
    const named = apps.filter(path => stem(path) === name);
    if (named.length === 1) return { kind: "app", path: named[0] as string };
    if (named.length > 1) return { kind: "choose", paths: named };
  }
  return { kind: "choose", paths: apps };
}

const unbuilt = (folder: string): Found => ({
  kind: "unbuilt",
  folder,
  message: `${baseName(folder)} is not built yet: there is no .tab in ${folder}/build. Run make in its folder, then start again.`,
});

function nothing(seen: Surroundings): Found {
  if (seen.folders.length === 0 && seen.activeFile === undefined) {
    const message = `No folder is open: open that of a Tock app, or use "Tock: Run Example".`;
    return { kind: "nothing", message };
  }
  const where = seen.folders.length > 0 ? seen.folders.join(", ") : "the folder of this file";
  return {
    kind: "nothing",
    message: `No Tock app here: ${where} holds no .tab file. Build the app first (libtock-c: make in the app's folder), or name its .tab under "apps" in launch.json.`,
  };
}

/** That of a root is the root itself. */
const parent = (path: string): string => {
  const end = path.lastIndexOf("/");
  return end < 0 ? "" : path.slice(0, Math.max(end, worldOf(path).length + 1));
};

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
