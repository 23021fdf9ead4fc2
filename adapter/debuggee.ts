// What is debugged: a board with its processes, the symbols of each, and the user's breakpoints. All synchronous.
// Processes are named by their index; nothing here holds a view of one across a stop.
import type { Isa, Kernel, Machine, ProcessView } from "../emulator/index.js";
import type { App } from "./apps.js";
import { type Bound, Breakpoints, type Spot } from "./breakpoints.js";
import type { Change } from "./change.js";
import { Execution } from "./execution.js";
import type { Read16 } from "./flow.js";
import { type Program, placeProgram } from "./program.js";
import type { Namer } from "./rows.js";
import { beginningAt, type Stepped } from "./stepping.js";
import { bareFrame, namerOf, type Subject } from "./subject.js";
import type {
  Frame,
  InlinedCall,
  MemoryReader,
  RegisterValues,
  SourceLocation,
} from "./symbols/model.js";
import { DwarfSymbols } from "./symbols/table.js";

/** What of a process stays where it is as long as there is one. */
type Placement = Pick<ProcessView, "index" | "flash" | "memory">;

const DWARF_REGISTERS = 16;
const PC = 15;
const SVC_SIZE = 2;

export class Debuggee implements Subject {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly breakpoints: Breakpoints;
  readonly execution: Execution;
  readonly memory: MemoryReader;
  readonly read16: Read16;
  /** Integers are shown in hexadecimal. */
  hex = false;
  /** The user has changed memory or registers. */
  onChange: (change: Change) => void = () => {};
  /** The youngest first, those of the launch last and in their order. */
  #apps: App[];
  readonly #launched: ReadonlySet<App>;
  /** Process → how many inlined calls begin where it stands without being entered, after so many instructions. */
  readonly #ahead = new Map<number, { count: number; instructions: number }>();
  readonly #programs = new Map<number, Program | undefined>();
  /** Processes come and go: valid as long as they have these identifiers. */
  #placements: { identifiers: string; of: readonly Placement[] } | undefined;
  /** Programs by where they lie: they are expensive to make, and processes begin again. */
  readonly #made = new Map<string, Program>();
  /** Client's source path → per app the paths of its debug information that are this file. */
  readonly #sources = new Map<string, Map<App, readonly string[]>>();
  /** App that no process was loaded from → the files that its debug information names. */
  readonly #files = new Map<App, readonly string[]>();

  constructor(machine: Machine, kernel: Kernel, apps: readonly App[]) {
    this.machine = machine;
    this.kernel = kernel;
    this.#apps = [...apps];
    this.#launched = new Set(apps);
    this.breakpoints = new Breakpoints(machine.cpu, spot => this.#bind(spot));
    this.execution = new Execution(machine, kernel, this.breakpoints);
    this.execution.ownerOf = address => this.ownerOf(address);
    const { memory } = machine;
    this.memory = {
      read: (address, length) =>
        memory.contains(address, length) ? memory.readBytes(address, length) : undefined,
    };
    this.read16 = address => (memory.contains(address, 2) ? memory.read16(address) : undefined);
  }

  get isa(): Isa {
    return this.machine.cpu.isa;
  }

  get processes(): readonly ProcessView[] {
    return this.kernel.processes;
  }

  get programs(): readonly (Program | undefined)[] {
    return this.#placed.map(({ index }) => this.program(index));
  }

  /** One whose system call has not returned stands at its `svc`. */
  registers(index: number): readonly number[] | null {
    const registers = this.kernel.registers(index);
    if (registers !== null && this.kernel.isInSyscall(index)) {
      registers[PC] = (registers[PC] as number) - SVC_SIZE;
    }
    return registers;
  }

  process(index: number): ProcessView | undefined {
    const exists = this.#placed.some(process => process.index === index);
    return exists ? this.kernel.process(index) : undefined;
  }

  /** Where processes lie. Whole views are made of much more, and this is asked for every address that is shown. */
  get #placed(): readonly Placement[] {
    const identifiers = this.kernel.identifiers.join();
    if (this.#placements?.identifiers !== identifiers) {
      const of = this.processes.map(({ index, flash, memory }) => ({ index, flash, memory }));
      this.#placements = { identifiers, of };
      this.#programs.clear();
    }
    return this.#placements.of;
  }

