// Analyses of the dumps of all documents, each made once: finds the programs, sets the scenes, explains.
import type { Connection } from "vscode-languageserver";
import { crashBody } from "../crash/body.js";
import { crashedProcess, dumpScene, sceneWithoutProcess } from "../crash/dump-scene.js";
import { type FoundElfs, findElfs, type PlacedElf } from "../crash/find-elf.js";
import { canList, listing } from "../crash/listing.js";
import type { CrashBody, Scene } from "../crash/model.js";
import type { ParsedDump } from "../crash/parse.js";
import { folderOf, isAbsolute, joinPath } from "../files.js";
import { Sources } from "../sources.js";
import type { Analysis, Analyzer } from "./analysis.js";
import { ClientFiles, pathOf, uriOf, worldOf } from "./client-files.js";
import type { CrashDocument } from "./document.js";
import { type Dump, DumpBlock } from "./dump.js";
import { type CrashParams, type CrashResult, SETTINGS, type Settings } from "./protocol.js";

/** Programs of so many boards are kept: a log tells of the same ones again and again. */
const MOST_PROGRAMS = 32;

export class Analyses implements Analyzer {
  /** URIs of the workspace's folders. */
  folders: readonly string[] = [];
  /** The client answers questions for settings. */
  hasSettings = false;
  readonly #connection: Connection;
  #made = new WeakMap<Dump, { promise: Promise<Analysis>; result?: Analysis }>();
  #worlds = new Map<string, World>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  analyze(uri: string, dump: Dump): Promise<Analysis> {
    const made = this.#made.get(dump);
    if (made) return made.promise;
    const entry: { promise: Promise<Analysis>; result?: Analysis } = {
      promise: this.#analyze(uri, dump).then(result => {
        entry.result = result;
        return result;
      }),
    };
    this.#made.set(dump, entry);
    return entry.promise;
  }

  known(dump: Dump): Analysis | undefined {
    return this.#made.get(dump)?.result;
  }

  /** A program or a setting has changed. */
  forget(): void {
    this.#made = new WeakMap();
    this.#worlds = new Map();
  }

  /** The answer to `tock/crash`. */
  async crash(
    params: CrashParams,
    documentAt: (uri: string) => CrashDocument | undefined,
  ): Promise<CrashResult> {
    if ("text" in params) {
      const [dump] = new DumpBlock(params.text).dumps;
      return dump ? (await this.analyze(params.base ?? "untitled:", dump)).body : null;
    }
    const placed = documentAt(params.uri)?.dumpAt(params.offset);
    return placed ? (await this.analyze(params.uri, placed.dump)).body : null;
  }

  async #analyze(uri: string, { parsed, text }: Dump): Promise<Analysis> {
    const world = await this.#world(uri);
    const explained = crashedProcess(parsed);
    const { placed, notes } = await world.programs(parsed, explained);
    const scenes = parsed.report.processes.map((_, i) => dumpScene(parsed, i, placed[i]));
    return {
      body: bodyOf(parsed, text, scenes, explained, notes),
      scenes,
      explained: explained < 0 ? undefined : explained,
      sourceOf: (process, { path }) => world.sourceOf(placed[process ?? explained], path),
      kernelSource: path => world.file(path),
      listingOf: async process => {
        const program = placed[process];
        return program && canList(program.elf) ? world.listing(program) : undefined;
      },
    };
  }

  /** Documents of one folder share what is found. */
  async #world(uri: string): Promise<World> {
    const base = /^untitled:/.test(uri) ? (this.folders[0] ?? uri) : uri;
    const beside = base === uri && worldOf(uri) !== undefined ? [folderOf(pathOf(uri))] : [];
    const folders = this.folders
      .filter(folder => worldOf(folder) === worldOf(base))
      .map(folder => pathOf(folder));
    const all = [...new Set([...folders, ...beside])];
    const key = `${worldOf(base)} ${all.join(" ")}`;
    let world = this.#worlds.get(key);
    if (!world) {
      const { elf = [] } = await this.#settings();
      const named = elf.map(path => (isAbsolute(path) ? path : joinPath(all[0] ?? "/", path)));
      world = new World(new ClientFiles(this.#connection, base), base, all, named);
      this.#worlds.set(key, world);
    }
    return world;
  }

  async #settings(): Promise<Settings> {
    if (!this.hasSettings) return {};
    const settings: unknown = await this.#connection.workspace.getConfiguration(SETTINGS);
    return (settings ?? {}) as Settings;
  }
}

