// .debug_line: from addresses to lines. DWARF 5 section 6.2; header versions 2 to 5.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { type AttributeValue, readAddress, readForm, readOffset } from "./forms.js";
import { type LineRow, LineRows } from "./line-rows.js";
import { joinPath } from "./path.js";
import { readLength, type Unit } from "./unit.js";

/** A contiguous run of code: its rows by address, the last one ends at `high`. */
export interface LineSequence {
  low: number;
  high: number;
  rows: LineRows;
  /** Its rows are those from `first` to before `end`. */
  first: number;
  end: number;
}

/** The state machine's registers: the row that comes next, its numbers modulo 2^32. Section 6.2.2. */
class Registers implements LineRow {
  address = 0;
  file = 1;
  line = 1;
  column = 0;
  isStatement: boolean;
  prologueEnd = false;

  constructor(isStatement: boolean) {
    this.isStatement = isStatement;
  }

  /** At the start of a sequence. */
  reset(isStatement: boolean): void {
    this.address = 0;
    this.file = 1;
    this.line = 1;
    this.column = 0;
    this.isStatement = isStatement;
    this.prologueEnd = false;
  }
}

/** One line program. The header is read at once, the rows when first asked for. */
export class LineProgram {
  /** Full paths, `/`-separated; the index is that of the rows. */
  readonly files: readonly string[];
  readonly #unit: Unit;
  readonly #version: number;
  readonly #offsetSize: number;
  #addressSize: number;
  readonly #minimumInstructionLength: number;
  readonly #defaultIsStatement: boolean;
  readonly #lineBase: number;
  readonly #lineRange: number;
  readonly #opcodeLengths: readonly number[];
  readonly #program: { start: number; end: number };
  #sequences: readonly LineSequence[] | undefined;

