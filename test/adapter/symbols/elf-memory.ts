// Memory as an ELF has it, for tests in which nothing runs.
import type { MemoryReader } from "../../../adapter/symbols/model.js";
import type { Elf } from "../../../emulator/formats/elf.js";

export const memoryOf = (elf: Elf): MemoryReader => ({
  read: (address: number, length: number): Uint8Array | undefined => {
    const section = elf.sections.find(
      s =>
        s.flags & 2 &&
        s.type === 1 &&
        address >= s.address &&
        address + length <= s.address + s.size,
    );
    const at = address - (section?.address ?? 0);
    return section?.data().subarray(at, at + length);
  },
});
