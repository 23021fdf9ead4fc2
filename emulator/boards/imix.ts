// Imix (boards/imix/src/main.rs): SAM4L, Cortex-M4, 48 MHz, 512 KiB flash, 64 KiB RAM.
import { SAM4L_ADC } from "../devices/adc.js";
import { SAM4L_AST } from "../devices/alarm.js";
import { SAM4L_COMPARATOR } from "../devices/analog-comparator.js";
import { SAM4L_FLASHCALW } from "../devices/flash.js";
import { SAM4L_PIN } from "../devices/gpio.js";
import {
  FXOS8700_ACCELERATION,
  FXOS8700_MAGNETIC_FIELD,
  ISL29035_LIGHT,
  SI7021_HUMIDITY,
  SI7021_TEMPERATURE,
} from "../devices/sensor-chips.js";
import { sha256Credentials } from "../kernel/checker.js";
import { assignFromName, individualStoragePermissions } from "../kernel/identity.js";
import { stopFaultPolicy } from "../kernel/policies.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createAnalogComparator } from "./components/analog-comparator.js";
import { createButtons } from "./components/button.js";
import {
  createConsoleOrdered,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
  kernelRegions,
} from "./components/console.js";
import { createCrc } from "./components/digest.js";
import { createChipFlash } from "./components/flash.js";
import { createGpio } from "./components/gpio.js";
import { createIeee802154 } from "./components/ieee802154.js";
import { createIpc } from "./components/ipc.js";
import { createLeds } from "./components/led.js";
import { createNrf51822 } from "./components/nrf51822.js";
import { createRng } from "./components/rng.js";
import {
  createAmbientLight,
  createHumidity,
  createNineDof,
  createTemperature,
} from "./components/sensors.js";
import { createSpiBus, createSpiController } from "./components/spi.js";
import { createNonvolatileStorage } from "./components/storage.js";
import { board, type Main } from "./components/tock.js";
import { createUdp } from "./components/udp.js";
import { createUsbUser } from "./components/usb.js";
import type { Workbench } from "./components/workbench.js";

/** D2 to D8. */
const GPIO = [0, 1, 2, 3, 4, 5, 6];

const MEMORY_MAP = {
  flash: { address: 0, size: 0x80000 },
  ram: { address: 0x20000000, size: 0x10000 },
};
const APP_FLASH = { start: 0x40000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20008000;
const APP_RAM = { start: APP_RAM_START, size: 0x20010000 - APP_RAM_START };

const KERNEL_ADDRESSES = kernelRegions([0x10000, 0x40000], [0x20000000, 0x20002000], APP_RAM_START);

/** Network and addresses of the radio, the long one as upstream has it. */
const NODE = {
  pan: 0xabcd,
  deviceId: Uint8Array.of(0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77),
};

/** What apps may write: the second half of their own flash, as upstream has it. */
const STORAGE = { start: 0x60000, length: 0x20000 };

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  const alarms = createAlarmMux(bench, SAM4L_AST);
  createAlarm(bench, alarms);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  const debugWriter = createDebugWriter(bench, line);
  createConsoleOrdered(bench, line, alarms, debugWriter);
  createNrf51822(bench);
  createAmbientLight(bench, ISL29035_LIGHT);
  createTemperature(bench, SI7021_TEMPERATURE);
  createHumidity(bench, SI7021_HUMIDITY);
  createNineDof(bench, {
    accelerometer: FXOS8700_ACCELERATION,
    magnetometer: FXOS8700_MAGNETIC_FIELD,
  });
  createSpiController(bench, createSpiBus(bench, { name: "spi", fastest: 12_000_000 }));
  createAdcDedicated(bench, 6, SAM4L_ADC);
  createGpio(bench, GPIO, SAM4L_PIN);
  createLeds(bench, 1);
  createButtons(bench, 1);
  createCrc(bench);
  // All four channels of the driver are upstream's first comparator.
  createAnalogComparator(bench, [0, 0, 0, 0], SAM4L_COMPARATOR);
  createRng(bench);
  const mac = createIeee802154(bench, NODE);
  createUsbUser(bench);
  createNonvolatileStorage(bench, createChipFlash(bench, SAM4L_FLASHCALW), STORAGE);
  createUdp(bench, { mac, alarms, debugWriter }, NODE);
  createIpc(bench);
  return {
    start() {
      processConsole.start();
      debugWriter.debug("Initialization complete. Entering main loop");
    },
  };
}

export const imix = board({
  name: "imix",
  description: "Imix: Cortex-M4 48 MHz, 512 KiB flash, 64 KiB RAM, 1 LED, 1 button",
  core: "cortex-m4",
  frequency: 48_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: SAM4L_FLASHCALW,
  processSlots: 4,
  faultPolicy: stopFaultPolicy,
  credentials: sha256Credentials,
  identity: { assigner: assignFromName, storagePermissions: individualStoragePermissions },
  create,
});
