// Events of DAP about apps that come and go while the board runs: modules, their sources, and how far the loader is.

import type { Client } from "./client.js";
import { sourcesOf } from "./debuggee-sources.js";
import type { CodeModule, Progress } from "./loading.js";
import type { Program } from "./program.js";
import type { StackSource } from "./stack.js";

export interface AppEventsOptions {
  send(event: string, body: object): void;
  client(): Client;
}

export class AppEvents {
  readonly #options: AppEventsOptions;
  /** Long tasks so far, of which one is under way at a time. */
  #tasks = 0;
  /** What the client knows the sources of. */
  #known: readonly Program[] = [];
  /** What is on the board. */
  #programs: readonly Program[] = [];
  /** Sources are looked for in files, and told in the order of the changes. */
  #told: Promise<void> = Promise.resolve();

  constructor(options: AppEventsOptions) {
    this.#options = options;
  }

  /** Programs of a board that boots: the client asks for their sources itself. */
  adopt(programs: readonly (Program | undefined)[]): void {
    this.#known = present(programs);
  }

  /** How far the loader is, for a client that shows it. */
  progress({ title, phase, percentage }: Progress): void {
    const { send, client } = this.#options;
    if (!client().supportsProgress) return;
    if (phase === "start") this.#tasks++;
    const progressId = `loader ${this.#tasks}`;
    if (phase === "start")
      send("progressStart", { progressId, title, percentage, cancellable: false });
    else if (phase === "update") send("progressUpdate", { progressId, percentage });
    else send("progressEnd", { progressId });
  }

  module(reason: "new" | "removed", { id, name, path, hasSymbols }: CodeModule): void {
    const symbolStatus = hasSymbols ? "Symbols loaded." : "No symbols.";
    this.#options.send("module", { reason, module: { id, name, path, symbolStatus } });
  }

  /** Tells of sources that are on the board now, or are no more; of what a reset takes and gives back nothing. */
  sources(programs: readonly (Program | undefined)[]): void {
    this.#programs = present(programs);
    this.#told = this.#told.then(() => this.#compare());
  }

  async #compare(): Promise<void> {
    const [before, now] = [this.#known, this.#programs];
    this.#known = now;
    if (now.length === before.length && now.every(program => before.includes(program))) return;
    const [had, has] = [await sourcesByPath(before), await sourcesByPath(now)];
    this.#tell("removed", had, has);
    this.#tell("new", has, had);
  }

  #tell(reason: string, of: Sources, but: Sources): void {
    const { send, client } = this.#options;
    for (const [path, source] of of)
      if (!but.has(path)) send("loadedSource", { reason, source: client().source(source) });
  }
}

type Sources = ReadonlyMap<string, StackSource>;

const sourcesByPath = async (programs: readonly Program[]): Promise<Sources> =>
  new Map((await sourcesOf({ programs })).map(source => [source.path, source]));

const present = (programs: readonly (Program | undefined)[]): readonly Program[] =>
  programs.filter(program => program !== undefined);
