// Four-wire buses, the chips on them and the driver that gives one chip to apps (boards/components/src/spi.rs).
import { SpiBus, type SpiOptions, type SpiPeripheral } from "../../devices/spi.js";
import { SPI_CONTROLLER_GRANT, SpiController } from "../../kernel/capsules/spi-controller.js";
import type { Workbench } from "./workbench.js";

export const createSpiBus = (bench: Workbench, options: SpiOptions): SpiBus =>
  bench.device(new SpiBus(bench.clock, bench.trace, options));

/** The select line that apps have; without a chip, what they send comes back. */
export function createSpiController(bench: Workbench, bus: SpiBus, chip?: SpiPeripheral): void {
  const driver = new SpiController(bus.chip(chip), bench.grant(SPI_CONTROLLER_GRANT));
  bench.driver(SPI_CONTROLLER_GRANT.driver, driver);
}