  /** An app whose binary may come to lie in flash while the board runs. */
  addApp(app: App): void {
    this.#apps.unshift(app);
    this.#programs.clear();
  }

  /** Forgets apps that nothing will be made of any more, which are much to keep. */
  forgetApps(gone: readonly App[]): void {
    const isGone = ({ app }: { app: App }) => gone.includes(app);
    const inUse = new Set(this.programs);
    for (const [at, program] of this.#made)
      if (isGone(program) && !inUse.has(program)) this.#made.delete(at);
    this.#apps = this.#apps.filter(app => !gone.includes(app));
    for (const app of gone) {
      this.#files.delete(app);
      for (const units of this.#sources.values()) units.delete(app);
    }
    this.#programs.clear();
  }

  /** Whether the binary of an app lies at one of `addresses`, or a process was made of it. */
  isThere(app: App, addresses: readonly number[]): boolean {
    return (
      this.programs.some(program => program?.app === app) ||
      addresses.some(address => this.#lies(app, address))
    );
  }

  /** Looks for the sources that were asked for before in apps that came since. */
  async findSources(): Promise<void> {
    for (const path of this.#sources.keys()) await this.prepareSource(path);
  }

  /** The app that a process was loaded from: the one whose bytes lie at its flash. */
  program(index: number): Program | undefined {
    const exists = this.#placed.some(process => process.index === index);
    if (!exists) return undefined;
    if (!this.#programs.has(index))
      this.#programs.set(index, this.#place(this.kernel.process(index)));
    return this.#programs.get(index);
  }

  #place(view: ProcessView): Program | undefined {
    const at = `${view.flash.start} ${view.memory.start}`;
    const made = this.#made.get(at);
    // Its own flash, which an app may write, tells nothing any more once it has run.
    if (view.restartCount > 0 && made !== undefined) return made;
    const app = this.#appAt(view.flash.start);
    const program = app === made?.app ? made : app && placeProgram(app, view);
    if (program === undefined) this.#made.delete(at);
    else this.#made.set(at, program);
    return program;
  }

  /** Of several launched with the same bytes the first lies first in flash. */
  #appAt(start: number): App | undefined {
    const same = this.#apps.filter(app => this.#lies(app, start));
    const [youngest] = same;
    if (youngest === undefined || same.length === 1 || !same.every(app => this.#launched.has(app)))
      return youngest;
    const before = this.#placed.filter(
      ({ flash }) => flash.start < start && this.#lies(youngest, flash.start),
    );
    return same[Math.min(before.length, same.length - 1)];
  }

  /** The app's binary lies at an address. */
  #lies({ tbf }: App, start: number): boolean {
    const bytes = this.memory.read(start, tbf.header.binaryEnd);
    return bytes?.every((byte, i) => byte === tbf.bytes[i] || isOfFlags(i)) === true;
  }

  /** The program whose flash holds `address`. */
  programAt(address: number): Program | undefined {
    const owner = this.#placed.find(({ flash }) => address >= flash.start && address < flash.end);
    return owner === undefined ? undefined : this.program(owner.index);
  }

  /** Whether `address` lies in the header of an app. */
  isHeader(address: number): boolean {
    return this.#placed.some(({ flash }) => address >= flash.start && address < flash.appStart);
  }

  /** The process whose RAM holds `address`. */
  ownerOf(address: number): number | undefined {
    const holds = ({ memory }: Placement) => address >= memory.start && address < memory.end;
    return this.#placed.find(holds)?.index;
  }

  nameOf(index: number): string {
    const view = this.process(index);
    return this.program(index)?.app.name ?? view?.name ?? `process ${index}`;
  }

  /** Symbol and distance at an address of the process, e.g. `main+0x12`. */
  namer(index: number): Namer {
    return namerOf(this.program(index));
  }

  /** Innermost first, without the inlined calls that are not entered yet. */
  frames(index: number, limit?: number): readonly Frame[] {
    if (this.program(index)?.symbols === undefined) return this.#allFrames(index, limit);
    const ahead = this.#aheadOf(index);
    return this.#allFrames(index, limit === undefined ? undefined : limit + ahead).slice(ahead);
  }

  #allFrames(index: number, limit?: number): readonly Frame[] {
    const registers = this.registers(index);
    if (registers === null) return [];
    const values: RegisterValues = registers.slice(0, DWARF_REGISTERS);
    const program = this.program(index);
    if (program?.symbols === undefined) return [bareFrame(values, PC)];
    return program.unwinder.frames(values, this.memory, limit);
  }

  /** The instruction after which a process stands counts for one stop only. */
  #aheadOf(index: number): number {
    const ahead = this.#ahead.get(index);
    return ahead?.instructions === this.machine.cpu.instructions ? ahead.count : 0;
  }

  #inlinedAt(index: number): readonly InlinedCall[] {
    const pc = this.registers(index)?.[PC];
    return pc === undefined ? [] : (this.program(index)?.symbols?.inlinedAt(pc) ?? []);
  }

