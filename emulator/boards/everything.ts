// Our own board, which no shop sells: memory and core of the nRF52840 DK with every driver there is.
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { type I2CBus, nrf52I2c } from "../devices/i2c.js";
import { at24c256, registerFile } from "../devices/i2c-memory.js";
import type { ScreenOptions } from "../devices/screen.js";
import { nrf52Spi } from "../devices/spi.js";
import { NRF52_TEMPERATURE } from "../devices/temperature.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAlarm } from "./components/alarm.js";
import { createBle } from "./components/ble.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createLowLevelDebug,
  createProcessConsole,
  createSerialLine,
} from "./components/console.js";
import { createGpio } from "./components/gpio.js";
import {
  attachI2cMemory,
  createI2cBus,
  createI2cMaster,
  createI2cMasterSlave,
} from "./components/i2c.js";
import { createIeee802154, NRF52840_NODE } from "./components/ieee802154.js";
import { createLeds } from "./components/led.js";
import { createNrf51822 } from "./components/nrf51822.js";
import { createProcessInfo } from "./components/process-info.js";
import { createRng } from "./components/rng.js";
import { createScreen, createScreenDevice } from "./components/screen.js";
import { createSpiBus, createSpiController, createSpiPeripheral } from "./components/spi.js";
import { createTemperature } from "./components/temperature.js";
import { createTextScreen } from "./components/text-screen.js";
import { board } from "./components/tock.js";
import { createUdp } from "./components/udp.js";
import { createKeyboardHid, createUsbUser } from "./components/usb.js";
import type { Workbench } from "./components/workbench.js";
import { APP_FLASH, APP_RAM, KERNEL_ADDRESSES, MEMORY_MAP } from "./nrf52840dk.js";

const GPIO = Array.from({ length: 16 }, (_, i) => i);

/** At power-on as the displays of upstream's tutorials; apps can set the size and format of others. */
const SCREEN: ScreenOptions = {
  resolutions: [
    [128, 64],
    [128, 128],
    [240, 240],
    [320, 240],
  ],
  formats: [6, 0, 1, 2, 3, 4, 5],
};
/** Whole pixels of every format, and the picture at power-on at once. */
const SCREEN_BUFFER = 1032;

function create(bench: Workbench): () => void {
  const line = createSerialLine(bench);
  createGpio(bench, GPIO, NRF52_PIN);
  createButtons(bench, 4);
  createLeds(bench, 4);
  const alarms = createAlarm(bench, NRF52_RTC);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createLowLevelDebug(bench, line);
  createProcessInfo(bench);
  createTemperature(bench, NRF52_TEMPERATURE);
  createRng(bench);
  createBuses(bench);
  createBle(bench, alarms, debugWriter);
  const mac = createIeee802154(bench, NRF52840_NODE);
  createUdp(bench, { mac, alarms, debugWriter }, NRF52840_NODE);
  const screen = createScreenDevice(bench, SCREEN);
  createScreen(bench, screen, screen, SCREEN_BUFFER);
  createTextScreen(bench);
  createKeyboardHid(bench);
  createUsbUser(bench);
  createNrf51822(bench);
  return () => {
    debugWriter.debug("Initialization complete. Entering main loop");
    processConsole.start();
  };
}

/** A bus for each driver of the two-wire bus, with the same peripherals on both; a four-wire bus that hears itself. */
function createBuses(bench: Workbench): void {
  const [master, masterSlave] = ["i2c0", "i2c1"].map(name => {
    const bus = createI2cBus(bench, nrf52I2c(name));
    attachI2cMemory(bench, bus, 0x20, registerFile(`${name}-registers`));
    attachI2cMemory(bench, bus, 0x50, at24c256(`${name}-memory`));
    return bus;
  }) as [I2CBus, I2CBus];
  createI2cMaster(bench, master);
  createI2cMasterSlave(bench, masterSlave);
  createSpiController(bench, createSpiBus(bench, nrf52Spi("spi0")));
  createSpiPeripheral(bench);
}

export const everything = board({
  name: "everything",
  description: "Every driver on one board: Cortex-M4 64 MHz, 1 MiB flash, 256 KiB RAM",
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  processSlots: 8,
  faultPolicy: panicFaultPolicy,
  create,
});
