// The loader outside of the board, which every board has, over the flash from which its apps run.
import type { FlashTimes } from "../../devices/flash.js";
import { createCapability } from "../../kernel/capability.js";
import { LoaderDevice } from "../../kernel/loader-device.js";
import { SequentialBinaryStorage } from "../../kernel/sequential-binary-storage.js";
import { chipFlash, createChipFlash } from "./flash.js";
import type { Workbench } from "./workbench.js";

/** Made last: where no driver of the board uses the chip's flash, the loader alone does. */
export function createLoader(bench: Workbench, times: FlashTimes): LoaderDevice {
  const { clock, trace, memory, kernel } = bench;
  const capability = createCapability("processManagement");
  if (chipFlash(bench) === undefined) createChipFlash(bench, times);
  const flash = chipFlash(bench);
  if (flash === undefined) throw new Error("the board has no flash");
  const loader: LoaderDevice = bench.device(
    new LoaderDevice({
      clock,
      trace,
      memory,
      flash,
      kernel: kernel.outsideLoader(() => loader.busy, capability),
      processes: kernel.management(capability),
      reset: bench.reset,
      insideBusy: () =>
        bench.devices.some(device => device instanceof SequentialBinaryStorage && device.busy),
    }),
  );
  return loader;
}
