// .debug_line: from addresses to lines. DWARF 5 section 6.2; header versions 2 to 5.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { type AttributeValue, readAddress, readForm, readOffset } from "./forms.js";
import { flagsOf, IS_STATEMENT, LineRows, PROLOGUE_END } from "./line-rows.js";
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

  /**
   * The state machine of section 6.2.2, its numbers modulo 2^32. A loop over plain variables that reads operands of
   * one byte by itself, for it is what takes the time.
   */
  #execute(reader: ByteReader, rows: LineRows, sequences: LineSequence[]): void {
    const { bytes } = reader;
    const { end } = this.#program;
    const opcodeBase = this.#opcodeLengths.length + 1;
    const lineBase = this.#lineBase;
    const lineRange = this.#lineRange;
    const unit = this.#minimumInstructionLength;
    const initialFlags = flagsOf(this.#defaultIsStatement, false);
    let first = 0;
    let address = 0;
    let file = 1;
    let line = 1;
    let column = 0;
    let flags = initialFlags;
    for (let at = reader.offset; at < end; ) {
      const opcode = bytes[at++] as number;
      if (opcode >= opcodeBase) {
        const adjusted = opcode - opcodeBase;
        address = (address + ((adjusted / lineRange) | 0) * unit) | 0;
        line = (line + lineBase + (adjusted % lineRange)) | 0;
        rows.append(address, file, line, column, flags);
        flags &= IS_STATEMENT;
      } else if (opcode === C.DW_LNS_copy) {
        rows.append(address, file, line, column, flags);
        flags &= IS_STATEMENT;
      } else if (opcode === C.DW_LNS_negate_stmt) flags ^= IS_STATEMENT;
      else if (opcode === C.DW_LNS_set_prologue_end) flags |= PROLOGUE_END;
      else if (opcode >= C.DW_LNS_advance_pc && opcode <= C.DW_LNS_set_column) {
        let operand = bytes[at] as number;
        const signed = opcode === C.DW_LNS_advance_line;
        if (at < end && operand < 0x40) at++;
        else {
          reader.offset = at;
          operand = signed ? reader.sleb() : reader.uleb();
          at = reader.offset;
        }
        if (signed) line = (line + operand) | 0;
        else if (opcode === C.DW_LNS_set_column) column = operand | 0;
        else if (opcode === C.DW_LNS_set_file) file = operand | 0;
        else address = (address + operand * unit) | 0;
      } else {
        reader.offset = at;
        if (opcode !== 0) address = (address + this.#rareAdvance(reader, opcode)) | 0;
        else {
          const length = reader.uleb();
          const next = reader.offset + length;
          const extended = length > 0 ? reader.u8() : 0;
          if (extended === C.DW_LNE_set_address) address = readAddress(reader, length - 1) | 0;
          reader.seek(next);
          if (extended === C.DW_LNE_end_sequence) {
            this.#endSequence(rows, first, address >>> 0, sequences);
            first = rows.count;
            [address, file, line, column, flags] = [0, 1, 1, 0, initialFlags];
          }
        }
        at = reader.offset;
      }
    }
  }

  #endSequence(rows: LineRows, first: number, high: number, sequences: LineSequence[]): void {
    rows.sortFrom(first);
    if (rows.count === first) return;
    sequences.push({ low: rows.addressOf(first), high, rows, first, end: rows.count });
  }

  /** Passes the operands of any other standard opcode; returns by how much it moves the address. */
  #rareAdvance(reader: ByteReader, opcode: number): number {
    switch (opcode) {
      case C.DW_LNS_const_add_pc: {
        // As the special opcode 255 does.
        const adjusted = 255 - this.#opcodeLengths.length - 1;
        return Math.floor(adjusted / this.#lineRange) * this.#minimumInstructionLength;
      }
      case C.DW_LNS_fixed_advance_pc:
        return reader.u16();
      case C.DW_LNS_set_basic_block:
      case C.DW_LNS_set_epilogue_begin:
        return 0;
      default:
        for (let i = this.#opcodeLengths[opcode - 1] ?? 0; i > 0; i--) reader.uleb();
        return 0;
    }
  }
}
