// Nordic nRF52840 development kit (boards/nordic/nrf52840dk/src/{lib,main}.rs): Cortex-M4, 64 MHz, 1 MiB flash, 256 KiB RAM.
import { nrf52Adc } from "../devices/adc.js";
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_COMPARATOR } from "../devices/analog-comparator.js";
import { NRF52_NVMC } from "../devices/flash.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { nrf52I2c } from "../devices/i2c.js";
import { NRF52_TEMPERATURE } from "../devices/sensor-chips.js";
import { nrf52Spi } from "../devices/spi.js";
import { UICR } from "../devices/uicr.js";
import type { DebugWriter } from "../kernel/capsules/debug-writer.js";
import type { ProcessConsole } from "../kernel/capsules/process-console.js";
import type { AlarmMux } from "../kernel/capsules/virtual-alarm.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createAnalogComparator } from "./components/analog-comparator.js";
import { createBle } from "./components/ble.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createProcessConsole,
  createSerialLine,
} from "./components/console.js";
import { createEui64 } from "./components/eui64.js";
import { createGpio } from "./components/gpio.js";
import { createI2cBus, createI2cMasterSlave } from "./components/i2c.js";
import { createIeee802154, NRF52840_NODE } from "./components/ieee802154.js";
import { createIpc } from "./components/ipc.js";
import { createKv, createKvFlash } from "./components/kv.js";
import { createLeds } from "./components/led.js";
import { createRng } from "./components/rng.js";
import { createTemperature } from "./components/sensors.js";
import { createSpiBus, createSpiController } from "./components/spi.js";
import { board, type Main } from "./components/tock.js";
import { createUdp } from "./components/udp.js";
import type { Workbench } from "./components/workbench.js";

/** Arduino pins D0 to D13 without those of I2C. */
const GPIO = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13];

export const MEMORY_MAP = {
  flash: { address: 0, size: 0x100000 },
  ram: { address: 0x20000000, size: 0x40000 },
  uicr: UICR,
};
export const APP_FLASH = { start: 0x40000, size: 0xc0000 };
/** Two pages between the kernel's image and what any board's drivers store for apps, from 0x30000 on. */
export const BINARY_JOURNAL = 0x2e000;
/** Behind the kernel's `.bss`. */
const APP_RAM_START = 0x200086d0;
export const APP_RAM = { start: APP_RAM_START, size: 0x20040000 - APP_RAM_START };

/** Where the linker put upstream's kernel, as the process console tells it. */
export const KERNEL_ADDRESSES = {
  stackStart: 0x20000000,
  stackEnd: 0x20002000,
  textStart: 0,
  readOnlyDataStart: 0x222f6,
  textEnd: 0x2b000,
  relocationsStart: 0x20002000,
  relocationsEnd: 0x20002000,
  bssStart: 0x20002000,
  bssEnd: APP_RAM_START,
};

/** Of the chip and its analog inputs. */
export const SUPPLY_VOLTS = 3;

/** Where the key-value store lies in the external flash: pages of 4 KiB. */
export const KV_REGIONS = { firstPage: 0, count: 32 };

/** What the board's variants go on with. */
export interface Nrf52840dkBase {
  alarms: AlarmMux;
  debugWriter: DebugWriter;
  processConsole: ProcessConsole;
  /** Upstream's `start_no_pconsole`, as far as it prints and starts. */
  start(): void;
}

/** Upstream's library for this board: all that its variants have in common. */
export function createBase(bench: Workbench): Nrf52840dkBase {
  const line = createSerialLine(bench);
  createGpio(bench, GPIO, NRF52_PIN);
  createButtons(bench, 4);
  createLeds(bench, 4);
  const alarms = createAlarmMux(bench, NRF52_RTC);
  createAlarm(bench, alarms);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createBle(bench, alarms, debugWriter);
  createTemperature(bench, NRF52_TEMPERATURE);
  createRng(bench);
  createAdcDedicated(bench, 6, nrf52Adc(SUPPLY_VOLTS));
  createSpiController(bench, createSpiBus(bench, nrf52Spi("spi0")));
  const externalFlash = createKvFlash(bench, KV_REGIONS);
  const tickv = createKv(bench, externalFlash, KV_REGIONS);
  createI2cMasterSlave(bench, createI2cBus(bench, nrf52I2c("i2c1")));
  createAnalogComparator(bench, [0], NRF52_COMPARATOR);
  createIpc(bench);
  return {
    alarms,
    debugWriter,
    processConsole,
    start() {
      tickv.initialise();
      debugWriter.debug("Initialization complete. Entering main loop\r");
      debugWriter.debug(
        "NRF52 HW INFO: Variant: AAF0, Part: N52840, Package: QI, Ram: K256, Flash: K1024",
      );
    },
  };
}

function create(bench: Workbench): Main {
  const { alarms, debugWriter, processConsole, start } = createBase(bench);
  createEui64(bench);
  const mac = createIeee802154(bench, NRF52840_NODE);
  createUdp(bench, { mac, alarms, debugWriter }, NRF52840_NODE);
  return {
    start() {
      start();
      processConsole.start();
    },
  };
}

/** Chip, memory and process slots, which every variant shares. */
export const NRF52840DK = {
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  /** P0.18. */
  resetPin: 18,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: NRF52_NVMC,
  processSlots: 8,
  faultPolicy: panicFaultPolicy,
} as const;

export const nrf52840dk = board({
  ...NRF52840DK,
  name: "nrf52840dk",
  description: "Nordic nRF52840 DK: Cortex-M4 64 MHz, 1 MiB flash, 256 KiB RAM, 4 LEDs, 4 buttons",
  create,
});
