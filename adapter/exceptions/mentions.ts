// Whether a program can have anything of a name: debug information and symbol tables hold each name as it is written.
import type { Elf, ElfSection } from "../../emulator/index.js";

const holdsNames = ({ name }: ElfSection): boolean =>
  [".debug_str", ".debug_info", ".debug_line_str", ".strtab"].includes(name);

/** Whether the ELF holds `name` as a text of its own. Takes time linear in its debug information. */
export function mentions(elf: Elf, name: string): boolean {
  const wanted = new TextEncoder().encode(`${name}\0`);
  return elf.sections.filter(holdsNames).some(section => contains(section.data(), wanted));
}

function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}
