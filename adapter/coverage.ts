// Which statements of the unmodified binaries were executed, and how often: counts of the CPU by the line tables.
import type { Kernel, Machine, TraceEvent } from "../emulator/index.js";
import type { App } from "./apps.js";
import type { Debuggee } from "./debuggee.js";
import type { Program } from "./program.js";
import type { FunctionInfo } from "./symbols/model.js";

export interface FunctionCoverage {
  name: string;
  line: number;
  /** How often it was entered; 0: never. */
  count: number;
}

/** A source file on this computer. Lines without code are absent, those that were not executed have count 0. */
export interface FileCoverage {
  path: string;
  /** By line. */
  lines: ReadonlyMap<number, number>;
  functions: readonly FunctionCoverage[];
}

/** Counts of one file of an app, by the path in its debug information. */
interface Counted {
  lines: Map<number, number>;
  /** By line and name. */
  functions: Map<string, FunctionCoverage>;
}

interface Placed {
  program: Program;
  flash: { start: number; end: number };
}

/** Counts what processes execute from its making on. */
export class Coverage {
  readonly #debuggee: Debuggee;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #counts: Uint32Array;
  /** Programs whose counts are still in the CPU's, by the start of their flash. */
  readonly #placed = new Map<number, Placed>();
  readonly #apps = new Map<App, Map<string, Counted>>();

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
    this.#machine = debuggee.machine;
    this.#kernel = debuggee.kernel;
    this.#counts = new Uint32Array(this.#machine.memory.map.flash.size / 2);
    this.#machine.cpu.counts = this.#counts;
    this.#kernel.identifiers.forEach((pid, index) => {
      if (pid !== null) this.#place(index);
    });
    this.#machine.trace.listen(event => this.#hear(event));
  }

  /** What was counted so far, of sources that are on this computer, by path. */
  async files(): Promise<readonly FileCoverage[]> {
    for (const start of [...this.#placed.keys()]) this.#harvest(start);
    const parts: FileCoverage[] = [];
    for (const [app, files] of this.#apps) {
      for (const [written, { lines, functions }] of files) {
        const path = await app.sources.resolve(written);
        if (path !== undefined) parts.push({ path, lines, functions: [...functions.values()] });
      }
    }
    return mergeCoverage(parts);
  }

  /** A new app lies where another one may have been. */
  #hear(event: TraceEvent): void {
    if (event.type === "processCreated" && !event.restart) this.#place(event.process);
  }

  #place(index: number): void {
    const { flash } = this.#kernel.process(index);
    for (const [start, old] of this.#placed)
      if (old.flash.start < flash.end && flash.start < old.flash.end) {
        this.#harvest(start);
        this.#placed.delete(start);
      }
    const program = this.#debuggee.program(index);
    if (program !== undefined) this.#placed.set(flash.start, { program, flash });
  }

  /** Moves the counts of a program from those of the CPU to its app's. */
  #harvest(start: number): void {
    const placed = this.#placed.get(start);
    const symbols = placed?.program.symbols;
    if (placed === undefined || symbols === undefined) return;
    const { app } = placed.program;
    const files = this.#apps.get(app) ?? new Map<string, Counted>();
    this.#apps.set(app, files);
    const fileOf = (path: string): Counted => {
      const file = files.get(path) ?? { lines: new Map(), functions: new Map() };
      files.set(path, file);
      return file;
    };
    const statements = symbols.statements();
    for (const { path, line, count } of byCopy(statements, s => this.#most(s))) {
      const { lines } = fileOf(path);
      lines.set(line, (lines.get(line) ?? 0) + count);
    }
    const withCode = new Set(statements.map(({ path }) => path));
    for (const { name, declaration, entry } of symbols.allFunctions()) {
      // A function may begin with a copy of another one, so its declaration tells more; but a header may only declare it.
      const isHere = declaration !== null && withCode.has(declaration.path);
      const code = isHere ? declaration : symbols.locationAt(entry);
      if (code === null) continue;
      const { functions } = fileOf(code.path);
      const { line } = code;
      const known = functions.get(`${line} ${name}`) ?? { name, line, count: 0 };
      known.count += this.#at(entry);
      functions.set(`${line} ${name}`, known);
    }
    const first = this.#indexOf(placed.flash.start);
    this.#counts.fill(0, first, this.#indexOf(placed.flash.end));
  }

  /** How often the statement was executed: what it may jump over counts less often than the rest. */
  #most({ low, high }: { low: number; high: number }): number {
    let most = 0;
    for (let address = low; address < high; address += 2) most = Math.max(most, this.#at(address));
    return most;
  }

  #at(address: number): number {
    return this.#counts[this.#indexOf(address)] ?? 0;
  }

  #indexOf(address: number): number {
    return (address - this.#machine.memory.map.flash.address) >> 1;
  }
}

interface Located {
  path: string;
  line: number;
  within: FunctionInfo | undefined;
}

/** Of pieces of one line in one copy of a function the one that was executed most; copies count each for itself. */
function byCopy<S extends Located>(
  statements: readonly S[],
  countOf: (statement: S) => number,
): Iterable<{ path: string; line: number; count: number }> {
  const copies = new Map<
    FunctionInfo | undefined,
    Map<string, { path: string; line: number; count: number }>
  >();
  for (const statement of statements) {
    const { path, line, within } = statement;
    const places = copies.get(within) ?? new Map();
    copies.set(within, places);
    const key = `${line} ${path}`;
    const known = places.get(key) ?? { path, line, count: 0 };
    known.count = Math.max(known.count, countOf(statement));
    places.set(key, known);
  }
  return [...copies.values()].flatMap(places => [...places.values()]);
}

/** Adds up what several runs or apps covered of the same files; sorted by path, line and name. */
export function mergeCoverage(parts: readonly FileCoverage[]): readonly FileCoverage[] {
  const files = new Map<
    string,
    { lines: Map<number, number>; functions: Map<string, FunctionCoverage> }
  >();
  for (const { path, lines, functions } of parts) {
    const file = files.get(path) ?? { lines: new Map(), functions: new Map() };
    files.set(path, file);
    for (const [line, count] of lines) file.lines.set(line, (file.lines.get(line) ?? 0) + count);
    for (const { name, line, count } of functions) {
      const key = `${line} ${name}`;
      file.functions.set(key, { name, line, count: count + (file.functions.get(key)?.count ?? 0) });
    }
  }
  return [...files]
    .map(([path, { lines, functions }]) => ({
      path,
      lines: new Map([...lines].sort(([a], [b]) => a - b)),
      functions: [...functions.values()].sort(
        (a, b) => a.line - b.line || (a.name < b.name ? -1 : 1),
      ),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As lcov's geninfo writes it (geninfo(1), "Files"). */
export function lcovText(files: readonly FileCoverage[]): string {
  const records = files.map(({ path, lines, functions }) => {
    const hit = [...lines.values()].filter(count => count > 0).length;
    return [
      "TN:",
      `SF:${path}`,
      ...functions.map(({ name, line }) => `FN:${line},${name}`),
      ...functions.map(({ name, count }) => `FNDA:${count},${name}`),
      `FNF:${functions.length}`,
      `FNH:${functions.filter(({ count }) => count > 0).length}`,
      ...[...lines].map(([line, count]) => `DA:${line},${count}`),
      `LF:${lines.size}`,
      `LH:${hit}`,
      "end_of_record\n",
    ].join("\n");
  });
  return records.join("");
}
