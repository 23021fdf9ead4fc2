// Four-wire buses, the chips on them and the driver that gives one chip to apps (boards/components/src/spi.rs).
import { SpiBus, type SpiOptions, type SpiPeripheral } from "../../devices/spi.js";
import { SpiSlave } from "../../devices/spi-slave.js";
import { SPI_CONTROLLER_GRANT, SpiController } from "../../kernel/capsules/spi-controller.js";
import { SPI_PERIPHERAL_GRANT, SpiPeripheralDriver } from "../../kernel/capsules/spi-peripheral.js";
import type { Workbench } from "./workbench.js";

export const createSpiBus = (bench: Workbench, options: SpiOptions): SpiBus =>
  bench.device(new SpiBus(bench.clock, bench.trace, options));

/** The select line that apps have; without a chip, what they send comes back. */
export function createSpiController(bench: Workbench, bus: SpiBus, chip?: SpiPeripheral): void {
  const driver = new SpiController(bus.chip(chip), bench.grant(SPI_CONTROLLER_GRANT));
  bench.driver(SPI_CONTROLLER_GRANT.driver, driver);
}

/** The chip as a peripheral; no board of upstream's has it. */
export function createSpiPeripheral(bench: Workbench): void {
  const device = bench.device(new SpiSlave(bench.clock, bench.trace));
  const driver = new SpiPeripheralDriver(device, bench.grant(SPI_PERIPHERAL_GRANT));
  bench.driver(SPI_PERIPHERAL_GRANT.driver, driver);
}
