// Tock Application Bundles: a tar with metadata.toml and one TBF per architecture (elf2tab src/main.rs, tockloader tab.py).

import { hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import { readTar, type TarMember, writeTar } from "./tar.js";
import { decodeUtf8, type TbfHeader } from "./tbf.js";
import { parseTbf, type Tbf } from "./tbf-file.js";

/** The keys of metadata.toml, as they are written there. */
export interface TabMetadata {
  name: string;
  "minimum-tock-kernel-version"?: string;
  "only-for-boards"?: string;
  "build-date"?: string;
}

/** A TBF of the bundle, still unparsed. */
export interface TabBinary {
  /** Name of the member without ".tbf": an architecture, with fixed addresses `arch.0xFLASH.0xRAM`. */
  variant: string;
  /** The variant up to its first dot, such as "cortex-m4". */
  architecture: string;
  bytes: Uint8Array;
}

export interface Tab {
  /** Named in errors. */
  file: string;
  metadata: TabMetadata;
  binaries: TabBinary[];
}

/** @throws UserError where `bytes` are no TAB */
export function readTab(bytes: Uint8Array, file: string): Tab {
  const members = readTar(bytes, file).map(m => ({ ...m, name: m.name.replace(/^(\.\/)+/, "") }));
  const toml = members.find(m => m.name === "metadata.toml");
  if (!toml)
    throw new UserError(`${file}: no member metadata.toml; expected a TAB as elf2tab writes it.`);
  const tbfs = members.filter(m => m.name.endsWith(".tbf") && !m.name.startsWith("._"));
  const nested = tbfs.find(m => /[/\\]/.test(m.name));
  if (nested)
    throw new UserError(
      `${file}: the member ${JSON.stringify(nested.name)} lies in a folder; a TAB keeps its .tbf files at the top.`,
    );
  if (tbfs.length === 0) throw new UserError(`${file}: the TAB holds no .tbf file.`);
  return { file, metadata: parseMetadata(toml.bytes, file), binaries: tbfs.map(binary) };
}

function binary(member: TarMember): TabBinary {
  const variant = member.name.slice(0, -".tbf".length);
  return { variant, architecture: variant.split(".")[0], bytes: member.bytes };
}

/** The one-line `key = value` subset of TOML that TABs use; keys it does not know are ignored. */
function parseMetadata(bytes: Uint8Array, file: string): TabMetadata {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new UserError(`${file}: metadata.toml is not UTF-8.`);
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*"?([\w-]+)"?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^#]*))/.exec(line);
    if (match)
      values.set(match[1], match[2]?.replace(/\\(["\\])/g, "$1") ?? match[3] ?? match[4].trim());
  }
  const version = values.get("tab-version");
  if (version !== "1")
    throw new UserError(
      `${file}: tab-version in metadata.toml is ${version ?? "missing"}, expected 1.`,
    );
  const metadata: TabMetadata = { name: values.get("name") ?? "" };
  for (const key of ["minimum-tock-kernel-version", "only-for-boards", "build-date"] as const) {
    const value = values.get(key);
    if (value !== undefined) metadata[key] = value;
  }
  return metadata;
}

/** The bytes of a TAB; the same for the same arguments. Members keep the order given. */
export function writeTab(
  metadata: TabMetadata,
  binaries: readonly { variant: string; bytes: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;
  let toml = `tab-version = 1\nname = ${quoted(metadata.name)}\n`;
  for (const key of ["minimum-tock-kernel-version", "only-for-boards"] as const) {
    const value = metadata[key];
    if (value !== undefined) toml += `${key} = ${quoted(value)}\n`;
  }
  if (metadata["build-date"] !== undefined) toml += `build-date = ${metadata["build-date"]}\n`;
  return writeTar([
    { name: "metadata.toml", bytes: new TextEncoder().encode(toml) },
    ...binaries.map(({ variant, bytes }) => ({ name: `${variant}.tbf`, bytes })),
  ]);
}

/** Whose code a processor runs, best first: each of these instruction sets contains the next. */
const runs: Record<string, readonly string[]> = {
  "cortex-m0": ["cortex-m0"],
  "cortex-m3": ["cortex-m3", "cortex-m0"],
  "cortex-m4": ["cortex-m4", "cortex-m3", "cortex-m0"],
  "cortex-m7": ["cortex-m7", "cortex-m4", "cortex-m3", "cortex-m0"],
};

/** The architectures whose code a board of this architecture runs, best first. */
export const compatibleArchitectures = (architecture: string): readonly string[] =>
  runs[architecture] ?? [architecture];

/** Half-open address ranges that a board has for apps. */
export interface Placement {
  flash: { start: number; end: number };
  ram: { start: number; end: number };
}

/** Whether two apps claim RAM at fixed addresses that overlap. */
export function sharesRam(a: TbfHeader, b: TbfHeader): boolean {
  const [one, other] = [a.fixedAddressRam, b.fixedAddressRam];
  if (one === undefined || other === undefined) return false;
  return one < other + b.minimumRamSize && other < one + a.minimumRamSize;
}

/** Whether the header's fixed addresses, if any, lie where the board has room. */
export function fits(header: TbfHeader, { flash, ram }: Placement): boolean {
  const { fixedAddressFlash, fixedAddressRam, protectedSize, totalSize, minimumRamSize } = header;
  const start = fixedAddressFlash === undefined ? flash.start : fixedAddressFlash - protectedSize;
  const low = fixedAddressRam ?? ram.start;
  return (
    start >= flash.start &&
    start + totalSize <= flash.end &&
    low >= ram.start &&
    low + minimumRamSize <= ram.end
  );
}

/**
 * The TBFs of `tab` that a board of `architecture` runs, best first.
 * @throws UserError when there is none, or at one that is damaged
 */
export function* variantsFor(
  tab: Tab,
  architecture: string,
): Generator<Tbf & { variant: string }, void> {
  const architectures = compatibleArchitectures(architecture);
  const own = architectures.flatMap(name => tab.binaries.filter(b => b.architecture === name));
  if (own.length === 0) {
    const names = tab.binaries.map(b => b.variant).join(", ");
    throw new UserError(
      `${tab.file}: holds code for ${names}; the board runs ${architectures.join(", ")}. Build the app for ${architectures[0]}.`,
    );
  }
  for (const { variant, bytes } of own)
    yield { ...parseTbf(bytes, `${tab.file} (${variant}.tbf)`), variant };
}

/**
 * The TBF of `tab` that a board of `architecture` runs best.
 * @param placement where fixed addresses may lie; without it the first variant counts
 * @throws UserError when none is for this architecture, none fits, or the chosen one is damaged
 */
export function chooseTbf(
  tab: Tab,
  architecture: string,
  placement?: Placement,
): Tbf & { variant: string } {
  const wrong: string[] = [];
  for (const tbf of variantsFor(tab, architecture)) {
    if (!placement || fits(tbf.header, placement)) return tbf;
    const { fixedAddressFlash, fixedAddressRam } = tbf.header;
    wrong.push(
      `${tbf.variant} (flash ${address(fixedAddressFlash)}, RAM ${address(fixedAddressRam)})`,
    );
  }
  throw new UserError(
    `${tab.file}: no variant fits the board's app flash ${range(placement?.flash)} and RAM ${range(placement?.ram)}: ${wrong.join(", ")}.`,
  );
}

const address = (value: number | undefined) => (value === undefined ? "anywhere" : hex(value, 8));
const range = (value: { start: number; end: number } | undefined) =>
  value ? `${hex(value.start, 8)}-${hex(value.end - 1, 8)}` : "";
