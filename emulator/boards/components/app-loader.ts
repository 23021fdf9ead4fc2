// A privileged app that installs apps (boards/components/src/{dynamic_binary_storage,app_loader}.rs).
import { createCapability } from "../../kernel/capability.js";
import { APP_LOADER_GRANT, AppLoader } from "../../kernel/capsules/app-loader.js";
import { NonvolatileToPages } from "../../kernel/capsules/nonvolatile-to-pages.js";
import { type FlashMux, FlashUser } from "../../kernel/capsules/virtual-flash.js";
import { SequentialBinaryStorage } from "../../kernel/sequential-binary-storage.js";
import type { Workbench } from "./workbench.js";

/** Installs in the flash from which the board runs apps. */
export function createAppLoader(bench: Workbench, flash: FlashMux): void {
  const pages = bench.part("binaryStoragePages", new NonvolatileToPages(new FlashUser(flash)));
  const loader = bench.kernel.runtimeLoader(createCapability("processManagement"));
  const store = bench.device(new SequentialBinaryStorage(bench.clock, pages, loader));
  bench.driver(APP_LOADER_GRANT.driver, new AppLoader(store, bench.grant(APP_LOADER_GRANT)));
}
