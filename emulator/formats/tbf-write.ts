// Writes TBF headers and credential footers: the same bytes as elf2tab's src/header.rs.

import { alignUp } from "../base/bits.js";
import { type DriverPermission, TlvType, tbfChecksum } from "./tbf.js";

const PADDING_HEADER_SIZE = 16;

/** What goes into a header; entries that are absent are not written. */
export interface TbfHeaderFields {
  enabled: boolean;
  totalSize: number;
  /** Both counted from the end of the header. */
  initFunctionOffset: number;
  protectedTrailerSize: number;
  minimumRamSize: number;
  binaryEndOffset: number;
  binaryVersion: number;
  /** An empty name is not written. */
  name: string;
  writeableFlashRegions: readonly { offset: number; size: number }[];
  fixedAddressRam?: number | undefined;
  fixedAddressFlash?: number | undefined;
  permissions?: readonly DriverPermission[] | undefined;
  storagePermissions?:
    | { writeId?: number; readIds?: readonly number[]; modifyIds?: readonly number[] }
    | undefined;
  kernelVersion?: { major: number; minor: number } | undefined;
  shortId?: number | undefined;
}

/** Little-endian bytes, appended. */
class ByteWriter {
  readonly bytes: number[] = [];

  u16(...values: number[]): this {
    for (const value of values) this.bytes.push(value & 0xff, (value >>> 8) & 0xff);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.u16(value & 0xffff, value >>> 16);
    return this;
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.bytes.push(byte);
    while (this.bytes.length % 4 !== 0) this.bytes.push(0);
    return this;
  }
}

/** The header, checksum included; its length is a multiple of 4. */
export function writeTbfHeader(fields: TbfHeaderFields): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.u16(2, 0).u32(fields.totalSize, fields.enabled ? 1 : 0, 0);
  const { initFunctionOffset, protectedTrailerSize, minimumRamSize } = fields;
  // Older kernels know Main only; newer ones prefer Program.
  out.u16(TlvType.Main, 12).u32(initFunctionOffset, protectedTrailerSize, minimumRamSize);
  out.u16(TlvType.Program, 20).u32(initFunctionOffset, protectedTrailerSize, minimumRamSize);
  out.u32(fields.binaryEndOffset, fields.binaryVersion);
  const name = new TextEncoder().encode(fields.name);
  if (name.length > 0) out.u16(TlvType.PackageName, name.length).raw(name);
  for (const { offset, size } of fields.writeableFlashRegions)
    out.u16(TlvType.WriteableFlashRegions, 8).u32(offset, size);
  const { fixedAddressRam: ram, fixedAddressFlash: flash } = fields;
  if (ram !== undefined || flash !== undefined)
    out.u16(TlvType.FixedAddresses, 8).u32(ram ?? 0xffffffff, flash ?? 0xffffffff);
  if (fields.permissions?.length) permissions(out, fields.permissions);
  if (fields.storagePermissions) storage(out, fields.storagePermissions);
  if (fields.kernelVersion)
    out.u16(TlvType.KernelVersion, 4, fields.kernelVersion.major, fields.kernelVersion.minor);
  if (fields.shortId !== undefined) out.u16(TlvType.ShortId, 4).u32(fields.shortId);
  const header = Uint8Array.from(out.bytes);
  const data = new DataView(header.buffer);
  data.setUint16(2, header.length, true);
  data.setUint32(12, tbfChecksum(header), true);
  return header;
}

function permissions(out: ByteWriter, entries: readonly DriverPermission[]): void {
  out.u16(TlvType.Permissions, 2 + 16 * entries.length, entries.length);
  for (const { driver, offset, allowedCommands } of entries)
    out.u32(driver, offset, Number(allowedCommands & 0xffffffffn), Number(allowedCommands >> 32n));
  out.u16(0);
}

function storage(out: ByteWriter, acl: TbfHeaderFields["storagePermissions"] & object): void {
  const { writeId = 0, readIds = [], modifyIds = [] } = acl;
  out.u16(TlvType.StoragePermissions, 8 + 4 * (readIds.length + modifyIds.length)).u32(writeId);
  out.u16(readIds.length).u32(...readIds);
  out.u16(modifyIds.length).u32(...modifyIds);
}

/** A credential footer; a length beyond 16 bits wraps, as in elf2tab. */
export function writeCredentials(format: number, data: Uint8Array): Uint8Array {
  const footer = new Uint8Array(8 + data.length);
  const view = new DataView(footer.buffer);
  view.setUint16(0, TlvType.Credentials, true);
  view.setUint16(2, 4 + data.length, true);
  view.setUint32(4, format, true);
  footer.set(data, 8);
  return footer;
}

/** Groups single (driver, command) pairs into masks of 64 commands, in order of first appearance. */
export function groupPermissions(
  pairs: readonly (readonly [number, number])[],
): DriverPermission[] {
  const entries: DriverPermission[] = [];
  for (const [driver, command] of pairs) {
    const offset = Math.floor(command / 64);
    const mask = 1n << BigInt(command % 64);
    const entry = entries.find(e => e.driver === driver && e.offset === offset);
    if (entry) entry.allowedCommands |= mask;
    else entries.push({ driver, offset, allowedCommands: mask });
  }
  return entries;
}

/** The header of a padding object of `totalSize` bytes, which the kernel skips. */
export function writePaddingHeader(totalSize: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(PADDING_HEADER_SIZE);
  const data = new DataView(header.buffer);
  data.setUint32(0, 2 | (PADDING_HEADER_SIZE << 16), true);
  data.setUint32(4, totalSize, true);
  data.setUint32(12, tbfChecksum(header), true);
  return header;
}

/** A whole padding object, of at least its header. */
export function writePadding(totalSize: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(alignUp(totalSize, 4));
  bytes.set(writePaddingHeader(totalSize));
  return bytes;
}
