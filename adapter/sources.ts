// Finds on this computer the sources that debug information names by the paths of the computer that built the app:
// through sourceMap, as they are, or below a folder that holds the app (libtock-c's units name other apps' folders).
import { baseName, type Files, folderOf, joinPath, normalizePath } from "./files.js";
import type { SourceMap } from "./protocol.js";

/** Folders above the app in which sources are looked for. */
const MAXIMUM_ANCESTORS = 8;

/** `from` with a prefix replaced, longest prefix first; `undefined` if none fits. */
export function mapPath(path: string, map: SourceMap): string | undefined {
  const prefixes = Object.keys(map).sort((a, b) => b.length - a.length);
  for (const prefix of prefixes) {
    const from = normalizePath(prefix);
    if (path !== from && !path.startsWith(from.endsWith("/") ? from : `${from}/`)) continue;
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
  const [x, y] = [a.split("/").reverse(), b.split("/").reverse()];
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
  /** Folders of the debug information of which no file was found. */
  readonly #absent = new Set<string>();

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
    const mapped = mapPath(path, this.#map);
    if (mapped !== undefined && (await this.#files.exists(mapped))) return mapped;
    if (path.startsWith("/") || /^[a-z]:/.test(path)) {
      if (await this.#files.exists(path)) return path;
    }
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
    if (this.#absent.has(folder)) return undefined;
    const parts = path.split("/").filter(part => part !== "" && part !== "..");
    for (let skip = 0; skip < parts.length; skip++) {
      const end = parts.slice(skip).join("/");
      // A bare name is looked for only where the app itself lies: every app has its main.c.
      const places = skip === parts.length - 1 ? this.#ancestors.slice(0, 2) : this.#ancestors;
      for (const place of places) {
        const guess = joinPath(place, end);
        if (!(await this.#files.exists(guess))) continue;
        this.#learnt.set(path.slice(0, path.length - end.length), place);
        return guess;
      }
    }
    this.#absent.add(folder);
    return undefined;
  }

  /** Those of `paths` (of the debug information) that are the client's file `path`. */
  async matching(path: string, paths: readonly string[]): Promise<readonly string[]> {
    const wanted = normalizePath(path);
    const name = baseName(wanted);
    const exact: string[] = [];
    const close: string[] = [];
    for (const candidate of paths) {
      if (baseName(candidate) !== name) continue;
      const resolved = await this.resolve(candidate);
      if (resolved === wanted || normalizePath(candidate) === wanted) exact.push(candidate);
      else if (resolved === undefined && commonEnd(normalizePath(candidate), wanted) > 1) {
        close.push(candidate);
      }
    }
    return exact.length > 0 ? exact : close;
  }
}
