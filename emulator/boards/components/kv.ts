// The key-value store and all below it (boards/components/src/{kv,tickv,siphash}.rs).

import { MX25R6435F } from "../../devices/flash.js";
import { KV_GRANT, KvDriver } from "../../kernel/capsules/kv-driver.js";
import { KvStorePermissions } from "../../kernel/capsules/kv-store-permissions.js";
import { initialisedTicKv, TicKv, type TicKvRegions } from "../../kernel/capsules/tickv.js";
import { TicKvStore } from "../../kernel/capsules/tickv-kv-store.js";
import { type FlashMux, FlashUser } from "../../kernel/capsules/virtual-flash.js";
import { createExternalFlash } from "./flash.js";
import type { Workbench } from "./workbench.js";

/**
 * The flash chip of the nRF52 development kits, with room for TicKV at its start. It comes as the board's first boot
 * leaves it: erasing it takes two seconds, which a real board spends once in its life.
 */
export function createKvFlash(bench: Workbench, regions: TicKvRegions): FlashMux {
  const contents = [initialisedTicKv(regions, MX25R6435F.pageSize)];
  return createExternalFlash(bench, MX25R6435F, { size: 0x800000, contents });
}

/**
 * Serves apps with a ShortId only: see `BoardDefinition.identity`. The result is to be initialised whenever the board
 * boots; a flash that is not TicKV's yet is erased then.
 */
export function createKv(bench: Workbench, flash: FlashMux, regions: TicKvRegions): TicKv {
  const tickv = bench.part("tickv", new TicKv(new FlashUser(flash), regions));
  const store = bench.part("tickvKvStore", new TicKvStore(tickv));
  const permissions = bench.part("kvStorePermissions", new KvStorePermissions(store));
  const driver = new KvDriver(permissions, bench.grant(KV_GRANT), bench.kernel.lookup);
  bench.driver(KV_GRANT.driver, driver);
  return tickv;
}
