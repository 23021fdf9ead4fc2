// The host of a session under Node: files, clock and stderr.
import { access, readFile, writeFile } from "node:fs/promises";
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
    write: (path, bytes) =>
      writeFile(path, bytes).then(
        () => true,
        () => false,
      ),
  },
  now: () => performance.now(),
  wait: milliseconds =>
    milliseconds < 1 ? setImmediate(undefined) : setTimeout(milliseconds, undefined),
  log: line => void process.stderr.write(`${line}\n`),
};
