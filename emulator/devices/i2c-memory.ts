// Two peripherals for a two-wire bus that need no datasheet of their own: a file of registers, as most sensors have, and
// a memory chip with a two-byte address, as the AT24C256 (capsules/extra/src/at24c_eeprom.rs).
import type { InputValue } from "../base/trace.js";
import { loadBytes, MEMORY_TAKES, memoryText, pokeMemory } from "./bytes-text.js";
import type { Device } from "./device.js";
import type { I2CPeripheral } from "./i2c.js";

export interface I2CMemoryOptions {
  name: string;
  /** Bytes that a master writes first to say where it reads or writes, most significant first. */
  addressBytes: 1 | 2;
  /** Bytes of memory; the address goes round behind the last. */
  size: number;
  /** Writes go round within a page of so many bytes; 0: within the whole memory. */
  page: number;
  /** Registers, which hold nothing without power. */
  registers: boolean;
}

/** 256 registers of a byte each. */
export const registerFile = (name: string): I2CMemoryOptions => ({
  name,
  addressBytes: 1,
  size: 256,
  page: 0,
  registers: true,
});

/** The AT24C256: 32 KiB in pages of 64 bytes. */
export const at24c256 = (name: string): I2CMemoryOptions => ({
  name,
  addressBytes: 2,
  size: 32_768,
  page: 64,
  registers: false,
});

export interface I2CMemoryState {
  bytes: Uint8Array;
  /** Where the next byte is read. */
  pointer: number;
}

export class I2CMemory implements Device<I2CMemoryState>, I2CPeripheral {
  readonly name: string;
  readonly takes = MEMORY_TAKES;
  readonly #options: I2CMemoryOptions;
  #state: I2CMemoryState;

  constructor(options: I2CMemoryOptions) {
    this.name = options.name;
    this.#options = options;
    this.#state = { bytes: new Uint8Array(options.size), pointer: 0 };
  }

  i2cWrite(bytes: Uint8Array): boolean {
    const { addressBytes, size, page } = this.#options;
    if (bytes.length < addressBytes) return true;
    let address = 0;
    for (const byte of bytes.subarray(0, addressBytes)) address = (address << 8) | byte;
    address %= size;
    const span = page || size;
    const start = address - (address % span);
    bytes.subarray(addressBytes).forEach((byte, i) => {
      this.#state.bytes[start + ((address - start + i) % span)] = byte;
    });
    const written = bytes.length - addressBytes;
    this.#state.pointer = start + ((address - start + written) % span);
    return true;
  }

  i2cRead(length: number): Uint8Array {
    const { bytes, pointer } = this.#state;
    this.#state.pointer = (pointer + length) % bytes.length;
    return Uint8Array.from({ length }, (_, i) => bytes[(pointer + i) % bytes.length] as number);
  }

  onInput(value: InputValue): void {
    pokeMemory(this.name, this.#state.bytes, value);
  }

  shown(): string {
    return memoryText(this.#state.bytes);
  }

  memoryImage(): Uint8Array | undefined {
    return this.#options.registers ? undefined : this.#state.bytes.slice();
  }

  loadMemory(image: Uint8Array): void {
    loadBytes(this.name, this.#state.bytes, image);
  }

  /** Memory keeps its bytes. */
  reset(): void {
    this.#state.pointer = 0;
  }

  save(): I2CMemoryState {
    return structuredClone(this.#state);
  }

  load(state: I2CMemoryState): void {
    this.#state = structuredClone(state);
  }
}
