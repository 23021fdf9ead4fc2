// The ELF's own symbols by address and by name, for code and data without debug information.
import {
  type Elf,
  type ElfSymbol,
  EM_ARM,
  SHN_ABS,
  SHN_UNDEF,
  STB_LOCAL,
  STT_FILE,
  STT_FUNC,
  STT_NOTYPE,
  STT_OBJECT,
  STT_SECTION,
} from "../../emulator/formats/elf.js";
import { demangle, withoutParameters } from "./demangle.js";
import { isNamed } from "./names.js";

export interface LinkSymbol {
  /** As it stands in the symbol table. */
  name: string;
  /** Link address without the Thumb bit. */
  address: number;
  /** 0 for labels and for functions that the assembler did not measure. */
  size: number;
  isFunction: boolean;
  isAbsolute: boolean;
}

interface Ranked extends LinkSymbol {
  /** The better name for the same address is the higher one. */
  rank: number;
}

export class ElfSymbols {
  readonly #byAddress: Ranked[] = [];
  readonly #byName = new Map<string, LinkSymbol>();
  /** Mapping symbols by address: whether data (or code) begins there. */
  readonly #demangled = new Map<LinkSymbol, string>();
  readonly #mapping: { address: number; isData: boolean }[] = [];

  constructor(elf: Elf) {
    const thumb = elf.machine === EM_ARM;
    for (const symbol of elf.symbols) {
      if (isMapping(symbol)) {
        this.#mapping.push({ address: symbol.value, isData: symbol.name.startsWith("$d") });
      }
      if (!isUseful(symbol)) continue;
      const { name, value, size, type, binding, section } = symbol;
      const isFunction = type === STT_FUNC;
      const rank = (isFunction || type === STT_OBJECT ? 4 : 0) + (binding === STB_LOCAL ? 0 : 1);
      const address = isFunction && thumb ? value & ~1 : value;
      const isAbsolute = section === SHN_ABS;
      const entry = { name, address: address >>> 0, size, isFunction, isAbsolute, rank };
      if (!isAbsolute) this.#byAddress.push(entry);
      if (!this.#byName.has(name) || binding !== STB_LOCAL) this.#byName.set(name, entry);
    }
    this.#byAddress.sort((a, b) => a.address - b.address || a.rank - b.rank);
    this.#mapping.sort((a, b) => a.address - b.address);
  }

  /** Whether the nearest mapping symbol at or before a link address says that data lies there. */
  isData(address: number): boolean {
    const after = countUpTo(this.#mapping, address);
    return this.#mapping[after - 1]?.isData === true;
  }

  named(name: string): LinkSymbol | undefined {
    return this.#byName.get(name);
  }

  /**
   * Functions called `name`, and gcc's partial copies of them (`name.constprop.0`, `name.part.1`); those of C++ and
   * Rust without their parameters, with all their scopes or without.
   */
  functionsNamed(name: string): LinkSymbol[] {
    return this.#byAddress.filter(s => {
      if (!s.isFunction) return false;
      if (s.name === name || s.name.startsWith(`${name}.`)) return true;
      return s.name.startsWith("_") && this.#isCalled(s, name);
    });
  }

  #isCalled(symbol: LinkSymbol, name: string): boolean {
    const shown = this.shownName(symbol);
    if (shown === symbol.name) return false;
    return isNamed(shown, name) || isNamed(withoutParameters(shown), name);
  }

  /** A symbol's name as its programmer wrote it. */
  shownName(symbol: LinkSymbol): string {
    let name = this.#demangled.get(symbol);
    if (name === undefined) {
      name = demangle(symbol.name);
      this.#demangled.set(symbol, name);
    }
    return name;
  }

  /** What covers a link address: a sized symbol, else the label or unsized function before it. */
  at(address: number): { symbol: LinkSymbol; offset: number } | undefined {
    const low = countUpTo(this.#byAddress, address);
    let label: Ranked | undefined;
    for (let i = low - 1, steps = 0; i >= 0 && steps < 64; i--, steps++) {
      const symbol = this.#byAddress[i] as Ranked;
      const offset = address - symbol.address;
      if (offset < symbol.size) return { symbol, offset };
      // A sized symbol that ends before hides everything older.
      if (symbol.size > 0) break;
      if (!label || (symbol.address === label.address && symbol.rank > label.rank)) label = symbol;
    }
    return label && { symbol: label, offset: address - label.address };
  }
}

/** How many of `sorted` lie at `address` or before it. */
function countUpTo(sorted: readonly { address: number }[], address: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as { address: number }).address <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** $t, $d, $a, $x: where code and data begin, no names ("ELF for the Arm Architecture", 5.5.5). */
const isMapping = (symbol: ElfSymbol): boolean =>
  symbol.type === STT_NOTYPE && /^\$[atdx](\.|$)/.test(symbol.name);

function isUseful(symbol: ElfSymbol): boolean {
  if (symbol.name === "" || symbol.section === SHN_UNDEF) return false;
  if (symbol.type === STT_SECTION || symbol.type === STT_FILE) return false;
  return !isMapping(symbol);
}
