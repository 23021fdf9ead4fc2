// MPU regions of a process on Cortex-M (arch/cortex-m/src/mpu.rs): PMSAv7 registers, eight sub-regions per region.
//   regions 0 and 1: app RAM, each half of the process block; sub-regions enable what the app may touch
//   region 2: app flash; regions 3 and up: shared buffers
import { alignUp, nextPowerOfTwo } from "../base/bits.js";
import type { AppMemoryRequest, Mpu, Permissions, Region } from "../kernel/boundary.js";
import type { MpuRegionView } from "../kernel/inspect.js";

/** The hardware, as far as this file needs it. */
export interface MpuRegisters {
  /** Bit 0 ENABLE, bit 1 HFNMIENA, bit 2 PRIVDEFENA. */
  control: number;
  setRegion(number: number, rbar: number, rasr: number): void;
}

export interface CortexMRegion {
  /** What was asked for; `null` for an unused region. */
  logical: Region | null;
  /** RBAR with VALID and the region's number. */
  rbar: number;
  rasr: number;
}

export type CortexMConfig = CortexMRegion[];

const CORTEXM_MIN_REGION_SIZE = 32;
/** Of a process block; below 256 bytes a region has no sub-regions. */
const MIN_BLOCK_SIZE = 512;
const APP_MEMORY_REGION_MAX_NUM = 1;
const ENABLE = 1;
const VALID = 1 << 4;
const MPU_ENABLE_PRIVDEFENA = 0b101;

/** RASR.AP and RASR.XN. */
const attributesOf: Readonly<Record<Permissions, { ap: number; xn: number }>> = {
  ReadWriteOnly: { ap: 0b011, xn: 1 },
  ReadExecuteOnly: { ap: 0b010, xn: 0 },
  ReadOnly: { ap: 0b010, xn: 1 },
};

const emptyRegion = (number: number): CortexMRegion => ({
  logical: null,
  rbar: VALID | number,
  rasr: 0,
});

/** Sub-regions `first` to `last` enabled; `null` where sub-regions are not used. */
type Subregions = { first: number; last: number } | null;

function makeRegion(
  number: number,
  logical: Region,
  physical: Region,
  subregions: Subregions,
  permissions: Permissions,
): CortexMRegion | null {
  if (logical.size < CORTEXM_MIN_REGION_SIZE || physical.size < logical.size) return null;
  const { ap, xn } = attributesOf[permissions];
  let disabled = 0;
  if (subregions !== null) {
    disabled = 0xff;
    for (let i = subregions.first; i <= subregions.last; i++) disabled ^= 1 << i;
  }
  const size = Math.log2(physical.size) - 1;
  return {
    logical,
    rbar: ((physical.start & ~31) | VALID | number) >>> 0,
    rasr: (xn << 28) | (ap << 24) | (disabled << 8) | (size << 1) | ENABLE,
  };
}

const overlaps = (config: CortexMConfig, { start, size }: Region): boolean =>
  config.some(
    ({ logical }) =>
      logical !== null && logical.start < start + size && start < logical.start + logical.size,
  );

/** Regions 0 and 1 with the first `enabled` of sixteen sub-regions; false when they cannot be made. */
function setAppMemory(config: CortexMConfig, half: Region, enabled: number): boolean {
  const region = (number: number, start: number, count: number) => {
    const physical = { start, size: half.size };
    return makeRegion(number, physical, physical, { first: 0, last: count - 1 }, "ReadWriteOnly");
  };
  const region0 = region(0, half.start, Math.min(enabled, 8));
  const region1 =
    enabled > 8 ? region(1, half.start + half.size, Math.min(enabled, 16) - 8) : emptyRegion(1);
  if (region0 === null || region1 === null) return false;
  config[0] = region0;
  config[1] = region1;
  return true;
}

