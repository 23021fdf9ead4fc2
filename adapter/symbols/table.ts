// DwarfSymbols: what one program's debug information answers, in run-time addresses.
import type { Elf } from "../../emulator/formats/elf.js";
import * as C from "../dwarf/constants.js";
import { Dwarf } from "../dwarf/dwarf.js";
import type { Die, Unit } from "../dwarf/unit.js";
import { ElfSymbols } from "./elf-symbols.js";
import { blocksAt, Functions, type LinkFunction, walk } from "./functions.js";
import { Image, type Placement } from "./image.js";
import { Lines } from "./lines.js";
import type { AddressRange, FunctionInfo, SourceLocation, SymbolTable, Variable } from "./model.js";

/** Damaged debug information never throws here: what it describes is missing, and `problems` says why. */
export class DwarfSymbols implements SymbolTable {
  readonly image: Image;
  readonly dwarf: Dwarf;
  readonly #symbols: ElfSymbols;
  readonly #functions: Functions;
  readonly #lines: Lines;
  readonly #infos = new Map<Die, FunctionInfo>();
  readonly #hasLocationLists = new Map<Unit, boolean>();

  constructor(elf: Elf, placement?: Placement) {
    this.image = new Image(elf, placement);
    this.dwarf = new Dwarf(elf);
    this.#symbols = new ElfSymbols(elf);
    this.#functions = new Functions(this.dwarf, this.image);
    this.#lines = new Lines(this.dwarf, this.image, this.#functions.liveUnits);
  }

  /** One sentence per part of the debug information that could not be read. */
  get problems(): readonly string[] {
    return this.dwarf.problems;
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  functionAt(pc: number): FunctionInfo | undefined {
    const linked = this.#code(pc);
    const found = linked === undefined ? undefined : this.#functions.at(linked);
    return found && this.#info(found);
  }

  /** Out-of-line and inlined copies of `name`; a function without debug information by its ELF symbol. */
  functionsNamed(name: string): readonly FunctionInfo[] {
    const symbols = this.#symbols.functionsNamed(name).filter(s => this.image.isCode(s.address));
    const byEntry = new Map<number, FunctionInfo>();
    const units = new Set<Unit>();
    for (const { address, size } of symbols) {
      const unit = this.#functions.unitAt(address);
      if (unit) units.add(unit);
      const found = this.#functions.at(address);
      const info = found ? this.#info(found) : this.#bareInfo(name, address, size);
      byEntry.set(info.entry, info);
    }
    for (const unit of units.size > 0 ? units : this.#functions.liveUnits) {
      const all = [...this.#functions.inUnit(unit), ...this.#functions.inlinedInUnit(unit)];
      for (const found of all) {
        if (found.name === name) byEntry.set(this.image.toRuntime(found.entry), this.#info(found));
      }
    }
    return [...byEntry.values()].sort((a, b) => a.entry - b.entry);
  }

  #bareInfo(name: string, address: number, size: number): FunctionInfo {
    const entry = this.image.toRuntime(address);
    const ranges = [{ low: entry, high: entry + size }];
    return { name, ranges, entry, afterPrologue: entry, declaration: null };
  }

  symbolAt(address: number): { name: string; offset: number } | undefined {
    const linked = this.image.toLinked(address);
    if (linked === undefined || !this.image.contains(linked)) return undefined;
    const found = this.#symbols.at(linked);
    return found && { name: found.symbol.name, offset: found.offset };
  }

  symbolNamed(name: string): { address: number; size: number } | undefined {
    const symbol = this.#symbols.named(name);
    if (!symbol) return undefined;
    const { address, size, isAbsolute } = symbol;
    return { address: isAbsolute ? address : this.image.toRuntime(address), size };
  }

  locationAt(pc: number): SourceLocation | null {
    const linked = this.#code(pc);
    const unit = linked === undefined ? undefined : this.#functions.unitAt(linked);
    return (unit && this.#lines.locationAt(unit, linked as number)) ?? null;
  }

  /**
   * One address per copy of the line's code (a function's own, each inlined one): its lowest, and behind the
   * prologue where that is a function's first.
   */
  addressesOf(
    path: string,
    line: number,
  ): { line: number; addresses: readonly number[] } | undefined {
    const starts = this.#lines.startsOf(path, line);
    const first = starts[0];
    if (!first) return undefined;
    const blocks = new Set<Die | undefined>();
    const addresses = new Set<number>();
    for (const { address } of starts) {
      const found = this.#functions.at(address);
      const block = found && blocksAt(found.die, address).at(-1);
      if (block && blocks.has(block)) continue;
      blocks.add(block);
      const runtime = this.image.toRuntime(address);
      addresses.add(found?.entry === address ? this.#info(found).afterPrologue : runtime);
    }
    return { line: first.line, addresses: [...addresses] };
  }

  lineRangeAt(pc: number): AddressRange | undefined {
    const linked = this.#code(pc);
    const unit = linked === undefined ? undefined : this.#functions.unitAt(linked);
    const range = unit && this.#lines.rangeAt(unit, linked as number);
    if (!range) return undefined;
    const low = this.image.toRuntime(range.low);
    return { low, high: low + range.high - range.low };
  }

  variablesAt(_pc: number): readonly Variable[] {
    return [];
  }

  staticsAt(_pc: number): readonly Variable[] {
    return [];
  }

  globalNamed(_name: string, _pc?: number): Variable | undefined {
    return undefined;
  }

  /** The link address of code at `pc`. */
  #code(pc: number): number | undefined {
    const linked = this.image.toLinked(pc & ~1 ? (pc & ~1) >>> 0 : 0);
    return linked !== undefined && this.image.isCode(linked) ? linked : undefined;
  }

  #info(found: LinkFunction): FunctionInfo {
    let info = this.#infos.get(found.die);
    if (!info) {
      const move = (address: number) => this.image.toRuntime(address);
      info = {
        name: found.name,
        ranges: found.ranges.map(r => ({ low: move(r.low), high: move(r.low) + r.high - r.low })),
        entry: move(found.entry),
        afterPrologue: move(this.#afterPrologue(found)),
        declaration: this.#declarationOf(found.die),
      };
      this.#infos.set(found.die, info);
    }
    return info;
  }

  /** With location lists variables are right from the first instruction on, so gdb, too, stops there. */
  #afterPrologue(found: LinkFunction): number {
    const { unit } = found.die;
    const range = found.ranges.find(r => found.entry >= r.low && found.entry < r.high);
    if (found.inlined || !range || this.#locationsValid(unit)) return found.entry;
    return this.#lines.afterPrologue(unit, found.entry, range.high);
  }

  #locationsValid(unit: Unit): boolean {
    let valid = this.#hasLocationLists.get(unit);
    if (valid === undefined) {
      valid = [...walk(unit.tree())].some(
        die =>
          die.tag !== C.DW_TAG_subprogram &&
          typeof die.attribute(C.DW_AT_location)?.value === "number",
      );
      this.#hasLocationLists.set(unit, valid);
    }
    return valid;
  }

  #declarationOf(die: Die): SourceLocation | null {
    const declared = die.origin(C.DW_AT_decl_line);
    const line = declared?.number(C.DW_AT_decl_line);
    const file = declared?.number(C.DW_AT_decl_file);
    if (!declared || line === undefined || file === undefined) return null;
    const path = this.dwarf.lineProgram(declared.unit)?.files[file];
    if (path === undefined) return null;
    return { path, line, column: declared.number(C.DW_AT_decl_column) ?? 0 };
  }
}
