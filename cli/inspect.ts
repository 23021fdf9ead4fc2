// `tock-debug inspect`: what a TAB, a TBF, a flash image or an ELF file holds.
import { extname } from "node:path";
import {
  type Elf,
  EM_ARM,
  EM_RISCV,
  hex,
  looksLikeTar,
  looksLikeTbf,
  PT_LOAD,
  parseElf,
  parseFlash,
  parseTbf,
  readTab,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_WRITE,
  SHT_NOBITS,
  type Tbf,
  UserError,
} from "../emulator/index.js";
import { readBytes } from "./files.js";
import { tbfData, tbfText } from "./inspect-tbf.js";
import { readPublicKey } from "./public-key.js";
import { columns } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Shows what a TAB, TBF, ELF file or flash image holds.",
  usage: "[OPTION]… FILE…",
  options: {
    key: {
      value: "FILE",
      help: "check ECDSA P-256 signatures with this public key: PEM, DER, or 128 hexadecimal digits",
    },
    json: { help: "one JSON object per file instead of text" },
  },
  examples: [
    "tock-debug inspect blink.tab",
    "tock-debug inspect --key key.pem signed.tab",
    "tock-debug inspect --json blink.elf",
  ],
  run,
};

function run(args: Arguments): number {
  if (args.positionals.length === 0)
    throw new UserError("inspect: expected a file. See tock-debug inspect --help.");
  const keyFile = args.text("key");
  const key = keyFile === undefined ? undefined : readPublicKey(keyFile);
  const reports = args.positionals.map(file => inspect(readBytes(file), file, key));
  if (args.flag("json"))
    for (const { data } of reports) console.log(JSON.stringify({ schema: 1, ...data }, null, 2));
  else console.log(reports.map(report => report.text).join("\n\n"));
  return 0;
}

/** The same report for people and for programs. */
interface Report {
  data: Record<string, unknown>;
  text: string;
}

/** @throws UserError where the file is none of the kinds we know, or damaged */
export function inspect(bytes: Uint8Array, file: string, key?: Uint8Array): Report {
  const extension = extname(file).toLowerCase();
  if (looksLikeTar(bytes) || extension === ".tab") return inspectTab(bytes, file, key);
  if ((bytes[0] === 0x7f && bytes[1] === 0x45) || extension === ".elf")
    return inspectElf(parseElf(bytes, file));
  if (looksLikeTbf(bytes) || extension === ".tbf") return inspectFlash(bytes, file, key);
  throw new UserError(`${file}: it does not start like a TAB, a TBF or an ELF file.`);
}

function inspectTab(bytes: Uint8Array, file: string, key: Uint8Array | undefined): Report {
  const tab = readTab(bytes, file);
  const parsed = tab.binaries.map(({ variant, bytes }) => ({
    variant,
    tbf: parseTbf(bytes, `${file} (${variant}.tbf)`),
  }));
  const metadata = Object.entries(tab.metadata).map(([key, value]) => [key, value]);
  return {
    data: {
      file,
      kind: "tab",
      metadata: tab.metadata,
      binaries: parsed.map(({ variant, tbf }) => ({ variant, ...tbfData(tbf, key) })),
    },
    text: [
      `${file}: TAB`,
      columns(metadata),
      ...parsed.map(({ variant, tbf }) => `\n${variant}.tbf\n${tbfText(tbf, key)}`),
    ].join("\n"),
  };
}

function inspectFlash(bytes: Uint8Array, file: string, key: Uint8Array | undefined): Report {
  const objects = parseFlash(bytes, file);
  const title = ({ offset, header }: Tbf) =>
    `${hex(offset, 8)}  ${header.isPadding ? "padding" : header.name || "(no name)"}`;
  return {
    data: {
      file,
      kind: objects.length > 1 ? "flash" : "tbf",
      objects: objects.map(tbf => tbfData(tbf, key)),
    },
    text:
      objects.length > 1
        ? `${file}: flash with ${objects.length} objects\n\n${objects
            .map(tbf => `${title(tbf)}\n${tbfText(tbf, key)}`)
            .join("\n\n")}`
        : `${file}: TBF\n${tbfText(objects[0] as Tbf, key)}`,
  };
}

const machines: Readonly<Record<number, string>> = { [EM_ARM]: "Arm", [EM_RISCV]: "RISC-V" };

function inspectElf(elf: Elf): Report {
  const sections = elf.sections.filter(section => section.flags & SHF_ALLOC);
  const segments = elf.segments.filter(segment => segment.type === PT_LOAD);
  const debug = elf.sections.filter(section => section.name.startsWith(".debug_"));
  const machine = machines[elf.machine] ?? `machine ${elf.machine}`;
  const flags = (value: number) =>
    `${value & SHF_WRITE ? "w" : "r"}${value & SHF_EXECINSTR ? "x" : ""}`;
  return {
    data: {
      file: elf.fileName,
      kind: "elf",
      machine: elf.machine,
      entry: elf.entry,
      sections: sections.map(({ name, address, size, type }) => ({
        name,
        address,
        size,
        inFile: type !== SHT_NOBITS,
      })),
      segments: segments.map(({ data: _, ...segment }) => segment),
      symbols: elf.symbols.length,
      debugSections: debug.map(({ name, size }) => ({ name, size })),
    },
    text: [
      `${elf.fileName}: ELF for ${machine}, entry ${hex(elf.entry, 8)}, ${elf.symbols.length} symbols`,
      "\nSection, address, size",
      columns(
        sections.map(section => [
          section.name,
          `${hex(section.address, 8)}  ${String(section.size).padStart(8)}  ${flags(section.flags)}${section.type === SHT_NOBITS ? ", not in the file" : ""}`,
        ]),
      ),
      "\nSegment: address, load address, size in file and memory",
      ...segments.map(
        segment =>
          `  ${hex(segment.virtualAddress, 8)}  ${hex(segment.physicalAddress, 8)}  ${String(segment.fileSize).padStart(8)}  ${String(segment.memorySize).padStart(8)}`,
      ),
      debug.length === 0
        ? "\nNo debug information; build with -g."
        : `\nDebug information: ${debug.map(section => section.name.slice(7)).join(", ")}`,
    ].join("\n"),
  };
}
