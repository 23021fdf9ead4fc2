// What a TAB, a TBF, an ELF of libtock-rs or a flash image holds, as plain data for the editor: headers, TLVs, credentials,
// layout. The words are those of tockloader's `inspect-tab` and of TRD-appid; the formats are emulator/formats.
import { parseElf } from "../../emulator/formats/elf.js";
import { isLibtockRs, looksLikeElf, packLibtockRs } from "../../emulator/formats/libtock-rs.js";
import { readTab, type Tab, type TabBinary } from "../../emulator/formats/tab.js";
import { looksLikeTar } from "../../emulator/formats/tar.js";
import { credentialFormats, type TbfCredentials, TlvType } from "../../emulator/formats/tbf.js";
import { parseFlash, parseTbf, type Tbf } from "../../emulator/formats/tbf-file.js";
import { bytes } from "../panels/text.js";

export interface Fact {
  label: string;
  value: string;
}

/** A part of a TBF object; offsets are from its start. */
export interface Part {
  name: string;
  offset: number;
  size: number;
}

export interface TlvRow extends Part {
  type: number;
}

export interface CredentialRow extends Part {
  verdict: string;
}

export interface BinaryObject {
  title: string;
  facts: readonly Fact[];
  tlvs: readonly TlvRow[];
  credentials: readonly CredentialRow[];
  layout: readonly Part[];
}

export interface BinaryReport {
  kind: "TAB" | "TBF" | "ELF" | "Flash image";
  facts: readonly Fact[];
  objects: readonly BinaryObject[];
  /** What cannot be read, a sentence each. */
  wrong: readonly string[];
}

