// Upstream's test configurations of the nRF52840 DK (boards/configurations/nrf52840dk/nrf52840dk-test-*): few drivers, and
// each with another way to choose the apps that run.
import { nrf52Adc } from "../devices/adc.js";
import { NRF52_RTC } from "../devices/alarm.js";
import { MX25R6435F, NRF52_NVMC } from "../devices/flash.js";
import type { AlarmMux } from "../kernel/capsules/virtual-alarm.js";
import { noCredentials, sha256Credentials, signatureCredentials } from "../kernel/checker.js";
import {
  assignFromName,
  assignFromTbfHeader,
  nullStoragePermissions,
  tbfHeaderOrIndividualStoragePermissions,
} from "../kernel/identity.js";
import type { BoardDescription } from "./board.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createAppLoader } from "./components/app-loader.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createPanicWriter,
  createProcessConsole,
  createSerialLine,
  type SerialLine,
} from "./components/console.js";
import { createSha } from "./components/digest.js";
import { createChipFlash, createExternalFlash } from "./components/flash.js";
import { createLeds } from "./components/led.js";
import { listProcesses } from "./components/listing.js";
import { createIsolatedNonvolatileStorage } from "./components/storage.js";
import { type BoardDefinition, board, type Main } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";
import { BINARY_JOURNAL, KERNEL_ADDRESSES, NRF52840DK, SUPPLY_VOLTS } from "./nrf52840dk.js";

/** What all of them begin with (nrf52840dk-test-base). */
function createBase(bench: Workbench): { line: SerialLine; alarms: AlarmMux } {
  createLeds(bench, 4);
  const alarms = createAlarmMux(bench, NRF52_RTC);
  createAlarm(bench, alarms);
  const line = createSerialLine(bench);
  createConsole(bench, line);
  createPanicWriter(bench, line);
  return { line, alarms };
}

const quiet =
  (add: (bench: Workbench) => void = () => {}) =>
  (bench: Workbench): Main => {
    createBase(bench);
    add(bench);
    return { start() {} };
  };

/** With a process console, and a list of the processes that were loaded. */
function createAppIdTbf(bench: Workbench): Main {
  const { line, alarms } = createBase(bench);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  const debugWriter = createDebugWriter(bench, line);
  return {
    start: () => processConsole.start(),
    loaded: () => listProcesses(bench.kernel, debugWriter, "Processes Loaded:"),
  };
}

function createDynamicAppLoad(bench: Workbench): Main {
  const { line, alarms } = createBase(bench);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  const debugWriter = createDebugWriter(bench, line);
  createButtons(bench, 4);
  createAdcDedicated(bench, 6, nrf52Adc(SUPPLY_VOLTS));
  createAppLoader(bench, { flash: createChipFlash(bench, NRF52_NVMC), journal: BINARY_JOURNAL });
  return {
    start: () => processConsole.start(),
    loaded: () => listProcesses(bench.kernel, debugWriter, "Processes Loaded at Main:"),
  };
}

function createInvs(bench: Workbench): Main {
  createBase(bench);
  const flash = createExternalFlash(bench, MX25R6435F, { size: 0x800000 });
  const region = { start: 0x40000, length: 0x100000, appRegionSize: 4096 };
  createIsolatedNonvolatileStorage(bench, flash, region);
  return { start() {} };
}

const key = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], byte => Number.parseInt(byte, 16));

/** Public keys of upstream's board; the private ones lie in its repository, for tests. */
export const TEST_KEYS: readonly Uint8Array[] = [
  key(
    "e0133a90a74a3561518ee14409f169c1cf6adb7f7e52f8b74179e24d57412352" +
      "2eb61203b38510e5f32507628f549582574550bda3e217e8343089264c2362b1",
  ),
  key(
    "c93d3879c00b4a2f5cbfcafc0324147befa89fe5f52b779cd9f351fdbc37e70c" +
      "29e6eec3c4ed576d958dc3c073874df58da63e8deff8d3f0a70822adf7f7a3aa",
  ),
];

const variant = (
  name: string,
  what: string,
  more: Pick<BoardDefinition, "create" | "credentials" | "identity">,
): BoardDescription =>
  board({
    ...NRF52840DK,
    ...more,
    name: `nrf52840dk-test-${name}`,
    description: `nRF52840 DK, ${what}`,
  });

const unstored = { storagePermissions: nullStoragePermissions };

export const nrf52840dkTests: readonly BoardDescription[] = [
  variant("appid-sha256", "upstream's test of apps with a SHA-256", {
    create: quiet(),
    credentials: sha256Credentials,
    identity: { assigner: assignFromName, ...unstored },
  }),
  variant("appid-ecdsap256", "upstream's test of signed apps", {
    create: quiet(),
    credentials: signatureCredentials(TEST_KEYS),
    identity: { assigner: assignFromName, ...unstored },
  }),
  variant("appid-tbf", "upstream's test of ShortIds in TBF headers", {
    create: createAppIdTbf,
    credentials: noCredentials,
    identity: { assigner: assignFromTbfHeader, ...unstored },
  }),
  variant("dynamic-app-load", "upstream's test of apps that install apps", {
    create: createDynamicAppLoad,
    credentials: noCredentials,
    identity: { assigner: assignFromTbfHeader, ...unstored },
  }),
  variant("invs", "upstream's test of isolated nonvolatile storage", {
    create: createInvs,
    credentials: sha256Credentials,
    identity: {
      assigner: assignFromName,
      storagePermissions: tbfHeaderOrIndividualStoragePermissions,
    },
  }),
  variant("sha256", "upstream's test of SHA-256", { create: quiet(createSha) }),
];
