// Hashes, message authentication codes and checksums (boards/components/src/{sha,hmac,crc}.rs).
import { CrcDevice } from "../../devices/crc.js";
import { DigestDevice } from "../../devices/digest.js";
import { CRC_GRANT, CrcDriver } from "../../kernel/capsules/crc.js";
import { HMAC_GRANT, HmacDriver } from "../../kernel/capsules/hmac.js";
import { SHA_GRANT, ShaDriver } from "../../kernel/capsules/sha.js";
import type { Workbench } from "./workbench.js";

export function createCrc(bench: Workbench): void {
  const device = bench.device(new CrcDevice(bench.clock));
  bench.driver(CRC_GRANT.driver, new CrcDriver(device, bench.grant(CRC_GRANT)));
}

/** SHA-256 in software. */
export function createSha(bench: Workbench): void {
  const device = bench.device(new DigestDevice(bench.clock, "sha"));
  bench.driver(SHA_GRANT.driver, new ShaDriver(device, bench.grant(SHA_GRANT)));
}

/** HMAC-SHA-256 in software. */
export function createHmac(bench: Workbench): void {
  const device = bench.device(new DigestDevice(bench.clock, "hmac"));
  bench.driver(HMAC_GRANT.driver, new HmacDriver(device, bench.grant(HMAC_GRANT)));
}
