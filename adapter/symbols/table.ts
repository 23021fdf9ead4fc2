// DwarfSymbols: what one program's debug information answers, in run-time addresses.
import type { Elf } from "../../emulator/formats/elf.js";
import * as C from "../dwarf/constants.js";
import { Dwarf } from "../dwarf/dwarf.js";
import type { Die, Unit } from "../dwarf/unit.js";
import { ElfSymbols } from "./elf-symbols.js";
import { blocksAt, Functions, type LinkFunction } from "./functions.js";
import { Image, type Placement } from "./image.js";
import { Lines } from "./lines.js";
import { Locator } from "./locate.js";
import type {
  AddressRange,
  FunctionInfo,
  InlinedCall,
  MemoryReader,
  SourceLocation,
  Statement,
  SymbolTable,
  Type,
  Variable,
} from "./model.js";
import { Named } from "./named-types.js";
import { isNamed } from "./names.js";
import { isRust } from "./type-names.js";
import { Types } from "./types.js";
import { Variables } from "./variables.js";

/** Damaged debug information never throws here: what it describes is missing, and `problems` says why. */
export class DwarfSymbols implements SymbolTable {
  readonly image: Image;
  readonly dwarf: Dwarf;
  readonly #symbols: ElfSymbols;
  readonly #functions: Functions;
  readonly #lines: Lines;
  readonly #infos = new Map<Die, FunctionInfo>();
  readonly #calls = new Map<Die, InlinedCall>();
  readonly #hasLocationLists = new Map<Unit, boolean>();
  readonly #variables: Variables;
  /** What `variablesAt` said last: a condition asks the same each time. */
  #lastVariables:
    | { pc: number; inlineDepth: number | undefined; variables: readonly Variable[] }
    | undefined;
  #insideFunctions: readonly Variable[] | undefined;
  /** Evaluates location descriptions; the unwinder shares it. */
  readonly locator: Locator;
  readonly types: Types;
  readonly #named: Named;

