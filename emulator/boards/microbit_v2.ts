// BBC micro:bit v2 (boards/microbit_v2/src/main.rs): nRF52833, Cortex-M4, 64 MHz, 512 KiB flash, 128 KiB RAM.
// The LED matrix is lit row by row upstream; here each of its LEDs is a light of its own.
import { nrf52Adc } from "../devices/adc.js";
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_NVMC } from "../devices/flash.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { NRF52_PWM } from "../devices/pwm.js";
import { MICROPHONE, NRF52_TEMPERATURE } from "../devices/sensor-chips.js";
import { UICR } from "../devices/uicr.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAdcVirtualized } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createBle } from "./components/ble.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
  kernelRegions,
} from "./components/console.js";
import { createEui64 } from "./components/eui64.js";
import { createChipFlash } from "./components/flash.js";
import { createGpio } from "./components/gpio.js";
import { createIeee802154Raw } from "./components/ieee802154.js";
import { createIpc } from "./components/ipc.js";
import { createLeds } from "./components/led.js";
import { createBuzzer, createPwm, createPwmMux } from "./components/outputs.js";
import { createRng } from "./components/rng.js";
import {
  createLsm303agr,
  createNineDofOf,
  createSoundPressure,
  createTemperature,
} from "./components/sensors.js";
import { createAppFlash } from "./components/storage.js";
import { board, type Main } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";

/** A, B and the touch logo. */
const BUTTONS = 3;
/** P9 and P16 of the edge connector. */
const GPIO = [9, 16];

/** Five rows of five. */
const MATRIX = Array.from({ length: 25 }, () => ({ color: "red", columns: 5 }) as const);

const MEMORY_MAP = {
  flash: { address: 0, size: 0x80000 },
  ram: { address: 0x20000000, size: 0x20000 },
  uicr: UICR,
};
const APP_FLASH = { start: 0x40000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20004000;
const APP_RAM = { start: APP_RAM_START, size: 0x20020000 - APP_RAM_START };

const KERNEL_ADDRESSES = kernelRegions([0x8000, 0x40000], [0x20000000, 0x20002000], APP_RAM_START);

/** Of the chip and its analog inputs. */
const SUPPLY_VOLTS = 3.3;

/** 2 g, normal resolution and power; range 1.9 gauss. */
const LSM303AGR = { scale: 0, highResolution: false, lowPower: false, range: 2 };

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  createEui64(bench);
  createIeee802154Raw(bench);
  createGpio(bench, GPIO, NRF52_PIN);
  createButtons(bench, BUTTONS);
  const alarms = createAlarmMux(bench, NRF52_RTC);
  createAlarm(bench, alarms);
  const pulses = createPwmMux(bench);
  createBuzzer(bench, alarms, NRF52_PWM, pulses);
  createPwm(bench, 1, NRF52_PWM, pulses);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createRng(bench);
  createNineDofOf(bench, createLsm303agr(bench, LSM303AGR));
  createTemperature(bench, NRF52_TEMPERATURE);
  createAdcVirtualized(bench, 3, nrf52Adc(SUPPLY_VOLTS));
  createSoundPressure(bench, MICROPHONE);
  createAppFlash(bench, createChipFlash(bench, NRF52_NVMC), { bufferSize: 512 });
  createBle(bench, alarms, debugWriter);
  createLeds(bench, 25, MATRIX);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createIpc(bench);
  return {
    start() {
      processConsole.start();
      debugWriter.debug("Initialization complete. Entering main loop.");
    },
  };
}

export const microbit_v2 = board({
  name: "microbit_v2",
  description:
    "BBC micro:bit v2: Cortex-M4 64 MHz, 512 KiB flash, 128 KiB RAM, 5x5 LEDs, 3 buttons",
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: NRF52_NVMC,
  processSlots: 4,
  faultPolicy: panicFaultPolicy,
  create,
});
