// ELF32 little-endian: header, sections, segments, symbols, notes. System V ABI, chapters 4 and 5; "ELF for the Arm Architecture".
import { hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import { ByteReader } from "./reader.js";
import { StringTable } from "./strings.js";

/** `e_machine` values that occur among Tock boards. */
export const EM_ARM = 40;
export const EM_RISCV = 243;

export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_REL = 9;
export const SHT_NOTE = 7;
export const SHT_NOBITS = 8;
export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const SHF_EXECINSTR = 4;
export const SHF_TLS = 0x400;
const SHF_COMPRESSED = 0x800;
export const PT_LOAD = 1;

export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_SECTION = 3;
export const STT_FILE = 4;
export const STT_TLS = 6;
export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;
export const SHN_UNDEF = 0;
export const SHN_ABS = 0xfff1;

export interface ElfSection {
  index: number;
  name: string;
  type: number;
  flags: number;
  /** Link address. */
  address: number;
  /** In the file. */
  offset: number;
  size: number;
  link: number;
  info: number;
  entrySize: number;
  /** The bytes in the file, as a view; empty for NOBITS. */
  data(): Uint8Array;
}

export interface ElfSegment {
  type: number;
  flags: number;
  offset: number;
  virtualAddress: number;
  physicalAddress: number;
  fileSize: number;
  memorySize: number;
  data(): Uint8Array;
}

export interface ElfSymbol {
  name: string;
  /** As in the file: a Thumb function has bit 0 set. */
  value: number;
  size: number;
  /** STT_… */
  type: number;
  /** STB_… */
  binding: number;
  /** Index of its section, SHN_ABS or SHN_UNDEF. */
  section: number;
}

export interface ElfNote {
  name: string;
  type: number;
  description: Uint8Array;
}

export interface Elf {
  fileName: string;
  bytes: Uint8Array;
  /** ET_REL 1, ET_EXEC 2, ET_DYN 3. */
  type: number;
  /** EM_…; callers that need Arm say so themselves. */
  machine: number;
  flags: number;
  entry: number;
  sections: readonly ElfSection[];
  segments: readonly ElfSegment[];
  /** Without the null symbol; empty in a stripped file. */
  symbols: readonly ElfSymbol[];
  notes: readonly ElfNote[];
  /** The first section of that name. */
  section(name: string): ElfSection | undefined;
}

/** Throws a `UserError` naming the file, the offset and what was expected for anything but a readable ELF32 LE. */
export function parseElf(bytes: Uint8Array, fileName: string): Elf {
  const reader = new ByteReader(bytes, fileName);
  checkIdentification(bytes, fileName);
  reader.seek(16);
  const type = reader.u16();
  const machine = reader.u16();
  reader.skip(4);
  const entry = reader.u32();
  const segmentTable = { offset: reader.u32(), entrySize: 0, count: 0 };
  const sectionTable = { offset: reader.u32(), entrySize: 0, count: 0 };
  const flags = reader.u32();
  reader.skip(2);
  segmentTable.entrySize = reader.u16();
  segmentTable.count = reader.u16();
  sectionTable.entrySize = reader.u16();
  sectionTable.count = reader.u16();
  const nameIndex = reader.u16();
  const sections = readSections(reader, sectionTable, nameIndex);
  const byName = new Map<string, ElfSection>();
  for (const section of sections) if (!byName.has(section.name)) byName.set(section.name, section);
  const table = symbolTable(sections, fileName);
  let symbols: readonly ElfSymbol[] | undefined;
  return {
    fileName,
    bytes,
    type,
    machine,
    flags,
    entry,
    sections,
    segments: readSegments(reader, segmentTable),
    get symbols() {
      symbols ??= readSymbols(table);
      return symbols;
    },
    notes: sections.filter(s => s.type === SHT_NOTE).flatMap(s => readNotes(s, fileName)),
    section: name => byName.get(name),
  };
}

function checkIdentification(bytes: Uint8Array, fileName: string): void {
  const refuse = (offset: number, text: string): never => {
    throw new UserError(`${fileName}, offset ${hex(offset)}: ${text}`);
  };
  if (
    bytes.length < 4 ||
    bytes[0] !== 0x7f ||
    String.fromCharCode(...bytes.subarray(1, 4)) !== "ELF"
  ) {
    refuse(0, "expected the ELF magic 7f 45 4c 46; this is no ELF file");
  }
  if (bytes.length < 52) {
    refuse(bytes.length, "expected an ELF header of 52 bytes, but the file ends here");
  }
  if (bytes[4] !== 1) {
    refuse(
      4,
      `expected class 1 (32-bit), found ${bytes[4]}; only 32-bit programs run on Tock boards`,
    );
  }
  if (bytes[5] !== 1) refuse(5, `expected data encoding 1 (little-endian), found ${bytes[5]}`);
  if (bytes[6] !== 1) refuse(6, `expected ELF version 1, found ${bytes[6]}`);
}

interface Table {
  offset: number;
  entrySize: number;
  count: number;
}

function checkTable(reader: ByteReader, table: Table, what: string, entrySize: number): boolean {
  if (table.count === 0 || table.offset === 0) return false;
  if (table.entrySize < entrySize) {
    throw new UserError(
      `${reader.name}, ELF header: expected ${what} entries of ${entrySize} bytes, found ${table.entrySize}`,
    );
  }
  const end = table.offset + table.count * table.entrySize;
  if (end > reader.length) {
    throw new UserError(
      `${reader.name}: the ${what} table ends at ${hex(end)}, but the file has only ${hex(reader.length)} bytes; it is damaged or cut off`,
    );
  }
  return true;
}

function readSections(reader: ByteReader, table: Table, nameIndex: number): ElfSection[] {
  if (!checkTable(reader, table, "section header", 40)) return [];
  const sections: ElfSection[] = [];
  const nameOffsets: number[] = [];
  for (let index = 0; index < table.count; index++) {
    reader.seek(table.offset + index * table.entrySize);
    nameOffsets.push(reader.u32());
    sections.push(readSection(reader, index));
  }
  const names = sections[nameIndex]?.data() ?? new Uint8Array();
  sections.forEach((section, index) => {
    section.name = stringAt(names, nameOffsets[index]);
  });
  return sections;
}

function readSection(reader: ByteReader, index: number): ElfSection {
  const type = reader.u32();
  const flags = reader.u32();
  const address = reader.u32();
  const offset = reader.u32();
  const size = reader.u32();
  const link = reader.u32();
  const info = reader.u32();
  reader.skip(4);
  const entrySize = reader.u32();
  const inFile = type !== SHT_NOBITS && type !== 0;
  const data = () => {
    if (!inFile) return new Uint8Array();
    if (flags & SHF_COMPRESSED) {
      throw new UserError(
        `${reader.name}, section ${index}: it is compressed, which is not supported; link without --compress-debug-sections`,
      );
    }
    return rangeOf(reader, offset, size, `section ${index}`);
  };
  return { index, name: "", type, flags, address, offset, size, link, info, entrySize, data };
}

function readSegments(reader: ByteReader, table: Table): ElfSegment[] {
  if (!checkTable(reader, table, "program header", 32)) return [];
  return Array.from({ length: table.count }, (_, index) => {
    reader.seek(table.offset + index * table.entrySize);
    const type = reader.u32();
    const offset = reader.u32();
    const virtualAddress = reader.u32();
    const physicalAddress = reader.u32();
    const fileSize = reader.u32();
    const memorySize = reader.u32();
    const flags = reader.u32();
    const data = () => rangeOf(reader, offset, fileSize, `segment ${index}`);
    return { type, flags, offset, virtualAddress, physicalAddress, fileSize, memorySize, data };
  });
}

function rangeOf(reader: ByteReader, offset: number, size: number, what: string): Uint8Array {
  if (offset + size > reader.length) {
    throw new UserError(
      `${reader.name}: ${what} lies at ${hex(offset)} to ${hex(offset + size)}, but the file has only ${hex(reader.length)} bytes; it is damaged or cut off`,
    );
  }
  return reader.bytes.subarray(offset, offset + size);
}

const decoder = new TextDecoder();

function stringAt(table: Uint8Array, offset: number): string {
  const end = table.indexOf(0, offset);
  return decoder.decode(table.subarray(offset, end < 0 ? table.length : end));
}

interface SymbolTable {
  reader: ByteReader;
  names: Uint8Array;
}

function symbolTable(sections: readonly ElfSection[], fileName: string): SymbolTable | undefined {
  const table = sections.find(s => s.type === SHT_SYMTAB);
  if (!table) return undefined;
  const names = sections[table.link]?.data() ?? new Uint8Array();
  return { reader: new ByteReader(table.data(), `${fileName}, section ${table.name}`), names };
}

function readSymbols(table: SymbolTable | undefined): ElfSymbol[] {
  if (!table) return [];
  const { reader, names: bytes } = table;
  const names = new StringTable(bytes);
  const symbols: ElfSymbol[] = [];
  for (let offset = 16; offset + 16 <= reader.length; offset += 16) {
    reader.seek(offset);
    const nameOffset = reader.u32();
    const name = names.at(nameOffset) ?? stringAt(bytes, nameOffset);
    const value = reader.u32();
    const size = reader.u32();
    const info = reader.u8();
    reader.skip(1);
    const section = reader.u16();
    symbols.push({ name, value, size, type: info & 15, binding: info >> 4, section });
  }
  return symbols;
}

function readNotes(section: ElfSection, fileName: string): ElfNote[] {
  const reader = new ByteReader(section.data(), `${fileName}, section ${section.name}`);
  const notes: ElfNote[] = [];
  while (reader.remaining >= 12) {
    const nameSize = reader.u32();
    const descriptionSize = reader.u32();
    const type = reader.u32();
    const name = stringAt(reader.slice(nameSize), 0);
    reader.skip(Math.min(-nameSize & 3, reader.remaining));
    const description = reader.slice(descriptionSize);
    reader.skip(Math.min(-descriptionSize & 3, reader.remaining));
    notes.push({ name, type, description });
  }
  return notes;
}
