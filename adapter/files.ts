// How the adapter sees files: an argument given by its host, so that a browser needs no other session.
import { worldOf } from "./world.js";

export interface Files {
  /** The bytes of a file, `undefined` if there is none (a folder is none either). */
  read(path: string): Promise<Uint8Array | undefined>;
  exists(path: string): Promise<boolean>;
  /** What a folder holds, without `.` and `..`; empty if it cannot be read. Absent where nothing can be listed. */
  list?(folder: string): Promise<readonly { name: string; isFolder: boolean }[]>;
  /** False when it cannot be written; absent where nothing can. */
  write?(path: string, bytes: Uint8Array): Promise<boolean>;
}

/** A path of Windows. */
export const hasDrive = (path: string): boolean => /^[A-Za-z]:/.test(path);

/** A path with `/` only, without `.`, empty and resolvable `..` parts; `C:` is written in lower case, a server as `//`. */
export function normalizePath(path: string): string {
  const world = worldOf(path);
  if (world !== "") return world + normalizePath(path.slice(world.length).replace(/^\/+/, "/"));
  const slashed = path
    .replaceAll("\\", "/")
    .replace(/^([A-Za-z]):/, (_, d: string) => `${d.toLowerCase()}:`);
  const absolute = slashed.startsWith("/");
  const root = path.startsWith("\\\\") ? "//" : absolute ? "/" : "";
  const parts: string[] = [];
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    const last = parts.at(-1);
    const top = last === undefined ? absolute : hasDrive(last);
    if (part !== ".." || (!top && (last === undefined || last === ".."))) parts.push(part);
    else if (!top) parts.pop();
  }
  return root + parts.join("/");
}

export const baseName = (path: string): string => normalizePath(path).split("/").at(-1) ?? "";

/** The folder that holds `path`; `.` for a bare name. */
export function folderOf(path: string): string {
  const world = worldOf(path);
  if (world !== "") return world + folderOf(path.slice(world.length));
  const normal = normalizePath(path);
  const at = normal.lastIndexOf("/");
  return at < 0 ? "." : at === 0 ? "/" : normal.slice(0, at);
}

export const isAbsolute = (path: string): boolean =>
  /^([/\\]|[A-Za-z]:[/\\])/.test(path) || worldOf(path) !== "";

/** A path as it is meant in a folder: an absolute one lies in the folder's world. */
export function joinPath(folder: string, path: string): string {
  if (!isAbsolute(path)) return normalizePath(`${folder}/${path}`);
  const world = worldOf(path) === "" ? worldOf(folder) : "";
  const normal = normalizePath(path);
  return world === "" ? normal : normalizePath(`${world}/${normal}`);
}
