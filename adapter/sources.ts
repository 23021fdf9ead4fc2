// Finds on this computer the sources that debug information names by the paths of the computer that built the app:
// through sourceMap, as they are, or below a folder that holds the app (libtock-c's units name other apps' folders).
import { type Files, folderOf, hasDrive, isAbsolute, joinPath, normalizePath } from "./files.js";
import type { SourceMap } from "./protocol.js";

/** Folders above the app in which sources are looked for. */
const MAXIMUM_ANCESTORS = 8;
/** The folder of the app and the one around it (`build` and the app's own). */
const BESIDE = 2;
/** So many files of a folder are searched in vain before the folder counts as absent. */
const TRIES = 3;

/** Windows ignores case; a drive letter on either side tells that one of the paths comes from there. */
function foldedAlike(a: string, b: string): [string, string] {
  return hasDrive(a) || hasDrive(b) ? [a.toLowerCase(), b.toLowerCase()] : [a, b];
}

const samePath = (a: string, b: string): boolean => {
  const [x, y] = foldedAlike(a, b);
  return x === y;
};

/** `from` with a prefix replaced, longest prefix first; `undefined` if none fits. */
export function mapPath(path: string, map: SourceMap): string | undefined {
  const prefixes = Object.keys(map).sort((a, b) => b.length - a.length);
  for (const prefix of prefixes) {
    const from = normalizePath(prefix);
    const [whole, start] = foldedAlike(path, from);
    if (whole !== start && !whole.startsWith(start.endsWith("/") ? start : `${start}/`)) continue;
    const rest = path.slice(from.length).replace(/^\//, "");
    return joinPath(map[prefix] ?? "", rest);
  }
  return undefined;
}

function ancestorsOf(folder: string): string[] {
  const ancestors: string[] = [];
  for (let at = folder; ancestors.length < MAXIMUM_ANCESTORS; at = folderOf(at)) {
    ancestors.push(at);
    if (folderOf(at) === at || at === ".") break;
  }
  return ancestors;
}

/** Components that two paths have in common at their ends. */
export function commonEnd(a: string, b: string): number {
  const [x, y] = foldedAlike(a, b).map(path => path.split("/").reverse()) as [string[], string[]];
  let count = 0;
  while (count < x.length && count < y.length && x[count] === y[count]) count++;
  return count;
}

/** The sources of one app. */
export class Sources {
  readonly #files: Files;
  readonly #map: SourceMap;
  readonly #ancestors: readonly string[];
  readonly #found = new Map<string, Promise<string | undefined>>();
  /** Paths that were looked for, and whether they were found. */
  readonly #known = new Map<string, boolean>();
  /** Prefix in the debug information → prefix here, learnt from files that were found. */
  readonly #learnt = new Map<string, string>();
  /** Folders of the debug information → how many of their files were searched in vain. */
  readonly #missed = new Map<string, number>();

  constructor(files: Files, appPath: string, map: SourceMap) {
    this.#files = files;
    this.#map = map;
    this.#ancestors = ancestorsOf(folderOf(appPath));
  }

  /** Path of an existing file for `path` of the debug information. */
  resolve(path: string): Promise<string | undefined> {
    let found = this.#found.get(path);
    if (found === undefined) {
      found = this.#find(normalizePath(path));
      this.#found.set(path, found);
      void found.then(place => this.#known.set(path, place !== undefined));
    }
    return found;
  }

  /** Was looked for and is not here. */
  isMissing(path: string): boolean {
    return this.#known.get(path) === false;
  }

  async #find(path: string): Promise<string | undefined> {
    const [folder = "."] = this.#ancestors;
    const here = (given: string) => (isAbsolute(given) ? joinPath(folder, given) : given);
    const mapped = mapPath(path, this.#map);
    if (mapped !== undefined && (await this.#files.exists(here(mapped)))) return here(mapped);
    if (isAbsolute(path) && (await this.#files.exists(here(path)))) return here(path);
    for (const [from, to] of this.#learnt) {
      if (!path.startsWith(from)) continue;
      const guess = joinPath(to, path.slice(from.length));
      if (await this.#files.exists(guess)) return guess;
    }
    return this.#search(path);
  }

  /** Ends of the path, longest first, below the folders that hold the app, innermost first. */
  async #search(path: string): Promise<string | undefined> {
    const folder = folderOf(path);
    const missed = this.#missed.get(folder) ?? 0;
    if (missed >= TRIES) return undefined;
    const parts = path.split("/").filter(part => part !== "" && part !== "..");
    for (let skip = 0; skip < parts.length; skip++) {
      const end = parts.slice(skip).join("/");
      // A bare name is looked for only where the app itself lies: every app has its main.c.
      const places = skip === parts.length - 1 ? this.#ancestors.slice(0, BESIDE) : this.#ancestors;
      for (const place of places) {
        const guess = joinPath(place, end);
        if (!(await this.#files.exists(guess))) continue;
        this.#learnt.set(path.slice(0, path.length - end.length), place);
        return guess;
      }
    }
    this.#missed.set(folder, missed + 1);
    return undefined;
  }

  /**
   * Those of `paths` (of the debug information) that are the client's file `path`: the file itself, else a copy
   * of it that shares at least its folder's name, else the app's only file of that name if it lies beside the app.
   */
  async matching(path: string, paths: readonly string[]): Promise<readonly string[]> {
    const wanted = normalizePath(path);
    const named = paths
      .map(candidate => ({ candidate, shared: commonEnd(normalizePath(candidate), wanted) }))
      .filter(({ shared }) => shared > 0);
    const exact: string[] = [];
    for (const { candidate } of named) {
      const resolved = await this.resolve(candidate);
      const same = resolved !== undefined && samePath(normalizePath(resolved), wanted);
      if (same || samePath(normalizePath(candidate), wanted)) exact.push(candidate);
    }
    if (exact.length > 0) return exact;
    const most = Math.max(...named.map(({ shared }) => shared));
    const beside =
      this.#ancestors.slice(0, BESIDE).includes(folderOf(wanted)) && named.length === 1;
    if (most < 2 && !beside) return [];
    return named.filter(({ shared }) => shared === most).map(({ candidate }) => candidate);
  }
}
