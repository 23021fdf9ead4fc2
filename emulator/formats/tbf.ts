// Tock Binary Format headers and footers, parsed step by step as the kernel does: libraries/tock-tbf/src/{parse,types}.rs.

/** TLV types of headers and footers; `TbfHeaderTypes` upstream. */
export const TlvType = {
  Main: 1,
  WriteableFlashRegions: 2,
  PackageName: 3,
  FixedAddresses: 5,
  Permissions: 6,
  StoragePermissions: 7,
  KernelVersion: 8,
  Program: 9,
  ShortId: 10,
  Credentials: 128,
} as const;

/** Credential format number → its name and the length of its data in bytes; `TbfFooterV2CredentialsType` upstream. */
export const credentialFormats: readonly { name: string; length: number }[] = [
  { name: "Reserved", length: 0 },
  { name: "Rsa3072Key", length: 768 },
  { name: "Rsa4096Key", length: 1024 },
  { name: "SHA256", length: 32 },
  { name: "SHA384", length: 48 },
  { name: "SHA512", length: 64 },
  { name: "EcdsaNistP256", length: 64 },
];

/** A value, or the reason why there is none. */
export type Parsed<T, E> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: E };

/** `UnableToParse` ends the list of apps; `InvalidHeader` is skipped by its total size (which may be 0). */
export type InitialTbfParseError =
  | { kind: "UnableToParse" }
  | { kind: "InvalidHeader"; totalSize: number };

/** Why a header or footer is refused; `at` is the byte offset from the start of the object. */
export type TbfParseError =
  | { kind: "NotEnoughFlash"; at: number }
  | { kind: "UnsupportedVersion"; at: number; version: number }
  | { kind: "ChecksumMismatch"; at: number; stored: number; computed: number }
  | { kind: "BadTlvEntry"; at: number; type: number }
  | { kind: "BadProcessName"; at: number };

export interface TbfMain {
  /** From the end of the TBF header, Thumb bit included. */
  initFunctionOffset: number;
  protectedTrailerSize: number;
  minimumRamSize: number;
}

export interface TbfProgram extends TbfMain {
  /** From the start of the TBF; credentials cover everything below it. */
  binaryEndOffset: number;
  version: number;
}

export interface DriverPermission {
  driver: number;
  /** Bit n of the mask is command `64 * offset + n`. */
  offset: number;
  allowedCommands: bigint;
}

/** One TLV entry as it lies in the object; `offset` is that of its type field. */
export interface Tlv {
  type: number;
  offset: number;
  length: number;
}

/** Everything a TBF header says, and what the kernel derives from it. Sizes and offsets are bytes. */
export interface TbfHeader {
  version: number;
  headerSize: number;
  totalSize: number;
  flags: number;
  checksum: number;
  /** Header of 16 bytes: a gap between apps, no process. */
  isPadding: boolean;
  enabled: boolean;
  main?: TbfMain;
  program?: TbfProgram;
  /** Empty when there is no package name. */
  name: string;
  /** Offsets are from the start of the TBF. Of several TLVs the kernel sees the last. */
  writeableFlashRegions: { offset: number; size: number }[];
  /** Address the process RAM must start at. */
  fixedAddressRam?: number;
  /** Address the binary (not the TBF header) must start at. */
  fixedAddressFlash?: number;
  /** `declared` may exceed the entries that the TLV has room for; see `commandPermissions`. */
  permissions?: { declared: number; entries: DriverPermission[] };
  storagePermissions?: StoragePermissions;
  kernelVersion?: { major: number; minor: number };
  shortId?: number;
  tlvs: Tlv[];

  // Derived; Program before Main, 0 when there is neither.
  minimumRamSize: number;
  /** From the start of the TBF to the binary. */
  protectedSize: number;
  /** From the start of the TBF to the first instruction, Thumb bit included. */
  initFunctionOffset: number;
  /** From the start of the TBF to the footers. */
  binaryEnd: number;
  binaryVersion: number;
}

/** An id list is absent when it does not parse or has more than 8 ids, as the kernel then ignores both lists. */
export interface StoragePermissions {
  writeId?: number;
  readIds?: number[];
  modifyIds?: number[];
}

