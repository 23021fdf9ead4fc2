// Our own board, which no shop sells: memory and core of the nRF52840 DK with every driver there is.
import { EXACT_ADC } from "../devices/adc.js";
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_COMPARATOR } from "../devices/analog-comparator.js";
import { NRF52_NVMC } from "../devices/flash.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { type I2CBus, nrf52I2c } from "../devices/i2c.js";
import { at24c256, registerFile } from "../devices/i2c-memory.js";
import { EXACT_PWM } from "../devices/pwm.js";
import { EPOCH } from "../devices/rtc.js";
import type { ScreenOptions } from "../devices/screen.js";
import * as chips from "../devices/sensor-chips.js";
import { nrf52Spi } from "../devices/spi.js";
import { assignFromName, tbfHeaderOrIndividualStoragePermissions } from "../kernel/identity.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { tbfHeaderFilterDefaultAllow } from "../kernel/syscall-filter.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAes } from "./components/aes.js";
import { createAlarm, createAlarmMux } from "./components/alarm.js";
import { createAnalogComparator } from "./components/analog-comparator.js";
import { createAppLoader } from "./components/app-loader.js";
import { createBle } from "./components/ble.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createLowLevelDebug,
  createProcessConsole,
  createSerialLine,
} from "./components/console.js";
import { createDateTime } from "./components/date-time.js";
import { createCrc, createHmac, createSha } from "./components/digest.js";
import { createEui64 } from "./components/eui64.js";
import { createChipFlash } from "./components/flash.js";
import { createGpio } from "./components/gpio.js";
import { createGpioAsync } from "./components/gpio-async.js";
import {
  attachI2cMemory,
  createI2cBus,
  createI2cMaster,
  createI2cMasterSlave,
} from "./components/i2c.js";
import { createIeee802154, NRF52840_NODE } from "./components/ieee802154.js";
import { createIpc } from "./components/ipc.js";
import { createCycleCount, createReadOnlyState } from "./components/kernel-state.js";
import { createKv, createKvFlash } from "./components/kv.js";
import { createLeds } from "./components/led.js";
import { createNrf51822 } from "./components/nrf51822.js";
import { createBuzzer, createDac, createPwm, createServos } from "./components/outputs.js";
import { createProcessInfo } from "./components/process-info.js";
import { createRng } from "./components/rng.js";
import { createScreen, createScreenDevice } from "./components/screen.js";
import { createSdCard } from "./components/sdcard.js";
import {
  createAirQuality,
  createAmbientLight,
  createDistance,
  createHumidity,
  createL3gd20,
  createLps25hb,
  createLsm6dsox,
  createMoisture,
  createNineDof,
  createPressure,
  createProximity,
  createRainfall,
  createSoundPressure,
  createTemperature,
  createTsl2561,
} from "./components/sensors.js";
import { createSevenSegment } from "./components/seven-segment.js";
import { createSpiBus, createSpiController, createSpiPeripheral } from "./components/spi.js";
import {
  createAppFlash,
  createIsolatedNonvolatileStorage,
  createNonvolatileStorage,
} from "./components/storage.js";
import { createTextScreen } from "./components/text-screen.js";
import { board, type Main } from "./components/tock.js";
import { createTouch } from "./components/touch.js";
import { createUdp } from "./components/udp.js";
import { createKeyboardHid, createUsbUser } from "./components/usb.js";
import type { Workbench } from "./components/workbench.js";
import {
  APP_FLASH,
  APP_RAM,
  BINARY_JOURNAL,
  KERNEL_ADDRESSES,
  KV_REGIONS,
  MEMORY_MAP,
} from "./nrf52840dk.js";

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

