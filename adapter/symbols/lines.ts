// Lines: line tables of the live code, in link addresses. Which row counts where follows gdb.
import type { Dwarf } from "../dwarf/dwarf.js";
import type { LineProgram, LineSequence } from "../dwarf/line.js";
import type { LineRow } from "../dwarf/line-rows.js";
import type { Unit } from "../dwarf/unit.js";
import type { Image } from "./image.js";

export interface LinkLocation {
  path: string;
  line: number;
  column: number;
}

/** A row that begins `line` somewhere. */
export interface LineStart {
  address: number;
  line: number;
}

/** The code of a row that begins a statement; `high` is where the next row begins. */
export interface LinkStatement {
  path: string;
  line: number;
  low: number;
  high: number;
}

/** The rows of one piece of live code. */
interface Table extends LineSequence {
  program: LineProgram;
}

export class Lines {
  readonly #dwarf: Dwarf;
  readonly #image: Image;
  readonly #units: readonly Unit[];
  readonly #tables = new Map<LineProgram, readonly Table[]>();
  #programs: Map<string, LineProgram[]> | undefined;

  constructor(dwarf: Dwarf, image: Image, units: readonly Unit[]) {
    this.#dwarf = dwarf;
    this.#image = image;
    this.#units = units;
  }

  #byPath(): Map<string, LineProgram[]> {
    if (this.#programs) return this.#programs;
    const byPath = new Map<string, LineProgram[]>();
    for (const program of new Set(this.#units.map(unit => this.#dwarf.lineProgram(unit)))) {
      for (const path of new Set(program?.files)) {
        if (path.startsWith("<") || path.endsWith("/<built-in>")) continue;
        const programs = byPath.get(path);
        if (programs) programs.push(program as LineProgram);
        else byPath.set(path, [program as LineProgram]);
      }
    }
    this.#programs = byPath;
    return byPath;
  }

  /** Files that line tables of live code name; headers without code of their own are among them. */
  get files(): readonly string[] {
    return [...this.#byPath().keys()];
  }

  /** Pieces of live code of a unit, by address. */
  tables(unit: Unit): readonly Table[] {
    const program = this.#dwarf.lineProgram(unit);
    return program ? this.#live(program) : [];
  }

  #live(program: LineProgram): readonly Table[] {
    let tables = this.#tables.get(program);
    if (!tables) {
      tables = program.sequences
        .filter(sequence => sequence.high > sequence.low && this.#image.isCode(sequence.low))
        .map(sequence => ({ ...sequence, program }))
        .sort((a, b) => a.low - b.low);
      this.#tables.set(program, tables);
    }
    return tables;
  }

  #tableAt(unit: Unit, address: number): Table | undefined {
    return this.tables(unit).find(table => address >= table.low && address < table.high);
  }

  /** Code that the compiler could give no line (0) belongs to the one before it in the file. */
  locationAt(unit: Unit, address: number): LinkLocation | undefined {
    const table = this.#tableAt(unit, address);
    if (!table) return undefined;
    const { rows, first } = table;
    let index = rowIndex(table, address);
    const file = rows.fileOf(index);
    while (index >= first && (rows.lineOf(index) === 0 || rows.fileOf(index) !== file)) index--;
    if (index < first) return undefined;
    const { line, column } = rows.at(index);
    return { path: table.program.files[file] ?? "", line, column };
  }

  /**
   * The addresses around `address` that stepping takes as one line: from a statement to the next statement of
   * another line. Rows that are no statement, or of line 0, belong to the line before them.
   */
  rangeAt(unit: Unit, address: number): { low: number; high: number } | undefined {
    const table = this.#tableAt(unit, address);
    if (!table) return undefined;
    let low = table.low;
    let current: LineRow | undefined;
    for (let i = table.first; i < table.end; i++) {
      const row = table.rows.at(rowIndex(table, table.rows.addressOf(i)));
      const starts =
        !current ||
        (row.isStatement &&
          row.line !== 0 &&
          (row.line !== current.line || row.file !== current.file));
      if (!starts) continue;
      if (row.address > address) return { low, high: row.address };
      low = row.address;
      current = row;
    }
    return { low, high: table.high };
  }

  /** Statements of `path` at `line`, or at the nearest later line that has any; earliest address first. */
  startsOf(path: string, line: number): LineStart[] {
    let best = Number.POSITIVE_INFINITY;
    let starts: LineStart[] = [];
    for (const program of this.#byPath().get(path) ?? []) {
      for (const { rows, first, end } of this.#live(program)) {
        let previous = 0;
        for (let i = first; i < end; i++) {
          if (!rows.isStatement(i)) continue;
          const found = rows.lineOf(i);
          const ours = found >= line && program.files[rows.fileOf(i)] === path;
          // The same line again, without another between: no new start.
          const begins = ours && found !== previous;
          previous = ours ? found : 0;
          if (!begins || found > best) continue;
          if (found < best) starts = [];
          best = found;
          starts.push({ address: rows.addressOf(i), line: found });
        }
      }
    }
    return starts.sort((a, b) => a.address - b.address);
  }

  /** Every statement of the live code. What a compiler moved away from its line is none, and neither is line 0. */
  statements(): LinkStatement[] {
    const statements: LinkStatement[] = [];
    const programs = new Set(this.#units.map(unit => this.#dwarf.lineProgram(unit)));
    for (const program of programs) {
      if (program === undefined) continue;
      for (const table of this.#live(program)) {
        const { rows, first } = table;
        let high = table.high;
        for (let i = table.end - 1; i >= first; i--) {
          const low = rows.addressOf(i);
          const next = i + 1 < table.end ? rows.addressOf(i + 1) : table.high;
          // Rows at one address share the code behind it.
          if (next > low) high = next;
          const line = rows.lineOf(i);
          const path = program.files[rows.fileOf(i)];
          if (low >= table.high || !rows.isStatement(i) || line === 0 || path === undefined)
            continue;
          statements.push({ path, line, low, high });
        }
      }
    }
    return statements;
  }

  /**
   * Where the body of the function at `low` begins: at the row marked so, else at the second row, for compilers
   * write one row before and one after the prologue, even if nothing lies between (gdb's rule).
   */
  afterPrologue(unit: Unit, low: number, high: number): number {
    const table = this.#tableAt(unit, low);
    if (!table) return low;
    const { rows } = table;
    let second: number | undefined;
    let count = 0;
    for (let i = table.first; i < table.end; i++) {
      const address = rows.addressOf(i);
      if (address < low || address >= high || rows.lineOf(i) === 0) continue;
      if (rows.isPrologueEnd(i)) return address;
      if (++count === 2) second = address;
    }
    return second ?? low;
  }
}

/** The row that counts at `address`: the last one there, but a statement before any other at the same address. */
function rowIndex({ rows, first, end }: Table, address: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.addressOf(middle) <= address) low = middle + 1;
    else high = middle;
  }
  const last = low - 1;
  for (let i = last; i >= first && rows.addressOf(i) === rows.addressOf(last); i--) {
    if (rows.isStatement(i)) return i;
  }
  return last;
}
