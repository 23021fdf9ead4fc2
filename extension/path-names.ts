// Sentences name files of a virtual workspace as VS Code names them elsewhere: from the workspace folder on. Without VS Code.

export interface Root {
  /** As the adapter takes it, see paths.ts. */
  path: string;
  name: string;
}

/** A sentence with the paths in `roots` shortened; where there are several roots, each path begins with its root's name. */
export function withNames(sentence: string, roots: readonly Root[]): string {
  const inner = [...roots].sort((a, b) => b.path.length - a.path.length);
  return inner.reduce((text, { path, name }) => {
    const folder = path.replace(/\/$/, "");
    const below = text.replaceAll(`${folder}/`, () => (roots.length > 1 ? `${name}/` : ""));
    return below.replaceAll(new RegExp(`${literal(folder)}(?![\\w-]|\\.\\w)`, "g"), () => name);
  }, sentence);
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