  /** Until the process runs on, its innermost frame is the one inside of `depth` inlined calls around its pc. */
  showInlined(index: number, depth: number): void {
    const count = Math.max(0, this.#inlinedAt(index).length - depth);
    this.#ahead.set(index, { count, instructions: this.machine.cpu.instructions });
  }

  /** Stopped where inlined calls begin: shows the frame that stands at one of `lines`, else the outermost of them. */
  showLine(index: number, lines: readonly number[]): void {
    const pc = (this.registers(index)?.[PC] ?? 0) & ~1;
    const calls = this.#inlinedAt(index);
    const outermost = calls.length - beginningAt(calls, pc >>> 0);
    const frames = this.frames(index, calls.length + 1);
    const shown = frames.find(frame => lines.includes(frame.location?.line ?? 0));
    this.showInlined(index, Math.max(outermost, shown?.inlineDepth ?? 0));
  }

  /** The frame of a process that stands at one of `lines`, else its innermost. */
  frameAt(index: number, lines: readonly number[]): Frame | undefined {
    const inlined = lines.length === 0 ? 0 : this.#inlinedAt(index).length;
    const frames = this.#allFrames(index, inlined + 1);
    return frames.find(frame => lines.includes(frame.location?.line ?? 0)) ?? frames[0];
  }

  /** What a step asks of the process. */
  stepped(index: number): Stepped {
    const program = this.program(index);
    const symbols = program?.symbols;
    return {
      isa: this.isa,
      read16: this.read16,
      frames: limit => this.frames(index, limit),
      functionAt: pc => symbols?.functionAt(pc),
      inlinedAt: pc => symbols?.inlinedAt(pc) ?? [],
      showInlined: depth => this.showInlined(index, depth),
      symbolAt: pc => symbols?.symbolAt(pc),
      locationAt: pc => symbols?.locationAt(pc) ?? null,
      lineRangeAt: pc => symbols?.lineRangeAt(pc),
      isShown: pc => {
        const place = symbols?.locationAt(pc);
        if (!place || place.line === 0) return false;
        return program?.app.sources.isMissing(place.path) === false;
      },
    };
  }

  /** Looks for every source of the process, so that a step knows what can be shown. */
  async prepareStep(index: number): Promise<void> {
    const program = this.program(index);
    const files = program?.symbols?.files ?? [];
    await Promise.all(files.map(file => program?.app.sources.resolve(file)));
  }

  /** Finds which units of which apps the client's file is, so that its lines can be bound. */
  async prepareSource(path: string): Promise<void> {
    const units = new Map<App, readonly string[]>();
    for (const app of this.#apps) {
      units.set(app, await app.sources.matching(path, this.#filesOf(app)));
    }
    this.#sources.set(path, units);
  }

  /** Every source of an app, whether or not it is on the board. */
  #filesOf(app: App): readonly string[] {
    const placed = [...this.#programs.values()].find(program => program?.app === app);
    const known = placed?.symbols?.files ?? this.#files.get(app);
    if (known !== undefined || app.elf === undefined) return known ?? [];
    const { files } = new DwarfSymbols(app.elf, { appStart: 0, memStart: 0 });
    this.#files.set(app, files);
    return files;
  }

  /** Whether any app was built from the client's file, once `prepareSource` has looked for it. */
  hasSource(path: string): boolean {
    return [...(this.#sources.get(path)?.values() ?? [])].some(units => units.length > 0);
  }

  #bind(spot: Spot): Bound | undefined {
    if (spot.kind === "source") return this.bindLine(spot.path, spot.line);
    if (spot.kind === "function") return this.#bindFunction(spot.name);
    if (spot.kind === "instruction") return this.#bindInstruction(spot.address);
    const exists = this.machine.memory.contains(spot.address, spot.length);
    return exists ? { line: undefined, addresses: [] } : undefined;
  }

  /** The code of a line of a source that `prepareSource` has looked for. */
  bindLine(path: string, line: number): Bound | undefined {
    const units = this.#sources.get(path);
    const addresses = new Set<number>();
    let bound: number | undefined;
    for (const { index } of this.#placed) {
      const program = this.program(index);
      if (program?.symbols === undefined) continue;
      for (const unit of units?.get(program.app) ?? []) {
        const found = program.symbols.addressesOf(unit, line);
        if (found === undefined) continue;
        for (const address of found.addresses) {
          addresses.add(address);
          // Where it stops: behind a prologue that is another line than the function's first, but before inlined calls.
          const place = program.symbols.locationAt(address);
          const called = program.symbols
            .inlinedAt(address)
            .some(({ callSite }) => callSite?.line === found.line && callSite.path === unit);
          const actual = place?.path === unit && !called ? place.line : found.line;
          bound = Math.min(bound ?? actual, actual);
        }
      }
    }
    return bound === undefined ? undefined : { line: bound, addresses: [...addresses] };
  }

  #bindFunction(name: string): Bound | undefined {
    const addresses = new Set<number>();
    for (const { index } of this.#placed) {
      const found = this.program(index)?.symbols?.functionsNamed(name) ?? [];
      for (const { afterPrologue } of found) addresses.add(afterPrologue);
    }
    const [first] = addresses;
    if (first === undefined) return undefined;
    return { line: this.locationAt(first)?.line, addresses: [...addresses] };
  }

  #bindInstruction(address: number): Bound | undefined {
    if (this.read16(address) === undefined) return undefined;
    return { line: this.locationAt(address)?.line, addresses: [address] };
  }

  /** Where the code at `address` stands in its source, as the debug information writes it. */
  locationAt(address: number): SourceLocation | null {
    return this.programAt(address)?.symbols?.locationAt(address) ?? null;
  }

  /** Where a process stops on entry: `main`, else its first instruction. */
  entryOf(index: number): number | undefined {
    const main = this.program(index)?.symbols?.functionsNamed("main")[0];
    const init = this.process(index)?.initFunction;
    return main?.afterPrologue ?? (init === undefined ? undefined : init & ~1);
  }

  /** Every process has ended for good. */
  get ended(): boolean {
    const over = (state: string) => state === "Terminated" || state === "Faulted";
    return this.processes.every(({ state }) => over(state));
  }
}

/** Flags and checksum of a header, which enabling and disabling the app changes. */
const isOfFlags = (offset: number): boolean => offset >= 8 && offset < 16;
