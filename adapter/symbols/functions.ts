// Functions: which unit and which function a link address belongs to. Units are read when an address asks for them.
import * as C from "../dwarf/constants.js";
import type { Dwarf } from "../dwarf/dwarf.js";
import { type LinkRange, rangesOf } from "../dwarf/ranges.js";
import type { Die, Unit } from "../dwarf/unit.js";
import type { Image } from "./image.js";
import { functionName, linkageName } from "./names.js";

/** A function, or one inlined copy of it. */
export class LinkFunction {
  declare readonly name: string;
  declare readonly die: Die;
  declare readonly ranges: readonly LinkRange[];

  constructor(name: string, die: Die, ranges: readonly LinkRange[]) {
    this.name = name;
    this.die = die;
    this.ranges = ranges;
  }

  /** DW_AT_entry_pc of a function is where it is called; of an inlined copy, where its code begins. */
  get entry(): number {
    const first = (this.ranges[0] as LinkRange).low;
    const stated = this.die.address(C.DW_AT_entry_pc) ?? first;
    return contains(this.ranges, stated) ? stated : first;
  }

  get inlined(): boolean {
    return this.die.tag === C.DW_TAG_inlined_subroutine;
  }
}

interface UnitRange extends LinkRange {
  unit: Unit;
}

export class Functions {
  readonly #dwarf: Dwarf;
  readonly #image: Image;
  readonly #functions = new Map<Unit, readonly LinkFunction[]>();
  readonly #inlined = new Map<Unit, readonly LinkFunction[]>();
  readonly #known = new Map<Die, LinkFunction | undefined>();
  readonly #ranges: UnitRange[] = [];
  #external: Map<string, LinkFunction> | undefined;
  /** Units with live code. */
  readonly liveUnits: readonly Unit[];

  constructor(dwarf: Dwarf, image: Image) {
    this.#dwarf = dwarf;
    this.#image = image;
    const live = new Set<Unit>();
    for (const unit of dwarf.units) {
      for (const { low, high } of this.#unitRanges(unit)) {
        if (!image.isCode(low)) continue;
        this.#ranges.push({ low, high, unit });
        live.add(unit);
      }
    }
    this.#ranges.sort((a, b) => a.low - b.low);
    this.liveUnits = [...live];
  }

  /** A unit's own ranges, or those of its line table when it states none. */
  #unitRanges(unit: Unit): readonly LinkRange[] {
    const { root } = unit;
    if (!root) return [];
    const ranges = rangesOf(root);
    if (ranges.length > 0 || root.has(C.DW_AT_ranges)) return ranges;
    return this.#dwarf.lineProgram(unit)?.sequences ?? [];
  }

  unitAt(address: number): Unit | undefined {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle] as UnitRange).low <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#ranges[low - 1];
    return found && address < found.high ? found.unit : undefined;
  }

  at(address: number): LinkFunction | undefined {
    const unit = this.unitAt(address);
    if (!unit) return undefined;
    const { code, entries } = unit;
    const around: LinkFunction[] = [];
    for (let i = 0; i < code.entries.length; i++) {
      const index = code.entries[i] as number;
      if (entries.tags[index] !== C.DW_TAG_subprogram) continue;
      // The range is exact but for a Thumb bit.
      if (address < (code.lows[i] as number) - 1 || address >= (code.highs[i] as number)) continue;
      const found = this.#made(unit.die(index));
      if (found && contains(found.ranges, address)) around.push(found);
    }
    return smallest(around);
  }

  /** Inlined copies around `address`, outermost first. */
  inlinedAt(address: number): LinkFunction[] {
    const found = this.at(address);
    if (!found) return [];
    return blocksAt(found.die, address)
      .filter(die => die.tag === C.DW_TAG_inlined_subroutine)
      .flatMap(die => this.#made(die) ?? []);
  }

  #made(die: Die): LinkFunction | undefined {
    if (!this.#known.has(die)) this.#known.set(die, this.#functionOf(die));
    return this.#known.get(die);
  }

  /** The code of a function that `origin` declares or is the abstract instance of. */
  definitionOf(origin: Die): LinkFunction | undefined {
    const own = this.inUnit(origin.unit).find(
      ({ die }) => die === origin || die.reference(C.DW_AT_abstract_origin) === origin,
    );
    const name = linkageName(origin);
    if (own || name === undefined) return own;
    this.#external ??= new Map(
      this.liveUnits
        .flatMap(unit => this.inUnit(unit))
        .filter(({ die }) => die.origin(C.DW_AT_external))
        .map(found => [linkageName(found.die) ?? found.name, found]),
    );
    return this.#external.get(name);
  }

  /** Functions with code of their own. */
  inUnit(unit: Unit): readonly LinkFunction[] {
    return this.#collected(unit, this.#functions, C.DW_TAG_subprogram);
  }

  /** Whether it is so of any function with code of its own; asks no more of them than it must. */
  someInUnit(unit: Unit, isSo: (found: LinkFunction) => boolean): boolean {
    return unit.diesOf(C.DW_TAG_subprogram).some(die => {
      const found = this.#made(die);
      return found !== undefined && isSo(found);
    });
  }

  /** Inlined copies. */
  inlinedInUnit(unit: Unit): readonly LinkFunction[] {
    return this.#collected(unit, this.#inlined, C.DW_TAG_inlined_subroutine);
  }

  #collected(
    unit: Unit,
    cache: Map<Unit, readonly LinkFunction[]>,
    tag: number,
  ): readonly LinkFunction[] {
    let functions = cache.get(unit);
    if (!functions) {
      const found: LinkFunction[] = [];
      for (const die of unit.diesOf(tag)) {
        const function_ = this.#made(die);
        if (function_) found.push(function_);
      }
      functions = found;
      cache.set(unit, functions);
    }
    return functions;
  }

  #functionOf(die: Die): LinkFunction | undefined {
    // The assembler leaves the Thumb bit in the addresses of its functions.
    const ranges: LinkRange[] = [];
    for (const { low, high } of rangesOf(die)) {
      const range = this.#image.withoutThumbBit(low, high);
      if (this.#image.isCode(range.low)) ranges.push(range);
    }
    const name = functionName(die);
    if (ranges.length === 0 || name === undefined) return undefined;
    return new LinkFunction(name, die, ranges);
  }
}

/** `die` and the lexical blocks and inlined copies inside it that contain `address`, outermost first. */
export function blocksAt(die: Die, address: number): Die[] {
  const blocks: Die[] = [];
  for (let inner: Die | undefined = die; inner; ) {
    blocks.push(inner);
    inner = inner
      .childrenOf(C.DW_TAG_lexical_block, C.DW_TAG_inlined_subroutine)
      .find(child => contains(rangesOf(child), address));
  }
  return blocks;
}

const contains = (ranges: readonly LinkRange[], address: number): boolean =>
  ranges.some(range => address >= range.low && address < range.high);

const extentOf = (f: LinkFunction): number =>
  f.ranges.reduce((sum, range) => sum + range.high - range.low, 0);

const smallest = (functions: readonly LinkFunction[]): LinkFunction | undefined =>
  functions.reduce<LinkFunction | undefined>(
    (best, f) => (best && extentOf(best) <= extentOf(f) ? best : f),
    undefined,
  );
