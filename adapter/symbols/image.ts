// Image: an ELF placed at the addresses where it runs. Position-independent apps slide twice (libtock-c's
// userland_generic.ld): flash from 0x80000000 to the app's start, RAM from 0 to the process's memory.
import {
  type Elf,
  type ElfSection,
  EM_ARM,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHT_NOBITS,
  STT_FUNC,
} from "../../emulator/formats/elf.js";

/** Where a position-independent app was put. */
export interface Placement {
  /** Run-time address of link address 0x80000000: flash start of the app + TBF header + protected region. */
  appStart: number;
  /** Run-time address of link address 0: start of the process's memory. */
  memStart: number;
}

/** Where a position-independent app's flash is linked. */
export const LINK_FLASH = 0x80000000;

interface Extent {
  low: number;
  high: number;
}

export class Image {
  readonly elf: Elf;
  /** `undefined`: runs where it was linked. */
  readonly placement: Placement | undefined;
  readonly #code: readonly Extent[];
  readonly #data: readonly Extent[];
  #startsAtZero: boolean | undefined;
  readonly #flashEnd: number;
  readonly #ramEnd: number;

  /** `placement` is ignored by an app that is not position-independent: it runs where it was linked. */
  constructor(elf: Elf, placement?: Placement) {
    this.elf = elf;
    this.placement = isPositionIndependent(elf) ? placement : undefined;
    const allocated = elf.sections.filter(s => s.flags & SHF_ALLOC && s.size > 0);
    this.#code = allocated
      .filter(s => s.flags & SHF_EXECINSTR && s.type !== SHT_NOBITS)
      .map(extent);
    this.#data = allocated.map(extent);
    const ends = (flash: boolean) =>
      this.#data.filter(e => e.low >= LINK_FLASH === flash).map(e => e.high);
    this.#flashEnd = Math.max(LINK_FLASH, ...ends(true));
    this.#ramEnd = Math.max(0, ...ends(false));
  }

  toRuntime(linked: number): number {
    if (!this.placement) return linked;
    const { appStart, memStart } = this.placement;
    return linked >= LINK_FLASH ? linked - LINK_FLASH + appStart : linked + memStart;
  }

  /** `undefined` outside of the program's sections. */
  toLinked(runtime: number): number | undefined {
    if (!this.placement) return runtime;
    const { appStart, memStart } = this.placement;
    const inFlash = runtime - appStart + LINK_FLASH;
    if (inFlash >= LINK_FLASH && inFlash < this.#flashEnd) return inFlash;
    const inRam = runtime - memStart;
    return inRam >= 0 && inRam < this.#ramEnd ? inRam : undefined;
  }

  /**
   * Whether the linker kept code at `linked`. What --gc-sections removed stays in the debug information at 0
   * (or at the top of the address space), where an app has no code.
   */
  isCode(linked: number): boolean {
    if (linked === 0 && !this.#hasCodeAtZero()) return false;
    return this.#code.some(e => linked >= e.low && linked < e.high);
  }

  #hasCodeAtZero(): boolean {
    this.#startsAtZero ??= this.elf.symbols.some(
      s => s.type === STT_FUNC && s.section !== 0 && s.value <= 1,
    );
    return this.#startsAtZero;
  }

  /** On Arm, code addresses are even and bit 0 of an address of code only says that it is Thumb. */
  withoutThumbBit(low: number, high: number): { low: number; high: number } {
    const odd = this.elf.machine === EM_ARM ? low & 1 : 0;
    return { low: low - odd, high: high - odd };
  }

  /** Whether `linked` lies in one of the program's sections, code or data. */
  contains(linked: number): boolean {
    return this.#data.some(e => linked >= e.low && linked < e.high);
  }
}

const extent = (section: ElfSection): Extent => ({
  low: section.address,
  high: section.address + section.size,
});

/** An Arm app linked at 0x80000000, where no Cortex-M has flash. */
export function isPositionIndependent(elf: Elf): boolean {
  if (elf.machine !== EM_ARM) return false;
  const code = elf.sections.filter(s => s.flags & SHF_EXECINSTR && s.size > 0);
  return code.length > 0 && code.every(s => s.address >= LINK_FLASH && s.address < 0xa0000000);
}
