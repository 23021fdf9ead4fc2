// The decode cache: for each halfword of flash four words, filled as code is reached. Breakpoints are entries too, so that
// code without them pays nothing.
//
//   entry*4: operation number   +1: operand word   +2: immediate   +3: not used
import type { Core } from "./core.js";
import { BREAKPOINT, Decoder, isWide, UNDECODED } from "./decode.js";
import { Access } from "./mpu.js";
import { executionPriority } from "./priority.js";
import * as S from "./state.js";

export class DecodeCache {
  readonly entries: Int32Array;
  readonly decoder: Decoder;
  readonly breakpoints = new Set<number>();
  readonly #cpu: Core;
  /** Entries below and from here on have never been filled: a restored snapshot need not clear them. */
  #firstUsed = Number.POSITIVE_INFINITY;
  #endUsed = 0;

  constructor(cpu: Core) {
    this.#cpu = cpu;
    this.entries = new Int32Array(cpu.memory.map.flash.size * 2);
    this.decoder = new Decoder(cpu.architecture, cpu.dsp);
    cpu.memory.onFlashWritten = (address, length) => this.drop(address, length);
  }

  /** Forgets what was decoded from `length` bytes at `address`. */
  drop(address: number, length: number): void {
    const { flash } = this.#cpu.memory.map;
    // A 32-bit instruction may start one halfword earlier.
    const first = ((address - flash.address - 2) >> 1) * 4;
    const end = ((address + length - flash.address + 1) >> 1) * 4;
    const from = Math.max(first, this.#firstUsed);
    if (from < this.#endUsed) this.entries.fill(UNDECODED, from, Math.min(end, this.#endUsed));
    for (const breakpoint of this.breakpoints) this.#placeBreakpoint(breakpoint);
  }

  addBreakpoint(address: number): void {
    this.breakpoints.add(address);
    this.#placeBreakpoint(address);
  }

  removeBreakpoint(address: number): void {
    this.breakpoints.delete(address);
    const index = this.#index(address);
    if (index >= 0) this.entries[index] = UNDECODED;
  }

  /** Decodes the instruction at `address` in flash into its entry. */
  fill(address: number): void {
    const { memory } = this.#cpu;
    const first = memory.read16(address);
    const second = isWide(first) ? memory.read16(address + 2) : 0;
    const decoded = this.decoder.decode(first, second, address);
    const index = this.#index(address);
    this.#use(index);
    this.entries[index] = decoded.operation;
    this.entries[index + 1] = decoded.fields;
    this.entries[index + 2] = decoded.immediate;
  }

  /**
   * Fetches outside the code window: checks each halfword exactly and decodes without the cache.
   * The operation number, with fields and immediate in the state block; UNDECODED after a fault.
   */
  fetch(address: number): number {
    const r = this.#cpu.words;
    if (this.breakpoints.has(address)) return BREAKPOINT;
    const first = this.#fetchHalfword(address);
    if (first < 0) return UNDECODED;
    const second = isWide(first) ? this.#fetchHalfword((address + 2) >>> 0) : 0;
    if (second < 0) return UNDECODED;
    const decoded = this.decoder.decode(first, second, address);
    r[S.FETCHED_FIELDS] = decoded.fields;
    r[S.FETCHED_IMMEDIATE] = decoded.immediate;
    return decoded.operation;
  }

  #fetchHalfword(address: number): number {
    const cpu = this.#cpu;
    const negative = executionPriority(cpu) < 0;
    if (!cpu.mpu.allows(address, Access.Execute, cpu.privileged, negative)) {
      cpu.fault(S.Exception.MemManage, S.Cfsr.IACCVIOL);
      return -1;
    }
    if (cpu.memory.contains(address, 2)) return cpu.memory.read16(address);
    const value = cpu.bus.read(address, 2);
    if (value !== undefined) return value;
    cpu.fault(S.Exception.BusFault, S.Cfsr.IBUSERR);
    return -1;
  }

  #placeBreakpoint(address: number): void {
    const index = this.#index(address);
    if (index < 0) return;
    this.#use(index);
    this.entries[index] = BREAKPOINT;
  }

  #use(index: number): void {
    this.#firstUsed = Math.min(this.#firstUsed, index);
    this.#endUsed = Math.max(this.#endUsed, index + 4);
  }

  /** Position of the entry of `address`, -1 if it is not in flash. */
  #index(address: number): number {
    const { flash } = this.#cpu.memory.map;
    const offset = address - flash.address;
    return offset >= 0 && offset < flash.size ? (offset >> 1) * 4 : -1;
  }
}
