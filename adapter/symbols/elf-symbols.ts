// The ELF's own symbols by address and by name, for code and data without debug information.
import {
  type Elf,
  type ElfSymbol,
  EM_ARM,
  EM_RISCV,
  SHN_ABS,
  SHN_UNDEF,
  STB_LOCAL,
  STT_FILE,
  STT_FUNC,
  STT_NOTYPE,
  STT_OBJECT,
  STT_SECTION,
  STT_TLS,
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
  isObject: boolean;
  isAbsolute: boolean;
}

interface Ranked extends LinkSymbol {
  /** The better name for the same address is the higher one. */
  rank: number;
}

/** The symbols in the orders in which they are looked for. */
interface Index {
  byAddress: readonly Ranked[];
  byName: ReadonlyMap<string, LinkSymbol>;
  /** Mapping symbols by address: whether data (or code) begins there. */
  mapping: readonly { address: number; isData: boolean }[];
  /** Some functions have a size. */
  measured: boolean;
}

export class ElfSymbols {
  readonly #elf: Elf;
  readonly #demangled = new Map<LinkSymbol, string>();
  #made: Index | undefined;

  constructor(elf: Elf) {
    this.#elf = elf;
  }

  get #index(): Index {
    this.#made ??= indexOf(this.#elf);
    return this.#made;
  }

  /**
   * Whether the nearest mapping symbol at or before a link address says that data lies there. Of RISC-V, constants that a
   * linker script puts among the code have none: there data is also what no function covers.
   */
  isData(address: number): boolean {
    const { mapping, measured } = this.#index;
    if (mapping[countUpTo(mapping, address) - 1]?.isData === true) return true;
    if (this.#elf.machine !== EM_RISCV || !measured) return false;
    const found = this.at(address);
    return found === undefined || found.symbol.isObject;
  }

  named(name: string): LinkSymbol | undefined {
    return this.#index.byName.get(name);
  }

  /**
   * Functions called `name`, and gcc's partial copies of them (`name.constprop.0`, `name.part.1`); those of C++ and
   * Rust without their parameters, with all their scopes or without.
   */
  functionsNamed(name: string): LinkSymbol[] {
    return this.#index.byAddress.filter(s => {
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
    const { byAddress } = this.#index;
    const low = countUpTo(byAddress, address);
    let label: Ranked | undefined;
    for (let i = low - 1, steps = 0; i >= 0 && steps < 64; i--, steps++) {
      const symbol = byAddress[i] as Ranked;
      const offset = address - symbol.address;
      if (offset < symbol.size) return { symbol, offset };
      // A sized symbol that ends before hides everything older.
      if (symbol.size > 0) break;
      if (!label || (symbol.address === label.address && symbol.rank > label.rank)) label = symbol;
    }
    return label && { symbol: label, offset: address - label.address };
  }
}

function indexOf(elf: Elf): Index {
  const thumb = elf.machine === EM_ARM;
  const byAddress: Ranked[] = [];
  const byName = new Map<string, LinkSymbol>();
  const mapping: { address: number; isData: boolean }[] = [];
  for (const symbol of elf.symbols) {
    const { name, value, size, type, binding, section } = symbol;
    if (isMapping(symbol)) mapping.push({ address: value, isData: name.startsWith("$d") });
    else if (isUseful(symbol)) {
      const isFunction = type === STT_FUNC;
      const isObject = type === STT_OBJECT;
      const rank = (isFunction || isObject ? 4 : 0) + (binding === STB_LOCAL ? 0 : 1);
      const address = (isFunction && thumb ? value & ~1 : value) >>> 0;
      const isAbsolute = section === SHN_ABS;
      const entry = { name, address, size, isFunction, isObject, isAbsolute, rank };
      if (!isAbsolute) byAddress.push(entry);
      if (!byName.has(name) || binding !== STB_LOCAL) byName.set(name, entry);
    }
  }
  byAddress.sort((a, b) => a.address - b.address || a.rank - b.rank);
  mapping.sort((a, b) => a.address - b.address);
  const measured = byAddress.some(({ isFunction, size }) => isFunction && size > 0);
  return { byAddress, byName, mapping, measured };
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

/**
 * $t, $d, $a, $x: where code and data begin, no names ("ELF for the Arm Architecture", 5.5.5); of RISC-V $x may tell the
 * ISA behind it ("RISC-V ELF psABI", 8.4.1).
 */
const isMapping = (symbol: ElfSymbol): boolean =>
  symbol.type === STT_NOTYPE &&
  symbol.name.startsWith("$") &&
  /^\$(?:[atdx](?:\.|$)|xrv)/.test(symbol.name);

/** The assembler's own: on RISC-V, where the linker may move code, LLVM's and gcc's files keep these. */
const isAssemblers = ({ name }: ElfSymbol): boolean => name.startsWith(".L");

function isUseful(symbol: ElfSymbol): boolean {
  if (symbol.name === "" || symbol.section === SHN_UNDEF || isAssemblers(symbol)) return false;
  return symbol.type !== STT_SECTION && symbol.type !== STT_FILE && symbol.type !== STT_TLS;
}
