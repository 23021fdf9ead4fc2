// What client and language server say to each other beyond LSP 3.17. Types and names only: both sides import this.
import type { CrashBody } from "../crash/model.js";

/** The languages that the server serves. */
export const LANGUAGES = ["tock-crash", "tock-console"] as const;

/** Server to client: a file of the world of `base`, a document or a workspace folder. Answer: `FileBytes`. */
export const READ_FILE = "tock/readFile";
/** Server to client: whether such a file is there. Answer: a boolean. */
export const FILE_EXISTS = "tock/fileExists";
/** Server to client: what a folder holds. Answer: `FolderEntry[]`, empty if there is no such folder. */
export const READ_FOLDER = "tock/readFolder";

export interface FileParams {
  /** URI whose scheme and authority the path belongs to. */
  base: string;
  /** Absolute, with `/`; on Windows `c:/…`. */
  path: string;
}

/** Base64, which every transport carries; `null`: there is no such file. */
export type FileBytes = { base64: string } | null;

export interface FolderEntry {
  name: string;
  isFolder: boolean;
}

/** The section of the settings that the server asks for. */
export const SETTINGS = "tock.crashDump";
export interface Settings {
  /** ELF files of apps that are not found by themselves; relative to the first folder. */
  elf?: readonly string[];
}

/** Client to server: the crash of a document's dump at `offset`, or of a text that is no document. Answer: `CrashBody | null`. */
export const CRASH = "tock/crash";
export type CrashParams = { uri: string; offset: number } | { text: string; base?: string };
export type CrashResult = CrashBody | null;

/** Scheme of listings: virtual documents whose text the server gives (`workspace/textDocumentContent`). */
export const LISTING_SCHEME = "tock-listing";

/** Commands of code lenses, which the client carries out. */
export const OPEN_PANEL_COMMAND = "tock.openCrashDumpAt";
export const OPEN_PLACE_COMMAND = "tock.openCrashPlace";

/** The argument of `OPEN_PANEL_COMMAND`: which dump of the document. */
export interface DumpPlace {
  uri: string;
  offset: number;
}

/** The argument of `OPEN_PLACE_COMMAND`; line and character count from 0. */
export interface DocumentPlace {
  uri: string;
  line: number;
  character: number;
}
