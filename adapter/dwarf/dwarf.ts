// Dwarf: the debug information of one program. Units are indexed at once, everything else is read when asked for.
import { UserError } from "../../emulator/base/errors.js";
import type { Elf } from "../../emulator/formats/elf.js";
import { Abbreviations } from "./abbrev.js";
import * as C from "./constants.js";
import type { Encoding } from "./forms.js";
import { CallFrames } from "./frame.js";
import { LineProgram } from "./line.js";
import { DebugSections } from "./sections.js";
import { type Die, readLength, Unit } from "./unit.js";

const MOST_PROBLEMS = 20;

const known = new WeakMap<Elf, Dwarf>();

/** Damage loses only what it describes: it is noted in `problems` and the rest stays usable. */
export class Dwarf {
  readonly sections: DebugSections;
  readonly units: readonly Unit[];
  /** One sentence per thing that could not be read (the first few). */
  readonly problems: string[];
  readonly #abbreviations = new Map<string, Abbreviations>();
  readonly #lines = new Map<number, LineProgram | undefined>();
  #frames: CallFrames | undefined;

  /** What was read of `elf` before is kept: a program may run in many places, one after the other or at once. */
  static of(elf: Elf): Dwarf {
    let dwarf = known.get(elf);
    if (!dwarf) {
      dwarf = new Dwarf(elf);
      known.set(elf, dwarf);
    }
    return dwarf;
  }

  constructor(elf: Elf) {
    this.sections = new DebugSections(elf);
    this.problems = this.sections.problems;
    this.units = this.#readUnits();
  }

  /** Runs `read`; what a damaged file makes it throw becomes a note and `undefined`. */
  guard<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (this.problems.length < MOST_PROBLEMS) this.problems.push(error.message);
      return undefined;
    }
  }

  #readUnits(): Unit[] {
    const units: Unit[] = [];
    const size = this.sections.size("info");
    let offset = 0;
    while (offset + 4 <= size) {
      const start = offset;
      const end = this.guard(() => {
        const reader = this.sections.reader("info", start);
        const { length } = readLength(reader);
        return reader.offset + length;
      });
      if (end === undefined || end <= offset) break;
      offset = end;
      const unit = this.guard(() => new Unit(this, this.sections.reader("info", start)));
      if (unit) units.push(unit);
    }
    return units;
  }

  /** The unit that contains an offset of `.debug_info`. */
  unitAt(offset: number): Unit | undefined {
    let low = 0;
    let high = this.units.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const unit = this.units[middle] as Unit;
      if (offset < unit.offset) high = middle - 1;
      else if (offset >= unit.end) low = middle + 1;
      else return unit;
    }
    return undefined;
  }

  dieAt(offset: number): Die | undefined {
    return this.unitAt(offset)?.dieAt(offset);
  }

  /** The abbreviation table at `offset` of `.debug_abbrev`; units that encode alike may share one. */
  abbreviations(offset: number, encoding: Encoding): Abbreviations {
    const { version, addressSize, offsetSize } = encoding;
    const key = [offset, version, addressSize, offsetSize].join();
    let table = this.#abbreviations.get(key);
    if (!table) {
      table = new Abbreviations(this.sections.reader("abbrev", offset), encoding);
      this.#abbreviations.set(key, table);
    }
    return table;
  }

  /** The line program of a unit; units may share one. */
  lineProgram(unit: Unit): LineProgram | undefined {
    const offset = unit.root?.number(C.DW_AT_stmt_list);
    if (offset === undefined) return undefined;
    if (!this.#lines.has(offset)) {
      this.#lines.set(
        offset,
        this.guard(() => new LineProgram(unit, this.sections.reader("line", offset))),
      );
    }
    return this.#lines.get(offset);
  }

  /** Call frame information of the whole program. */
  get frames(): CallFrames {
    this.#frames ??= new CallFrames(this);
    return this.#frames;
  }
}
