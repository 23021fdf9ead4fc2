// Random numbers (boards/components/src/rng.rs).
import { RngDevice } from "../../devices/rng.js";
import { RNG_GRANT, RngDriver } from "../../kernel/capsules/rng.js";
import type { Workbench } from "./workbench.js";

export function createRng(bench: Workbench): void {
  const device = bench.device(new RngDevice(bench.clock, bench.seed));
  bench.driver(RNG_GRANT.driver, new RngDriver(device, bench.grant(RNG_GRANT)));
}
