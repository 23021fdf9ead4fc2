// BBC micro:bit v2 (boards/microbit_v2/src/main.rs): nRF52833, Cortex-M4, 64 MHz, 512 KiB flash, 128 KiB RAM.
// The LED matrix is lit row by row upstream; here each of its LEDs is a light of its own.
import { AlarmDevice } from "../devices/alarm.js";
import { ButtonDevice } from "../devices/button.js";
import { ConsoleDevice } from "../devices/console.js";
import { NRF52_PIN } from "../devices/gpio.js";
import { LedDevice } from "../devices/led.js";
import { RngDevice } from "../devices/rng.js";
import { NRF52_TEMPERATURE, TemperatureDevice } from "../devices/temperature.js";
import { ALARM_GRANT, AlarmDriver } from "../kernel/capsules/alarm.js";
import { BUTTON_GRANT, ButtonDriver } from "../kernel/capsules/button.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../kernel/capsules/console.js";
import { DebugWriter } from "../kernel/capsules/debug-writer.js";
import { GPIO_GRANT, GpioDriver } from "../kernel/capsules/gpio.js";
import { LED_DRIVER, LedDriver } from "../kernel/capsules/led.js";
import { RNG_GRANT, RngDriver } from "../kernel/capsules/rng.js";
import { TEMPERATURE_GRANT, TemperatureDriver } from "../kernel/capsules/temperature.js";
import { AlarmMux, VirtualAlarm } from "../kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../kernel/capsules/virtual-uart.js";
import type { SyscallDriver } from "../kernel/driver.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import type { BoardOptions, TockBoard } from "./board.js";
import { connectOutput, createProcessConsole } from "./components/console.js";
import { connectWires, gpioPins } from "./components/gpio.js";
import { type Capsules, devicesOf, tockBoard, type Workbench } from "./components/tock.js";

const BAUD = 115_200;
const LEDS = 25;
/** A, B and the touch logo. */
const BUTTONS = 3;
/** P9 and P16 of the edge connector. */
const GPIO = [9, 16];

const MEMORY_MAP = {
  flash: { address: 0, size: 0x80000 },
  ram: { address: 0x20000000, size: 0x20000 },
};
const APP_FLASH = { start: 0x40000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20004000;
const APP_RAM = { start: APP_RAM_START, size: 0x20020000 - APP_RAM_START };

/** The kernel's regions in the board's layout.ld, in full. */
const KERNEL_ADDRESSES = {
  stackStart: 0x20000000,
  stackEnd: 0x20002000,
  textStart: 0x8000,
  readOnlyDataStart: 0x40000,
  textEnd: 0x40000,
  relocationsStart: 0x20002000,
  relocationsEnd: 0x20002000,
  bssStart: 0x20002000,
  bssEnd: APP_RAM_START,
};

/** Drivers that have a grant on this board but are not built. */
const Unbuilt = {
  ieee802154: 0x30001,
  buzzer: 0x90000,
  pwm: 0x10,
  lsm303agr: 0x70006,
  ninedof: 0x60004,
  adc: 0x5,
  soundPressure: 0x60006,
  appFlash: 0x50000,
  bleAdvertising: 0x30000,
  ipc: 0x10000,
} as const;

function createPeripherals({ clock, trace, seed, wires }: Workbench) {
  const peripherals = {
    gpio: gpioPins(clock, trace, GPIO, NRF52_PIN),
    buttons: Array.from({ length: BUTTONS }, (_, i) => new ButtonDevice(clock, i)),
    alarm: new AlarmDevice(clock),
    uart: new ConsoleDevice(clock, trace, { name: "console", baud: BAUD }),
    rng: new RngDevice(clock, seed),
    temperature: new TemperatureDevice(clock, NRF52_TEMPERATURE),
    leds: Array.from({ length: LEDS }, (_, i) => new LedDevice(trace, i)),
  };
  connectWires(peripherals.gpio, wires);
  return peripherals;
}

function create(workbench: Workbench): Capsules {
  const { kernel, clock, create: grant, unbuilt, reset } = workbench;
  const peripherals = createPeripherals(workbench);
  const { gpio: pins, buttons, uart, leds } = peripherals;
  unbuilt(Unbuilt.ieee802154);
  const gpio = new GpioDriver(pins, grant(GPIO_GRANT));
  const button = new ButtonDriver(buttons, grant(BUTTON_GRANT));
  const alarmMux = new AlarmMux(peripherals.alarm);
  const alarm = new AlarmDriver(new VirtualAlarm(alarmMux), grant(ALARM_GRANT));
  unbuilt(Unbuilt.buzzer);
  unbuilt(Unbuilt.pwm);
  const uartMux = new UartMux(clock, uart);
  const console = new ConsoleDriver(new UartDevice(uartMux, true), grant(CONSOLE_GRANT));
  const debugWriter = new DebugWriter(new UartDevice(uartMux, false));
  connectOutput(kernel, uart, debugWriter);
  const rng = new RngDriver(peripherals.rng, grant(RNG_GRANT));
  unbuilt(Unbuilt.lsm303agr);
  unbuilt(Unbuilt.ninedof);
  const temperature = new TemperatureDriver(peripherals.temperature, grant(TEMPERATURE_GRANT));
  unbuilt(Unbuilt.adc);
  unbuilt(Unbuilt.soundPressure);
  unbuilt(Unbuilt.appFlash);
  unbuilt(Unbuilt.bleAdvertising);
  const led = new LedDriver(leds);
  const options = { kernelAddresses: KERNEL_ADDRESSES, reset };
  const processConsole = createProcessConsole(kernel, uartMux, alarmMux, options);
  unbuilt(Unbuilt.ipc);
  return {
    drivers: new Map<number, SyscallDriver>([
      [CONSOLE_GRANT.driver, console],
      [GPIO_GRANT.driver, gpio],
      [ALARM_GRANT.driver, alarm],
      [BUTTON_GRANT.driver, button],
      [LED_DRIVER, led],
      [TEMPERATURE_GRANT.driver, temperature],
      [RNG_GRANT.driver, rng],
    ]),
    devices: [...devicesOf(peripherals), uartMux],
    stateful: { alarmMux, console, processConsole, debugWriter, temperature, rng },
    start() {
      processConsole.start();
      debugWriter.debug("Initialization complete. Entering main loop.");
    },
  };
}

export const microbit_v2 = (options: BoardOptions = {}): TockBoard =>
  tockBoard(
    {
      core: "cortex-m4",
      frequency: 64_000_000,
      memory: MEMORY_MAP,
      appFlash: APP_FLASH,
      appRam: APP_RAM,
      processSlots: 4,
      faultPolicy: panicFaultPolicy,
      create,
    },
    options,
  );