function bodyOf(
  parsed: ParsedDump,
  text: string,
  scenes: readonly Scene[],
  explained: number,
  notes: readonly string[],
): CrashBody {
  const first = scenes[explained] ?? sceneWithoutProcess(parsed);
  const ordered = [first, ...scenes.filter(scene => scene !== first)];
  return crashBody(ordered, { kernelVersion: parsed.report.kernelVersion, notes, dump: text });
}

/** Files that can be reached from a document, and what was found there. */
class World {
  readonly #files: ClientFiles;
  readonly #base: string;
  readonly #folders: readonly string[];
  readonly #elfs: readonly string[];
  readonly #programs = new Map<string, Promise<FoundElfs>>();
  readonly #sources = new Map<string, Sources>();
  readonly #kernel = new Map<string, Promise<string | undefined>>();

  constructor(
    files: ClientFiles,
    base: string,
    folders: readonly string[],
    elfs: readonly string[],
  ) {
    this.#files = files;
    this.#base = base;
    this.#folders = folders;
    this.#elfs = elfs;
  }

  /** The ELF files of a dump's processes; dumps of the same programs at the same places share them. */
  programs(parsed: ParsedDump, explained: number): Promise<FoundElfs> {
    const key = JSON.stringify([parsed.isa, explained, parsed.report.processes.map(placeKey)]);
    let found = this.#programs.get(key);
    if (found === undefined) {
      const search = {
        elfs: this.#elfs,
        folders: this.#folders,
        option: `the setting "${SETTINGS}.elf"`,
      };
      found = findElfs(parsed, explained, search, this.#files);
      const [oldest] = this.#programs.keys();
      if (oldest !== undefined && this.#programs.size >= MOST_PROGRAMS)
        this.#programs.delete(oldest);
    } else this.#programs.delete(key);
    // The one that was used last stands last.
    this.#programs.set(key, found);
    return found;
  }

  async sourceOf(program: PlacedElf | undefined, path: string): Promise<string | undefined> {
    const found = program && (await this.#sourcesOf(program).resolve(path));
    return found === undefined ? undefined : uriOf(found, this.#base);
  }

  async listing(program: PlacedElf): Promise<string> {
    const lines: string[] = [];
    const source = (path: string) => this.#sourceLines(program, path);
    for await (const line of listing(program, source)) lines.push(line);
    return `${lines.join("\n")}\n`;
  }

  async #sourceLines(program: PlacedElf, path: string): Promise<readonly string[] | undefined> {
    const found = await this.#sourcesOf(program).resolve(path);
    const bytes = found === undefined ? undefined : await this.#files.read(found);
    return bytes && new TextDecoder().decode(bytes).split(/\r?\n/);
  }

  /** URI of a file below one of the folders. */
  file(path: string): Promise<string | undefined> {
    let found = this.#kernel.get(path);
    if (found === undefined) {
      found = this.#find(path);
      this.#kernel.set(path, found);
    }
    return found;
  }

  async #find(path: string): Promise<string | undefined> {
    for (const folder of this.#folders) {
      const place = joinPath(folder, path);
      if (await this.#files.exists(place)) return uriOf(place, this.#base);
    }
    return undefined;
  }

  #sourcesOf({ path }: PlacedElf): Sources {
    let sources = this.#sources.get(path);
    if (!sources) {
      sources = new Sources(this.#files, path, {});
      this.#sources.set(path, sources);
    }
    return sources;
  }
}

/** All that tells which build ran where. */
const placeKey = (process: ParsedDump["report"]["processes"][number]) => [
  process.name,
  process.flash,
  process.memory?.start,
  process.stackTop,
  process.heapStart,
  process.fixedAddresses,
  process.initFunction,
];
