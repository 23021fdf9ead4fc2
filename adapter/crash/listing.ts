// The listing of an app at its run-time addresses, source and instructions interleaved: what libtock-c's `make debug`
// (AppMakefile.mk) links the app a second time for.
import {
  type Elf,
  type ElfSection,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_TLS,
  SHT_NOBITS,
} from "../../emulator/index.js";
import { dataText, withTarget } from "../disassembly.js";
import { instructionAt } from "../flow.js";
import type { AddressRange, MemoryReader, SourceLocation } from "../symbols/model.js";
import type { DwarfSymbols } from "../symbols/table.js";
import type { Architecture } from "./architecture.js";
import { architectureOfElf } from "./architectures.js";
import { halfwords } from "./code.js";

export interface ListedApp {
  elf: Elf;
  symbols: DwarfSymbols;
  /** The app's flash. */
  memory: MemoryReader;
}

/** Lines of the source file that debug information calls `path`; `undefined` if it is not at hand. */
export type SourceText = (path: string) => Promise<readonly string[] | undefined>;

/** Whether the instructions of an ELF can be read. */
export const canList = (elf: Elf): boolean => architectureOfElf(elf) !== undefined;

/** The lines of the listing: sections, then code, then what lies in data. @throws Error unless `canList` */
export async function* listing(app: ListedApp, source: SourceText): AsyncGenerator<string> {
  const architecture = architectureOfElf(app.elf);
  if (architecture === undefined)
    throw new Error("there is no disassembler for the ELF's processor");
  const sections = app.elf.sections
    .filter(({ flags, size }) => flags & SHF_ALLOC && !(flags & SHF_TLS) && size > 0)
    .map(section => ({ section, low: app.symbols.image.toRuntime(section.address) }))
    .sort((a, b) => a.low - b.low);
  yield "Sections:";
  for (const { section, low } of sections) {
    const end = low + section.size;
    yield `  ${digits(low)}-${digits(end)}  ${String(section.size).padStart(8)}  ${section.name}`;
  }
  for (const { section, low } of sections) {
    yield "";
    yield `Section ${section.name}:`;
    if (section.flags & SHF_EXECINSTR)
      yield* code({ ...app, architecture }, { low, high: low + section.size }, source);
    else yield* data(app, section, low);
  }
}

const digits = (address: number): string => (address >>> 0).toString(16).padStart(8, "0");

/** Names by run-time address, without the Thumb bit; mapping symbols (`$t`), labels of the assembler (`.L0`) and sections have none. */
function labels({ elf, symbols }: ListedApp): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { name, value, section } of elf.symbols) {
    if (section === 0 || /^(?:$|\$|\.L)/.test(name)) continue;
    const even = value - (value % 2);
    const { image } = symbols;
    const isCode = image.isCode(even) && !symbols.isData(image.toRuntime(even));
    const address = image.toRuntime(isCode ? even : value);
    const known = symbols.symbolAt(address);
    const shown = known?.offset === 0 ? known.name : name;
    const all = names.get(address) ?? [];
    if (!all.includes(shown)) names.set(address, [...all, shown]);
  }
  return names;
}

async function* code(
  app: ListedApp & { architecture: Architecture },
  { low, high }: AddressRange,
  source: SourceText,
): AsyncGenerator<string> {
  const { symbols, memory } = app;
  const { isa, codeUnit } = app.architecture;
  const names = labels(app);
  const read16 = halfwords(memory);
  let place: SourceLocation | null = null;
  for (let at = low; at < high; ) {
    const label = names.get(at);
    if (label) {
      yield "";
      yield `${digits(at)} <${label.join(", ")}>:`;
      place = null;
    }
    const isData = symbols.isData(at) || read16(at) === undefined;
    const here = isData ? null : symbols.locationAt(at);
    if (here && here.line > 0 && !(place && samePlace(here, place))) {
      yield* sourceLines(here, place, source);
      place = here;
    }
    const size = isData ? dataSize(symbols, at) : instructionAt(isa, at, read16).size;
    const whole = Math.min(upToName(names, at, size), high - at);
    const bytes = memory.read(at, whole) ?? new Uint8Array();
    const text =
      isData || whole < size
        ? dataText(bytes)
        : withTarget(instructionAt(isa, at, read16), to => symbols.symbolAt(to));
    yield `  ${digits(at)}:  ${numbers(bytes, isData ? 2 : codeUnit).padEnd(9)}  ${inColumns(text)}`;
    at += whole;
  }
}

const samePlace = (a: SourceLocation, b: SourceLocation): boolean =>
  a.path === b.path && a.line === b.line;

const dataSize = (symbols: DwarfSymbols, at: number): number =>
  at % 4 === 0 && symbols.isData(at + 2) ? 4 : 2;

const MNEMONIC = 7;

function inColumns(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? text : `${text.slice(0, space).padEnd(MNEMONIC)} ${text.slice(space + 1)}`;
}

/** `size`, or less where a name stands in between: it is surely a beginning, and what was taken for an instruction is none. */
function upToName(names: ReadonlyMap<number, unknown>, at: number, size: number): number {
  if (at % 2 === 1 || names.has(at + 1)) return 1;
  return size === 4 && (names.has(at + 2) || names.has(at + 3)) ? 2 : size;
}

/** Numbers of at most `unit` bytes as the manual writes instructions: `f7ff fffe`. */
function numbers(bytes: Uint8Array, unit: number): string {
  const all: string[] = [];
  for (let i = 0; i < bytes.length; i += unit) {
    const digits = [...bytes.subarray(i, i + unit)].reverse();
    all.push(digits.map(byte => byte.toString(16).padStart(2, "0")).join(""));
  }
  return all.join(" ");
}

/** Lines between that were passed over, such as declarations, are shown too if they are few. */
const MOST_PASSED = 8;

async function* sourceLines(
  here: SourceLocation,
  before: SourceLocation | null,
  source: SourceText,
): AsyncGenerator<string> {
  const lines = await source(here.path);
  const last = before?.path === here.path ? before.line : undefined;
  const goesOn = last !== undefined;
  if (!goesOn) yield `${here.path}:${here.line}`;
  if (!lines) {
    if (goesOn) yield `${here.path}:${here.line}`;
    return;
  }
  const passed = here.line - (last ?? here.line);
  const from = passed > 0 && passed <= MOST_PASSED ? here.line - passed + 1 : here.line;
  for (let number = from; number <= here.line; number++) {
    const text = lines[number - 1];
    if (text !== undefined) yield `${String(number).padStart(5)}  ${text}`.trimEnd();
  }
}

const ROW = 16;

/** Names and, where the file has them, bytes of a section without code. */
function* data(app: ListedApp, section: ElfSection, low: number): Generator<string> {
  const names = labels(app);
  const bytes = section.type === SHT_NOBITS ? undefined : section.data();
  const starts = [...names.keys()]
    .filter(at => at >= low && at < low + section.size)
    .sort((a, b) => a - b);
  const stops = [...new Set([low, ...starts]), low + section.size].sort((a, b) => a - b);
  for (const [i, from] of stops.slice(0, -1).entries()) {
    const to = stops[i + 1] as number;
    if (names.has(from))
      yield `${digits(from)} <${names.get(from)?.join(", ")}>: ${to - from} bytes`;
    for (let at = from; bytes && at < to; at += ROW) {
      const row = bytes.subarray(at - low, Math.min(at + ROW, to) - low);
      yield `  ${digits(at)}:  ${[...row].map(byte => byte.toString(16).padStart(2, "0")).join(" ")}`;
    }
  }
}
