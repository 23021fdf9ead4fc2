// Everything at an address that is neither RAM nor flash: memory-mapped register blocks behind a page table.

/** A block of registers. Offsets are bytes from `address`; `size` of an access is 1, 2 or 4 and it is naturally aligned. */
export interface Region {
  readonly name: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  /** Unsigned value, or `undefined` where the bus answers with an error. */
  read(offset: number, size: number): number | undefined;
  /** False where the bus answers with an error. */
  write(offset: number, size: number, value: number): boolean;
}

const PAGE_BITS = 12;

/** Finds the region of an address. A place without region answers with a bus error. */
export class Bus {
  readonly #pages = new Map<number, Region[]>();

  constructor(regions: readonly Region[] = []) {
    for (const region of regions) this.map(region);
  }

  /** Adds a region; two regions may share a page, not a byte. */
  map(region: Region): void {
    const last = region.address + region.size - 1;
    for (let page = region.address >>> PAGE_BITS; page <= last >>> PAGE_BITS; page++) {
      const there = this.#pages.get(page) ?? [];
      const clash = there.find(r => r.address <= last && region.address <= r.address + r.size - 1);
      if (clash) throw new Error(`bus regions ${clash.name} and ${region.name} overlap`);
      this.#pages.set(page, [...there, region]);
    }
  }

  find(address: number): Region | undefined {
    const there = this.#pages.get(address >>> PAGE_BITS);
    return there?.find(r => address >= r.address && address < r.address + r.size);
  }

  read(address: number, size: number): number | undefined {
    const region = this.find(address);
    return region?.read(address - region.address, size);
  }

  write(address: number, size: number, value: number): boolean {
    const region = this.find(address);
    return region?.write(address - region.address, size, value) ?? false;
  }
}
