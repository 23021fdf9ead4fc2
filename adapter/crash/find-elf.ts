// Finds the ELF files of a dump's apps: those that are named, else in the folders where the build tools leave them
// (libtock-c: APP/build/ARCH/ARCH.elf beside APP/build/APP.tab; libtock-rs: target/…/release/examples/APP), and places
// them where the dump says that the apps ran. What does not fit the dump is not used, and one sentence tells why.
import {
  type Elf,
  type ElfSection,
  type ProcessReport,
  parseElf,
  SHT_NOBITS,
  UserError,
} from "../../emulator/index.js";
import { loadedSections } from "../elf-match.js";
import { baseName, type Files, folderOf, joinPath } from "../files.js";
import type { Image, Placement } from "../symbols/image.js";
import type { MemoryReader } from "../symbols/model.js";
import { DwarfSymbols } from "../symbols/table.js";
import { agreement } from "./elf-choice.js";
import { misfit, placementOf } from "./elf-fit.js";
import type { ParsedDump } from "./parse.js";

/** An app's ELF at the addresses of the dump. */
export interface PlacedElf {
  path: string;
  elf: Elf;
  symbols: DwarfSymbols;
  /** The app's flash, as the ELF has it. */
  memory: MemoryReader;
}

export interface ElfSearch {
  /** Named by the user. */
  elfs: readonly string[];
  /** Searched with what is below them. */
  folders: readonly string[];
  /** What the user names an ELF with: `--elf`. */
  option: string;
}

export interface FoundElfs {
  /** For each process of the dump. */
  placed: readonly (PlacedElf | undefined)[];
  /** A sentence for each ELF that does not fit and each app that has none. */
  notes: readonly string[];
}

interface Candidate {
  path: string;
  elf: Elf;
}

/** `first`: the process that is explained; an ELF of another name is taken to be its. */
export async function findElfs(
  dump: ParsedDump,
  first: number,
  search: ElfSearch,
  files: Files,
): Promise<FoundElfs> {
  const { processes } = dump.report;
  const notes: string[] = [];
  const read = new Map<string, Candidate | undefined>();
  const candidate = async (path: string): Promise<Candidate | undefined> => {
    if (!read.has(path)) read.set(path, await readElf(path, files, notes));
    return read.get(path);
  };
  const named = await Promise.all(search.elfs.map(candidate));
  const names = new Set(processes.map(({ name }) => name).filter(name => name !== ""));
  const enough = named.length > 0 && processes.length === 1;
  const built = enough ? undefined : await builtElfs(search.folders, names, files);
  const placed: (PlacedElf | undefined)[] = [];
  for (const [index, process] of processes.entries()) {
    const given = named.filter(elf => elf && isFor(elf.path, process, index === first, names));
    const found = built?.get(process.name) ?? [];
    const candidates = given.length > 0 ? given : await Promise.all(found.map(candidate));
    placed.push(bestFit(candidates, dump, index, notes));
    if (candidates.length === 0 && index === first) notes.push(missing(process, search));
  }
  return { placed, notes };
}

function bestFit(
  candidates: readonly (Candidate | undefined)[],
  dump: ParsedDump,
  index: number,
  notes: string[],
): PlacedElf | undefined {
  const process = dump.report.processes[index];
  if (process === undefined) return undefined;
  let reason: string | undefined;
  const fits: PlacedElf[] = [];
  for (const each of candidates) {
    if (!each) continue;
    const why = misfit(each.elf, process, dump.isa);
    if (why === undefined) fits.push(placeElf(each.path, each.elf, process));
    reason ??= why && `${each.path} is not the build of ${quoted(process)} in the dump: ${why}.`;
  }
  if (fits.length > 1) {
    const scores = fits.map(each => agreement(each, dump, index));
    return fits[scores.indexOf(Math.max(...scores))];
  }
  if (fits.length === 0 && reason !== undefined) notes.push(reason);
  return fits[0];
}

/** What a sentence calls an app; a header may hold a name of any length. */
const quoted = ({ name }: ProcessReport): string =>
  name === "" ? "the app" : name.length > 64 ? `"${name.slice(0, 64)}…"` : `"${name}"`;

function missing(process: ProcessReport, { elfs, folders, option }: ElfSearch): string {
  if (elfs.length > 0)
    return `None of the ELF files that were named is that of ${quoted(process)}.`;
  const where = folders.length === 0 ? "" : ` below ${folders.join(" and ")}`;
  return `There is no ELF of ${quoted(process)}${where}, so addresses have no names; name the file with ${option}.`;
}

/** The ELF at the addresses where the process ran. */
export const placeElf = (path: string, elf: Elf, process: ProcessReport): PlacedElf =>
  placeElfAt(path, elf, placementOf(elf, process));

/** The ELF at known addresses; without them, where it is linked. */
export function placeElfAt(path: string, elf: Elf, placement: Placement | undefined): PlacedElf {
  const symbols = new DwarfSymbols(elf, placement);
  return { path, elf, symbols, memory: flashOf(elf, symbols.image) };
}

