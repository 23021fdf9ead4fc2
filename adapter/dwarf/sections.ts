// The debug sections of one program, as far as they are there.
import { UserError } from "../../emulator/base/errors.js";
import type { Elf } from "../../emulator/formats/elf.js";
import { ByteReader } from "../../emulator/formats/reader.js";
import { StringTable } from "../../emulator/formats/strings.js";

const NAMES = [
  "info",
  "abbrev",
  "line",
  "str",
  "line_str",
  "str_offsets",
  "addr",
  "loc",
  "loclists",
  "ranges",
  "rnglists",
  "frame",
  "eh_frame",
] as const;

/** Bytes. */
const SHORT = 8;

export type SectionName = (typeof NAMES)[number];

/** `.eh_frame` is no section of debug information, but part of the program. */
const fullName = (name: SectionName): string =>
  name === "eh_frame" ? ".eh_frame" : `.debug_${name}`;

/** Readers over the `.debug_*` sections; a section that is missing is empty. */
export class DebugSections {
  readonly fileName: string;
  /** Sentences about sections that cannot be read. */
  readonly problems: string[] = [];
  /** Link address of `.eh_frame`, from which it counts. */
  ehFrameAddress = 0;
  readonly #bytes = new Map<SectionName, Uint8Array>();
  readonly #shared = new Map<SectionName, ByteReader>();
  /** Of `.debug_str`. */
  readonly strings: StringTable;
  readonly #lineStrings: StringTable;

  constructor(elf: Elf) {
    this.fileName = elf.fileName;
    for (const name of NAMES) {
      try {
        const section = elf.section(fullName(name));
        if (name === "eh_frame") this.ehFrameAddress = section?.address ?? 0;
        if (section) this.#bytes.set(name, section.data());
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.problems.push(error.message);
      }
    }
    this.strings = new StringTable(this.#bytes.get("str") ?? new Uint8Array());
    this.#lineStrings = new StringTable(this.#bytes.get("line_str") ?? new Uint8Array());
  }

  size(name: SectionName): number {
    return this.#bytes.get(name)?.length ?? 0;
  }

  /** A reader at `offset`; throws a `UserError` if the section ends before. */
  reader(name: SectionName, offset = 0): ByteReader {
    const bytes = this.#bytes.get(name) ?? new Uint8Array();
    return new ByteReader(bytes, `${this.fileName}, section ${fullName(name)}`).seek(offset);
  }

  /** The same reader each time, at `offset`: for what is read to its end before anything else of the section is. */
  shared(name: SectionName, offset: number): ByteReader {
    let reader = this.#shared.get(name);
    if (!reader) {
      reader = this.reader(name);
      this.#shared.set(name, reader);
    }
    return reader.seek(offset);
  }

  /** The string at `offset` of a table of strings. */
  string(name: "str" | "line_str", offset: number): string {
    const table = name === "str" ? this.strings : this.#lineStrings;
    return table.at(offset) ?? this.reader(name, offset).cString();
  }

  /** The string at `offset` of `.debug_info`: compilers put the shortest ones there. */
  inlineString(offset: number): string {
    const bytes = this.#bytes.get("info");
    // For short ASCII a decoder costs more than the string.
    let text = "";
    for (let at = offset; bytes && at < offset + SHORT; at++) {
      const byte = bytes[at];
      if (byte === 0) return text;
      if (byte === undefined || byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    return this.reader("info", offset).cString();
  }
}
