// Uncompressed tar archives (POSIX ustar, GNU long names, pax paths): just what a TAB needs, read from memory with every size checked.

import { hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import { decodeUtf8 } from "./tbf.js";

export interface TarMember {
  name: string;
  bytes: Uint8Array;
}

const BLOCK = 512;
const text = (bytes: Uint8Array): string | undefined => {
  const end = bytes.indexOf(0);
  return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
};

/** Octal digits, or base 256 when the top bit is set (GNU); undefined for anything else. */
function number(field: Uint8Array): number | undefined {
  if (field[0] & 0x80)
    return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, field[0] & 0x7f);
  const digits = (text(field) ?? "?").trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : undefined;
}

/** Sum of the header's bytes with the checksum field read as blanks. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);

/** Whether `bytes` start with a tar header whose checksum is right. */
export const looksLikeTar = (bytes: Uint8Array): boolean =>
  bytes.length >= BLOCK &&
  bytes[0] !== 0 &&
  number(bytes.subarray(148, 156)) === checksum(bytes.subarray(0, BLOCK));

/**
 * The regular files of the archive, as views on `bytes`.
 * @throws UserError that names `file` and the offset of a header that is damaged or reaches too far
 */
export function readTar(bytes: Uint8Array, file: string): TarMember[] {
  const members: TarMember[] = [];
  let longName: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every(byte => byte === 0)) break;
    if (header.length < BLOCK)
      throw new UserError(
        at === 0
          ? `${file}: ${bytes.length} bytes are no tar archive; expected a TAB as elf2tab writes it.`
          : `${file}: the archive ends at offset ${hex(bytes.length)}, in the middle of a member; it is cut short.`,
      );
    if (number(header.subarray(148, 156)) !== checksum(header))
      throw new UserError(
        `${file}: no tar header with a right checksum at offset ${hex(at)}; the archive is damaged or no TAB.`,
      );
    const size = number(header.subarray(124, 136));
    const content = at + BLOCK;
    if (size === undefined || content + size > bytes.length)
      throw new UserError(
        `${file}: the archive member at offset ${hex(at)} claims ${size ?? "an unreadable number of"} bytes, but ${bytes.length - content} follow; the archive is cut short.`,
      );
    const value = bytes.subarray(content, content + size);
    const type = String.fromCharCode(header[156]);
    if (type === "L") longName = text(value);
    else if (type === "x") longName = paxPath(value) ?? longName;
    else if (type === "0" || type === "\0") {
      const name = longName ?? ownName(header);
      if (name === undefined || /\p{Cc}/u.test(name))
        throw new UserError(
          `${file}: the name of the archive member at offset ${hex(at)} is not printable UTF-8.`,
        );
      members.push({ name, bytes: value });
    }
    if (type !== "L" && type !== "x") longName = undefined;
    at = content + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

function ownName(header: Uint8Array): string | undefined {
  const name = text(header.subarray(0, 100));
  // POSIX has "ustar\0" and a prefix there; GNU has "ustar " and other things.
  const posix = text(header.subarray(257, 263)) === "ustar";
  const prefix = posix ? text(header.subarray(345, 500)) : "";
  return prefix ? `${prefix}/${name}` : name;
}

/** The `path` record of a pax extended header: lines of "length key=value". */
const paxPath = (value: Uint8Array): string | undefined =>
  /^\d+ path=(.*)$/m.exec(decodeUtf8(value) ?? "")?.[1];

/** A GNU tar of regular files, the same bytes for the same members: mode 0644, owner 0, time 0. */
export function writeTar(members: readonly TarMember[]): Uint8Array<ArrayBuffer> {
  const blocks = members.reduce((sum, m) => sum + 1 + Math.ceil(m.bytes.length / BLOCK), 2);
  const tar = new Uint8Array(blocks * BLOCK);
  let at = 0;
  for (const member of members) {
    tar.set(header(member), at);
    tar.set(member.bytes, at + BLOCK);
    at += BLOCK + Math.ceil(member.bytes.length / BLOCK) * BLOCK;
  }
  return tar;
}

function header(member: TarMember): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, value: string) => block.set(new TextEncoder().encode(value), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  const name = new TextEncoder().encode(member.name);
  if (name.length > 100)
    throw new UserError(`${member.name}: the name has ${name.length} bytes; a TAB takes 100.`);
  block.set(name, 0);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(member.bytes.length, 11));
  put(136, octal(0, 11));
  put(156, "0");
  put(257, "ustar  ");
  put(148, `${octal(checksum(block), 6)}\0 `);
  return block;
}
