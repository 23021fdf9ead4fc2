// Which files may be the one that debug information names by its path on the computer that built the app.

const parts = (path: string): string[] => path.split(/[\\/]+/).filter(part => part !== "");

/** Names that two paths have in common at their ends. */
function commonEnd(a: string, b: string): number {
  const [x, y] = [parts(a).reverse(), parts(b).reverse()];
  const differs = x.findIndex((part, index) => part !== y[index]);
  return differs === -1 ? x.length : differs;
}

/** Those of `candidates` whose ends have most in common with `path`, at least the file's name. */
export function closest(path: string, candidates: readonly string[]): string[] {
  const most = Math.max(1, ...candidates.map(candidate => commonEnd(path, candidate)));
  return candidates.filter(candidate => commonEnd(path, candidate) === most).sort();
}

/** The file's name as a pattern for a search, which takes `?` for any one character. */
export const namePattern = (path: string): string =>
  (parts(path).at(-1) ?? "").replace(/[*?[\]{}]/g, "?");
