// The host of a session under Node: files, clock and stderr.
import { access, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Host } from "./host.js";

export const nodeHost: Host = {
  files: {
    read: path => readFile(path).catch(() => undefined),
    exists: path =>
      access(path).then(
        () => true,
        () => false,
      ),
    list: folder =>
      readdir(folder, { withFileTypes: true }).then(
        entries => entries.map(entry => ({ name: entry.name, isFolder: entry.isDirectory() })),
        () => [],
      ),
    // Whoever reads the file meanwhile finds the old one or the new one.
    write: (path, bytes) =>
      writeFile(`${path}.new`, bytes)
        .then(() => rename(`${path}.new`, path))
        .then(
          () => true,
          () => false,
        ),
  },
  now: () => performance.now(),
  wait: milliseconds =>
    milliseconds < 1 ? setImmediate(undefined) : setTimeout(milliseconds, undefined),
  log: line => void process.stderr.write(`${line}\n`),
};
