// Two-wire buses and the drivers that give them to apps (boards/components/src/i2c.rs).
import { I2CBus, type I2COptions } from "../../devices/i2c.js";
import { I2CMemory, type I2CMemoryOptions } from "../../devices/i2c-memory.js";
import { I2C_MASTER_GRANT, I2CMasterDriver } from "../../kernel/capsules/i2c-master.js";
import {
  I2C_MASTER_SLAVE_GRANT,
  I2CMasterSlaveDriver,
} from "../../kernel/capsules/i2c-master-slave.js";
import { MuxI2C } from "../../kernel/capsules/virtual-i2c.js";
import type { Workbench } from "./workbench.js";

/** A bus without anybody on it. `attach` puts peripherals there. */
export const createI2cBus = (bench: Workbench, options: I2COptions): I2CBus =>
  bench.device(new I2CBus(bench.clock, bench.trace, options));

/** A register file or memory chip at an address. */
export function attachI2cMemory(
  bench: Workbench,
  bus: I2CBus,
  address: number,
  options: I2CMemoryOptions,
): void {
  bus.attach(address, bench.device(new I2CMemory(options)));
}

/** Lets several drivers share a bus. */
export const createI2cMux = (bench: Workbench, bus: I2CBus): MuxI2C =>
  bench.part(`mux ${bus.name}`, new MuxI2C(bus));

export function createI2cMaster(bench: Workbench, bus: I2CBus): void {
  bus.enableMaster();
  const driver = new I2CMasterDriver(bus, bench.grant(I2C_MASTER_GRANT));
  bench.driver(I2C_MASTER_GRANT.driver, driver);
}

export function createI2cMasterSlave(bench: Workbench, bus: I2CBus): void {
  const driver = new I2CMasterSlaveDriver(bus, bench.grant(I2C_MASTER_SLAVE_GRANT));
  bench.driver(I2C_MASTER_SLAVE_GRANT.driver, driver);
}
