// Drivers that store bytes for apps in flash
// (boards/components/src/{nonvolatile_storage,isolated_nonvolatile_storage,app_flash_driver}.rs).
import {
  APP_FLASH_GRANT,
  AppFlashDriver,
  type AppFlashOptions,
} from "../../kernel/capsules/app-flash.js";
import {
  ISOLATED_NONVOLATILE_STORAGE_GRANT,
  IsolatedNonvolatileStorage,
  type IsolatedStorageOptions,
} from "../../kernel/capsules/isolated-nonvolatile-storage.js";
import {
  NONVOLATILE_STORAGE_GRANT,
  NonvolatileStorageDriver,
  type StorageRegion,
} from "../../kernel/capsules/nonvolatile-storage.js";
import { NonvolatileToPages } from "../../kernel/capsules/nonvolatile-to-pages.js";
import { type FlashMux, FlashUser } from "../../kernel/capsules/virtual-flash.js";
import type { Workbench } from "./workbench.js";

const pagesOf = (bench: Workbench, flash: FlashMux, name: string): NonvolatileToPages =>
  bench.part(name, new NonvolatileToPages(new FlashUser(flash)));

export function createNonvolatileStorage(
  bench: Workbench,
  flash: FlashMux,
  region: StorageRegion,
): void {
  const storage = pagesOf(bench, flash, "nonvolatileStoragePages");
  const grant = bench.grant(NONVOLATILE_STORAGE_GRANT);
  const driver = new NonvolatileStorageDriver(storage, grant, region);
  bench.driver(NONVOLATILE_STORAGE_GRANT.driver, driver);
}

/** Serves apps with a ShortId only: see `BoardDefinition.identity`. */
export function createIsolatedNonvolatileStorage(
  bench: Workbench,
  flash: FlashMux,
  options: IsolatedStorageOptions,
): void {
  const storage = pagesOf(bench, flash, "isolatedNonvolatileStoragePages");
  const grant = bench.grant(ISOLATED_NONVOLATILE_STORAGE_GRANT);
  const { lookup } = bench.kernel;
  const driver = new IsolatedNonvolatileStorage(storage, grant, lookup, options);
  bench.driver(ISOLATED_NONVOLATILE_STORAGE_GRANT.driver, driver);
}

export function createAppFlash(bench: Workbench, flash: FlashMux, options: AppFlashOptions): void {
  const storage = pagesOf(bench, flash, "appFlashPages");
  const grant = bench.grant(APP_FLASH_GRANT);
  const driver = new AppFlashDriver(storage, grant, bench.kernel.lookup, options);
  bench.driver(APP_FLASH_GRANT.driver, driver);
}