/** @param digest hashes by the name that Web Crypto gives the algorithm */
export type Digest = (algorithm: string, data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** Never throws for what the file holds: damage is told in `wrong`. */
export async function reportOf(
  data: Uint8Array,
  file: string,
  digest: Digest,
): Promise<BinaryReport> {
  const isTab = looksLikeTar(data) || /\.tab$/i.test(file);
  if (isTab) {
    const tab = attempt(() => readTab(data, file));
    if ("wrong" in tab) return { kind: "TAB", facts: [], objects: [], wrong: [tab.wrong] };
    return reportOfTab(tab.value, digest);
  }
  if (looksLikeElf(data)) return reportOfElf(data, file, digest);
  const flash = attempt(() => parseFlash(data, file));
  if ("wrong" in flash) return { kind: "TBF", facts: [], objects: [], wrong: [flash.wrong] };
  const count = flash.value.length;
  const many = count > 1;
  const shown = flash.value.slice(0, MOST_OBJECTS);
  const objects = shown.map(tbf => objectOf(tbf, titleIn(tbf, many), digest));
  const more = { label: "Apps and padding", value: `${count}; the first ${MOST_OBJECTS} follow` };
  const facts = [
    { label: "Size", value: bytes(data.length) },
    ...(count > MOST_OBJECTS ? [more] : []),
  ];
  const kind = many ? "Flash image" : "TBF";
  return { kind, facts, objects: await Promise.all(objects), wrong: [] };
}

/** Of a file that was there when its editor was opened. */
export const unreadable = (file: string): BinaryReport => ({
  kind: /\.tab$/i.test(file) ? "TAB" : "TBF",
  facts: [],
  objects: [],
  wrong: [`${file} cannot be read: it is gone, or this user may not read it.`],
});

/** No board holds as many; a page with more takes long to draw. */
const MOST_OBJECTS = 200;

/** As it is packed for the board. */
async function reportOfElf(data: Uint8Array, file: string, digest: Digest): Promise<BinaryReport> {
  const name = file.replace(/^.*\//, "").replace(/\.elf$/i, "");
  const packed = attempt(() => {
    const elf = parseElf(data, file);
    return isLibtockRs(elf) ? packLibtockRs(elf, name) : undefined;
  });
  const none = { kind: "ELF", facts: [], objects: [] } as const;
  if ("wrong" in packed) return { ...none, wrong: [packed.wrong] };
  if (packed.value === undefined) return { ...none, wrong: [notLibtockRs(file)] };
  const { tbf, warnings } = packed.value;
  const facts = [
    { label: "Size", value: bytes(data.length) },
    { label: "Packed", value: "as below, whenever it is launched or installed" },
    ...warnings.map(value => ({ label: "Note", value })),
  ];
  const object = await objectOf(parseTbf(tbf, file), name, digest);
  return { kind: "ELF", facts, objects: [object], wrong: [] };
}

const notLibtockRs = (file: string): string =>
  `${file}: this ELF is no app of libtock-rs, so how it is packed does not stand in it: open the .tab that was made of it.`;

const titleIn = ({ header, offset }: Tbf, many: boolean): string => {
  const name = header.isPadding ? "Padding" : header.name || "(no name)";
  return many ? `${name} at 0x${offset.toString(16)}` : name;
};

async function reportOfTab(tab: Tab, digest: Digest): Promise<BinaryReport> {
  const read = tab.binaries.map(binary => ({ binary, tbf: attempt(() => tbfOf(tab, binary)) }));
  const objects = read.flatMap(({ binary, tbf }) =>
    "value" in tbf ? [objectOf(tbf.value, binary.variant, digest)] : [],
  );
  const { metadata } = tab;
  const facts = Object.entries(metadata).map(([key, value]) => ({
    label: labels[key] ?? key,
    value: String(value),
  }));
  const wrong = read.flatMap(({ tbf }) => ("wrong" in tbf ? [tbf.wrong] : []));
  return { kind: "TAB", facts, objects: await Promise.all(objects), wrong };
}

const tbfOf = ({ file }: Tab, { variant, bytes }: TabBinary): Tbf =>
  parseTbf(bytes, `${file} (${variant}.tbf)`);

const labels: Readonly<Record<string, string>> = {
  name: "Name",
  "minimum-tock-kernel-version": "Kernel version at least",
  "only-for-boards": "Only for boards",
  "build-date": "Built",
};

async function objectOf(tbf: Tbf, title: string, digest: Digest): Promise<BinaryObject> {
  const { header, footers } = tbf;
  const credentials = footers.map(async footer => ({
    name: credentialFormats[footer.format]?.name ?? `Format ${footer.format}`,
    offset: footer.offset,
    size: 4 + footer.length,
    verdict: await verdictOf(tbf, footer, digest),
  }));
  return {
    title,
    facts: factsOf(tbf),
    tlvs: header.tlvs.map(({ type, offset, length }) => ({
      type,
      name: tlvNames[type] ?? "Unknown",
      offset,
      size: 4 + length,
    })),
    credentials: await Promise.all(credentials),
    layout: layoutOf(tbf),
  };
}

const tlvNames: Readonly<Record<number, string>> = {
  [TlvType.Main]: "Main",
  [TlvType.WriteableFlashRegions]: "Writeable flash regions",
  [TlvType.PackageName]: "Package name",
  [TlvType.FixedAddresses]: "Fixed addresses",
  [TlvType.Permissions]: "Permissions",
  [TlvType.StoragePermissions]: "Storage permissions",
  [TlvType.KernelVersion]: "Kernel version",
  [TlvType.Program]: "Program",
  [TlvType.ShortId]: "ShortId",
};

const hex = (value: number): string => `0x${value.toString(16)}`;

function factsOf({ header }: Tbf): Fact[] {
  if (header.isPadding) return [{ label: "Total size", value: bytes(header.totalSize) }];
  const { kernelVersion: kernel, fixedAddressFlash, fixedAddressRam, shortId } = header;
  const rows: [string, string | undefined][] = [
    ["Name", header.name || "(none)"],
    ["Version", String(header.binaryVersion)],
    ["Enabled", header.enabled ? "yes" : "no"],
    ["Kernel", kernel ? `${kernel.major}.${kernel.minor} or later ${kernel.major}.x` : "not told"],
    ["Flash", `${bytes(header.totalSize)}${fixed(fixedAddressFlash)}`],
    ["RAM", `at least ${bytes(header.minimumRamSize)}${fixed(fixedAddressRam)}`],
    ["Starts at", `offset ${hex(header.initFunctionOffset)}`],
    ["Checksum", hex(header.checksum)],
    ["ShortId", shortId === undefined ? undefined : hex(shortId)],
    ["May use drivers", permissionsOf(header.permissions?.entries)],
    ["Storage", storageOf(header.storagePermissions)],
    ...header.writeableFlashRegions.map(({ offset, size }): [string, string] => [
      "Writeable flash",
      `${bytes(size)} at offset ${hex(offset)}`,
    ]),
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

const fixed = (address: number | undefined): string =>
  address === undefined ? "" : `, linked for ${hex(address)}`;

type Header = Tbf["header"];

function permissionsOf(
  entries: NonNullable<Header["permissions"]>["entries"] | undefined,
): string | undefined {
  if (entries === undefined) return undefined;
  const texts = entries.map(({ driver, offset, allowedCommands }) => {
    const commands = Array.from({ length: 64 }, (_, bit) => bit).filter(
      bit => (allowedCommands >> BigInt(bit)) & 1n,
    );
    return `${hex(driver)} (commands ${commands.map(bit => 64 * offset + bit).join(", ")})`;
  });
  return texts.join("; ") || "none";
}

function storageOf(storage: Header["storagePermissions"]): string | undefined {
  if (storage === undefined) return undefined;
  const list = (ids: readonly number[] | undefined) =>
    ids === undefined ? "unreadable" : ids.map(hex).join(", ") || "none";
  const { writeId, readIds, modifyIds } = storage;
  const writes = writeId === undefined ? "none" : hex(writeId);
  return `writes ${writes}; reads ${list(readIds)}; changes ${list(modifyIds)}`;
}

/** Parts in the order of their offsets, without those that are empty. */
function layoutOf({ header, footers }: Tbf): Part[] {
  const { headerSize, protectedSize, binaryEnd, totalSize, isPadding } = header;
  if (isPadding) {
    return [
      { name: "Header", offset: 0, size: headerSize },
      { name: "Padding", offset: headerSize, size: totalSize - headerSize },
    ];
  }
  const footerEnd = footers.reduce(
    (end, { offset, length }) => Math.max(end, offset + 4 + length),
    binaryEnd,
  );
  const parts = [
    { name: "Header", offset: 0, size: headerSize },
    { name: "Protected trailer", offset: headerSize, size: protectedSize - headerSize },
    { name: "Binary", offset: protectedSize, size: binaryEnd - protectedSize },
    { name: "Credentials", offset: binaryEnd, size: footerEnd - binaryEnd },
    { name: "Rest", offset: footerEnd, size: totalSize - footerEnd },
  ];
  return parts.filter(({ size }) => size > 0);
}

const RESERVED = 0;
const algorithms: Readonly<Record<number, string>> = { 3: "SHA-256", 4: "SHA-384", 5: "SHA-512" };

async function verdictOf(
  { bytes: object, header }: Tbf,
  { format, data }: TbfCredentials,
  digest: Digest,
): Promise<string> {
  if (format === RESERVED) return "room for credentials";
  const algorithm = algorithms[format];
  if (algorithm === undefined) return "a signature, not checked without its key";
  const right = await digest(algorithm, object.slice(0, header.binaryEnd));
  return right.every((byte, index) => byte === data[index])
    ? "matches"
    : "does NOT match: the app was changed after it was packed";
}

/** What a function gives, or what it says is wrong with the file. */
function attempt<T>(read: () => T): { value: T } | { wrong: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Error && error.name === "UserError")) throw error;
    return { wrong: error.message };
  }
}
