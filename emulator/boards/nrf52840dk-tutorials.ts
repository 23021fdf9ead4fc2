// The nRF52840 DK as upstream's tutorials set it up (boards/tutorials/nrf52840dk-*): the whole board with a screen and more.
import { NRF52_NVMC } from "../devices/flash.js";
import { nrf52I2c } from "../devices/i2c.js";
import type { Ssd1306 } from "../kernel/capsules/ssd1306.js";
import { noCredentials, notRequired, signatureCredentials } from "../kernel/checker.js";
import {
  assignFromName,
  assignFromNameAndKey,
  assignFromTbfHeader,
  individualStoragePermissions,
  nullStoragePermissions,
  tbfHeaderStoragePermissions,
} from "../kernel/identity.js";
import { stopWithDebugFaultPolicy } from "../kernel/policies.js";
import type { BoardDescription } from "./board.js";
import { createEncryptionOracle } from "./components/aes.js";
import { createAppLoader } from "./components/app-loader.js";
import { createHmac } from "./components/digest.js";
import { createEui64 } from "./components/eui64.js";
import { createChipFlash } from "./components/flash.js";
import { createI2cBus, createI2cMux } from "./components/i2c.js";
import { createIeee802154Raw } from "./components/ieee802154.js";
import { listProcesses } from "./components/listing.js";
import { createProcessInfo } from "./components/process-info.js";
import {
  createScreen,
  createScreenShared,
  createSsd1306,
  SSD1306_BUFFER_LENGTH,
} from "./components/screen.js";
import { createIsolatedNonvolatileStorage } from "./components/storage.js";
import { type BoardDefinition, board, type Main } from "./components/tock.js";
import { createKeyboardHid } from "./components/usb.js";
import type { Workbench } from "./components/workbench.js";
import { BINARY_JOURNAL, createBase, NRF52840DK, type Nrf52840dkBase } from "./nrf52840dk.js";
import { TEST_KEYS } from "./nrf52840dk-tests.js";

/** Where upstream's linker puts the kernel's own storage of 32 KiB is its business: here it ends where apps begin. */
const STORAGE = { start: 0x38000, length: 0x8000, appRegionSize: 2048 };

function createDisplay(bench: Workbench): Ssd1306 {
  const bus = createI2cBus(bench, nrf52I2c("screen-i2c"));
  return createSsd1306(bench, bus, createI2cMux(bench, bus));
}

function createDisplayDriver(bench: Workbench): Ssd1306 {
  const display = createDisplay(bench);
  createScreen(bench, display, undefined, SSD1306_BUFFER_LENGTH);
  return display;
}

/** The rest of `main`: that of the board, the display, and the process console if the tutorial keeps it. */
const starting = (
  { start, processConsole }: Nrf52840dkBase,
  display: Ssd1306,
  withProcessConsole = true,
): Main => ({
  start() {
    start();
    if (withProcessConsole) processConsole.start();
    display.initScreen();
  },
});

function createHotp(bench: Workbench): Main {
  const base = createBase(bench);
  createHmac(bench);
  const display = createDisplayDriver(bench);
  createKeyboardHid(bench);
  return starting(base, display);
}

function createRootOfTrust(bench: Workbench): Main {
  const base = createBase(bench);
  const display = createDisplayDriver(bench);
  createEncryptionOracle(bench);
  return starting(base, display, false);
}

function createThread(bench: Workbench): Main {
  const base = createBase(bench);
  createEui64(bench);
  createIeee802154Raw(bench);
  createEncryptionOracle(bench);
  const display = createDisplayDriver(bench);
  createIsolatedNonvolatileStorage(bench, createChipFlash(bench, NRF52_NVMC), STORAGE);
  return starting(base, display);
}

const ROW = 8;
/** The part of the screen that each app of the tutorial has, if it is signed with the first key. */
const SCREEN_REGIONS = [
  { name: "process_manager", x: 0, y: 0, width: 16 * ROW, height: 7 * ROW },
  { name: "counter", x: 0, y: 7 * ROW, width: 8 * ROW, height: ROW },
  { name: "temperature", x: 8 * ROW, y: 7 * ROW, width: 8 * ROW, height: ROW },
];

function createDynamicApps(bench: Workbench): Main {
  const base = createBase(bench);
  const display = createDisplay(bench);
  const { kernel } = bench;
  createScreenShared(bench, {
    screen: display,
    bufferLength: SSD1306_BUFFER_LENGTH,
    regionOf(process) {
      const shortId = kernel.lookup.shortId(process);
      return SCREEN_REGIONS.find(
        ({ name }) => shortId === assignFromNameAndKey({ name, keyId: 0 }),
      );
    },
  });
  const flash = createChipFlash(bench, NRF52_NVMC);
  createIsolatedNonvolatileStorage(bench, flash, STORAGE);
  createProcessInfo(bench);
  createAppLoader(bench, { flash, journal: BINARY_JOURNAL });
  return {
    ...starting(base, display),
    loaded: () => listProcesses(kernel, base.debugWriter, "Processes Loaded at Main:"),
  };
}

const tutorial = (
  name: string,
  what: string,
  more: Pick<BoardDefinition, "create" | "credentials" | "identity"> &
    Partial<Pick<BoardDefinition, "faultPolicy">>,
): BoardDescription =>
  board({
    ...NRF52840DK,
    ...more,
    name: `nrf52840dk-${name}`,
    description: `nRF52840 DK, ${what}`,
  });

export const nrf52840dkTutorials: readonly BoardDescription[] = [
  tutorial("hotp-tutorial", "the tutorial on a USB security key", {
    create: createHotp,
    credentials: noCredentials,
    identity: {
      assigner: assignFromTbfHeader,
      storagePermissions: tbfHeaderStoragePermissions,
    },
  }),
  tutorial("root-of-trust-tutorial", "the tutorial on a hardware root of trust", {
    create: createRootOfTrust,
  }),
  tutorial("thread-tutorial", "the tutorial on a Thread sensor", {
    create: createThread,
    credentials: noCredentials,
    identity: { assigner: assignFromName, storagePermissions: individualStoragePermissions },
  }),
  tutorial("dynamic-apps-and-policies", "the tutorial on dynamic apps and policies", {
    faultPolicy: stopWithDebugFaultPolicy,
    create: createDynamicApps,
    credentials: notRequired(signatureCredentials(TEST_KEYS.slice(0, 1))),
    identity: { assigner: assignFromNameAndKey, storagePermissions: nullStoragePermissions },
  }),
];
