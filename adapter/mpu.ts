// What the MPU lets an app do: its regions as ranges of addresses with rights (ARMv7-M ARM B3.5).
import type { MpuRegionView } from "../emulator/index.js";
import type { AccessRange } from "./crash/model.js";

/** Unprivileged rights of RASR.AP (ARMv7-M ARM table B3-15). */
export function rightsOf(region: Pick<MpuRegionView, "accessPermission" | "executeNever">): {
  read: boolean;
  write: boolean;
  execute: boolean;
} {
  const write = region.accessPermission === 3;
  const read = write || [2, 6, 7].includes(region.accessPermission);
  return { read, write, execute: read && !region.executeNever };
}

/** Enabled address ranges of a region: its sub-regions, neighbours joined. */
export function enabledRanges(region: MpuRegionView): { low: number; high: number }[] {
  if (!region.enabled) return [];
  const { address, size } = region;
  if (size < 256) return [{ low: address, high: address + size }];
  const ranges: { low: number; high: number }[] = [];
  for (let n = 0; n < 8; n++) {
    if (region.subregionsDisabled & (1 << n)) continue;
    const low = address + (n * size) / 8;
    const last = ranges.at(-1);
    if (last?.high === low) last.high = low + size / 8;
    else ranges.push({ low, high: low + size / 8 });
  }
  return ranges;
}

/** What the regions of a process open. */
export const accessRanges = (regions: readonly MpuRegionView[]): AccessRange[] =>
  regions.flatMap(region =>
    enabledRanges(region).map(({ low, high }) => ({
      region: region.number,
      low,
      high,
      ...rightsOf(region),
    })),
  );
