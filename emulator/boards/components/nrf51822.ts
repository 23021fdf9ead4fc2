// The serial line to an nRF51822 (boards/components/src/nrf51822.rs).
import { Nrf51822Device } from "../../devices/nrf51822.js";
import {
  NRF51822_GRANT,
  Nrf51822Serialization,
} from "../../kernel/capsules/nrf51822-serialization.js";
import type { Workbench } from "./workbench.js";

export function createNrf51822(bench: Workbench): void {
  const device = bench.device(new Nrf51822Device(bench.clock, bench.trace));
  const driver = new Nrf51822Serialization(device, bench.grant(NRF51822_GRANT));
  bench.driver(NRF51822_GRANT.driver, driver);
}
