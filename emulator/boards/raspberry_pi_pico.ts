// Raspberry Pi Pico (boards/raspberry_pi_pico/src/{lib,main}.rs): RP2040, Cortex-M0+, 125 MHz, 2 MiB flash, 264 KiB RAM.
// Upstream's console goes through USB and its panic dump through UART 0; here both are one console.
import { AlarmDevice, RP2040_TIMER } from "../devices/alarm.js";
import { ConsoleDevice } from "../devices/console.js";
import { RP2040_PIN } from "../devices/gpio.js";
import { LedDevice } from "../devices/led.js";
import { RP2040_TEMPERATURE, TemperatureDevice } from "../devices/temperature.js";
import { ALARM_GRANT, AlarmDriver } from "../kernel/capsules/alarm.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../kernel/capsules/console.js";
import { DebugWriter } from "../kernel/capsules/debug-writer.js";
import { GPIO_GRANT, GpioDriver } from "../kernel/capsules/gpio.js";
import { LED_DRIVER, LedDriver } from "../kernel/capsules/led.js";
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
const GPIO = [2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24];

const MEMORY_MAP = {
  flash: { address: 0x10000000, size: 0x200000 },
  ram: { address: 0x20000000, size: 0x42000 },
};
const APP_FLASH = { start: 0x10040000, size: 0x40000 };
/** Where libtock-rs expects it; upstream's linker puts it behind the kernel's `.bss`. */
const APP_RAM_START = 0x20012000;
const APP_RAM = { start: APP_RAM_START, size: 0x20042000 - APP_RAM_START };

/** The kernel's regions in the board's layout.ld, in full. */
const KERNEL_ADDRESSES = {
  stackStart: 0x20000000,
  stackEnd: 0x20001500,
  textStart: 0x10000000,
  readOnlyDataStart: 0x10040000,
  textEnd: 0x10040000,
  relocationsStart: 0x20001500,
  relocationsEnd: 0x20001500,
  bssStart: 0x20001500,
  bssEnd: APP_RAM_START,
};

/** Drivers that have a grant on this board but are not built. */
const Unbuilt = {
  dateTime: 0x90007,
  adc: 0x5,
  i2cMaster: 0x20003,
  spi: 0x20001,
  ipc: 0x10000,
} as const;

function createPeripherals({ clock, trace, wires }: Workbench) {
  const peripherals = {
    alarm: new AlarmDevice(clock, RP2040_TIMER),
    uart: new ConsoleDevice(clock, trace, { name: "console", baud: BAUD }),
    gpio: gpioPins(clock, trace, GPIO, RP2040_PIN),
    temperature: new TemperatureDevice(clock, RP2040_TEMPERATURE),
    led: new LedDevice(trace, 0),
  };
  connectWires(peripherals.gpio, wires);
  return peripherals;
}

function create(workbench: Workbench): Capsules {
  const { kernel, clock, create: grant, unbuilt, reset } = workbench;
  const peripherals = createPeripherals(workbench);
  const { uart } = peripherals;
  const alarmMux = new AlarmMux(peripherals.alarm);
  const alarm = new AlarmDriver(new VirtualAlarm(alarmMux), grant(ALARM_GRANT));
  const uartMux = new UartMux(clock, uart);
  const console = new ConsoleDriver(new UartDevice(uartMux, true), grant(CONSOLE_GRANT));
  const debugWriter = new DebugWriter(new UartDevice(uartMux, false));
  connectOutput(kernel, uart, debugWriter);
  const gpio = new GpioDriver(peripherals.gpio, grant(GPIO_GRANT));
  unbuilt(Unbuilt.dateTime);
  const temperature = new TemperatureDriver(peripherals.temperature, grant(TEMPERATURE_GRANT));
  unbuilt(Unbuilt.adc);
  const options = { kernelAddresses: KERNEL_ADDRESSES, reset };
  const processConsole = createProcessConsole(kernel, uartMux, alarmMux, options);
  unbuilt(Unbuilt.i2cMaster);
  unbuilt(Unbuilt.spi);
  unbuilt(Unbuilt.ipc);
  const led = new LedDriver([peripherals.led]);
  return {
    drivers: new Map<number, SyscallDriver>([
      [CONSOLE_GRANT.driver, console],
      [ALARM_GRANT.driver, alarm],
      [GPIO_GRANT.driver, gpio],
      [TEMPERATURE_GRANT.driver, temperature],
      [LED_DRIVER, led],
    ]),
    devices: [...devicesOf(peripherals), uartMux],
    stateful: { alarmMux, console, processConsole, debugWriter, temperature },
    start() {
      processConsole.start();
      debugWriter.debug("RP2040 Revision 2 ASIC");
      debugWriter.debug("Initialization complete. Enter main loop");
    },
  };
}

export const raspberry_pi_pico = (options: BoardOptions = {}): TockBoard =>
  tockBoard(
    {
      core: "cortex-m0plus",
      frequency: 125_000_000,
      memory: MEMORY_MAP,
      appFlash: APP_FLASH,
      appRam: APP_RAM,
      processSlots: 4,
      faultPolicy: panicFaultPolicy,
      create,
    },
    options,
  );
