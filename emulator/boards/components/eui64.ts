// The board's identifier (boards/components/src/eui64.rs).
import { EUI64_DRIVER, Eui64 } from "../../kernel/capsules/eui64.js";
import type { Workbench } from "./workbench.js";

/** What the chip's maker wrote into it; every board of ours is the same specimen. */
const DEVICE_ID = 0xf0e1_d2c3_b4a5_9687n;

export function createEui64(bench: Workbench, eui64: bigint = DEVICE_ID): void {
  bench.driver(EUI64_DRIVER, new Eui64(eui64));
}
