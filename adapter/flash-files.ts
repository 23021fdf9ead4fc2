// The files that keep a board's memory between runs: that of flash, in tockloader's format, and one for its other chips.
import {
  type ChipImages,
  chipsFileOf,
  readChips,
  type TockBoard,
  writeChips,
} from "../emulator/index.js";

/** What a board is given at power-on. */
export interface KeptMemory {
  flash: Uint8Array;
  chips: ChipImages;
}

/** Files that are not there leave chips as they come from the factory. @throws UserError for one that cannot be read */
export async function readFlashFiles(
  path: string,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<KeptMemory> {
  const beside = chipsFileOf(path);
  const chips = await read(beside);
  return {
    flash: (await read(path)) ?? new Uint8Array(),
    chips: chips === undefined ? new Map() : readChips(chips, beside),
  };
}

/** A sentence if the flash file holds other bytes `now` than it did, just before it is written. */
export function writtenMeanwhile(
  path: string,
  before: Uint8Array,
  now: Uint8Array | undefined,
): string | undefined {
  if (now === undefined) return undefined;
  if (now.length === before.length && now.every((byte, i) => byte === before[i])) return undefined;
  return `${path}: another program has written it while this board ran, and what it wrote is gone; give each board a file of its own.`;
}

/** What is to be written, by paths. */
export function flashFiles(
  path: string,
  { loader, chips }: Pick<TockBoard, "loader" | "chips">,
): { path: string; bytes: Uint8Array }[] {
  const images = chips();
  const files = [{ path, bytes: loader.flashImage() }];
  if (images.size > 0) files.push({ path: chipsFileOf(path), bytes: writeChips(images) });
  return files;
}
