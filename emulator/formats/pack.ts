// ELF to TBF as elf2tab does it, step by step: src/convert.rs of elf2tab 0.13 and later.

import { alignDown, alignUp, hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import {
  type Elf,
  type ElfSection,
  type ElfSegment,
  EM_ARM,
  EM_RISCV,
  PT_LOAD,
  SHF_ALLOC,
  SHF_WRITE,
  SHT_NOBITS,
} from "./elf.js";
import type { DriverPermission } from "./tbf.js";
import { type TbfHeaderFields, writeCredentials, writeTbfHeader } from "./tbf-write.js";

/** Sizes are bytes; what is absent has elf2tab's default. */
export interface PackOptions {
  name?: string | undefined;
  /** Default: the size of the section `.stack`, else 2048. */
  stack?: number | undefined;
  /** Default 1024. */
  appHeap?: number | undefined;
  /** Default 1024. */
  kernelHeap?: number | undefined;
  /** From the start of the TBF to the binary; the symbol `tbf_protected_region_size` wins. */
  protectedRegionSize?: number | undefined;
  permissions?: readonly DriverPermission[] | undefined;
  storagePermissions?: TbfHeaderFields["storagePermissions"];
  kernelVersion?: { major: number; minor: number } | undefined;
  shortId?: number | undefined;
  disabled?: boolean | undefined;
  appVersion?: number | undefined;
  minimumFooterSize?: number | undefined;
  /** Written in this order; `make` gets all bytes up to the end of the binary. */
  credentials?: readonly Credential[] | undefined;
}

export interface Credential {
  format: number;
  /** Of what `make` returns. */
  length: number;
  make(covered: Uint8Array): Uint8Array;
}

const PF_X = 1;
const PF_W = 2;
const EM_386 = 3;
const PIC_FLASH = 0x80000000;
/** Beyond any board's flash: a larger image comes from wrong load addresses. */
const MAXIMUM_SIZE = 32 * 1024 * 1024;
/** A footer is a TLV head and a format number at least. */
const SMALLEST_FOOTER = 8;

/**
 * The TBF for an app's ELF, and remarks that its author should read.
 * @throws UserError where no TBF can be made of it
 */
export function pack(elf: Elf, options: PackOptions): { tbf: Uint8Array; warnings: string[] } {
  if (elf.sections.length === 0)
    throw new UserError(`${elf.fileName}: it has no section headers; link it without stripping.`);
  const fixed = fixedAddresses(elf);
  const fields: TbfHeaderFields = {
    enabled: !options.disabled,
    totalSize: 0,
    initFunctionOffset: 0,
    protectedTrailerSize: 0,
    minimumRamSize: minimumRamSize(elf, options),
    binaryEndOffset: 0,
    binaryVersion: options.appVersion ?? 0,
    name: options.name ?? "",
    writeableFlashRegions: writeableFlashSections(elf).map(() => ({ offset: 0, size: 0 })),
    fixedAddressRam: fixed.ram,
    fixedAddressFlash: fixed.flash,
    permissions: options.permissions,
    storagePermissions: options.storagePermissions,
    kernelVersion: options.kernelVersion,
    shortId: options.shortId,
  };
  const headerSize = writeTbfHeader(fields).length;
  if (headerSize > 0xffff)
    throw new UserError(
      `${elf.fileName}: its TBF header would have ${headerSize} bytes; expected at most 65535; give a shorter name or fewer permissions.`,
    );
  const protectedSize = protectedRegionSize(elf, options, fixed, headerSize);
  const image = flashImage(elf, fixed.flash, protectedSize, options.disabled ?? false);

  fields.protectedTrailerSize = protectedSize - headerSize;
  if (image.entry !== undefined) fields.initFunctionOffset = image.entry - headerSize;
  fields.writeableFlashRegions = fields.writeableFlashRegions.map(
    (none, i) => image.writeableFlashRegions[i] ?? none,
  );
  fields.binaryEndOffset = protectedSize + image.size + 4 + image.relocations.size;
  const { totalSize, reserved } = sizes(elf, fields.binaryEndOffset, options);
  fields.totalSize = totalSize;
  checkSize(elf, totalSize);

  const tbf = new Uint8Array(totalSize);
  tbf.set(writeTbfHeader(fields), 0);
  for (const { at, bytes } of image.pieces) tbf.set(bytes, at);
  const blob = protectedSize + image.size;
  new DataView(tbf.buffer).setUint32(blob, image.relocations.size, true);
  let at = blob + 4;
  for (const bytes of image.relocations.pieces) {
    tbf.set(bytes, at);
    at += bytes.length;
  }
  writeFooters(tbf, fields.binaryEndOffset, options.credentials ?? [], reserved);
  return { tbf, warnings: image.warnings };
}

/** Writeable segments that are stored in flash but live in RAM, and the three areas the app asks for. */
function minimumRamSize(elf: Elf, options: PackOptions): number {
  const stack = options.stack ?? elf.section(".stack")?.size ?? 2048;
  let size = alignUp(stack, 8) + alignUp(options.appHeap ?? 1024, 4);
  size += alignUp(options.kernelHeap ?? 1024, 4);
  for (const segment of elf.segments)
    if (
      segment.type === PT_LOAD &&
      segment.virtualAddress !== segment.physicalAddress &&
      segment.flags & PF_W
    )
      size += segment.memorySize;
  return size;
}

interface FixedAddresses {
  flash?: number;
  ram?: number;
  positionIndependent: boolean;
}

/** Addresses an app was linked for; flash 0x80000000 and RAM 0 mean that it runs anywhere. */
function fixedAddresses(elf: Elf): FixedAddresses {
  const value = (name: string) => elf.symbols.find(symbol => symbol.name === name)?.value;
  const result: FixedAddresses = { positionIndependent: false };
  const origin = value("_flash_origin");
  const candidates = elf.segments.filter(
    s => s.type === PT_LOAD && s.fileSize > 0 && s.flags & PF_X && holdsSection(elf, s),
  );
  if (origin !== undefined) result.positionIndependent = origin === PIC_FLASH;
  else result.positionIndependent = candidates.some(s => s.virtualAddress === PIC_FLASH);
  if (!result.positionIndependent) {
    if (origin !== undefined) result.flash = origin;
    else if (candidates.length > 0)
      result.flash = Math.min(...candidates.map(s => s.physicalAddress));
  }
  const ram = value("_sram_origin");
  if (ram) result.ram = ram;
  return result;
}

const holdsSection = (elf: Elf, segment: ElfSegment): boolean =>
  elf.sections.some(section => section.size > 0 && sectionInSegment(section, segment));

/** The rule of pyelftools for loadable segments, which elf2tab follows. */
function sectionInSegment(section: ElfSection, segment: ElfSegment): boolean {
  if (segment.type !== PT_LOAD) return false;
  if (!(section.flags & SHF_ALLOC)) return false;
  const inside = (start: number, outer: number, size: number) =>
    start >= outer && start - outer + section.size <= size && start - outer <= size - 1;
  if (!inside(section.address, segment.virtualAddress, segment.memorySize)) return false;
  if (section.type === SHT_NOBITS) return true;
  return inside(section.offset, segment.offset, segment.fileSize);
}

const writeableFlashSections = (elf: Elf): ElfSection[] =>
  elf.segments
    .filter(segment => segment.type === PT_LOAD && segment.fileSize > 0)
    .flatMap(segment =>
      elf.sections.filter(
        s => s.size > 0 && s.name.includes(".wfr") && sectionInSegment(s, segment),
      ),
    );

/** From the start of the TBF to the binary: ELF symbol, option, or a guess that suits the addresses. */
function protectedRegionSize(
  elf: Elf,
  options: PackOptions,
  fixed: FixedAddresses,
  headerSize: number,
): number {
  const hint = elf.symbols.find(s => s.name === "tbf_protected_region_size")?.value;
  const flash = fixed.flash ?? 0;
  // A fixed binary shall lie where a TBF that starts at a multiple of 256 puts it.
  const guess = fixed.positionIndependent ? headerSize : flash - alignDown(flash, 256);
  const size = hint ?? options.protectedRegionSize ?? guess;
  if (size < headerSize)
    throw new UserError(
      `${elf.fileName}: the protected region of ${size} bytes is too small for the TBF header of ${headerSize}; give a larger --protected-region-size or link for another flash address.`,
    );
  return size;
}

interface FlashImage {
  /** Places count from the start of the TBF. */
  pieces: { at: number; bytes: Uint8Array }[];
  /** Of the segments with the gaps between them. */
  size: number;
  /** Place of the entry point, Thumb bit included. */
  entry: number | undefined;
  writeableFlashRegions: { offset: number; size: number }[];
  /** Contents of `.rel.X` for each writeable section X. */
  relocations: { pieces: Uint8Array[]; size: number };
  warnings: string[];
}

/** Lays the loadable segments behind each other as they lie in flash. */
function flashImage(
  elf: Elf,
  flash: number | undefined,
  start: number,
  disabled: boolean,
): FlashImage {
  const image: FlashImage = {
    pieces: [],
    size: 0,
    entry: undefined,
    writeableFlashRegions: [],
    relocations: { pieces: [], size: 0 },
    warnings: [],
  };
  let lastEnd: number | undefined;
  for (const original of elf.segments) {
    const segment = clip(original, flash);
    if (!segment) continue;
    const { physicalAddress, fileSize } = segment;
    const gap = lastEnd === undefined ? 0 : physicalAddress - lastEnd;
    if (gap < 0)
      image.warnings.push(
        `${elf.fileName}: its segments are not in the order of their load addresses; the TBF may be broken.`,
      );
    else image.size += gap;
    if (gap >= 4096)
      image.warnings.push(
        `${elf.fileName}: a gap of ${gap} bytes before load address ${hex(physicalAddress)} goes into the TBF; look at the linker script.`,
      );
    const at = start + image.size;
    checkSize(elf, image.size + fileSize);
    addEntry(elf, segment, at, image, disabled);
    addSections(elf, segment, at, image);
    image.pieces.push({ at, bytes: segment.data() });
    image.size += fileSize;
    lastEnd = physicalAddress + fileSize;
  }
  if (image.relocations.size > 0 && (start + image.size) % 4 !== 0)
    image.warnings.push(`${elf.fileName}: the relocations do not start at a multiple of 4.`);
  return image;
}

function checkSize(elf: Elf, size: number): void {
  if (size > MAXIMUM_SIZE)
    throw new UserError(
      `${elf.fileName}: its TBF would have ${size} bytes; expected at most ${MAXIMUM_SIZE}; look at the load addresses in the linker script and at the sizes given.`,
    );
}

/** The part of a loadable segment that lies in flash; a linker may start one before it. */
function clip(segment: ElfSegment, flash: number | undefined): ElfSegment | undefined {
  if (segment.type !== PT_LOAD || segment.fileSize === 0) return undefined;
  const before = flash === undefined ? 0 : flash - segment.physicalAddress;
  if (before <= 0) return segment;
  if (before > segment.fileSize) return undefined;
  return {
    ...segment,
    offset: segment.offset + before,
    physicalAddress: segment.physicalAddress + before,
    virtualAddress: segment.virtualAddress + before,
    fileSize: segment.fileSize - before,
    memorySize: segment.memorySize - before,
    data: () => segment.data().subarray(before),
  };
}

function addEntry(
  elf: Elf,
  segment: ElfSegment,
  at: number,
  image: FlashImage,
  disabled: boolean,
): void {
  const offset = elf.entry - segment.physicalAddress;
  if (offset < 0 || offset >= segment.fileSize) return;
  if (image.entry === undefined) image.entry = at + offset;
  else if (!disabled)
    throw new UserError(
      `${elf.fileName}: two segments hold the entry point ${hex(elf.entry)}; expected one.`,
    );
}

function addSections(elf: Elf, segment: ElfSegment, at: number, image: FlashImage): void {
  for (const section of elf.sections) {
    if (section.size === 0 || !sectionInSegment(section, segment)) continue;
    const relocations = elf.section(`.rel${section.name}`)?.data();
    if (relocations && section.flags & SHF_WRITE) {
      image.relocations.pieces.push(relocations);
      image.relocations.size += relocations.length;
    }
    if (section.name.includes(".wfr"))
      image.writeableFlashRegions.push({
        offset: at + section.address - segment.virtualAddress,
        size: section.size,
      });
  }
}

/** Total size by the machine's rule, and whether a reserved footer surely fills what is left. */
function sizes(
  elf: Elf,
  binaryEnd: number,
  options: PackOptions,
): { totalSize: number; reserved: boolean } {
  const credentials = (options.credentials ?? []).reduce(
    (sum, c) => sum + SMALLEST_FOOTER + c.length,
    0,
  );
  let totalSize = binaryEnd + credentials;
  const missing = (options.minimumFooterSize ?? 0) - credentials;
  if (missing > 0) totalSize += alignUp(Math.max(missing, SMALLEST_FOOTER), 4);
  const padded = paddedSize(elf.machine, totalSize);
  return {
    totalSize: padded,
    reserved: missing > 0 || padded - totalSize >= SMALLEST_FOOTER,
  };
}

function paddedSize(machine: number, size: number): number {
  if (machine === EM_RISCV) return alignUp(size, 4);
  if (machine === EM_386) return alignUp(size, 4096);
  if (machine !== EM_ARM) return size;
  // A size that is a power of two already stays, even below 512.
  const power = 2 ** Math.floor(Math.log2(size));
  return power === size ? size : Math.max(2 * power, 512);
}

function writeFooters(
  tbf: Uint8Array,
  binaryEnd: number,
  credentials: readonly Credential[],
  reserved: boolean,
): void {
  let at = binaryEnd;
  const put = (footer: Uint8Array) => {
    tbf.set(footer, at);
    at += footer.length;
  };
  const covered = tbf.slice(0, binaryEnd);
  for (const { format, make } of credentials) put(writeCredentials(format, make(covered)));
  if (reserved) put(writeCredentials(0, new Uint8Array(tbf.length - at - SMALLEST_FOOTER)));
}
