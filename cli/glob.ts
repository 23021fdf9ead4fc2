// Paths by a pattern, where a shell leaves it to the program: `*` and `?` stand for what is no `/`, `**/` for any folders.
import { normalize } from "node:path";

export const isPattern = (path: string): boolean => /[*?]/.test(path);

/** The folder in which to look, and which normalised paths are meant. */
export function patternOf(text: string): { folder: string; matches: (path: string) => boolean } {
  const pattern = slashed(normalize(text));
  const [fixed = ""] = /^(?:[^*?]*\/)?/.exec(pattern) ?? [];
  const expression = pattern.replace(
    /\*\*\/|\*+|\?|[^*?]+/g,
    part => wild[part] ?? (part.startsWith("*") ? "[^/]*" : literal(part)),
  );
  const regex = new RegExp(`^${expression}$`);
  return { folder: fixed === "" ? "." : fixed, matches: path => regex.test(slashed(path)) };
}

const wild: Readonly<Record<string, string>> = { "**/": "(?:[^/]+/)*", "?": "[^/]" };
const literal = (text: string): string => text.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
const slashed = (path: string): string => path.replaceAll("\\", "/");
