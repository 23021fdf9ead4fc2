// A privileged app that installs apps (boards/components/src/{dynamic_binary_storage,app_loader}.rs).
import { hex } from "../../base/bits.js";
import type { Flash } from "../../hil/flash.js";
import type { Region } from "../../kernel/boundary.js";
import { createCapability } from "../../kernel/capability.js";
import { APP_LOADER_GRANT, AppLoader } from "../../kernel/capsules/app-loader.js";
import { JournaledFlash } from "../../kernel/capsules/journaled-flash.js";
import { NonvolatileToPages } from "../../kernel/capsules/nonvolatile-to-pages.js";
import { type FlashMux, FlashUser } from "../../kernel/capsules/virtual-flash.js";
import type { BinaryStorage } from "../../kernel/dynamic-loading.js";
import { SequentialBinaryStorage } from "../../kernel/sequential-binary-storage.js";
import { StagedBinaryStorage } from "../../kernel/staged-binary-storage.js";
import { chipFlash } from "./flash.js";
import type { Workbench } from "./workbench.js";

export interface AppLoaderOptions {
  /** The flash from which the board runs apps. */
  flash: FlashMux;
  /** Address of two spare pages of it, in which a page is kept while it is being changed. */
  journal: number;
  /** By way of which binaries are installed, if it is given. */
  staging?: Staging;
}

/** A region of a flash chip beside the processor in which binaries are collected first. */
export interface Staging {
  flash: FlashMux;
  region: Region;
}

export function createAppLoader(bench: Workbench, options: AppLoaderOptions): void {
  const loader = bench.kernel.runtimeLoader(createCapability("processManagement"));
  const isExpendable = (start: number, length: number) => store.isExpendable(start, length);
  const flash = createJournal(bench, options, isExpendable);
  const pages = bench.part("binaryStoragePages", new NonvolatileToPages(flash));
  const store: SequentialBinaryStorage = bench.device(
    new SequentialBinaryStorage(bench.clock, pages, loader),
  );
  const grant = bench.grant(APP_LOADER_GRANT);
  const { staging } = options;
  const storage = staging === undefined ? store : staged(bench, staging, store);
  bench.driver(APP_LOADER_GRANT.driver, new AppLoader(storage, grant));
}

/** Keeps pages through a failure of power, and says so where it was needed, for a real board has nothing like it. */
function createJournal(
  bench: Workbench,
  { flash, journal }: AppLoaderOptions,
  isExpendable: (start: number, length: number) => boolean,
): Flash {
  const { memory, trace } = bench;
  const programmer = chipFlash(bench);
  if (programmer === undefined)
    throw new Error("apps are to be installed in a flash that is not there");
  const { pageSize } = programmer;
  const journaled = bench.part(
    "binaryStorageJournal",
    new JournaledFlash(new FlashUser(flash), {
      firstPage: journal / pageSize,
      isExpendable: page => isExpendable(page * pageSize, pageSize),
      read: (address, length) => memory.readBytes(address, length),
      programmer,
    }),
  );
  bench.atBoot.push(() => {
    const page = journaled.recover();
    if (page === undefined) return;
    const text = `Power had failed while the flash page at ${hex(page * pageSize, 8)} was being written. It was written again from a copy; a real board keeps none.`;
    trace.emit({ type: "notice", text });
  });
  return journaled;
}

function staged(bench: Workbench, { flash, region }: Staging, target: BinaryStorage) {
  const pages = bench.part("stagingPages", new NonvolatileToPages(new FlashUser(flash)));
  return bench.part("stagedStorage", new StagedBinaryStorage(pages, region, target));
}
