// Where in app flash a new binary can lie between those that are there
// (kernel/src/process_loading.rs `SequentialProcessLoaderMachine`, its helpers for dynamic process loading).
import { alignUp, hex } from "../base/bits.js";
import type { Memory } from "../bus/memory.js";
import { parseTbfHeaderLengths } from "../formats/tbf.js";
import type { Region } from "./boundary.js";
import { KernelPanic } from "./panic.js";

/** With this many apps in flash upstream's arrays are full, and it finds no place for another one. */
const MAX_APPS = 10;
const PADDING_HEADER_SIZE = 16;

/** Where a new binary is to lie, and the gaps that padding objects must close. */
export interface Place {
  start: number;
  /** Padding from the end of the app before it up to `start`. */
  before: { start: number; length: number } | null;
  /** Padding from its end up to the next app. */
  after: { start: number; length: number } | null;
}

interface FoundApp {
  start: number;
  end: number;
}

/** A place for `size` bytes, a multiple of `size`; `undefined` if there is none or the list of apps cannot be read. */
export function findPlace(
  memory: Memory,
  flash: Region,
  size: number,
  debug: (line: string) => void,
): Place | undefined {
  const apps = scan(memory, flash, debug);
  if (apps === undefined) return undefined;
  debug("Successfully scanned flash");
  const start = chooseAddress(apps, size);
  if (start + size > flash.start + flash.size) return undefined;
  return { start, ...padding(apps, start, size, debug) };
}

/** `check_if_within_flash_bounds`, which leaves out the last byte. */
export const withinFlash = (flash: Region, address: number, length: number): boolean =>
  flash.start + flash.size - 1 - address >= length;

/**
 * Whether padding at `address` would overwrite what is no part of a new binary: another app, or what lies before app flash.
 * Upstream does not ask. A binary that is given up is overwritten from its very start, hence no app begins there.
 */
export function padsOver(memory: Memory, flash: Region, address: number): boolean {
  if (address < flash.start) return true;
  const apps = scan(memory, flash, () => {}) ?? [];
  const end = address + PADDING_HEADER_SIZE;
  return apps.some(app => app.start !== address && app.start < end && app.end > address);
}

/** The apps in flash; space of padding objects counts as free. */
function scan(
  memory: Memory,
  flash: Region,
  debug: (line: string) => void,
): FoundApp[] | undefined {
  const apps: FoundApp[] = [];
  const flashEnd = flash.start + flash.size;
  for (let at = flash.start; at < flashEnd - 1; ) {
    if (at + 8 > flashEnd) return undefined;
    const lengths = parseTbfHeaderLengths(memory.readBytes(at, 8));
    if (lengths.error?.kind === "UnableToParse") return apps;
    if (lengths.error) return undefined;
    const { headerSize, totalSize } = lengths.value;
    const end = at + totalSize;
    if (end > flashEnd) return undefined;
    if (headerSize === PADDING_HEADER_SIZE) debug("Is padding!");
    else {
      debug(
        `[Metadata] Process binary start address at index ${apps.length}: ${hex(at, 8)}, with end_address ${hex(end, 8)}`,
      );
      apps.push({ start: at, end });
      if (apps.length === MAX_APPS) return undefined;
    }
    at = end;
  }
  return apps;
}

/** The first gap between two apps that is larger than the binary, else behind the last app. */
function chooseAddress(apps: readonly FoundApp[], size: number): number {
  for (let i = 0; i + 1 < apps.length; i++) {
    const gapStart = (apps[i] as FoundApp).end;
    const gapEnd = (apps[i + 1] as FoundApp).start;
    if (gapEnd <= gapStart) continue;
    const start = alignToSize(gapStart, size);
    if (start + size < gapEnd) return start;
  }
  const last = apps.at(-1);
  if (last === undefined)
    throw new KernelPanic(
      "index out of bounds: the len is 10 but the index is 10",
      "kernel/src/process_loading.rs:998:27",
    );
  return alignToSize(last.end, size);
}

function alignToSize(address: number, size: number): number {
  if (size === 0)
    throw new KernelPanic(
      "attempt to calculate the remainder with a divisor of zero",
      "kernel/src/process_loading.rs:955:25",
    );
  return alignUp(address, size);
}

function padding(
  apps: readonly FoundApp[],
  start: number,
  size: number,
  debug: (line: string) => void,
): Pick<Place, "before" | "after"> {
  const end = start + size;
  const next = apps.find(app => app.start >= end);
  if (next === undefined) debug("No App Found after the new app so not adding post padding.");
  const previousEnd = Math.max(...apps.filter(app => app.end <= start).map(app => app.end));
  return {
    before: previousEnd === start ? null : { start: previousEnd, length: start - previousEnd },
    after: next === undefined ? null : { start: end, length: next.start - end },
  };
}
