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

export class LineRows {
  #addresses: Uint32Array;
  #files: Uint32Array;
  #lines: Uint32Array;
  #columns: Uint32Array;
  #flags: Uint8Array;
  #count = 0;

  /** `expected`: how many there may be; more make it grow. */
  constructor(expected: number) {
    this.#addresses = new Uint32Array(expected);
    this.#files = new Uint32Array(expected);
    this.#lines = new Uint32Array(expected);
    this.#columns = new Uint32Array(expected);
    this.#flags = new Uint8Array(expected);
  }

  get count(): number {
    return this.#count;
  }

  /** A mark of the end of a prologue is of one row: it is taken from `row`. */
  add(row: LineRow): void {
    const index = this.#count++;
    if (index === this.#addresses.length) this.#resize(2 * index + 16);
    this.#addresses[index] = row.address;
    this.#files[index] = row.file;
    this.#lines[index] = row.line;
    this.#columns[index] = row.column;
    this.#flags[index] = row.isStatement ? IS_STATEMENT : 0;
    if (!row.prologueEnd) return;
    this.#flags[index] |= PROLOGUE_END;
    row.prologueEnd = false;
  }

  /** Gives back what was expected too much. */
  finish(): void {
    this.#resize(this.#count);
  }

  at(index: number): LineRow {
    return {
      address: this.addressOf(index),
      file: this.fileOf(index),
      line: this.lineOf(index),
      column: this.#columns[index] as number,
      isStatement: this.isStatement(index),
      prologueEnd: this.isPrologueEnd(index),
    };
  }

  addressOf(index: number): number {
    return this.#addresses[index] as number;
  }

  fileOf(index: number): number {
    return this.#files[index] as number;
  }

  lineOf(index: number): number {
    return this.#lines[index] as number;
  }

  isStatement(index: number): boolean {
    return ((this.#flags[index] as number) & IS_STATEMENT) !== 0;
  }

  isPrologueEnd(index: number): boolean {
    return ((this.#flags[index] as number) & PROLOGUE_END) !== 0;
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

  #resize(length: number): void {
    const resized = <T extends Uint32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from.subarray(0, length));
      return to;
    };
    this.#addresses = resized(this.#addresses, new Uint32Array(length));
    this.#files = resized(this.#files, new Uint32Array(length));
    this.#lines = resized(this.#lines, new Uint32Array(length));
    this.#columns = resized(this.#columns, new Uint32Array(length));
    this.#flags = resized(this.#flags, new Uint8Array(length));
  }
}