/**
 * The bytes that an ELF puts into flash, and the table of addresses through which position-independent code finds its
 * variables. Other RAM has changed since the app began, so it is not told.
 */
export function flashOf(elf: Elf, image: Pick<Image, "toRuntime">): MemoryReader {
  const parts = [
    ...loadedSections(elf).map(({ address, bytes }) => ({ low: image.toRuntime(address), bytes })),
    ...elf.sections.filter(isOffsetTable).map(section => ({
      low: image.toRuntime(section.address),
      bytes: relocated(section.data(), image),
    })),
  ];
  return {
    read(address, length) {
      const result = new Uint8Array(length);
      let covered = 0;
      for (const { low, bytes } of parts) {
        const from = Math.max(address, low);
        const to = Math.min(address + length, low + bytes.length);
        if (from >= to) continue;
        result.set(bytes.subarray(from - low, to - low), from - address);
        covered += to - from;
      }
      return covered === length ? result : undefined;
    },
  };
}

const isOffsetTable = ({ name, type }: ElfSection): boolean =>
  name === ".got" && type !== SHT_NOBITS;

/** Words of the global offset table, as the start of an app moves them (libtock/crt0.c). */
function relocated(bytes: Uint8Array, image: Pick<Image, "toRuntime">): Uint8Array {
  const moved = Uint8Array.from(bytes);
  const words = new DataView(moved.buffer);
  for (let at = 0; at + 4 <= moved.length; at += 4)
    words.setUint32(at, image.toRuntime(words.getUint32(at, true)), true);
  return moved;
}

/** Reads an ELF; one that cannot be read is a note. */
async function readElf(
  path: string,
  files: Files,
  notes: string[],
): Promise<Candidate | undefined> {
  const bytes = await files.read(path);
  if (bytes === undefined) {
    notes.push(`${path}: there is no such file.`);
    return undefined;
  }
  try {
    return { path, elf: parseElf(bytes, path) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    notes.push(error.message.replace(/\.?$/, "."));
    return undefined;
  }
}

/** A named ELF goes to the process whose name its path has; one without goes to the process that is explained. */
function isFor(
  path: string,
  process: ProcessReport,
  isFirst: boolean,
  names: ReadonlySet<string>,
): boolean {
  if (isNamed(path, process.name)) return true;
  return isFirst && ![...names].some(name => isNamed(path, name));
}

const stem = (path: string): string => baseName(path).replace(/\.elf$/i, "");

/** Whether a file's name or the folder that holds its build is an app's name. */
function isNamed(path: string, name: string): boolean {
  if (name === "") return false;
  const parts = path.split("/");
  const build = parts.lastIndexOf("build");
  return stem(path) === name || (build > 0 && parts[build - 1] === name) || parts.at(-2) === name;
}

/** Below this many folders nothing is looked for, nor behind this many files. */
const DEEPEST = 8;
const MOST_FILES = 20_000;
/** Folders without an app's ELF. */
const skipped = new Set(["node_modules", "deps", "incremental", "out", "dist"]);

/** Files below `folders` that may be the ELF of an app, by the app's name; likeliest, then nearest first. */
async function builtElfs(
  folders: readonly string[],
  names: ReadonlySet<string>,
  files: Files,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const elfs: string[] = [];
  /** Folders with the TAB of an app. */
  const tabs = new Map([...names].map(name => [name, new Set<string>()]));
  let count = 0;
  let waiting = [...new Set(folders.map(folder => joinPath(folder, ".")))];
  for (let depth = 0; files.list && depth < DEEPEST && waiting.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of waiting) {
      if (count > MOST_FILES) break;
      const entries = await files.list(folder);
      count += entries.length;
      const isTarget = folder.split("/").includes("target");
      for (const { name, isFolder } of entries) {
        const path = joinPath(folder, name);
        if (isFolder && !name.startsWith(".") && !skipped.has(name)) next.push(path);
        if (isFolder) continue;
        if (/\.elf$/i.test(name) || (isTarget && names.has(name))) elfs.push(path);
        tabs.get(name.replace(/\.tab$/i, ""))?.add(folder);
      }
    }
    waiting = next;
  }
  const hasTab = (path: string, name: string) =>
    [folderOf(path), folderOf(folderOf(path))].some(folder => tabs.get(name)?.has(folder));
  const unique = [...new Set(elfs)];
  return new Map(
    [...names].map(name => {
      const named = unique.filter(path => isNamed(path, name));
      return [
        name,
        [...named, ...unique.filter(path => !named.includes(path) && hasTab(path, name))],
      ];
    }),
  );
}

/** Folders to look in for the ELF files of a dump: where the command runs, and where the dump lies. */
export const searchFolders = (current: string, dumpPath: string | undefined): string[] => [
  ...new Set([current, ...(dumpPath === undefined ? [] : [folderOf(joinPath(current, dumpPath))])]),
];
