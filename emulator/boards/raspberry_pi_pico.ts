// Raspberry Pi Pico (boards/raspberry_pi_pico/src/{lib,main}.rs): RP2040, Cortex-M0+, 125 MHz, 2 MiB flash, 264 KiB RAM.
// Upstream's console goes through USB and its panic dump through UART 0; here both are one console.
import { RP2040_ADC } from "../devices/adc.js";
import { RP2040_TIMER } from "../devices/alarm.js";
import { W25Q16JV } from "../devices/flash.js";
import { RP2040_PIN } from "../devices/gpio.js";
import { EPOCH } from "../devices/rtc.js";
import { RP2040_TEMPERATURE } from "../devices/sensor-chips.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAdcVirtualized } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import {
  createConsole,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
  kernelRegions,
} from "./components/console.js";
import { createDateTime } from "./components/date-time.js";
import { createGpio } from "./components/gpio.js";
import { createI2cBus, createI2cMaster } from "./components/i2c.js";
import { createIpc } from "./components/ipc.js";
import { createLeds } from "./components/led.js";
import { createTemperature } from "./components/sensors.js";
import { createSpiBus, createSpiController } from "./components/spi.js";
import { board, type Main } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";

const GPIO = [2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24];

const MEMORY_MAP = {
  flash: { address: 0x10000000, size: 0x200000 },
  ram: { address: 0x20000000, size: 0x42000 },
};
const APP_FLASH = { start: 0x10040000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20012000;
const APP_RAM = { start: APP_RAM_START, size: 0x20042000 - APP_RAM_START };

const KERNEL_ADDRESSES = kernelRegions(
  [0x10000000, 0x10040000],
  [0x20000000, 0x20001500],
  APP_RAM_START,
);

/** chips/rp2040/src/i2c.rs, at the speed that the board sets. */
const RP2040_I2C = { name: "i2c0", speed: 10_000, sharedBuffer: false };

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  const alarms = createAlarmMux(bench, RP2040_TIMER);
  createAlarm(bench, alarms);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createGpio(bench, GPIO, RP2040_PIN);
  createDateTime(bench, { start: EPOCH, staleMonthAndWeekday: true });
  createTemperature(bench, RP2040_TEMPERATURE);
  createAdcVirtualized(bench, 4, RP2040_ADC);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createI2cMaster(bench, createI2cBus(bench, RP2040_I2C));
  createSpiController(bench, createSpiBus(bench, { name: "spi0", fastest: 62_500_000 }));
  createIpc(bench);
  createLeds(bench, 1);
  return {
    start() {
      processConsole.start();
      debugWriter.debug("RP2040 Revision 2 ASIC");
      debugWriter.debug("Initialization complete. Enter main loop");
    },
  };
}

export const raspberry_pi_pico = board({
  name: "raspberry_pi_pico",
  description: "Raspberry Pi Pico: Cortex-M0+ 125 MHz, 2 MiB flash, 264 KiB RAM, 1 LED",
  core: "cortex-m0plus",
  frequency: 125_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: W25Q16JV,
  processSlots: 4,
  faultPolicy: panicFaultPolicy,
  create,
});
