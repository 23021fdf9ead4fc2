// How TicKV lays keys out in flash (libraries/tickv/src/tickv.rs). A region is one page of objects one behind the other:
//
//   0      version, 1; 0xFF where no object follows
//   1, 2   flags in the upper 4 bits (8: valid), then 12 bits of length of the whole object, most significant first
//   3..10  hash of the key, most significant byte first
//   11..   value
//   last 4 CRC-32 of all before it, least significant byte first
import { crc32Posix } from "../../base/crc.js";

const VERSION = 1;
const LEN_OFFSET = 1;
const HASH_OFFSET = 3;
const HEADER_LENGTH = 11;
const CHECK_SUM_LENGTH = 4;
const VALID = 0x80;
const NOTHING = 0xff;
const MAX_OBJECT_LENGTH = 0xfff;

/** Why an operation on a region failed; names of libraries/tickv/src/error_codes.rs. */
export type TicKvError =
  | "UnsupportedVersion"
  | "CorruptData"
  | "InvalidCheckSum"
  | "KeyNotFound"
  | "KeyAlreadyExists"
  | "ObjectTooLarge"
  | "BufferTooSmall"
  | "FlashFull";

/** An object in a region, or why there is none and whether it may be in the next region. */
export type Found =
  | { at: number; length: number; error?: undefined }
  | { error: TicKvError; elsewhere: boolean };

const lengthAt = (region: Uint8Array, at: number): number =>
  (((region[at + LEN_OFFSET] as number) & 0x0f) << 8) | (region[at + LEN_OFFSET + 1] as number);

const validAt = (region: Uint8Array, at: number): boolean =>
  ((region[at + LEN_OFFSET] as number) & VALID) !== 0;

const hasHash = (region: Uint8Array, at: number, hash: Uint8Array): boolean =>
  hash.every((byte, i) => region[at + HASH_OFFSET + i] === byte);

/** Looks for a valid object. One that is not there may be elsewhere only if the region has objects and room for more. */
export function findKey(region: Uint8Array, hash: Uint8Array): Found {
  for (let at = 0; ; ) {
    if (at + HEADER_LENGTH >= region.length) return { error: "KeyNotFound", elsewhere: false };
    if (region[at] === NOTHING) return { error: "KeyNotFound", elsewhere: at > 0 };
    if (region[at] !== VERSION) return { error: "UnsupportedVersion", elsewhere: false };
    const length = lengthAt(region, at);
    if (length === 0) return { error: "KeyNotFound", elsewhere: false };
    if (validAt(region, at) && hasHash(region, at, hash)) return { at, length };
    at += length;
  }
}

/** The first `room` bytes of an object's value; BufferTooSmall when it has more, and then nobody checks the checksum. */
export function readValue(
  region: Uint8Array,
  { at, length }: { at: number; length: number },
  room: number,
): { value: Uint8Array; error: TicKvError | undefined } {
  const end = at + length - CHECK_SUM_LENGTH;
  const start = at + HEADER_LENGTH;
  const value = region.slice(start, Math.max(start, end));
  if (value.length > room) return { value: value.slice(0, room), error: "BufferTooSmall" };
  const intact = region.length >= end + CHECK_SUM_LENGTH && checkSumAt(region, at, end);
  return { value, error: intact ? undefined : "InvalidCheckSum" };
}

const checkSumAt = (region: Uint8Array, at: number, end: number): boolean =>
  new DataView(region.buffer, region.byteOffset).getUint32(end, true) ===
  crc32Posix(region.subarray(at, end));

export const isTooLarge = (value: Uint8Array): boolean =>
  HEADER_LENGTH + value.length + CHECK_SUM_LENGTH >= MAX_OBJECT_LENGTH;

/** A new object as bytes. */
export function encodeObject(hash: Uint8Array, value: Uint8Array): Uint8Array {
  const end = HEADER_LENGTH + value.length;
  const object = new Uint8Array(end + CHECK_SUM_LENGTH);
  object[0] = VERSION;
  object[LEN_OFFSET] = VALID | (object.length >> 8);
  object[LEN_OFFSET + 1] = object.length & 0xff;
  object.set(hash, HASH_OFFSET);
  object.set(value, HEADER_LENGTH);
  new DataView(object.buffer).setUint32(end, crc32Posix(object.subarray(0, end)), true);
  return object;
}

/** The region with one more object; `null`: it is full. */
export function appendObject(
  region: Uint8Array,
  object: Uint8Array,
): Uint8Array | TicKvError | null {
  for (let at = 0; ; ) {
    if (at + object.length - CHECK_SUM_LENGTH >= region.length) return null;
    if (region[at] === NOTHING) {
      const free = region.subarray(at + HASH_OFFSET, at + HEADER_LENGTH);
      if (free.some(byte => byte !== NOTHING)) return "CorruptData";
      // Upstream lets an object begin that ends up to three bytes behind the region, and then finds no place for it.
      if (at + object.length > region.length) return "ObjectTooLarge";
      const appended = region.slice();
      appended.set(object, at);
      return appended;
    }
    if (region[at] !== VERSION) return "UnsupportedVersion";
    const length = lengthAt(region, at);
    // Upstream would look at this object for ever.
    if (length === 0) return "CorruptData";
    at += length;
  }
}

/** The region with the object at `at` marked invalid. */
export function invalidate(region: Uint8Array, at: number): Uint8Array {
  const invalidated = region.slice();
  invalidated[at + LEN_OFFSET] = (region[at + LEN_OFFSET] as number) & ~VALID;
  return invalidated;
}

/** Whether a region has objects and no valid one. */
export function isRubbish(region: Uint8Array): boolean | TicKvError {
  for (let at = 0; at < region.length; ) {
    if (region[at] === NOTHING) return at > 0;
    if (region[at] !== VERSION) return "UnsupportedVersion";
    const length = lengthAt(region, at);
    if (length === 0) return "CorruptData";
    if (validAt(region, at)) return false;
    at += length;
  }
  return true;
}
