// The rows of a line program as columns of numbers: a large program has hundreds of thousands.

export interface LineRow {
  /** Link address. */
  address: number;
  /** Index into `LineProgram.files`. */
  file: number;
  /** 0: belongs to no line. */
  line: number;
  column: number;
  isStatement: boolean;
  prologueEnd: boolean;
}

export const IS_STATEMENT = 1;
export const PROLOGUE_END = 2;

export const flagsOf = (isStatement: boolean, prologueEnd: boolean): number =>
  (isStatement ? IS_STATEMENT : 0) | (prologueEnd ? PROLOGUE_END : 0);

interface Columns {
  addresses: Uint32Array;
  files: Uint32Array;
  lines: Uint32Array;
  columns: Uint32Array;
  flags: Uint8Array;
}

const columnsOf = (length: number): Columns => ({
  addresses: new Uint32Array(length),
  files: new Uint32Array(length),
  lines: new Uint32Array(length),
  columns: new Uint32Array(length),
  flags: new Uint8Array(length),
});

/** Of how many rows columns are made at once. */
const MANY = 1 << 16;

/** What is left of them for the next program: its rows are never moved. */
let free = columnsOf(0);

const part = (from: Columns, start: number, end?: number): Columns => ({
  addresses: from.addresses.subarray(start, end),
  files: from.files.subarray(start, end),
  lines: from.lines.subarray(start, end),
  columns: from.columns.subarray(start, end),
  flags: from.flags.subarray(start, end),
});

/** Filled by one at a time: `add` all, then `finish`. */
export class LineRows {
  #rows: Columns;
  #count = 0;

  /** `most`: how many there can be. */
  constructor(most: number) {
    if (free.addresses.length < most) free = columnsOf(Math.max(most, MANY));
    this.#rows = free;
  }

  get count(): number {
    return this.#count;
  }

  add(row: LineRow): void {
    const { address, file, line, column, isStatement, prologueEnd } = row;
    this.append(address, file, line, column, flagsOf(isStatement, prologueEnd));
  }

  /** `flags` as `flagsOf` makes them. */
  append(address: number, file: number, line: number, column: number, flags: number): void {
    const rows = this.#rows;
    const index = this.#count++;
    rows.addresses[index] = address;
    rows.files[index] = file;
    rows.lines[index] = line;
    rows.columns[index] = column;
    rows.flags[index] = flags;
  }

  /** Leaves what was not filled to the next one. */
  finish(): void {
    free = part(this.#rows, this.#count);
    this.#rows = part(this.#rows, 0, this.#count);
  }

  at(index: number): LineRow {
    return {
      address: this.addressOf(index),
      file: this.fileOf(index),
      line: this.lineOf(index),
      column: this.#rows.columns[index] as number,
      isStatement: this.isStatement(index),
      prologueEnd: this.isPrologueEnd(index),
    };
  }

  addressOf(index: number): number {
    return this.#rows.addresses[index] as number;
  }

  fileOf(index: number): number {
    return this.#rows.files[index] as number;
  }

  lineOf(index: number): number {
    return this.#rows.lines[index] as number;
  }

  isStatement(index: number): boolean {
    return ((this.#rows.flags[index] as number) & IS_STATEMENT) !== 0;
  }

  isPrologueEnd(index: number): boolean {
    return ((this.#rows.flags[index] as number) & PROLOGUE_END) !== 0;
  }

  /** Puts the rows from `first` on in the order of their addresses, in which compilers write them. */
  sortFrom(first: number): void {
    let sorted = true;
    for (let i = first + 1; i < this.#count; i++) {
      if (this.addressOf(i) < this.addressOf(i - 1)) sorted = false;
    }
    if (sorted) return;
    const rows = Array.from({ length: this.#count - first }, (_, i) => this.at(first + i));
    rows.sort((a, b) => a.address - b.address);
    this.#count = first;
    for (const row of rows) this.add(row);
  }
}
