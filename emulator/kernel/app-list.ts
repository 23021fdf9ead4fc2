// The apps in flash as a loader outside of the board sees and changes them (tockloader's tockloader.py): where they lie, where
// there is room, and the writes that put one in or take one out.
//
// The list can be walked after every write, whenever power fails. Room is either blank, where the list ends, or under padding:
//
//   clear      where the list is to end, bytes that look like an object
//   cover      one padding over the room, so that what is written below it is no part of the list
//   behind     padding from the end of the new app up to the next one
//   body       the new app; its first page last if the room begins with it, which joins it to the list
//   before     padding from the start of the room up to the new app, which joins it to the list
import { alignUp, nextPowerOfTwo } from "../base/bits.js";
import type { Memory } from "../bus/memory.js";
import { parseTbfHeader, parseTbfHeaderLengths, type TbfHeader } from "../formats/tbf.js";
import { writePadding } from "../formats/tbf-write.js";
import type { Region } from "./boundary.js";

/** What can be read, such as all memory of a board. */
export type Readable = Pick<Memory, "readBytes">;

export interface InstalledApp {
  /** Empty without a package name, and for an object whose header the kernel refuses. */
  name: string;
  /** Address of its header. */
  address: number;
  /** Bytes, footers and all. */
  size: number;
  version: number;
  enabled: boolean;
  sticky: boolean;
}

/** Flash without an app. */
export interface Room {
  start: number;
  end: number;
  /** It begins with padding; else the list ends here. */
  covered: boolean;
  /** No app lies behind it. */
  last: boolean;
}

export interface AppList {
  apps: InstalledApp[];
  rooms: Room[];
}

/** One change of flash. */
export interface FlashWrite {
  address: number;
  bytes: Uint8Array;
}

const STICKY = 2;
/** The least that a padding object takes. */
const PADDING_HEADER_SIZE = 16;
/** Version and lengths: without them the list ends. */
const HEADER_START = 8;

/** Walks the list as the kernel does. What lies at one of `freed` counts as room. */
export function readAppList(
  memory: Readable,
  flash: Region,
  freed: readonly number[] = [],
): AppList {
  const apps: InstalledApp[] = [];
  const rooms: Room[] = [];
  const flashEnd = flash.start + flash.size;
  let room: Room | undefined;
  let at = flash.start;
  const close = (end: number, last: boolean) => {
    if (room !== undefined) rooms.push({ ...room, end, last });
    room = undefined;
  };
  for (;;) {
    const size = objectSize(memory, at, flashEnd);
    if (size === 0) break;
    const app = appAt(memory, at, size);
    if (app === undefined || freed.includes(at))
      room ??= { start: at, end: at, covered: true, last: false };
    else {
      close(at, false);
      apps.push(app);
    }
    at += size;
  }
  room ??= { start: at, end: at, covered: false, last: true };
  close(flashEnd, true);
  return { apps, rooms };
}

/** Bytes of the object at `at`, 0 where the list ends. */
function objectSize(memory: Readable, at: number, flashEnd: number): number {
  if (at + HEADER_START > flashEnd) return 0;
  const lengths = parseTbfHeaderLengths(memory.readBytes(at, HEADER_START));
  if (lengths.error?.kind === "UnableToParse") return 0;
  const { totalSize } = lengths.error ?? lengths.value;
  return at + totalSize > flashEnd ? 0 : totalSize;
}

/** `undefined` for padding. */
function appAt(memory: Readable, address: number, size: number): InstalledApp | undefined {
  const broken = { name: "", address, size, version: 0, enabled: false, sticky: false };
  const lengths = parseTbfHeaderLengths(memory.readBytes(address, HEADER_START));
  if (lengths.error) return broken;
  const parsed = parseTbfHeader(memory.readBytes(address, lengths.value.headerSize));
  if (parsed.error) return broken;
  const { name, isPadding, enabled, flags, binaryVersion: version } = parsed.value;
  if (isPadding) return undefined;
  return { name, address, size, version, enabled, sticky: (flags & STICKY) !== 0 };
}

