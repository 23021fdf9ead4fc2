// Paths of other file systems than this computer's: those that an editor has, such as a repository on a server. Shared with
// the extension.

/**
 * What stands before such a path: scheme and authority of its URI, as in `vscode-vfs://github/tock/libtock-c/build`. Behind it
 * comes a plain path with `/`, not encoded. Nothing for a path of this computer.
 */
export const worldOf = (path: string): string =>
  /^[A-Za-z][\w+.-]+:(?=\/)(?:\/\/[^/]+(?=\/))?/.exec(path)?.[0] ?? "";
