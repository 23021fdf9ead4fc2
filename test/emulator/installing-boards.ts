// Boards for tests of apps that install apps.
import { createAlarm, createAlarmMux } from "../../emulator/boards/components/alarm.js";
import { createAppLoader } from "../../emulator/boards/components/app-loader.js";
import { createConsole, createSerialLine } from "../../emulator/boards/components/console.js";
import { createChipFlash, createExternalFlash } from "../../emulator/boards/components/flash.js";
import { type BoardDefinition, board } from "../../emulator/boards/components/tock.js";
import type { Workbench } from "../../emulator/boards/components/workbench.js";
import { BINARY_JOURNAL, NRF52840DK } from "../../emulator/boards/nrf52840dk.js";
import { nrf52840dkTests } from "../../emulator/boards/nrf52840dk-tests.js";
import { NRF52_RTC } from "../../emulator/devices/alarm.js";
import { MX25R6435F, NRF52_NVMC } from "../../emulator/devices/flash.js";
import type { BoardDescription } from "../../emulator/index.js";
import { noCredentials } from "../../emulator/kernel/checker.js";
import { assignFromTbfHeader, nullStoragePermissions } from "../../emulator/kernel/identity.js";

/** Upstream's board for tests of apps that install apps. */
export const upstream = nrf52840dkTests.find(({ name }) => name.endsWith("dynamic-app-load"))!;

function createParts(bench: Workbench, isStaged: boolean) {
  const line = createSerialLine(bench);
  createAlarm(bench, createAlarmMux(bench, NRF52_RTC));
  createConsole(bench, line);
  const region = { start: 0, size: 0x80000 };
  const staging = isStaged
    ? { flash: createExternalFlash(bench, MX25R6435F, { size: 0x100000 }), region }
    : undefined;
  const flash = createChipFlash(bench, NRF52_NVMC);
  createAppLoader(bench, { flash, journal: BINARY_JOURNAL, ...(staging && { staging }) });
  return { start() {} };
}

/** A small board whose apps install apps; their ShortIds are those of their headers. */
export const variant = (more: Partial<BoardDefinition> = {}): BoardDescription =>
  board({
    ...NRF52840DK,
    name: "installing",
    description: "A board for tests",
    credentials: noCredentials,
    identity: { assigner: assignFromTbfHeader, storagePermissions: nullStoragePermissions },
    create: bench => createParts(bench, false),
    ...more,
  });

/** One that collects binaries in a second flash chip. */
export const staged = variant({ create: bench => createParts(bench, true) });
