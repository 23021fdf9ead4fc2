// SourceFinder: from paths in debug information to files on this machine, and back. All libtock-c apps share objects
// that name the directory of whichever app was built first, and programs are built on other machines.
import { normalizePath } from "../dwarf/path.js";

export interface SourceSettings {
  /** Workspace folders, the most likely first. */
  folders: readonly string[];
  /** Path prefixes as compiled → as they are here. The longest that fits wins. */
  sourceMap?: Readonly<Record<string, string>>;
}

/** How many parents of a workspace folder are searched: an app's folder lies below libtock-c's root. */
const ANCESTORS = 5;

export class SourceFinder {
  readonly #exists: (path: string) => boolean;
  readonly #roots: readonly string[];
  readonly #map: readonly { from: string; to: string }[];
  readonly #found = new Map<string, string | undefined>();

  /** `exists` is asked with `/`-separated paths. */
  constructor(exists: (path: string) => boolean, settings: SourceSettings) {
    this.#exists = exists;
    this.#roots = unique(settings.folders.flatMap(folder => withAncestors(normalizePath(folder))));
    this.#map = Object.entries(settings.sourceMap ?? {})
      .map(([from, to]) => ({ from: normalizePath(from), to: normalizePath(to) }))
      .sort((a, b) => b.from.length - a.from.length);
  }

  /** The file that `path` of the debug information means; `undefined` if it is not on this machine. */
  find(path: string): string | undefined {
    if (!this.#found.has(path)) this.#found.set(path, this.#search(normalizePath(path)));
    return this.#found.get(path);
  }

  #search(path: string): string | undefined {
    for (const candidate of [...this.#mapped(path), path]) {
      if (isAbsolute(candidate) && this.#exists(candidate)) return candidate;
    }
    return this.#bySuffix(path);
  }

  #mapped(path: string): string[] {
    return this.#map
      .filter(({ from }) => isBelow(path, from))
      .map(({ from, to }) => normalizePath(`${to}/${path.slice(from.length)}`));
  }

  /** The longest tail of `path` that is a file below a workspace folder or near it. */
  #bySuffix(path: string): string | undefined {
    const parts = partsOf(path);
    for (let start = 0; start < parts.length; start++) {
      const suffix = parts.slice(start);
      for (const root of this.#roots) {
        // Every app has a main.c: a lone file name counts only in a folder of the same name as its own.
        if (suffix.length === 1 && start > 0 && !sameName(partsOf(root).at(-1), parts[start - 1])) {
          continue;
        }
        const candidate = `${root === "/" ? "" : root}/${suffix.join("/")}`;
        if (this.#exists(candidate)) return candidate;
      }
    }
    return undefined;
  }

  /** Which of `files` (paths of the debug information) mean the file that an editor shows. */
  pathsOf(editorPath: string, files: readonly string[]): string[] {
    const wanted = normalizePath(editorPath);
    const named = files.filter(file => sameName(partsOf(file).at(-1), partsOf(wanted).at(-1)));
    const exact = named.filter(file => {
      const found = this.find(file);
      return samePath(file, wanted) || (found !== undefined && samePath(found, wanted));
    });
    if (exact.length > 0) return exact;
    // A copy elsewhere: as much of the path's tail as any file shares, but more than the name.
    const scored = named
      .filter(file => this.find(file) === undefined)
      .map(file => ({ file, shared: sharedTail(partsOf(file), partsOf(wanted)) }));
    const best = Math.max(0, ...scored.map(({ shared }) => shared));
    return scored
      .filter(({ file, shared }) => shared === best && shared >= Math.min(2, partsOf(file).length))
      .map(({ file }) => file);
  }
}

const hasDrive = (path: string): boolean => /^[A-Za-z]:/.test(path);

const isAbsolute = (path: string): boolean => path.startsWith("/") || hasDrive(path);

const partsOf = (path: string): string[] => path.split("/").filter(part => part !== "");

const unique = (paths: readonly string[]): string[] => [...new Set(paths)];

/** Windows' file systems ignore case; a drive letter tells. */
const folded = (path: string): string => (hasDrive(path) ? path.toLowerCase() : path);

const samePath = (a: string, b: string): boolean => folded(a) === folded(b);

/** Single names: one machine may be Windows and the other not. */
const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase();

function isBelow(path: string, folder: string): boolean {
  const [p, f] = [folded(path), folded(folder)];
  return p === f || p.startsWith(f.endsWith("/") || f === "" ? f : `${f}/`);
}

function withAncestors(folder: string): string[] {
  const paths = [folder];
  for (let i = 0; i < ANCESTORS; i++) {
    const parent = (paths.at(-1) ?? "").replace(/\/[^/]+$/, "");
    if (parent === "" || parent === paths.at(-1)) break;
    paths.push(parent);
  }
  return paths;
}

function sharedTail(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && sameName(a.at(-1 - shared), b.at(-1 - shared))) {
    shared++;
  }
  return shared;
}
