// ST Nucleo-64 with an STM32F446RE (boards/nucleo_f446re/src/main.rs): Cortex-M4, 16 MHz, 512 KiB flash, 128 KiB RAM.
import { STM32F4_ADC } from "../devices/adc.js";
import { STM32F4_TIM2 } from "../devices/alarm.js";
import { STM32F4_FLASH } from "../devices/flash.js";
import { STM32F4_PIN } from "../devices/gpio.js";
import { STM32F4_TEMPERATURE } from "../devices/sensor-chips.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAdcVirtualized } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
  kernelRegions,
} from "./components/console.js";
import { createGpio } from "./components/gpio.js";
import { createIpc } from "./components/ipc.js";
import { createLeds } from "./components/led.js";
import { createTemperature } from "./components/sensors.js";
import { board, type Main } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";

/** D2 to D15. */
const GPIO = Array.from({ length: 14 }, (_, i) => i + 2);

const MEMORY_MAP = {
  flash: { address: 0x08000000, size: 0x80000 },
  ram: { address: 0x20000000, size: 0x20000 },
};
const APP_FLASH = { start: 0x08040000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20004000;
const APP_RAM = { start: APP_RAM_START, size: 0x20020000 - APP_RAM_START };

const KERNEL_ADDRESSES = kernelRegions(
  [0x08000000, 0x08040000],
  [0x20000000, 0x20002000],
  APP_RAM_START,
);

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createLeds(bench, 1);
  createButtons(bench, 1);
  const alarms = createAlarmMux(bench, STM32F4_TIM2);
  createAlarm(bench, alarms);
  createTemperature(bench, STM32F4_TEMPERATURE);
  createAdcVirtualized(bench, 6, STM32F4_ADC);
  createGpio(bench, GPIO, STM32F4_PIN);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createIpc(bench);
  return {
    start() {
      processConsole.start();
      debugWriter.debug("Initialization complete. Entering main loop");
    },
  };
}

export const nucleo_f446re = board({
  name: "nucleo_f446re",
  description: "ST Nucleo F446RE: Cortex-M4 16 MHz, 512 KiB flash, 128 KiB RAM, 1 LED, 1 button",
  core: "cortex-m4",
  frequency: 16_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: STM32F4_FLASH,
  processSlots: 4,
  faultPolicy: panicFaultPolicy,
  create,
});