/** Where a region of `size` bytes at `start` lies physically, and what it logically becomes. */
function placeRegion(start: number, size: number): [Region, Region, Subregions] {
  const isPowerOfTwo = nextPowerOfTwo(size) === size;
  if (isPowerOfTwo && start % size === 0) return [{ start, size }, { start, size }, null];
  const subregionSize =
    start === 0 ? Math.max(nextPowerOfTwo(size), 256) / 8 : 2 ** (31 - Math.clz32(start & -start));
  const physicalSize = subregionSize * 8;
  const physicalStart = start - (start % physicalSize);
  const rounded = alignUp(size, subregionSize);
  if (subregionSize >= 32 && physicalStart + physicalSize >= start + rounded) {
    const first = (start - physicalStart) / subregionSize;
    const last = first + rounded / subregionSize - 1;
    const physical = { start: physicalStart, size: physicalSize };
    return [{ start, size: rounded }, physical, { first, last }];
  }
  const power = nextPowerOfTwo(rounded);
  const region = { start: start + power - (start % power), size: power };
  return [region, region, null];
}

export class CortexMMpu implements Mpu<CortexMConfig> {
  readonly #registers: MpuRegisters;
  readonly #regionCount: number;
  readonly #minRegionSize: number;

  /** `minRegionSize` is 32, on Cortex-M0+ 256. */
  constructor(registers: MpuRegisters, regionCount = 8, minRegionSize = CORTEXM_MIN_REGION_SIZE) {
    this.#registers = registers;
    this.#regionCount = regionCount;
    this.#minRegionSize = minRegionSize;
  }

  newConfig(): CortexMConfig {
    return Array.from({ length: this.#regionCount }, (_, number) => emptyRegion(number));
  }

  resetConfig(config: CortexMConfig): void {
    for (let number = 0; number < config.length; number++) config[number] = emptyRegion(number);
  }

  allocateRegion(region: Region, permissions: Permissions, config: CortexMConfig): Region | null {
    if (overlaps(config, region)) return null;
    const number = config.findIndex(
      ({ logical }, i) => i > APP_MEMORY_REGION_MAX_NUM && logical === null,
    );
    if (number < 0) return null;
    const start = alignUp(region.start, this.#minRegionSize);
    const size = Math.max(region.size, this.#minRegionSize);
    const [logical, physical, subregions] = placeRegion(start, size);
    if (logical.start + logical.size > region.start + region.size) return null;
    const made = makeRegion(number, logical, physical, subregions, permissions);
    if (made === null) return null;
    config[number] = made;
    return logical;
  }

  allocateAppMemoryRegion(request: AppMemoryRequest, config: CortexMConfig): Region | null {
    const { unallocated, initialAppMemorySize, initialKernelMemorySize } = request;
    if (overlaps(config, unallocated)) return null;
    const needed = Math.max(request.minMemorySize, initialAppMemorySize + initialKernelMemorySize);
    let size = Math.max(nextPowerOfTwo(needed), MIN_BLOCK_SIZE);
    // Aligned to half the block: each half is a region of its own.
    let start = alignUp(unallocated.start, size / 2);
    const enabled = () => Math.floor((initialAppMemorySize * 8) / (size / 2)) + 1;
    if (start + (enabled() * size) / 16 > start + size - initialKernelMemorySize) {
      size *= 2;
      start = alignUp(start, size / 2);
    }
    if (start + size > unallocated.start + unallocated.size) return null;
    if (!setAppMemory(config, { start, size: size / 2 }, enabled())) return null;
    return { start, size };
  }

  updateAppMemoryRegion(appBreak: number, kernelBreak: number, config: CortexMConfig): boolean {
    const half = config[0]?.logical;
    if (half === null || half === undefined || appBreak > kernelBreak) return false;
    const subregionSize = half.size / 8;
    const enabled = Math.ceil((appBreak - half.start) / subregionSize);
    if (half.start + subregionSize * enabled > kernelBreak) return false;
    return setAppMemory(config, half, enabled);
  }

  configure(config: CortexMConfig): void {
    config.forEach(({ rbar, rasr }, number) => {
      this.#registers.setRegion(number, rbar, rasr);
    });
    this.#registers.control = MPU_ENABLE_PRIVDEFENA;
  }

  view(config: CortexMConfig): MpuRegionView[] {
    return config.map(({ logical, rbar, rasr }, number) => ({
      number,
      enabled: (rasr & ENABLE) !== 0,
      address: (rbar & ~31) >>> 0,
      size: logical === null ? 0 : 2 ** (((rasr >>> 1) & 31) + 1),
      accessPermission: (rasr >>> 24) & 7,
      executeNever: (rasr & (1 << 28)) !== 0,
      subregionsDisabled: (rasr >>> 8) & 0xff,
      logical: logical === null ? null : { address: logical.start, size: logical.size },
    }));
  }
}
