// Our own board, which no shop sells: memory and core of the nRF52840 DK with every driver there is.
import { EXACT_ADC } from "../devices/adc.js";
import { NRF52_RTC } from "../devices/alarm.js";
import { NRF52_COMPARATOR } from "../devices/analog-comparator.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { EXACT_PWM } from "../devices/pwm.js";
import { EPOCH } from "../devices/rtc.js";
import * as chips from "../devices/sensor-chips.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { createAdcDedicated } from "./components/adc.js";
import { createAlarm } from "./components/alarm.js";
import { createAnalogComparator } from "./components/analog-comparator.js";
import { createButtons } from "./components/button.js";
import {
  createConsole,
  createDebugWriter,
  createLowLevelDebug,
  createProcessConsole,
  createSerialLine,
} from "./components/console.js";
import { createDateTime } from "./components/date-time.js";
import { createEui64 } from "./components/eui64.js";
import { createGpio } from "./components/gpio.js";
import { createGpioAsync } from "./components/gpio-async.js";
import { createCycleCount, createReadOnlyState } from "./components/kernel-state.js";
import { createLeds } from "./components/led.js";
import { createBuzzer, createDac, createPwm, createServos } from "./components/outputs.js";
import { createProcessInfo } from "./components/process-info.js";
import { createRng } from "./components/rng.js";
import {
  createAirQuality,
  createAmbientLight,
  createDistance,
  createHumidity,
  createMoisture,
  createNineDof,
  createPressure,
  createProximity,
  createRainfall,
  createSoundPressure,
  createTemperature,
} from "./components/sensors.js";
import { board } from "./components/tock.js";
import type { Workbench } from "./components/workbench.js";
import { APP_FLASH, APP_RAM, KERNEL_ADDRESSES, MEMORY_MAP } from "./nrf52840dk.js";

const GPIO = Array.from({ length: 16 }, (_, i) => i);

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
  createTemperature(bench, chips.NRF52_TEMPERATURE);
  createRng(bench);
  createSensors(bench);
  createAdcDedicated(bench, 6, EXACT_ADC);
  createBuzzer(bench, alarms, EXACT_PWM);
  createPwm(bench, 4, EXACT_PWM);
  createServos(bench, 2);
  createDac(bench);
  createEui64(bench);
  createAnalogComparator(bench, [0, 1], NRF52_COMPARATOR);
  createGpioAsync(bench, 1, 8);
  createDateTime(bench, { start: EPOCH, staleMonthAndWeekday: false });
  createCycleCount(bench);
  createReadOnlyState(bench, alarms);
  return () => {
    debugWriter.debug("Initialization complete. Entering main loop");
    processConsole.start();
  };
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
