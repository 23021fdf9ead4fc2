// Files for the verbs: whatever goes wrong with one is a sentence for the user.
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../adapter/host.node.js";
import { UserError } from "../emulator/index.js";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path",
  EACCES: "no permission; change those of the file, or name another one",
  EEXIST: "it is a file; expected a folder",
  EISDIR: "it is a folder; expected a file",
  ENOTDIR: "a part of the path is no folder",
};

/** No flash or debug information that we can hold is larger. */
const MAXIMUM_SIZE = 1024 * 1024 * 1024;

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${path}: ${reasons[code] ?? `the system says ${code}`}.`);
  }
}

/** @throws UserError with the path and the reason */
export function readBytes(path: string, maximum = MAXIMUM_SIZE): Uint8Array {
  return attempt(path, () => {
    const { size } = statSync(path);
    if (size > maximum)
      throw new UserError(`${path}: it has ${size} bytes; expected at most ${maximum}.`);
    return readFileSync(path);
  });
}

/** `undefined` where there is no such file. @throws UserError when it is there and cannot be read */
export const existingBytes = (path: string): Uint8Array | undefined =>
  existsSync(path) ? readBytes(path) : undefined;

/** @throws UserError with the path and the reason */
export function writeBytes(path: string, bytes: Uint8Array): void {
  attempt(path, () => writeFileSync(path, bytes));
}

/** The file is the old one or the new one whenever the program ends. @throws UserError with the path and the reason */
export function replaceBytes(path: string, bytes: Uint8Array): void {
  attempt(path, () => replaceFile(path, bytes));
}

/** @throws UserError where no file can be written because there is no such folder */
export function expectFolderOf(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new UserError(`${path}: there is no folder ${folder}; make it, or name another file.`);
}

/** @throws UserError with the path and the reason */
export const folderEntries = (path: string): readonly Dirent[] =>
  attempt(path, () => readdirSync(path, { withFileTypes: true }));

/** Makes a folder where there is none. @throws UserError with the path and the reason */
export function makeFolder(path: string): void {
  attempt(path, () => mkdirSync(path, { recursive: true }));
}