  constructor(elf: Elf, placement?: Placement) {
    this.image = new Image(elf, placement);
    this.dwarf = Dwarf.of(elf);
    this.#symbols = new ElfSymbols(elf);
    this.#functions = new Functions(this.dwarf, this.image);
    this.#lines = new Lines(this.dwarf, this.image, this.#functions.liveUnits);
    this.locator = new Locator(this.image, this.#functions);
    this.types = new Types(
      declaration => this.#named.definitionOf(declaration),
      (die, name, frame, memory) => this.locator.numberIn(die, name, frame, memory),
    );
    this.#named = new Named(this.dwarf, this.types);
    this.#variables = new Variables({
      types: this.types,
      locator: this.locator,
      declarationOf: die => this.#declarationOf(die),
    });
  }

  /** One sentence per part of the debug information that could not be read. */
  get problems(): readonly string[] {
    return this.dwarf.problems;
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  functionAt(pc: number): FunctionInfo | undefined {
    const linked = this.codeAddress(pc);
    const found = linked === undefined ? undefined : this.#functions.at(linked);
    return found && this.#info(found);
  }

  inlinedAt(pc: number): readonly InlinedCall[] {
    const linked = this.codeAddress(pc);
    if (linked === undefined) return [];
    return this.#functions.inlinedAt(linked).map(found => this.#call(found));
  }

  #call(found: LinkFunction): InlinedCall {
    let call = this.#calls.get(found.die);
    if (!call) {
      call = { ...this.#info(found), callSite: this.#placeIn(found.die, CALL_SITE) };
      this.#calls.set(found.die, call);
    }
    return call;
  }

  /** Out-of-line and inlined copies of `name`; a function without debug information by its ELF symbol. */
  functionsNamed(name: string): readonly FunctionInfo[] {
    const symbols = this.#symbols.functionsNamed(name).filter(s => this.image.isCode(s.address));
    const byEntry = new Map<number, FunctionInfo>();
    const units = new Set<Unit>();
    for (const symbol of symbols) {
      const { address, size } = symbol;
      const unit = this.#functions.unitAt(address);
      // A whole name is one function's; what may lack scopes is looked for everywhere.
      if (unit && symbol.name === name) units.add(unit);
      const found = this.#functions.at(address);
      const shown = this.#symbols.shownName(symbol);
      const info = found ? this.#info(found) : this.#bareInfo(shown, address, size);
      byEntry.set(info.entry, info);
    }
    for (const unit of units.size > 0 ? units : this.#functions.liveUnits) {
      const all = [...this.#functions.inUnit(unit), ...this.#functions.inlinedInUnit(unit)];
      for (const found of all) {
        if (isNamed(found.name, name))
          byEntry.set(this.image.toRuntime(found.entry), this.#info(found));
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
    return found && { name: this.#symbols.shownName(found.symbol), offset: found.offset };
  }

  isData(address: number): boolean {
    const linked = this.image.toLinked(address);
    return linked !== undefined && this.image.contains(linked) && this.#symbols.isData(linked);
  }

  symbolNamed(name: string): { address: number; size: number } | undefined {
    const symbol = this.#symbols.named(name);
    if (!symbol) return undefined;
    const { address, size, isAbsolute } = symbol;
    return { address: isAbsolute ? address : this.image.toRuntime(address), size };
  }

  locationAt(pc: number): SourceLocation | null {
    const linked = this.codeAddress(pc);
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
    const linked = this.codeAddress(pc);
    const unit = linked === undefined ? undefined : this.#functions.unitAt(linked);
    const range = unit && this.#lines.rangeAt(unit, linked as number);
    if (!range) return undefined;
    const low = this.image.toRuntime(range.low);
    return { low, high: low + range.high - range.low };
  }

  /** Every statement of the program that has code, and whose: the function or the inlined call around it. */
  statements(): readonly Statement[] {
    return this.#lines.statements().map(({ path, line, low, high }) => {
      const found = this.#functions.inlinedAt(low).at(-1) ?? this.#functions.at(low);
      const start = this.image.toRuntime(low);
      const within = found && this.#info(found);
      return { path, line, low: start, high: start + high - low, within };
    });
  }

  /** Every function with code of its own, and every inlined copy of one. */
  allFunctions(): readonly FunctionInfo[] {
    return this.#functions.liveUnits.flatMap(unit =>
      [...this.#functions.inUnit(unit), ...this.#functions.inlinedInUnit(unit)].map(found =>
        this.#info(found),
      ),
    );
  }

  variablesAt(pc: number, inlineDepth?: number): readonly Variable[] {
    const last = this.#lastVariables;
    if (last?.pc === pc && last.inlineDepth === inlineDepth) return last.variables;
    const linked = this.codeAddress(pc);
    const found = linked === undefined ? undefined : this.#functions.at(linked);
    const variables = found ? this.#variables.inFunction(found, linked as number, inlineDepth) : [];
    this.#lastVariables = { pc, inlineDepth, variables };
    return variables;
  }

  staticsAt(pc: number): readonly Variable[] {
    const unit = this.unitAt(pc);
    return unit ? this.#variables.atFileLevel(unit) : [];
  }

  globalNamed(name: string, pc?: number): Variable | undefined {
    const near = pc === undefined ? undefined : this.unitAt(pc);
    const own = near && this.#variables.atFileLevel(near).find(v => isNamed(v.name, name));
    if (own) return own;
    let removed: Variable | undefined;
    for (const dies of this.#named.variables(name)) {
      const found = this.#variables.mostVisible(dies);
      if (found.kept) return found.kept;
      removed ??= found.removed;
    }
    return removed;
  }

  staticInFunction(name: string): Variable | undefined {
    this.#insideFunctions ??= this.#functions.liveUnits.flatMap(unit =>
      this.#variables.insideFunctions(unit),
    );
    return this.#insideFunctions.find(variable => isNamed(variable.name, name));
  }

  typeNamed(name: string): Type | undefined {
    const [, keyword, tag] = /^(struct|union|enum) (\w+)$/.exec(name) ?? [];
    const tags = keyword === undefined ? NAMED_TYPES : [TAGS[keyword] as number];
    const found = tags
      .map(kind => this.#named.definition(kind, tag ?? name, !!keyword))
      .find(Boolean);
    return found && this.types.at(found);
  }

  enumeratorNamed(name: string): { type: Type; value: number } | undefined {
    return this.#named.enumerator(name);
  }

  isRust(pc: number): boolean {
    const root = this.unitAt(pc)?.root;
    return root !== undefined && isRust(root);
  }

  typeOfVtable(address: number, memory: MemoryReader): Type | undefined {
    const linked = this.image.toLinked(address);
    const known = linked === undefined ? undefined : this.#named.typeOfVtable(linked);
    return known ?? this.#typeOfMethods(address, memory);
  }

  /** Tables made at compile time have no entry; their first method, behind drop, size and alignment, is of the type. */
  #typeOfMethods(address: number, memory: MemoryReader): Type | undefined {
    const bytes = memory.read(address, 16);
    if (!bytes) return undefined;
    const words = new DataView(bytes.buffer, bytes.byteOffset, 16);
    const method = this.functionAt((words.getUint32(12, true) & ~1) >>> 0);
    const [, name] = /^<(.+?) as /.exec(method?.name ?? "") ?? [];
    const type = name === undefined ? undefined : this.typeNamed(name);
    return type?.size === words.getUint32(4, true) ? type : undefined;
  }

  /** The unit whose code contains `pc`. */
  unitAt(pc: number): Unit | undefined {
    const linked = this.codeAddress(pc);
    return linked === undefined ? undefined : this.#functions.unitAt(linked);
  }

  /** The link address of the code at `pc`; `undefined` where the program has none. */
  codeAddress(pc: number): number | undefined {
    const linked = this.image.toLinked((pc & ~1) >>> 0);
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
        returns: () => this.types.typeOf(found.die),
        variadic: found.die.childrenOf(C.DW_TAG_unspecified_parameters).length > 0,
      };
      this.#infos.set(found.die, info);
    }
    return info;
  }

  /** With gcc's location lists variables are right from the first instruction on, so gdb, too, stops there. */
  #afterPrologue(found: LinkFunction): number {
    const { unit } = found.die;
    const range = found.ranges.find(r => found.entry >= r.low && found.entry < r.high);
    const assembly = unit.language === C.DW_LANG_Mips_Assembler;
    if (found.inlined || !range || assembly || this.#locationsValid(unit)) return found.entry;
    return this.#lines.afterPrologue(unit, found.entry, range.high);
  }

  #locationsValid(unit: Unit): boolean {
    let valid = this.#hasLocationLists.get(unit);
    if (valid === undefined) {
      valid = unit.producer.startsWith("GNU ") && this.#functions.someInUnit(unit, hasLocationList);
      this.#hasLocationLists.set(unit, valid);
    }
    return valid;
  }

  #declarationOf(die: Die): SourceLocation | null {
    const declared = die.origin(C.DW_AT_decl_line);
    return declared ? this.#placeIn(declared, DECLARATION) : null;
  }

  #placeIn(die: Die, attributes: PlaceAttributes): SourceLocation | null {
    const line = die.number(attributes.line);
    const file = die.number(attributes.file);
    if (line === undefined || file === undefined) return null;
    const path = this.dwarf.lineProgram(die.unit)?.files[file];
    if (path === undefined) return null;
    return { path, line, column: die.number(attributes.column) ?? 0 };
  }
}

