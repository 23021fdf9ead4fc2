// Symmetric encryption (boards/components/src/aes.rs).
import { AesDevice } from "../../devices/aes.js";
import { AES_GRANT, AesDriver } from "../../kernel/capsules/aes.js";
import type { Workbench } from "./workbench.js";

/** AES-128. */
export function createAes(bench: Workbench): void {
  const device = bench.device(new AesDevice(bench.clock, 16));
  bench.driver(AES_GRANT.driver, new AesDriver(device, bench.grant(AES_GRANT)));
}
