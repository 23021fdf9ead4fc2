// Logs with dumps, and the apps of a dump at its addresses, for the verbs that work on them.
import { stdin } from "node:process";
import { crashedProcess } from "../adapter/crash/dump-scene.js";
import { findElfs, type PlacedElf, searchFolders } from "../adapter/crash/find-elf.js";
import { logText } from "../adapter/crash/log-text.js";
import { type ParsedDump, parseDumps } from "../adapter/crash/parse.js";
import type { Files } from "../adapter/files.js";
import { nodeHost } from "../adapter/host.node.js";
import { type Elf, parseElf, UserError } from "../emulator/index.js";
import { readBytes } from "./files.js";

/** A console that has sent more is not read by anyone. */
const LARGEST_LOG = 64 * 1024 * 1024;

/** @throws UserError for a file that cannot be read or is too large */
export async function readLog(path: string | undefined): Promise<string> {
  if (path !== undefined && path !== "-") return logText(readBytes(path, LARGEST_LOG));
  if (stdin.isTTY)
    throw new UserError(
      "crash: expected a file with a dump, or a log on stdin. See tock-debug crash --help.",
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_LOG)
      throw new UserError(`stdin: it has more than ${LARGEST_LOG} bytes; cut out the dump.`);
    chunks.push(chunk);
  }
  return logText(Buffer.concat(chunks));
}

/** @throws UserError for a file that is no ELF */
export function readElf(path: string): Elf {
  if (/\.tab$/i.test(path))
    throw new UserError(
      `${path}: a TAB holds no names and lines; give the ELF that it was made of, such as build/cortex-m4/cortex-m4.elf.`,
    );
  return parseElf(readBytes(path), path);
}

/** The last dump of a log. @throws UserError if there is none */
export async function readDump(path: string): Promise<ParsedDump> {
  const { dumps } = parseDumps(await readLog(path));
  const dump = dumps.at(-1);
  if (dump === undefined) throw noDump(path);
  return dump;
}

export const noDump = (path: string): UserError =>
  new UserError(
    `${path === "-" ? "stdin" : path}: there is no crash dump in it; expected what the kernel prints from "panicked at" or "---| App Status |---" on.`,
  );

/** Files of this computer, whose folders and bytes are read but once: for a log with many dumps. */
export function rememberedFiles(): Files {
  const { read, list } = nodeHost.files;
  return {
    ...nodeHost.files,
    read: once(read),
    list: once(async folder => (await list?.(folder)) ?? []),
  };
}

function once<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return path => {
    const answer = answers.get(path) ?? ask(path);
    answers.set(path, answer);
    return answer;
  };
}

export interface PlacedProcess {
  name: string;
  placed: PlacedElf | undefined;
}

/** The processes of a dump with their ELF files; the first is the one that crashed. */
export async function placeProcesses(
  dump: ParsedDump,
  dumpPath: string,
  elfs: readonly string[],
  option: string,
): Promise<{ processes: PlacedProcess[]; notes: readonly string[] }> {
  for (const elf of elfs) readElf(elf);
  const first = crashedProcess(dump);
  const file = dumpPath === "-" ? undefined : dumpPath;
  const search = { elfs, folders: searchFolders(process.cwd(), file), option };
  const { placed, notes } = await findElfs(dump, first, search, nodeHost.files);
  const processes = dump.report.processes.map(({ name }, i) => ({ name, placed: placed[i] }));
  return { processes: [...processes.splice(first, 1), ...processes], notes };
}
