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

const IS_STATEMENT = 1;
const PROLOGUE_END = 2;

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

/** Columns that are filled before it is known how long they get. */
let scratch = columnsOf(0);

/** Filled by one at a time: `add` all, then `finish`. */
export class LineRows {
  #rows: Columns;
  #count = 0;

  /** `most`: how many there can be. */
  constructor(most: number) {
    // Twice as many, or each program that is a little larger would leave columns to the garbage collector.
    if (scratch.addresses.length < most) scratch = columnsOf(2 * most);
    this.#rows = scratch;
  }

  get count(): number {
    return this.#count;
  }

  add(row: LineRow): void {
    const { addresses, files, lines, columns, flags } = this.#rows;
    const index = this.#count++;
    addresses[index] = row.address;
    files[index] = row.file;
    lines[index] = row.line;
    columns[index] = row.column;
    flags[index] = (row.isStatement ? IS_STATEMENT : 0) | (row.prologueEnd ? PROLOGUE_END : 0);
  }

  /** Takes what was added out of the columns that the next one fills. */
  finish(): void {
    const { addresses, files, lines, columns, flags } = this.#rows;
    this.#rows = {
      addresses: addresses.slice(0, this.#count),
      files: files.slice(0, this.#count),
      lines: lines.slice(0, this.#count),
      columns: columns.slice(0, this.#count),
      flags: flags.slice(0, this.#count),
    };
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
