// Symmetric encryption (boards/components/src/aes.rs).
import { AesDevice } from "../../devices/aes.js";
import { AES_GRANT, AesDriver } from "../../kernel/capsules/aes.js";
import {
  ENCRYPTION_ORACLE_GRANT,
  EncryptionOracle,
} from "../../kernel/capsules/encryption-oracle.js";
import type { Workbench } from "./workbench.js";

/** AES-128. */
export function createAes(bench: Workbench): void {
  const device = bench.device(new AesDevice(bench.clock, 16));
  bench.driver(AES_GRANT.driver, new AesDriver(device, bench.grant(AES_GRANT)));
}

/** The driver of upstream's tutorials. */
export function createEncryptionOracle(bench: Workbench): void {
  const device = bench.device(new AesDevice(bench.clock, 16));
  const driver = new EncryptionOracle(device, bench.grant(ENCRYPTION_ORACLE_GRANT));
  bench.driver(ENCRYPTION_ORACLE_GRANT.driver, driver);
}
