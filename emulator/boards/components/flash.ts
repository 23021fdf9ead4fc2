// Flash, of the chip and behind a bus, and the mux that its users share (boards/components/src/{flash,mx25r6435f}.rs).
import { type FlashContents, FlashDevice, type FlashTimes } from "../../devices/flash.js";
import { FlashMux } from "../../kernel/capsules/virtual-flash.js";
import type { Workbench } from "./workbench.js";

/** The flash from which the chip runs; pages are numbered from address 0 on. */
export function createChipFlash(bench: Workbench, times: FlashTimes): FlashMux {
  const { address, size } = bench.memory.map.flash;
  const firstPage = Math.ceil(address / times.pageSize);
  const endPage = Math.floor((address + size) / times.pageSize);
  const options = { ...times, name: "flash", firstPage, endPage };
  const device = bench.device(new FlashDevice(bench.clock, bench.trace, options, bench.memory));
  return bench.part("flashMux", new FlashMux(device));
}

/** The flash from which the chip runs, if anything of the board changes it. */
export const chipFlash = (bench: Workbench): FlashDevice | undefined =>
  bench.devices.find(
    (device): device is FlashDevice => device instanceof FlashDevice && device.name === "flash",
  );

/** A flash chip of `size` bytes beside the processor, blank at first but for `contents`. */
export function createExternalFlash(
  bench: Workbench,
  times: FlashTimes,
  { size, contents = [] }: { size: number; contents?: FlashContents },
): FlashMux {
  const endPage = Math.floor(size / times.pageSize);
  const options = { ...times, name: "externalFlash", firstPage: 0, endPage, contents };
  const device = bench.device(new FlashDevice(bench.clock, bench.trace, options));
  return bench.part("externalFlashMux", new FlashMux(device));
}