/** Whether anything in a function lies in different places at different addresses. */
function hasLocationList({ die: own }: LinkFunction): boolean {
  for (const die of own.subtree()) {
    if (die !== own && typeof die.attribute(C.DW_AT_location)?.value === "number") return true;
  }
  return false;
}

type PlaceAttributes = Record<"file" | "line" | "column", number>;

const DECLARATION: PlaceAttributes = {
  file: C.DW_AT_decl_file,
  line: C.DW_AT_decl_line,
  column: C.DW_AT_decl_column,
};

const CALL_SITE: PlaceAttributes = {
  file: C.DW_AT_call_file,
  line: C.DW_AT_call_line,
  column: C.DW_AT_call_column,
};

/** Tags of what C names by a keyword. */
const TAGS: Readonly<Record<string, number>> = {
  struct: C.DW_TAG_structure_type,
  union: C.DW_TAG_union_type,
  enum: C.DW_TAG_enumeration_type,
};

/** Tags of what has a name without a keyword: the last ones in C++ and Rust only. */
const NAMED_TYPES = [
  C.DW_TAG_typedef,
  C.DW_TAG_base_type,
  C.DW_TAG_structure_type,
  C.DW_TAG_class_type,
  C.DW_TAG_union_type,
  C.DW_TAG_enumeration_type,
];
