// The Protected Memory System Architecture, PMSAv7 (ARMv7-M manual B3.5): regions with eight sub-regions each.
import * as S from "./state.js";

/** What an access wants to do. */
export const Access = { Read: 0, Write: 1, Execute: 2 } as const;
export type Access = (typeof Access)[keyof typeof Access];

export interface MpuRegion {
  number: number;
  enabled: boolean;
  /** First guest address. */
  address: number;
  /** Bytes: a power of two. */
  size: number;
  /** AP field, 0..7 (table B3-15). */
  ap: number;
  executeNever: boolean;
  /** SRD: a set bit disables one eighth of the region. */
  disabledSubregions: number;
  /** The registers as written. */
  rbar: number;
  rasr: number;
}

/** First address and size of a range that one kind of access may touch everywhere. */
export interface Window {
  address: number;
  size: number;
}

const ENABLE = 1;
const HFNMIENA = 2;
const PRIVDEFENA = 4;

/** Table B3-15: bit 0 privileged read, bit 1 privileged write, bit 2 unprivileged read, bit 3 unprivileged write. */
const AP_RIGHTS = [0, 0b0011, 0b0111, 0b1111, 0, 0b0001, 0b0101, 0b0101];

/** The registers live in the CPU state block; this is their meaning. */
export class Mpu {
  readonly #words: Int32Array;
  /** 0 if there is no MPU. */
  readonly regionCount: number;
  readonly #minimumSize: number;
  /** Set when windows computed earlier may be wrong. */
  changed = true;

  constructor(words: Int32Array, regionCount: number, minimumSize: number) {
    this.#words = words;
    this.regionCount = regionCount;
    this.#minimumSize = minimumSize;
  }

  /** MPU_CTRL: bit 0 ENABLE, bit 1 HFNMIENA, bit 2 PRIVDEFENA. */
  get control(): number {
    return this.#words[S.MPU_CTRL];
  }

  set control(value: number) {
    if (this.regionCount === 0 || (value & 7) === this.control) return;
    this.#words[S.MPU_CTRL] = value & 7;
    this.changed = true;
  }

  /** Writes MPU_RBAR and MPU_RASR of region `number`; VALID and REGION in `rbar` are ignored. */
  setRegion(number: number, rbar: number, rasr: number): void {
    if (number >= this.regionCount) return;
    const r = this.#words;
    const base = rbar & ~31;
    const attributes = rasr & 0x173fff3f;
    if (r[S.MPU_RBAR + number] === base && r[S.MPU_RASR + number] === attributes) return;
    r[S.MPU_RBAR + number] = base;
    r[S.MPU_RASR + number] = attributes;
    this.changed = true;
  }

  /** All regions of the hardware, also disabled ones. */
  get regions(): MpuRegion[] {
    return Array.from({ length: this.regionCount }, (_, number) => this.#region(number));
  }

  /** Whether an access of one byte is allowed. `negativePriority`: in HardFault, NMI or with FAULTMASK set. */
  allows(address: number, access: Access, privileged: boolean, negativePriority = false): boolean {
    const region = this.#active(negativePriority) ? this.#regionAt(address) : undefined;
    if (region === undefined || isPrivatePeripheral(address)) {
      if (this.#active(negativePriority) && !isPrivatePeripheral(address)) {
        if (!privileged || (this.control & PRIVDEFENA) === 0) return false;
      }
      return access !== Access.Execute || !isExecuteNever(address);
    }
    if (access === Access.Execute && (region.executeNever || isExecuteNever(address))) return false;
    const rights = (AP_RIGHTS[region.ap] ?? 0) >>> (privileged ? 0 : 2);
    return ((rights >>> (access === Access.Write ? 1 : 0)) & 1) !== 0;
  }

  /**
   * The largest part of `range` in which every byte allows `access`; size 0 if there is none.
   * Bounds are multiples of 32 bytes or ends of `range`.
   */
  window(range: Window, access: Access, privileged: boolean, negativePriority: boolean): Window {
    const end = range.address + range.size;
    const bounds = new Set([range.address, end]);
    if (this.#active(negativePriority)) {
      for (const region of this.regions) {
        if (!region.enabled) continue;
        for (let i = 0; i <= 8; i++) {
          const bound = region.address + (region.size / 8) * i;
          if (bound > range.address && bound < end) bounds.add(bound);
        }
      }
    }
    const sorted = [...bounds].sort((a, b) => a - b);
    let best: Window = { address: range.address, size: 0 };
    let start = range.address;
    sorted.forEach((bound, i) => {
      if (bound < end && this.allows(bound, access, privileged, negativePriority)) {
        const size = (sorted[i + 1] as number) - start;
        if (size > best.size) best = { address: start, size };
      } else {
        start = sorted[i + 1] ?? end;
      }
    });
    return best;
  }

  #active(negativePriority: boolean): boolean {
    const control = this.control;
    return (control & ENABLE) !== 0 && (!negativePriority || (control & HFNMIENA) !== 0);
  }

  /** The highest-numbered enabled region with an enabled sub-region at `address`. */
  #regionAt(address: number): MpuRegion | undefined {
    for (let number = this.regionCount - 1; number >= 0; number--) {
      if ((this.#words[S.MPU_RASR + number] & 1) === 0) continue;
      const region = this.#region(number);
      const offset = address - region.address;
      if (offset < 0 || offset >= region.size) continue;
      const subregion = Math.floor(offset / (region.size / 8));
      if (region.size < 256 || ((region.disabledSubregions >>> subregion) & 1) === 0) return region;
    }
    return undefined;
  }

  #region(number: number): MpuRegion {
    const rbar = this.#words[S.MPU_RBAR + number];
    const rasr = this.#words[S.MPU_RASR + number];
    const size = Math.max(2 ** (((rasr >>> 1) & 31) + 1), this.#minimumSize);
    return {
      number,
      enabled: (rasr & 1) !== 0,
      address: Math.floor((rbar >>> 0) / size) * size,
      size,
      ap: (rasr >>> 24) & 7,
      executeNever: (rasr & (1 << 28)) !== 0,
      disabledSubregions: (rasr >>> 8) & 0xff,
      rbar: rbar >>> 0,
      rasr: rasr >>> 0,
    };
  }
}

/** The Private Peripheral Bus: always the default map, privileged only (B3.1). */
export const isPrivatePeripheral = (address: number): boolean => address >>> 20 === 0xe00;

/** Peripheral, device and system space of the default map is never executable (B3.1.1). */
function isExecuteNever(address: number): boolean {
  const block = address >>> 29;
  return block === 2 || block >= 5;
}