function create(bench: Workbench): Main {
  const line = createSerialLine(bench);
  createGpio(bench, GPIO, NRF52_PIN);
  createButtons(bench, 4);
  createLeds(bench, 4);
  const alarms = createAlarmMux(bench, NRF52_RTC);
  createAlarm(bench, alarms);
  const processConsole = createProcessConsole(bench, line, alarms, KERNEL_ADDRESSES);
  createConsole(bench, line);
  const debugWriter = createDebugWriter(bench, line);
  createLowLevelDebug(bench, line);
  createProcessInfo(bench);
  createTemperature(bench, chips.NRF52_TEMPERATURE);
  createRng(bench);
  createIpc(bench);
  createBuses(bench);
  createSensors(bench);
  createAdcDedicated(bench, 6, EXACT_ADC);
  createBle(bench, alarms, debugWriter);
  const mac = createIeee802154(bench, NRF52840_NODE);
  createUdp(bench, { mac, alarms, debugWriter }, NRF52840_NODE);
  const screen = createScreenDevice(bench, SCREEN);
  createScreen(bench, screen, screen, SCREEN_BUFFER);
  createTextScreen(bench);
  createKeyboardHid(bench);
  createUsbUser(bench);
  createBuzzer(bench, alarms, EXACT_PWM);
  createPwm(bench, 4, EXACT_PWM);
  createServos(bench, 2);
  createDac(bench);
  createEui64(bench);
  const chipFlash = createChipFlash(bench, NRF52_NVMC);
  const externalFlash = createKvFlash(bench, KV_REGIONS);
  const tickv = createKv(bench, externalFlash, KV_REGIONS);
  createNonvolatileStorage(bench, chipFlash, { start: 0x30000, length: 0x10000 });
  createIsolatedNonvolatileStorage(bench, externalFlash, {
    start: 0x40000,
    length: 0x100000,
    appRegionSize: 4096,
  });
  createAppFlash(bench, chipFlash, { bufferSize: 512 });
  createAppLoader(bench, { flash: chipFlash, journal: BINARY_JOURNAL });
  createAnalogComparator(bench, [0, 1], NRF52_COMPARATOR);
  createGpioAsync(bench, 1, 8);
  createDateTime(bench, { start: EPOCH, staleMonthAndWeekday: false });
  createCycleCount(bench);
  createReadOnlyState(bench, alarms);
  createCrc(bench);
  createSha(bench);
  createHmac(bench);
  createAes(bench);
  createNrf51822(bench);
  createTouch(bench, 2, screen);
  createSevenSegment(bench, 4);
  createSdCard(bench, { size: 64 * 1024 * 1024 });
  return {
    start() {
      tickv.initialise();
      debugWriter.debug("Initialization complete. Entering main loop");
      processConsole.start();
    },
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

function createSensors(bench: Workbench): void {
  createHumidity(bench, chips.EXACT_HUMIDITY);
  createAmbientLight(bench, chips.EXACT_LIGHT);
  createNineDof(bench, {
    accelerometer: chips.EXACT_ACCELERATION,
    magnetometer: chips.EXACT_MAGNETIC_FIELD,
    gyroscope: chips.EXACT_ROTATION,
  });
  createProximity(bench, chips.APDS9960_PROXIMITY);
  createSoundPressure(bench, chips.MICROPHONE);
  createAirQuality(bench, chips.EXACT_CO2, chips.EXACT_TVOC);
  createPressure(bench, chips.EXACT_PRESSURE);
  createDistance(bench, chips.HC_SR04_DISTANCE, chips.HC_SR04_LIMITS);
  createMoisture(bench, chips.EXACT_MOISTURE);
  createRainfall(bench, chips.EXACT_RAINFALL);
  createTsl2561(bench);
  createLps25hb(bench);
  createL3gd20(bench);
  createLsm6dsox(bench);
}

export const everything = board({
  name: "everything",
  description: "Every driver on one board: Cortex-M4 64 MHz, 1 MiB flash, 256 KiB RAM",
  core: "cortex-m4",
  frequency: 64_000_000,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: NRF52_NVMC,
  processSlots: 8,
  faultPolicy: panicFaultPolicy,
  syscallFilter: tbfHeaderFilterDefaultAllow,
  identity: {
    assigner: assignFromName,
    storagePermissions: tbfHeaderOrIndividualStoragePermissions,
  },
  create,
});
