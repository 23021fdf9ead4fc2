// All guest state in one buffer: CPU state block, RAM and flash at fixed offsets. Nothing else holds guest bytes.
import type { Stateful } from "../base/stateful.js";

export interface MemoryRange {
  /** Guest address of the first byte. */
  address: number;
  /** Bytes. */
  size: number;
}

export interface MemoryMap {
  flash: MemoryRange;
  ram: MemoryRange;
  /** User information configuration registers: a page of flash of its own, beside that of code. */
  uicr?: MemoryRange;
}

/** Bytes at the start of the buffer that belong to the CPU (registers, flags, fault status). */
export const CPU_STATE_SIZE = 4096;

export interface MemoryState {
  ram: Uint8Array;
  flash: Uint8Array;
  /** Empty on a chip without. */
  uicr: Uint8Array;
}

const NOWHERE: MemoryRange = { address: 0, size: 0 };

/**
 * Flash and RAM of a board, and the configuration registers that lie in flash. The accessors are the kernel's and debugger's view: privileged, no MPU, little-endian.
 * An address outside of them throws a `RangeError`; callers ask `contains` first where the guest chose it.
 */
export class Memory implements Stateful<MemoryState> {
  readonly map: MemoryMap;
  readonly buffer: ArrayBuffer;
  /** Offset of RAM in `buffer`. */
  readonly ramOffset = CPU_STATE_SIZE;
  /** Offset of flash in `buffer`. */
  readonly flashOffset: number;
  readonly #uicr: MemoryRange;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Told after flash bytes changed, so that decoded instructions can be dropped. */
  onFlashWritten: (address: number, length: number) => void = () => {};

  /** Told of each write by the host; stores of the CPU do not come by here. */
  onHostWrite: ((address: number, length: number) => void) | undefined;

  constructor(map: MemoryMap, buffer?: ArrayBuffer) {
    this.map = map;
    this.flashOffset = CPU_STATE_SIZE + Math.ceil(map.ram.size / 8) * 8;
    this.#uicr = map.uicr ?? NOWHERE;
    this.buffer = buffer ?? new ArrayBuffer(this.flashOffset + map.flash.size + this.#uicr.size);
    this.#bytes = new Uint8Array(this.buffer);
    this.#view = new DataView(this.buffer);
    if (buffer === undefined) this.#bytes.fill(0xff, this.flashOffset);
  }

  contains(address: number, length = 1): boolean {
    const { ram, flash } = this.map;
    const within = (r: MemoryRange) =>
      address >= r.address && address + length <= r.address + r.size;
    return within(ram) || within(flash) || (this.#uicr.size > 0 && within(this.#uicr));
  }

  read8(address: number): number {
    return this.#view.getUint8(this.#offset(address, 1));
  }

  read16(address: number): number {
    return this.#view.getUint16(this.#offset(address, 2), true);
  }

  read32(address: number): number {
    return this.#view.getUint32(this.#offset(address, 4), true);
  }

  write8(address: number, value: number): void {
    this.#view.setUint8(this.#offset(address, 1), value);
    this.#written(address, 1);
  }

  write16(address: number, value: number): void {
    this.#view.setUint16(this.#offset(address, 2), value, true);
    this.#written(address, 2);
  }

  write32(address: number, value: number): void {
    this.#view.setUint32(this.#offset(address, 4), value, true);
    this.#written(address, 4);
  }

  /** A copy of `length` bytes. */
  readBytes(address: number, length: number): Uint8Array {
    const offset = this.#offset(address, length);
    return this.#bytes.slice(offset, offset + length);
  }

  writeBytes(address: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#offset(address, bytes.length));
    this.#written(address, bytes.length);
  }

  fill(address: number, length: number, value: number): void {
    const offset = this.#offset(address, length);
    this.#bytes.fill(value, offset, offset + length);
    this.#written(address, length);
  }

  save(): MemoryState {
    const { ram, flash } = this.map;
    return {
      ram: this.readBytes(ram.address, ram.size),
      flash: this.readBytes(flash.address, flash.size),
      uicr: this.readBytes(this.#uicr.address, this.#uicr.size),
    };
  }

  load(state: MemoryState): void {
    this.writeBytes(this.map.ram.address, state.ram);
    this.writeBytes(this.map.flash.address, state.flash);
    this.writeBytes(this.#uicr.address, state.uicr);
  }

  #written(address: number, length: number): void {
    this.onHostWrite?.(address, length);
    const { flash } = this.map;
    if (address >= flash.address && address < flash.address + flash.size) {
      this.onFlashWritten(address, length);
    }
  }

  #offset(address: number, length: number): number {
    const { ram, flash } = this.map;
    if (address >= ram.address && address + length <= ram.address + ram.size) {
      return address - ram.address + this.ramOffset;
    }
    if (address >= flash.address && address + length <= flash.address + flash.size) {
      return address - flash.address + this.flashOffset;
    }
    const uicr = this.#uicr;
    if (address >= uicr.address && address + length <= uicr.address + uicr.size) {
      return address - uicr.address + this.flashOffset + flash.size;
    }
    throw new RangeError(`no memory at 0x${(address >>> 0).toString(16)}, ${length} bytes`);
  }
}
