// Whether an ELF is the build that a TBF was made of: every loaded byte of its flash image lies in the TBF.
import { type Elf, hex, PT_LOAD, SHF_ALLOC, SHT_NOBITS, type Tbf } from "../emulator/index.js";
import { LINK_FLASH } from "./symbols/image.js";

/** A section's load address: where its bytes lie in flash. */
export interface Loaded {
  name: string;
  address: number;
  bytes: Uint8Array;
}

/** What the flash image of an ELF is made of. */
export function loadedSections(elf: Elf): Loaded[] {
  const segments = elf.segments.filter(s => s.type === PT_LOAD && s.fileSize > 0);
  return elf.sections.flatMap(section => {
    if (!(section.flags & SHF_ALLOC) || section.type === SHT_NOBITS || section.size === 0)
      return [];
    const segment = segments.find(
      s => section.offset >= s.offset && section.offset + section.size <= s.offset + s.fileSize,
    );
    if (segment === undefined) return [];
    const address = segment.physicalAddress + section.offset - segment.offset;
    return [{ name: section.name, address, bytes: section.data() }];
  });
}

/** The first difference in words, `undefined` when the ELF is the TBF's. */
export function differenceBetween(elf: Elf, tbf: Tbf): string | undefined {
  const sections = loadedSections(elf);
  if (sections.length === 0) return "it has no code";
  const pic = sections.some(({ address }) => address === LINK_FLASH);
  const base = pic ? LINK_FLASH : Math.min(...sections.map(({ address }) => address));
  const { protectedSize, binaryEnd } = tbf.header;
  for (const { name, address, bytes } of sections) {
    const start = protectedSize + address - base;
    if (start + bytes.length > binaryEnd) {
      return `its ${name} ends ${start + bytes.length - binaryEnd} bytes behind the app's binary`;
    }
    const at = bytes.findIndex((byte, i) => tbf.bytes[start + i] !== byte);
    if (at >= 0) return `the bytes differ at ${name}+${hex(at)}`;
  }
  return undefined;
}
