// Paths as compilers write them: of Unix or Windows, whatever this program runs on.

const isAbsolute = (path: string): boolean => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path);

/** `/`-separated and without `.` and `..` where they can be resolved. A drive letter marks Windows' separators. */
export function normalizePath(path: string): string {
  const windows = /^([A-Za-z]:)?\\|^[A-Za-z]:\/|^[^/]*\\/.test(path);
  const slashed = windows ? path.replaceAll("\\", "/") : path;
  const rooted = slashed.startsWith("/");
  const parts: string[] = [];
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    const last = parts.at(-1);
    if (part !== "..") parts.push(part);
    else if (last !== undefined && last !== ".." && !/^[A-Za-z]:$/.test(last)) parts.pop();
    else if (!rooted && last === undefined) parts.push(part);
    else if (last === "..") parts.push(part);
  }
  const prefix = slashed.startsWith("//") ? "//" : rooted ? "/" : "";
  return prefix + parts.join("/");
}

/** `path` seen from `directory`, normalized. */
export function joinPath(directory: string, path: string): string {
  if (isAbsolute(path) || directory === "") return normalizePath(path);
  if (path === "") return normalizePath(directory);
  const separator = /[\\/]$/.test(directory) ? "" : directory.includes("\\") ? "\\" : "/";
  return normalizePath(`${directory}${separator}${path}`);
}
