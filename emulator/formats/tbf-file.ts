// TBF objects in files: a single TBF, or a flash image that holds several one after the other (kernel/src/process_loading.rs).

import { hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import {
  parseTbfFooters,
  parseTbfHeader,
  parseTbfHeaderLengths,
  type TbfCredentials,
  type TbfHeader,
  type TbfParseError,
  TlvType,
} from "./tbf.js";

/** A TBF as it lies in a file: exactly `header.totalSize` bytes. */
export interface Tbf {
  /** From the start of the file. */
  offset: number;
  header: TbfHeader;
  footers: TbfCredentials[];
  bytes: Uint8Array;
}

/**
 * The TBF at `offset` of `bytes`; what follows it is not looked at.
 * @param file names it in errors
 * @throws UserError with the offset and what was expected there
 */
export function parseTbf(bytes: Uint8Array, file: string, offset = 0): Tbf {
  const rest = bytes.subarray(offset);
  if (rest.length < 16)
    throw new UserError(
      `${file}: a TBF header needs 16 bytes at offset ${hex(offset)}, but only ${rest.length} are left; the file is cut short.`,
    );
  const lengths = parseTbfHeaderLengths(rest);
  if (lengths.error) throw lengthsError(rest, file, offset);
  const { headerSize, totalSize } = lengths.value;
  if (headerSize > rest.length) throw tooShort(file, offset, "header", headerSize, rest.length);
  const header = parseTbfHeader(rest.subarray(0, headerSize));
  if (header.error) throw new UserError(`${file}: ${sentence(header.error, offset)}`);
  if (totalSize > rest.length) throw tooShort(file, offset, "total", totalSize, rest.length);
  const binaryEnd = header.value.binaryEnd;
  if (binaryEnd > totalSize)
    throw new UserError(
      `${file}: the TBF at offset ${hex(offset)} puts the end of its binary at ${binaryEnd}, beyond its total size of ${totalSize} bytes; build it again.`,
    );
  const tbf = rest.subarray(0, totalSize);
  const footers = header.value.isPadding ? [] : parseTbfFooters(tbf, binaryEnd);
  return { offset, header: header.value, footers, bytes: tbf };
}

/** Whether `bytes` start like a TBF: version 2 and a header that has room for its base. */
export const looksLikeTbf = (bytes: Uint8Array): boolean =>
  parseTbfHeaderLengths(bytes).error === undefined;

/** All objects, padding too, of a flash image up to the first place that is none; at least one. */
export function parseFlash(bytes: Uint8Array, file: string): Tbf[] {
  const objects: Tbf[] = [];
  let at = 0;
  do {
    const object = parseTbf(bytes, file, at);
    objects.push(object);
    at += object.header.totalSize;
  } while (at < bytes.length && looksLikeTbf(bytes.subarray(at)));
  return objects;
}

function lengthsError(rest: Uint8Array, file: string, offset: number): UserError {
  const data = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const version = data.getUint16(0, true);
  if (version !== 2)
    return new UserError(
      `${file}: no TBF at offset ${hex(offset)}: the version there is ${version}, expected 2; give a .tbf or .tab file.`,
    );
  const [header, total] = [data.getUint16(2, true), data.getUint32(4, true)];
  return new UserError(
    `${file}: the TBF at offset ${hex(offset)} has a header of ${header} bytes in a total of ${total}; expected at least 16 and no more than the total; build it again.`,
  );
}

const tooShort = (file: string, offset: number, what: string, size: number, left: number) =>
  new UserError(
    `${file}: the TBF at offset ${hex(offset)} gives a ${what} size of ${size} bytes, but the file ends after ${left}; it is cut short.`,
  );

const tlvNames = new Map<number, string>(
  Object.entries(TlvType).map(([name, type]) => [type, name]),
);

/** What a person needs to know of a parse error, offsets from the start of the file. */
function sentence(error: TbfParseError, offset: number): string {
  const at = `at offset ${hex(offset + error.at)}`;
  switch (error.kind) {
    case "NotEnoughFlash":
      return `the TBF header entry ${at} reaches beyond the header's end; build the file again.`;
    case "UnsupportedVersion":
      return `the TBF version ${at} is ${error.version}, expected 2.`;
    case "ChecksumMismatch":
      return `the TBF header checksum ${at} is ${hex(error.stored, 8)}, but the header's words give ${hex(error.computed, 8)}; the file is damaged, build it again.`;
    case "BadTlvEntry":
      return `the TBF header entry ${at} (type ${error.type}, ${tlvNames.get(error.type) ?? "unknown"}) does not have the length its type calls for; build the file again.`;
    case "BadProcessName":
      return `the package name ${at} is not UTF-8; build the file again with another name.`;
  }
}
