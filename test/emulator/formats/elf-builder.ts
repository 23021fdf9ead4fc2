// Builds small ELF32 files for tests: sections and symbols as the linker would write them.

export interface SectionSource {
  name: string;
  type: number;
  flags: number;
  address: number;
  data: Uint8Array;
  /** For NOBITS. */
  size?: number;
}

export interface SymbolSource {
  name: string;
  value: number;
  size: number;
  type: number;
  binding: number;
  section: number;
}

interface Laid {
  name: number;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: number;
  entrySize: number;
}

class StringTable {
  text = "\0";
  add(name: string): number {
    const at = this.text.length;
    this.text += `${name}\0`;
    return at;
  }
  bytes(): Uint8Array {
    return new TextEncoder().encode(this.text);
  }
}

/** Section 0 is the null section, so `sections[i]` has index i + 1. */
export function buildElf(source: {
  sections: readonly SectionSource[];
  symbols?: readonly SymbolSource[];
  entry?: number;
  machine?: number;
}): Uint8Array {
  const names = new StringTable();
  const symbolNames = new StringTable();
  const symbols = symbolTable(source.symbols ?? [], symbolNames);
  const all: (SectionSource & { link?: number; entrySize?: number })[] = [...source.sections];
  const meta = { flags: 0, address: 0 };
  const strtab = source.sections.length + 2;
  all.push({ name: ".symtab", type: 2, data: symbols, link: strtab, entrySize: 16, ...meta });
  all.push({ name: ".strtab", type: 3, data: symbolNames.bytes(), ...meta });
  const offsets = all.map(section => names.add(section.name));
  const ownName = names.add(".shstrtab");
  all.push({ name: ".shstrtab", type: 3, data: names.bytes(), ...meta });
  offsets.push(ownName);

  const chunks: Uint8Array[] = [];
  let offset = 52;
  const laid: Laid[] = [
    { name: 0, type: 0, flags: 0, address: 0, offset: 0, size: 0, link: 0, entrySize: 0 },
  ];
  all.forEach((section, i) => {
    const padded = new Uint8Array(Math.ceil(section.data.length / 4) * 4);
    padded.set(section.data);
    chunks.push(padded);
    const { type, flags, address, data, link = 0, entrySize = 0, size = data.length } = section;
    laid.push({ name: offsets[i], type, flags, address, offset, size, link, entrySize });
    offset += padded.length;
  });
  const file = new Uint8Array(offset + laid.length * 40);
  const view = new DataView(file.buffer);
  header(view, { ...source, sectionTable: offset, count: laid.length });
  let at = 52;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  laid.forEach((s, i) => {
    const words = [s.name, s.type, s.flags, s.address, s.offset, s.size, s.link, 0, 4, s.entrySize];
    words.forEach((word, w) => {
      view.setUint32(offset + i * 40 + w * 4, word, true);
    });
  });
  return file;
}

function header(
  view: DataView,
  options: { entry?: number; machine?: number; sectionTable: number; count: number },
): void {
  [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1].forEach((byte, i) => {
    view.setUint8(i, byte);
  });
  view.setUint16(16, 2, true);
  view.setUint16(18, options.machine ?? 40, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, options.entry ?? 0, true);
  view.setUint32(32, options.sectionTable, true);
  view.setUint16(40, 52, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, options.count, true);
  view.setUint16(50, options.count - 1, true);
}

function symbolTable(symbols: readonly SymbolSource[], names: StringTable): Uint8Array {
  const bytes = new Uint8Array(16 * (symbols.length + 1));
  const view = new DataView(bytes.buffer);
  symbols.forEach((symbol, i) => {
    const at = 16 * (i + 1);
    view.setUint32(at, names.add(symbol.name), true);
    view.setUint32(at + 4, symbol.value, true);
    view.setUint32(at + 8, symbol.size, true);
    view.setUint8(at + 12, symbol.type | (symbol.binding << 4));
    view.setUint16(at + 14, symbol.section, true);
  });
  return bytes;
}
