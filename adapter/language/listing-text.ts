import type { PlacedElf } from "../crash/find-elf.js";
export async function listingOf(
  _program: PlacedElf,
  _read: (path: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  return undefined;
}
