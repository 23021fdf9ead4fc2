// Hail (boards/hail/src/main.rs): SAM4L, Cortex-M4, 48 MHz, 512 KiB flash, 64 KiB RAM.
import { SAM4L_ADC } from "../devices/adc.js";
import { SAM4L_AST } from "../devices/alarm.js";
import { SAM4L_FLASHCALW } from "../devices/flash.js";
import { SAM4L_PIN } from "../devices/gpio.js";
import {
  FXOS8700_ACCELERATION,
  FXOS8700_MAGNETIC_FIELD,
  ISL29035_LIGHT,
  SI7021_HUMIDITY,
  SI7021_TEMPERATURE,
} from "../devices/sensor-chips.js";
import { thresholdRestartThenPanicFaultPolicy } from "../kernel/policies.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
  kernelRegions,
} from "./components/console.js";
import { createCrc } from "./components/digest.js";
import { createGpio } from "./components/gpio.js";
import { createIpc } from "./components/ipc.js";
import { createLeds } from "./components/led.js";
import { createNrf51822 } from "./components/nrf51822.js";
import { createDac } from "./components/outputs.js";
import { createRng } from "./components/rng.js";
import {
  createAmbientLight,
  createHumidity,
  createNineDof,
  createTemperature,
} from "./components/sensors.js";
import { createSpiBus, createSpiController } from "./components/spi.js";
import { board, type Main } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";

/** D0, D1, D6, D7. */
const GPIO = [0, 1, 2, 3];

const MEMORY_MAP = {
  flash: { address: 0, size: 0x80000 },
  ram: { address: 0x20000000, size: 0x10000 },
};
const APP_FLASH = { start: 0x30000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20008000;
const APP_RAM = { start: APP_RAM_START, size: 0x20010000 - APP_RAM_START };

const KERNEL_ADDRESSES = kernelRegions([0x10000, 0x30000], [0x20000000, 0x20001000], APP_RAM_START);

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  const alarms = createAlarmMux(bench, SAM4L_AST);
  createConsole(bench, line);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  const debugWriter = createDebugWriter(bench, line);
  createNrf51822(bench);
  createTemperature(bench, SI7021_TEMPERATURE);
  createHumidity(bench, SI7021_HUMIDITY);
  createAmbientLight(bench, ISL29035_LIGHT);
  createAlarm(bench, alarms);
  createNineDof(bench, {
    accelerometer: FXOS8700_ACCELERATION,
    magnetometer: FXOS8700_MAGNETIC_FIELD,
  });
  createSpiController(bench, createSpiBus(bench, { name: "spi", fastest: 12_000_000 }));
  createLeds(bench, 3, [{ color: "red" }, { color: "green" }, { color: "blue" }]);
  createButtons(bench, 1);
  createAdcDedicated(bench, 6, SAM4L_ADC);
  createDac(bench);
  createRng(bench);
  createGpio(bench, GPIO, SAM4L_PIN);
  createCrc(bench);
  createIpc(bench);
  return {
    start() {
      processConsole.start();
      debugWriter.debug("Initialization complete. Entering main loop.");
    },
  };
}

export const hail = board({
  name: "hail",
  description: "Hail: Cortex-M4 48 MHz, 512 KiB flash, 64 KiB RAM, 3 LEDs, 1 button",
  core: "cortex-m4",
  frequency: 48_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: SAM4L_FLASHCALW,
  processSlots: 20,
  faultPolicy: thresholdRestartThenPanicFaultPolicy(4),
  create,
});
