// User information configuration registers of an nRF52 (nRF52840 product specification 4.5; chips/nrf52/src/uicr.rs): a page of
// flash in which a board keeps what its chip needs to know before any code runs. A reset keeps it.
import { loadBytes } from "./bytes-text.js";
import type { Device } from "./device.js";
import type { FlashStore } from "./flash.js";

/** Where they lie in the address space. */
export const UICR = { address: 0x10001000, size: 0x1000 };

/** Offsets of registers. */
const Register = {
  PSELRESET0: 0x200,
  PSELRESET1: 0x204,
  APPROTECT: 0x208,
  REGOUT0: 0x304,
} as const;
/** Debug access is open, on chips from revision 3 on. */
const HW_DISABLED = 0x5a;
/** The voltage that an erased register means. */
const DEFAULT_VOLTAGE = 7;

export class Uicr implements Device<null> {
  readonly name = "uicr";
  readonly #memory: FlashStore;
  readonly #range: typeof UICR;

  constructor(memory: FlashStore, range: typeof UICR) {
    this.#memory = memory;
    this.#range = range;
  }

  /**
   * What every boot of a development kit begins with (boards/nordic/nrf52_components/src/startup.rs): the reset button on its
   * pin, debug access open, the usual voltage. A board resets once after a change, which here has nothing to undo yet.
   */
  program(resetPin: number): void {
    const wanted = [
      [Register.PSELRESET0, resetPin],
      [Register.PSELRESET1, resetPin],
      [Register.APPROTECT, HW_DISABLED],
    ] as const;
    const page = this.memoryImage();
    const registers = new DataView(page.buffer);
    // Bits can only be cleared.
    const lacks = (register: number, bits: number) =>
      (~registers.getUint32(register, true) & bits) !== 0;
    if (wanted.some(([at, bits]) => lacks(at, bits)) || lacks(Register.REGOUT0, DEFAULT_VOLTAGE))
      page.fill(0xff);
    for (const [at, value] of wanted) registers.setUint32(at, value, true);
    this.#memory.writeBytes(this.#range.address, page);
  }

  memoryImage(): Uint8Array {
    const { address, size } = this.#range;
    return this.#memory.readBytes(address, size);
  }

  loadMemory(image: Uint8Array): void {
    const { address, size } = this.#range;
    const bytes = new Uint8Array(size).fill(0xff);
    loadBytes(this.name, bytes, image);
    this.#memory.writeBytes(address, bytes);
  }

  /** The bytes lie in memory, which keeps them. */
  reset(): void {}

  save(): null {
    return null;
  }

  load(): void {}
}
