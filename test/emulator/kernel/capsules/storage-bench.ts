// Parts that tests of the storage drivers share: a flash of a few pages on a bench, and processes with permissions.
import { BlankStore, FlashDevice, MX25R6435F } from "../../../../emulator/devices/flash.js";
import type { ProcessId, ProcessLookup } from "../../../../emulator/kernel/driver.js";
import type { StoragePermissions } from "../../../../emulator/kernel/storage-permissions.js";
import { Bench } from "../../bench.js";

export const a: ProcessId = { index: 0, pid: 0 };
export const b: ProcessId = { index: 1, pid: 1 };

export function flashBench(pages: number, pageSize = 4096) {
  const bench = new Bench();
  const store = new BlankStore(pageSize);
  const options = { ...MX25R6435F, pageSize, name: "flash", firstPage: 0, endPage: pages };
  const flash = bench.add(new FlashDevice(bench.clock, bench.trace, options, store));
  return { bench, store, flash };
}

/** Each process may do what the test says; its flash is from 0x1000 times its number plus 1. */
export class Processes implements ProcessLookup {
  shortId(): null {
    return null;
  }

  readonly permissions = new Map<number, StoragePermissions>();

  storagePermissions(process: ProcessId): StoragePermissions | undefined {
    return this.permissions.get(process.index);
  }

  editableFlashRange(process: ProcessId): { start: number; end: number } {
    const start = 0x1000 * (process.index + 1);
    return { start, end: start + 0x1000 };
  }
}
