// The file beside a flash file: what a board's other memory chips keep without power. A tar archive with a member NAME.bin for
// each, its bytes from the chip's first one on, so that any tool can take a dump of a real chip in or out.
import { UserError } from "../base/errors.js";
import { looksLikeTar, readTar, writeTar } from "./tar.js";

/** Bytes by the names of the chips' devices. */
export type ChipImages = ReadonlyMap<string, Uint8Array>;

const EXTENSION = ".bin";

/** Where it lies: beside the flash file, whose format has no place for other chips. */
export const chipsFileOf = (flashFile: string): string => `${flashFile}.chips.tar`;

export const writeChips = (images: ChipImages): Uint8Array =>
  writeTar([...images].map(([name, bytes]) => ({ name: `${name}${EXTENSION}`, bytes })));

/** @throws UserError that names `file` where it is no such archive */
export function readChips(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  if (!looksLikeTar(bytes))
    throw new UserError(
      `${file}: it is no tar archive with the contents of the board's other memory chips; delete it to begin with new ones.`,
    );
  return new Map(readTar(bytes, file).map(({ name, bytes }) => [chipOf(name, file), bytes]));
}

function chipOf(member: string, file: string): string {
  if (!member.endsWith(EXTENSION))
    throw new UserError(`${file}: "${member}" is no chip's; expected NAME${EXTENSION}.`);
  return member.slice(member.lastIndexOf("/") + 1, -EXTENSION.length);
}
