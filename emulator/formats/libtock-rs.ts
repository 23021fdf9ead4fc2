// The ELF that cargo makes of an app with libtock-rs: its section `.stack` tells all that elf2tab is told of it
// (runner/src/elf2tab.rs), so that it is packed as it is. What libtock-c tells elf2tab stands in no ELF.
import type { Elf } from "./elf.js";
import { pack } from "./pack.js";

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

export const looksLikeElf = (bytes: Uint8Array): boolean => MAGIC.every((b, i) => bytes[i] === b);

export function isLibtockRs(elf: Elf): boolean {
  const has = (section: string) => elf.section(section) !== undefined;
  return has(".start") && has(".stack") && !has(".crt0_header");
}

/** The TBF of an ELF of libtock-rs. @throws UserError for one that cannot be packed */
export const packLibtockRs = (elf: Elf, name: string): ReturnType<typeof pack> =>
  pack(elf, { name, kernelVersion: { major: 2, minor: 0 } });
