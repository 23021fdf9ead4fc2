// Our own board, which no shop sells: memory and core of the nRF52840 DK with every driver there is.
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_NVMC } from "../devices/flash.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { NRF52_TEMPERATURE } from "../devices/temperature.js";
import { assignFromName, tbfHeaderOrIndividualStoragePermissions } from "../kernel/identity.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAes } from "./components/aes.js";
import { createAlarm } from "./components/alarm.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createLowLevelDebug,
  createProcessConsole,
  createSerialLine,
} from "./components/console.js";
import { createCrc, createHmac, createSha } from "./components/digest.js";
import { createChipFlash } from "./components/flash.js";
import { createGpio } from "./components/gpio.js";
import { createKv, createKvFlash } from "./components/kv.js";
import { createLeds } from "./components/led.js";
import { createProcessInfo } from "./components/process-info.js";
import { createRng } from "./components/rng.js";
import { createSdCard } from "./components/sdcard.js";
import {
  createAppFlash,
  createIsolatedNonvolatileStorage,
  createNonvolatileStorage,
} from "./components/storage.js";
import { createTemperature } from "./components/temperature.js";
import { board } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";
import { APP_FLASH, APP_RAM, KERNEL_ADDRESSES, KV_REGIONS, MEMORY_MAP } from "./nrf52840dk.js";

const GPIO = Array.from({ length: 16 }, (_, i) => i);

function create(bench: Workbench): () => void {
  const line = createSerialLine(bench);
  createGpio(bench, GPIO, NRF52_PIN);
  createButtons(bench, 4);
  createLeds(bench, 4);
  const alarms = createAlarm(bench, NRF52_RTC);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createLowLevelDebug(bench, line);
  createProcessInfo(bench);
  createTemperature(bench, NRF52_TEMPERATURE);
  createRng(bench);
  const chipFlash = createChipFlash(bench, NRF52_NVMC);
  const externalFlash = createKvFlash(bench, KV_REGIONS);
  const tickv = createKv(bench, externalFlash, KV_REGIONS);
  createNonvolatileStorage(bench, chipFlash, { start: 0x30000, length: 0x10000 });
  createIsolatedNonvolatileStorage(bench, externalFlash, {
    start: 0x40000,
    length: 0x100000,
    appRegionSize: 4096,
  });
  createAppFlash(bench, chipFlash, { bufferSize: 512 });
  createCrc(bench);
  createSha(bench);
  createHmac(bench);
  createAes(bench);
  createSdCard(bench, { size: 64 * 1024 * 1024 });
  return () => {
    tickv.initialise();
    debugWriter.debug("Initialization complete. Entering main loop");
    processConsole.start();
  };
}

export const everything = board({
  name: "everything",
  description: "Every driver on one board: Cortex-M4 64 MHz, 1 MiB flash, 256 KiB RAM",
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  processSlots: 8,
  faultPolicy: panicFaultPolicy,
  identity: {
    assigner: assignFromName,
    storagePermissions: tbfHeaderOrIndividualStoragePermissions,
  },
  create,
});