  constructor(unit: Unit, reader: ByteReader) {
    this.#unit = unit;
    const { length, offsetSize } = readLength(reader);
    this.#offsetSize = offsetSize;
    const end = Math.min(reader.offset + length, reader.length);
    this.#version = reader.u16();
    if (this.#version < 2 || this.#version > 5) {
      throw reader.error(`line table version 2 to 5, not ${this.#version}`);
    }
    this.#addressSize = this.#version >= 5 ? reader.u8() : unit.addressSize;
    if (this.#version >= 5) reader.skip(1);
    const headerLength = readOffset(reader, offsetSize);
    const start = reader.offset + headerLength;
    this.#minimumInstructionLength = reader.u8();
    if (this.#version >= 4) reader.skip(1); // operations per instruction: 1 but on VLIW machines
    this.#defaultIsStatement = reader.u8() !== 0;
    this.#lineBase = reader.i8();
    this.#lineRange = reader.u8();
    const opcodeBase = reader.u8();
    this.#opcodeLengths = Array.from({ length: Math.max(0, opcodeBase - 1) }, () => reader.u8());
    if (this.#lineRange === 0 || opcodeBase === 0) throw reader.error("a line range above 0");
    this.files = this.#version >= 5 ? this.#readFiles5(reader) : this.#readFiles2(reader);
    this.#program = { start, end };
  }

  #readFiles2(reader: ByteReader): string[] {
    const home = this.#unit.compilationDirectory;
    const directories = [home];
    for (let name = reader.cString(); name !== ""; name = reader.cString()) {
      directories.push(joinPath(home, name));
    }
    // File 0 does not exist before DWARF 5; it stands for the unit's own source.
    const files = [joinPath(home, this.#unit.name)];
    for (let name = reader.cString(); name !== ""; name = reader.cString()) {
      const directory = reader.uleb();
      reader.uleb();
      reader.uleb();
      files.push(joinPath(directories[directory] ?? home, name));
    }
    return files;
  }

  #readFiles5(reader: ByteReader): string[] {
    const home = this.#unit.compilationDirectory;
    const directories = this.#readEntries(reader).map(entry => joinPath(home, entry.path));
    return this.#readEntries(reader).map(entry =>
      joinPath(directories[entry.directory] ?? home, entry.path),
    );
  }

  /** A directory or file table of version 5 (section 6.2.4.1). */
  #readEntries(reader: ByteReader): { path: string; directory: number }[] {
    const formats = Array.from({ length: reader.u8() }, () => ({
      type: reader.uleb(),
      form: reader.uleb(),
    }));
    const count = reader.uleb();
    if (count > reader.remaining || (count > 0 && formats.length === 0)) {
      throw reader.error(`fewer than ${count} entries`);
    }
    const encoding = { version: 5, addressSize: this.#addressSize, offsetSize: this.#offsetSize };
    return Array.from({ length: count }, () => {
      const entry = { path: "", directory: 0 };
      for (const { type, form } of formats) {
        const value = readForm(reader, form, encoding, 0);
        if (type === C.DW_LNCT_path) entry.path = this.#string(reader, form, value);
        else if (type === C.DW_LNCT_directory_index) entry.directory = Number(value);
      }
      return entry;
    });
  }

  #string(reader: ByteReader, form: number, value: AttributeValue): string {
    if (form !== C.DW_FORM_string) return this.#unit.stringOf(form, value) ?? "";
    const after = reader.offset;
    const text = reader.seek(value as number).cString();
    reader.seek(after);
    return text;
  }

  /** Sequences by address, live and dead ones; damage ends the table early. */
  get sequences(): readonly LineSequence[] {
    if (this.#sequences) return this.#sequences;
    const sequences: LineSequence[] = [];
    this.#unit.dwarf.guard(() => this.#run(sequences));
    this.#sequences = sequences;
    return sequences;
  }

  #run(sequences: LineSequence[]): void {
    const { start, end } = this.#program;
    const rows = new LineRows(Math.max(0, end - start));
    try {
      this.#execute(this.#unit.dwarf.sections.reader("line", start), rows, sequences);
    } finally {
      rows.finish();
    }
  }

  #execute(reader: ByteReader, rows: LineRows, sequences: LineSequence[]): void {
    const { end } = this.#program;
    const { bytes } = reader;
    const opcodeBase = this.#opcodeLengths.length + 1;
    const lineBase = this.#lineBase;
    const lineRange = this.#lineRange;
    const unit = this.#minimumInstructionLength;
    let first = 0;
    const state = new Registers(this.#defaultIsStatement);
    while (reader.offset < end) {
      const opcode = bytes[reader.offset++] as number;
      if (opcode >= opcodeBase) {
        const adjusted = opcode - opcodeBase;
        state.address = (state.address + ((adjusted / lineRange) | 0) * unit) | 0;
        state.line = (state.line + lineBase + (adjusted % lineRange)) | 0;
        rows.add(state);
        state.prologueEnd = false;
      } else if (opcode !== 0) {
        this.#standard(reader, opcode, state, rows);
      } else if (this.#extended(reader, state)) {
        rows.sortFrom(first);
        const low = rows.addressOf(first);
        if (rows.count > first) {
          sequences.push({ low, high: state.address >>> 0, rows, first, end: rows.count });
        }
        first = rows.count;
        state.reset(this.#defaultIsStatement);
      }
    }
  }

  /** By what a special opcode stands for. */
  #advance(state: Registers, adjusted: number): void {
    const advance = Math.floor(adjusted / this.#lineRange) * this.#minimumInstructionLength;
    state.address = (state.address + advance) | 0;
  }

  /** Returns whether it ends the sequence. */
  #extended(reader: ByteReader, state: Registers): boolean {
    const length = reader.uleb();
    const next = reader.offset + length;
    const opcode = length > 0 ? reader.u8() : 0;
    if (opcode === C.DW_LNE_set_address) state.address = readAddress(reader, length - 1) | 0;
    reader.seek(next);
    return opcode === C.DW_LNE_end_sequence;
  }

  #standard(reader: ByteReader, opcode: number, state: Registers, rows: LineRows): void {
    switch (opcode) {
      case C.DW_LNS_copy:
        rows.add(state);
        state.prologueEnd = false;
        break;
      case C.DW_LNS_advance_pc:
        state.address = (state.address + reader.uleb() * this.#minimumInstructionLength) | 0;
        break;
      case C.DW_LNS_advance_line:
        state.line = (state.line + reader.sleb()) | 0;
        break;
      case C.DW_LNS_set_file:
        state.file = reader.uleb() | 0;
        break;
      case C.DW_LNS_set_column:
        state.column = reader.uleb() | 0;
        break;
      case C.DW_LNS_negate_stmt:
        state.isStatement = !state.isStatement;
        break;
      case C.DW_LNS_const_add_pc:
        this.#advance(state, 255 - this.#opcodeLengths.length - 1);
        break;
      case C.DW_LNS_fixed_advance_pc:
        state.address = (state.address + reader.u16()) | 0;
        break;
      case C.DW_LNS_set_prologue_end:
        state.prologueEnd = true;
        break;
      case C.DW_LNS_set_basic_block:
      case C.DW_LNS_set_epilogue_begin:
        break;
      default:
        for (let i = this.#opcodeLengths[opcode - 1] ?? 0; i > 0; i--) reader.uleb();
    }
  }
}
