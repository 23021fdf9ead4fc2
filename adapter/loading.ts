// Apps that come and go while the board runs: what the client is told of them, and what binds anew.
import type { AppLoader, BoardDescription, TockBoard, TraceEvent } from "../emulator/index.js";
import type { App, Target } from "./apps.js";
import type { BreakpointState } from "./breakpoints.js";
import type { Debuggee } from "./debuggee.js";
import type { Files } from "./files.js";
import { flashFiles, writtenMeanwhile } from "./flash-files.js";
import type { InstalledAppInfo, SourceMap } from "./protocol.js";
import { threadOf } from "./stack.js";

/** How far the loader is with what it does. */
export interface Progress {
  title: string;
  phase: "start" | "update" | "end";
  percentage: number;
}

/** Code of an app in flash; `id` is its address. */
export interface CodeModule {
  id: number;
  name: string;
  path?: string;
  hasSymbols: boolean;
}

export interface LoadingListener {
  appsChanged(): void;
  progress(progress: Progress): void;
  module(reason: "new" | "removed", module: CodeModule): void;
  breakpointChanged(state: BreakpointState): void;
}

export interface LoadingParts {
  debuggee: Debuggee;
  built: TockBoard;
  /** The file that keeps the board's flash, and what it held. */
  flash: { path: string; image: Uint8Array } | undefined;
  /** Of the launch. */
  sourceMap: SourceMap;
  /** The board as it was launched. */
  target: Target;
  board: BoardDescription;
}

export class Loading {
  readonly loader: AppLoader;
  readonly sourceMap: SourceMap;
  /** Apps that were installed since the launch, the youngest first: a restart over a flash file finds them there. */
  installed: App[] = [];
  /** The board as it is now. */
  readonly target: Target;
  readonly board: BoardDescription;
  readonly #built: TockBoard;
  readonly #flash: { path: string; image: Uint8Array } | undefined;
  /** The loader has been told something since the launch, so that a board without processes may get one yet. */
  used = false;
  readonly #debuggee: Debuggee;
  readonly #listener: LoadingListener;
  #modules: Map<string, CodeModule>;
  /** Title of what the client is told of as under way. */
  #progress: string | undefined;

  constructor(parts: LoadingParts, listener: LoadingListener) {
    const { debuggee, built } = parts;
    const { loader } = built;
    this.#debuggee = debuggee;
    this.#built = built;
    this.board = parts.board;
    this.loader = loader;
    this.#flash = parts.flash && { ...parts.flash };
    this.sourceMap = parts.sourceMap;
    this.target = { ...parts.target, suits: tbf => loader.suits(tbf) };
    this.#listener = listener;
    this.#modules = this.#modulesNow();
  }

  /** Numbers of the drivers that answer on the board. */
  get drivers(): ReadonlySet<number> {
    return new Set(this.#built.drivers.keys());
  }

  /** What Tock's process console would answer; `undefined` where the line is for the board itself. */
  consolePeek(line: string): string | undefined {
    return this.#built.consolePeek(line);
  }

  /** The apps in flash, each with its process. */
  apps(): InstalledAppInfo[] {
    const { processes } = this.#debuggee;
    return this.loader.apps.map(({ address, ...app }) => {
      const process = processes.find(({ flash }) => flash.start === address);
      const live = process && { threadId: threadOf(process.index), state: process.state };
      return { ...app, address, ...live };
    });
  }

  /** Names of apps that were installed on the board before and are not on this one. */
  lost(before: Loading): string[] {
    const on = (loading: Loading) => loading.loader.apps.map(({ name }) => name);
    const names = before.installed.map(({ tbf }) => tbf.header.name);
    return on(before).filter(name => names.includes(name) && !on(this).includes(name));
  }

  /** Makes an app known whose bytes are about to be installed. */
  async prepare(app: App): Promise<void> {
    const debuggee = this.#debuggee;
    const gone = this.installed.filter(old => !this.#isWanted(old) || sameBytes(old, app));
    debuggee.addApp(app);
    debuggee.forgetApps(gone);
    this.installed = [app, ...this.installed.filter(old => !gone.includes(old))];
    await this.#debuggee.findSources();
  }

  /** It is on the board, or may be on its way. */
  #isWanted(app: App): boolean {
    const { busy, apps } = this.loader;
    const addresses = apps.map(({ address }) => address);
    return busy || this.#debuggee.isThere(app, addresses);
  }

  /** Writes the flash file and the one beside it, if the launch names one (else `undefined`); a sentence if that cannot be. */
  saveFlash(files: Files): Promise<string | undefined> | undefined {
    return this.#flash && this.#save(this.#flash, files);
  }

  async #save(
    flash: { path: string; image: Uint8Array },
    { read, write }: Files,
  ): Promise<string | undefined> {
    const { path } = flash;
    const files = flashFiles(path, this.#built);
    const lost = writtenMeanwhile(path, flash.image, await read(path));
    for (const { path, bytes } of files)
      if (!(await write?.(path, bytes)))
        return `${path}: the board's flash could not be written there; look at the permissions of the file and its folder.`;
    flash.image = files[0]?.bytes ?? flash.image;
    return lost;
  }

  hear(event: TraceEvent): void {
    if (event.type === "processCreated" && !event.restart) this.#changed();
    const { identifiers } = this.#debuggee.kernel;
    if (event.type === "processExited" && identifiers[event.process] === null) this.#changed();
    // What was under way when the board was reset is not taken up again, and one that has panicked needs a reset.
    if (event.type === "kernelPanic" || (event.type === "bootStage" && event.stage === "reset"))
      this.end();
    if (event.type !== "output" || event.device !== "loader") return;
    this.used = true;
    if (typeof event.value !== "object" || event.value instanceof Uint8Array) {
      this.end();
      this.#changed();
      return;
    }
    const { doing, done, of } = event.value;
    if (this.#progress !== doing) this.#start(String(doing));
    this.#tell("update", (100 * Number(done)) / Math.max(1, Number(of)));
  }

  #start(title: string): void {
    this.end();
    this.#progress = title;
    this.#tell("start", 0);
  }

  /** Nothing is under way any more: it is done, or the board is gone. */
  end(): void {
    this.#tell("end", 100);
    this.#progress = undefined;
  }

  #tell(phase: Progress["phase"], percentage: number): void {
    const title = this.#progress;
    if (title === undefined) return;
    this.#listener.progress({ title, phase, percentage: Math.floor(percentage) });
  }

  /** Processes lie elsewhere than before: breakpoints bind again at once. */
  #changed(): void {
    for (const state of this.#debuggee.breakpoints.rebind())
      this.#listener.breakpointChanged(state);
    const before = this.#modules;
    this.#modules = this.#modulesNow();
    for (const [key, module] of before)
      if (!this.#modules.has(key)) this.#listener.module("removed", module);
    for (const [key, module] of this.#modules)
      if (!before.has(key)) this.#listener.module("new", module);
    this.#listener.appsChanged();
  }

  #modulesNow(): Map<string, CodeModule> {
    return new Map(
      this.#debuggee.processes.map(({ index, flash, name }) => {
        const program = this.#debuggee.program(index);
        const path = program?.app.path;
        const module = {
          id: flash.start,
          name: this.#debuggee.nameOf(index) || name,
          ...(path !== undefined && { path }),
          hasSymbols: program?.symbols !== undefined,
        };
        return [`${index} ${JSON.stringify(module)}`, module];
      }),
    );
  }
}

const sameBytes = ({ tbf: { bytes } }: App, { tbf: other }: App): boolean =>
  bytes.length === other.bytes.length && bytes.every((byte, i) => byte === other.bytes[i]);