export interface TbfCredentials extends Tlv {
  format: number;
  data: Uint8Array;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** First step: the sizes, from the first 8 bytes of an object. */
export function parseTbfHeaderLengths(
  bytes: Uint8Array,
): Parsed<{ version: number; headerSize: number; totalSize: number }, InitialTbfParseError> {
  if (bytes.length < 8) return { error: { kind: "UnableToParse" } };
  const data = view(bytes);
  const version = data.getUint16(0, true);
  if (version !== 2) return { error: { kind: "UnableToParse" } };
  const headerSize = data.getUint16(2, true);
  const totalSize = data.getUint32(4, true);
  if (headerSize > totalSize || headerSize < 16)
    return { error: { kind: "InvalidHeader", totalSize } };
  return { value: { version, headerSize, totalSize } };
}

/** XOR of the header's complete words except the checksum's own. */
export function tbfChecksum(header: Uint8Array): number {
  const data = view(header);
  let checksum = 0;
  for (let at = 0; at + 4 <= header.length; at += 4)
    if (at !== 12) checksum ^= data.getUint32(at, true);
  return checksum >>> 0;
}

/** Second step: the whole header; `header` holds exactly `headerSize` bytes. */
export function parseTbfHeader(header: Uint8Array): Parsed<TbfHeader, TbfParseError> {
  if (header.length < 16) return { error: { kind: "NotEnoughFlash", at: header.length } };
  const data = view(header);
  const parsed: TbfHeader = {
    version: data.getUint16(0, true),
    headerSize: data.getUint16(2, true),
    totalSize: data.getUint32(4, true),
    flags: data.getUint32(8, true),
    checksum: data.getUint32(12, true),
    isPadding: header.length === 16,
    enabled: false,
    name: "",
    writeableFlashRegions: [],
    tlvs: [],
    minimumRamSize: 0,
    protectedSize: 0,
    initFunctionOffset: 0,
    binaryEnd: 0,
    binaryVersion: 0,
  };
  if (parsed.version !== 2)
    return { error: { kind: "UnsupportedVersion", at: 0, version: parsed.version } };
  const computed = tbfChecksum(header);
  if (computed !== parsed.checksum)
    return { error: { kind: "ChecksumMismatch", at: 12, stored: parsed.checksum, computed } };
  if (parsed.isPadding) return { value: parsed };
  const error = parseTlvs(header, data, parsed);
  if (error) return { error };
  derive(parsed);
  return { value: parsed };
}

function parseTlvs(
  header: Uint8Array,
  data: DataView,
  parsed: TbfHeader,
): TbfParseError | undefined {
  let at = 16;
  while (at < header.length) {
    if (at + 4 > header.length) return { kind: "NotEnoughFlash", at };
    const tlv = {
      type: data.getUint16(at, true),
      offset: at,
      length: data.getUint16(at + 2, true),
    };
    const error = parseTlv(tlv, header, parsed);
    if (error) return error;
    parsed.tlvs.push(tlv);
    at += 4 + Math.ceil(tlv.length / 4) * 4;
    if (at > header.length) return { kind: "NotEnoughFlash", at: tlv.offset };
  }
  return undefined;
}

/** The lengths the kernel insists on. */
const fixedLengths: Record<number, number> = {
  [TlvType.Main]: 12,
  [TlvType.Program]: 20,
  [TlvType.FixedAddresses]: 8,
  [TlvType.KernelVersion]: 4,
  [TlvType.ShortId]: 4,
};

function parseTlv(tlv: Tlv, header: Uint8Array, parsed: TbfHeader): TbfParseError | undefined {
  const { type, offset, length } = tlv;
  const read = readTlv[type];
  // A second Main or Program is not even looked at; a second of any other type replaces the first.
  if (!read || (type === TlvType.Main && parsed.main)) return undefined;
  if (type === TlvType.Program && parsed.program) return undefined;
  const fixed = fixedLengths[type];
  const badLength =
    (fixed !== undefined && length !== fixed) ||
    (type === TlvType.WriteableFlashRegions && length % 8 !== 0);
  if (badLength) return { kind: "BadTlvEntry", at: offset, type };
  const value = header.subarray(offset + 4, offset + 4 + length);
  if (value.length < length) return { kind: "NotEnoughFlash", at: offset };
  return read(value, view(value), parsed, offset);
}

type ReadTlv = (
  value: Uint8Array,
  data: DataView,
  parsed: TbfHeader,
  offset: number,
) => TbfParseError | undefined;

const main = (data: DataView): TbfMain => ({
  initFunctionOffset: data.getUint32(0, true),
  protectedTrailerSize: data.getUint32(4, true),
  minimumRamSize: data.getUint32(8, true),
});

const readTlv: Record<number, ReadTlv> = {
  [TlvType.Main]: (_, data, parsed) => {
    parsed.main = main(data);
    return undefined;
  },
  [TlvType.Program]: (_, data, parsed) => {
    parsed.program = {
      ...main(data),
      binaryEndOffset: data.getUint32(12, true),
      version: data.getUint32(16, true),
    };
    return undefined;
  },
  [TlvType.WriteableFlashRegions]: (value, data, parsed) => {
    parsed.writeableFlashRegions = Array.from({ length: value.length / 8 }, (_, i) => ({
      offset: data.getUint32(8 * i, true),
      size: data.getUint32(8 * i + 4, true),
    }));
    return undefined;
  },
  [TlvType.PackageName]: (value, _, parsed, offset) => {
    const name = decodeUtf8(value);
    if (name === undefined) return { kind: "BadProcessName", at: offset + 4 };
    parsed.name = name;
    return undefined;
  },
  [TlvType.FixedAddresses]: (_, data, parsed) => {
    const ram = data.getUint32(0, true);
    const flash = data.getUint32(4, true);
    delete parsed.fixedAddressRam;
    delete parsed.fixedAddressFlash;
    if (ram !== 0xffffffff) parsed.fixedAddressRam = ram;
    if (flash !== 0xffffffff) parsed.fixedAddressFlash = flash;
    return undefined;
  },
  [TlvType.Permissions]: (value, data, parsed) => {
    parsed.permissions = permissions(value, data);
    return undefined;
  },
  [TlvType.StoragePermissions]: (value, data, parsed) => {
    parsed.storagePermissions = storagePermissions(value, data);
    return undefined;
  },
  [TlvType.KernelVersion]: (_, data, parsed) => {
    parsed.kernelVersion = { major: data.getUint16(0, true), minor: data.getUint16(2, true) };
    return undefined;
  },
  [TlvType.ShortId]: (_, data, parsed) => {
    const id = data.getUint32(0, true);
    delete parsed.shortId;
    if (id !== 0) parsed.shortId = id;
    return undefined;
  },
};

/** Text of `bytes`, or undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // the decoder's only way to say so
  }
}

function permissions(value: Uint8Array, data: DataView): TbfHeader["permissions"] & object {
  if (value.length < 2) return { declared: 1, entries: [] };
  const declared = data.getUint16(0, true);
  const entries: DriverPermission[] = [];
  for (let at = 2; at + 16 <= value.length && entries.length < declared; at += 16)
    entries.push({
      driver: data.getUint32(at, true),
      offset: data.getUint32(at + 4, true),
      allowedCommands: data.getBigUint64(at + 8, true),
    });
  return { declared, entries };
}

function storagePermissions(value: Uint8Array, data: DataView): StoragePermissions {
  const result: StoragePermissions = {};
  if (value.length < 4) return result;
  const writeId = data.getUint32(0, true);
  if (writeId !== 0) result.writeId = writeId;
  const ids = (at: number): number[] | undefined => {
    if (at + 2 > value.length) return undefined;
    const count = data.getUint16(at, true);
    if (count > 8 || at + 2 + 4 * count > value.length) return undefined;
    return Array.from({ length: count }, (_, i) => data.getUint32(at + 2 + 4 * i, true));
  };
  const readIds = ids(4);
  const modifyIds = readIds && ids(6 + 4 * readIds.length);
  if (readIds && modifyIds) Object.assign(result, { readIds, modifyIds });
  return result;
}

function derive(parsed: TbfHeader): void {
  const main = parsed.program ?? parsed.main;
  parsed.enabled = (parsed.flags & 1) === 1;
  parsed.binaryEnd = parsed.program?.binaryEndOffset ?? parsed.totalSize;
  parsed.binaryVersion = parsed.program?.version ?? 0;
  if (!main) return;
  parsed.minimumRamSize = main.minimumRamSize;
  parsed.protectedSize = (parsed.headerSize + main.protectedTrailerSize) >>> 0;
  parsed.initFunctionOffset = (parsed.headerSize + main.initFunctionOffset) >>> 0;
}

/** What the permissions TLV says of a driver's commands `64 * offset` to `64 * offset + 63`. */
export type CommandPermissions =
  | { kind: "NoPermsAtAll" }
  | { kind: "NoPermsThisDriver" }
  | { kind: "Mask"; mask: bigint };

/** As `get_command_permissions` upstream: a TLV shorter than it declares counts as none unless a match comes first. */
export function commandPermissions(
  header: Pick<TbfHeader, "permissions">,
  driver: number,
  offset: number,
): CommandPermissions {
  if (!header.permissions) return { kind: "NoPermsAtAll" };
  const { declared, entries } = header.permissions;
  const own = entries.filter(entry => entry.driver === driver);
  const match = own.find(entry => entry.offset === offset);
  if (match) return { kind: "Mask", mask: match.allowedCommands };
  if (entries.length < declared) return { kind: "NoPermsAtAll" };
  return own.length > 0 ? { kind: "Mask", mask: 0n } : { kind: "NoPermsThisDriver" };
}

/** One footer of `tbf` at byte `at`; `parse_tbf_footer` upstream. The next one starts at `at + 4 + length`. */
export function parseTbfFooter(tbf: Uint8Array, at: number): Parsed<TbfCredentials, TbfParseError> {
  if (at + 4 > tbf.length) return { error: { kind: "NotEnoughFlash", at } };
  const data = view(tbf);
  const type = data.getUint16(at, true);
  const length = data.getUint16(at + 2, true);
  if (type !== TlvType.Credentials) return { error: { kind: "BadTlvEntry", at, type } };
  if (at + 4 + length > tbf.length) return { error: { kind: "NotEnoughFlash", at } };
  // Upstream calls a value too short for its format number an internal error; both end the walk.
  if (length < 4) return { error: { kind: "BadTlvEntry", at, type } };
  const format = data.getUint32(at + 4, true);
  const known = credentialFormats[format];
  if (!known) return { error: { kind: "BadTlvEntry", at, type } };
  if (4 + known.length > length) return { error: { kind: "NotEnoughFlash", at } };
  const bytes = tbf.subarray(at + 8, at + 8 + known.length);
  return { value: { type, offset: at, length, format, data: bytes } };
}

/** All footers up to the first that does not parse; `tbf` holds exactly `totalSize` bytes. */
export function parseTbfFooters(tbf: Uint8Array, binaryEnd: number): TbfCredentials[] {
  const footers: TbfCredentials[] = [];
  for (let at = binaryEnd; ; ) {
    const footer = parseTbfFooter(tbf, at);
    if (footer.error) return footers;
    footers.push(footer.value);
    at += 4 + footer.value.length;
  }
}

/** The kernel's own words: `impl Debug for TbfParseError`. */
export function tbfParseErrorText(error: TbfParseError): string {
  switch (error.kind) {
    case "NotEnoughFlash":
      return "Buffer too short to parse TBF header";
    case "UnsupportedVersion":
      return `TBF version ${error.version} unsupported`;
    case "ChecksumMismatch":
      return `Checksum verification failed: app:0x${error.stored.toString(16)}, calc:0x${error.computed.toString(16)}`;
    case "BadTlvEntry":
      return `TLV entry type ${error.type} is invalid`;
    case "BadProcessName":
      return "Process name not UTF-8";
  }
}
