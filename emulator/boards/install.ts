// Puts apps into flash as tockloader does: one after the other, each aligned to its size, gaps filled with padding objects.
import { alignUp, hex, nextPowerOfTwo } from "../base/bits.js";
import { UserError } from "../base/errors.js";
import { Memory, type MemoryMap, type MemoryRange } from "../bus/memory.js";
import { sharesRam } from "../formats/tab.js";
import { parseTbfHeader, parseTbfHeaderLengths, type TbfHeader } from "../formats/tbf.js";
import { writePadding } from "../formats/tbf-write.js";
import { firstPlace, installWrites, padding, readAppList } from "../kernel/app-list.js";
import type { BoardOptions } from "./board.js";

/** The least that a padding object takes. */
const PADDING_HEADER_SIZE = 16;

/** Fills flash before the board is powered on: apps alone, or over an image that it holds already. */
export function installApps(
  memory: Memory,
  flash: MemoryRange,
  { apps = [], flash: image }: Pick<BoardOptions, "apps" | "flash">,
  notice: (text: string) => void,
): void {
  if (image === undefined) {
    installInOrder(memory, flash, apps, notice);
    return;
  }
  const { address, size } = memory.map.flash;
  if (image.length > size)
    throw new UserError(
      `The flash file has ${image.length} bytes, and the board's flash has ${size}; name the board that it is of, or another file.`,
    );
  memory.writeBytes(address, image);
  for (const app of apps) installOver(memory, flash, app, notice);
  const region = { start: flash.address, size: flash.size };
  const isBlank = image.every(byte => byte === 0xff);
  if (apps.length === 0 && !isBlank && readAppList(memory, region).apps.length === 0)
    notice(
      `The flash file holds no app at ${hex(flash.address)}, where this board's begin; is it another board's? Else install an app.`,
    );
}

/**
 * Whether an app would find flash in an image when `before` have been installed over it, and at its fixed address, if it has one,
 * RAM that no app there claims.
 */
export function findsRoom(
  map: MemoryMap,
  flash: MemoryRange,
  { image, before }: { image: Uint8Array; before: readonly Uint8Array[] },
  app: Uint8Array,
): boolean {
  const memory = new Memory(map);
  installApps(memory, flash, { apps: before, flash: image }, () => {});
  const header = headerOf(app);
  if (header === undefined) return false;
  const region = { start: flash.address, size: flash.size };
  const isOld = ({ name }: { name: string }) => name === header.name && name !== "";
  const { apps } = readAppList(memory, region);
  const freed = apps.filter(isOld).map(({ address }) => address);
  const others = apps.filter(other => !isOld(other) && other.enabled);
  return (
    firstPlace(readAppList(memory, region, freed).rooms, header, app.length) !== undefined &&
    !others.some(({ address, size }) => {
      const other = headerOf(memory.readBytes(address, size));
      return other !== undefined && sharesRam(header, other);
    })
  );
}

/** As `tockloader install`: an app takes the place of one of its name, or the first that is free. */
function installOver(
  memory: Memory,
  { address: start, size }: MemoryRange,
  app: Uint8Array,
  notice: (text: string) => void,
): void {
  const header = headerOf(app);
  if (header === undefined) {
    notice(
      "An app was not installed over the flash file: its header cannot be read; build it again.",
    );
    return;
  }
  const region = { start, size };
  const { name } = header;
  const old = readAppList(memory, region).apps.filter(({ name: n }) => n === name && name !== "");
  const isThere = old.some(
    ({ address, size }) =>
      size === app.length && memory.readBytes(address, size).every((byte, i) => byte === app[i]),
  );
  if (isThere) return;
  const freed = old.map(({ address }) => address);
  const { rooms } = readAppList(memory, region, freed);
  const place = firstPlace(rooms, header, app.length);
  if (place === undefined) {
    const { fixedAddressFlash, ...movable } = header;
    const free = fixedAddressFlash && firstPlace(rooms, movable, app.length)?.start;
    const help = free === undefined ? "uninstall one of them" : builtFor(free, header);
    notice(
      `App "${name}" was not installed: it has no room beside those in the flash file; ${help}.`,
    );
    return;
  }
  const page = app.length;
  const writes = [
    ...old.map(({ address, size }) => padding(address, address + size)),
    ...installWrites(memory, place.room, place.start, app, page),
  ];
  for (const { address, bytes } of writes) memory.writeBytes(address, bytes);
}

/**
 * Writes `apps` into `flash` in the order given, and says in one sentence each why an app has no place.
 * An app with a fixed flash address is put there.
 */
function installInOrder(
  memory: Memory,
  flash: MemoryRange,
  apps: readonly Uint8Array[],
  notice: (text: string) => void,
): void {
  let cursor = flash.address;
  apps.forEach((app, i) => {
    const header = headerOf(app);
    const who = `App ${header?.name ? `"${header.name}"` : `number ${i + 1}`}`;
    const start = placeFor(header, app.length, cursor);
    const end = flash.address + flash.size;
    if (start < cursor || start + app.length > end) {
      notice(`${who} was not installed: ${noPlace(header, app.length, { start, cursor, flash })}.`);
      return;
    }
    if (start > cursor) memory.writeBytes(cursor, writePadding(start - cursor));
    memory.writeBytes(start, app);
    cursor = start + app.length;
  });
}

/** Why an app cannot lie at `start`, with flash in use up to `cursor`. */
function noPlace(
  header: TbfHeader | undefined,
  size: number,
  { start, cursor, flash }: { start: number; cursor: number; flash: MemoryRange },
): string {
  const end = flash.address + flash.size;
  if (start >= cursor)
    return `it needs ${size} bytes of flash at ${hex(start)}, and flash for apps ends at ${hex(end)}; install fewer apps`;
  const build = builtFor(placeFor(undefined, size, cursor), header);
  return start < flash.address
    ? `it must lie at ${hex(start)}, and flash for apps starts at ${hex(flash.address)}; ${build}`
    : `it must lie at ${hex(start)} in flash, but the apps before it reach up to ${hex(cursor)}; ${build}, or name apps in the order of their addresses`;
}

const builtFor = (start: number, header: TbfHeader | undefined): string =>
  `build it for flash ${hex(start + (header?.protectedSize ?? 0))} (TBF at ${hex(start)})`;

/** `undefined` for an object whose header the kernel will refuse. */
function headerOf(app: Uint8Array): TbfHeader | undefined {
  const lengths = parseTbfHeaderLengths(app);
  if (lengths.error) return undefined;
  const parsed = parseTbfHeader(app.subarray(0, lengths.value.headerSize));
  return parsed.error ? undefined : parsed.value;
}

/** The first address from `cursor` on where an object of `size` bytes can lie. */
function placeFor(header: TbfHeader | undefined, size: number, cursor: number): number {
  if (header?.fixedAddressFlash !== undefined)
    return header.fixedAddressFlash - header.protectedSize;
  const alignment = nextPowerOfTwo(size);
  const start = alignUp(cursor, alignment);
  const gap = start - cursor;
  return gap > 0 && gap < PADDING_HEADER_SIZE ? start + alignment : start;
}
