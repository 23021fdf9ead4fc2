// A privileged app that installs apps (boards/components/src/{dynamic_binary_storage,app_loader}.rs).
import type { Region } from "../../kernel/boundary.js";
import { createCapability } from "../../kernel/capability.js";
import { APP_LOADER_GRANT, AppLoader } from "../../kernel/capsules/app-loader.js";
import { NonvolatileToPages } from "../../kernel/capsules/nonvolatile-to-pages.js";
import { type FlashMux, FlashUser } from "../../kernel/capsules/virtual-flash.js";
import type { BinaryStorage } from "../../kernel/dynamic-loading.js";
import { SequentialBinaryStorage } from "../../kernel/sequential-binary-storage.js";
import { StagedBinaryStorage } from "../../kernel/staged-binary-storage.js";
import type { Workbench } from "./workbench.js";

/** Installs in the flash from which the board runs apps; by way of `staging`, if that is given. */
export function createAppLoader(bench: Workbench, flash: FlashMux, staging?: Staging): void {
  const loader = bench.kernel.runtimeLoader(createCapability("processManagement"));
  const pages = pagesOf(bench, flash, "binaryStoragePages");
  const store = bench.device(new SequentialBinaryStorage(bench.clock, pages, loader));
  const grant = bench.grant(APP_LOADER_GRANT);
  const storage = staging === undefined ? store : staged(bench, staging, store);
  bench.driver(APP_LOADER_GRANT.driver, new AppLoader(storage, grant));
}

/** A region of a flash chip beside the processor in which binaries are collected first. */
export interface Staging {
  flash: FlashMux;
  region: Region;
}

function staged(bench: Workbench, { flash, region }: Staging, target: BinaryStorage) {
  const pages = pagesOf(bench, flash, "stagingPages");
  return bench.part("stagedStorage", new StagedBinaryStorage(pages, region, target));
}

const pagesOf = (bench: Workbench, flash: FlashMux, name: string): NonvolatileToPages =>
  bench.part(name, new NonvolatileToPages(new FlashUser(flash)));
