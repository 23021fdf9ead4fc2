// The host of a session under Node: files, clock and stderr.
import { existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
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
    write: async (path, bytes) => {
      try {
        replaceFile(path, bytes);
        return true;
      } catch {
        // Why not, the caller cannot use: it names the file.
        return false;
      }
    },
  },
  now: () => performance.now(),
  wait: milliseconds =>
    milliseconds < 1 ? setImmediate(undefined) : setTimeout(milliseconds, undefined),
  log: line => void process.stderr.write(`${line}\n`),
};

/**
 * Writes a file so that it is the old one or the new one, whole, even if this program or another that writes it is ended
 * meanwhile. Throws the system's error, and then the old one is there.
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  // A link stays one, and a file keeps its permissions.
  const file = existsSync(path) ? realpathSync(path) : path;
  const mode = existsSync(file) ? statSync(file).mode : undefined;
  if (mode !== undefined && (mode & 0o222) === 0)
    throw Object.assign(new Error(`${path} is read-only`), { code: "EACCES" });
  const beside = `${file}.${process.pid}.new`;
  try {
    writeFileSync(beside, bytes, mode === undefined ? {} : { mode });
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