/** Whether the kernel can read the header at `address`. */
export function isIntact(memory: Readable, address: number): boolean {
  const lengths = parseTbfHeaderLengths(memory.readBytes(address, HEADER_START));
  if (lengths.error) return false;
  return parseTbfHeader(memory.readBytes(address, lengths.value.headerSize)).error === undefined;
}

/** Where in `room` an app of `size` bytes can lie: at its fixed address, or aligned to its size for the MPU. */
function placeIn(room: Room, header: TbfHeader, size: number): number | undefined {
  const start = fixedStart(header) ?? alignedStart(room.start, size);
  return fitsAt(room, start, size) ? start : undefined;
}

/** The first place for an app. */
export function firstPlace(
  rooms: readonly Room[],
  header: TbfHeader,
  size: number,
): { room: Room; start: number } | undefined {
  for (const room of rooms) {
    const start = placeIn(room, header, size);
    if (start !== undefined) return { room, start };
  }
  return undefined;
}

/** Whether an app can lie exactly there, with gaps beside it that padding can close. */
export function fitsAt(room: Room, start: number, size: number): boolean {
  const before = start - room.start;
  const behind = room.end - (start + size);
  const closes = (gap: number) => gap === 0 || gap >= PADDING_HEADER_SIZE;
  return closes(before) && (room.last ? behind >= 0 : closes(behind));
}

/** Whether the MPU can protect an app of `size` bytes there. */
export const isAligned = (start: number, size: number): boolean =>
  start % nextPowerOfTwo(size) === 0;

/** Address of the header of an app that is linked for fixed flash. */
export const fixedStart = (header: TbfHeader): number | undefined =>
  header.fixedAddressFlash === undefined
    ? undefined
    : header.fixedAddressFlash - header.protectedSize;

function alignedStart(from: number, size: number): number {
  const alignment = nextPowerOfTwo(size);
  const start = alignUp(from, alignment);
  const gap = start - from;
  return gap > 0 && gap < PADDING_HEADER_SIZE ? start + alignment : start;
}

/** The writes that put `app` at `start` in `room`, in their order. */
export function installWrites(
  memory: Readable,
  room: Room,
  start: number,
  app: Uint8Array,
  pageSize: number,
): FlashWrite[] {
  const end = start + app.length;
  const writes: FlashWrite[] = [];
  if (room.last && objectSize(memory, end, room.end) > 0)
    writes.push({ address: end, bytes: new Uint8Array(HEADER_START) });
  if (room.covered) writes.push(padding(room.start, room.last ? end : room.end));
  if (!room.last && end < room.end) writes.push(padding(end, room.end));
  const firstPage = start > room.start ? 0 : Math.min(app.length, pageSize - (start % pageSize));
  const body = { address: start + firstPage, bytes: app.slice(firstPage) };
  const joined =
    firstPage > 0 ? { address: start, bytes: app.slice(0, firstPage) } : padding(room.start, start);
  return [...writes, body, joined].filter(({ bytes }) => bytes.length > 0);
}

/** The header of padding over `[start, end)`. */
export const padding = (start: number, end: number): FlashWrite => ({
  address: start,
  bytes: writePadding(end - start).slice(0, PADDING_HEADER_SIZE),
});

/** The header of an app with other flags. */
export function flagsWrite(memory: Readable, app: InstalledApp): FlashWrite {
  const bytes = memory.readBytes(app.address, PADDING_HEADER_SIZE);
  const view = new DataView(bytes.buffer);
  const old = view.getUint32(8, true);
  const flags = ((old & ~3) | (app.enabled ? 1 : 0) | (app.sticky ? STICKY : 0)) >>> 0;
  view.setUint32(8, flags, true);
  // The checksum is the exclusive or of all words.
  view.setUint32(12, view.getUint32(12, true) ^ old ^ flags, true);
  return { address: app.address, bytes };
}

/** The same write in pieces that each lie in one page. */
export function byPages({ address, bytes }: FlashWrite, pageSize: number): FlashWrite[] {
  const pieces: FlashWrite[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, pageSize - ((address + at) % pageSize));
    pieces.push({ address: address + at, bytes: bytes.slice(at, at + length) });
    at += length;
  }
  return pieces;
}
