// Nordic nRF52840 development kit (boards/nordic/nrf52840dk/src/{lib,main}.rs): Cortex-M4, 64 MHz, 1 MiB flash, 256 KiB RAM.
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
const LEDS = 4;
const BUTTONS = 4;
/** Arduino pins D0 to D13 without those of I2C. */
const GPIO = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13];

const MEMORY_MAP = {
  flash: { address: 0, size: 0x100000 },
  ram: { address: 0x20000000, size: 0x40000 },
};
const APP_FLASH = { start: 0x40000, size: 0xc0000 };
/** Behind the kernel's `.bss`. */
const APP_RAM_START = 0x200086d0;
const APP_RAM = { start: APP_RAM_START, size: 0x20040000 - APP_RAM_START };

/** Where the linker put upstream's kernel, as the process console tells it. */
const KERNEL_ADDRESSES = {
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

/** Drivers that have a grant on this board but are not built. */
const Unbuilt = {
  bleAdvertising: 0x30000,
  adc: 0x5,
  spi: 0x20001,
  kv: 0x50003,
  i2cMasterSlave: 0x20006,
  analogComparator: 0x7,
  ipc: 0x10000,
  ieee802154: 0x30001,
  udp: 0x30002,
} as const;

function createPeripherals({ clock, trace, seed, wires }: Workbench) {
  const peripherals = {
    uart: new ConsoleDevice(clock, trace, { name: "console", baud: BAUD }),
    alarm: new AlarmDevice(clock),
    leds: Array.from({ length: LEDS }, (_, i) => new LedDevice(trace, i)),
    buttons: Array.from({ length: BUTTONS }, (_, i) => new ButtonDevice(clock, i)),
    gpio: gpioPins(clock, trace, GPIO, NRF52_PIN),
    temperature: new TemperatureDevice(clock, NRF52_TEMPERATURE),
    rng: new RngDevice(clock, seed),
  };
  connectWires(peripherals.gpio, wires);
  return peripherals;
}

function create(workbench: Workbench): Capsules {
  const { kernel, clock, create: grant, unbuilt, reset } = workbench;
  const peripherals = createPeripherals(workbench);
  const { uart } = peripherals;
  const gpio = new GpioDriver(peripherals.gpio, grant(GPIO_GRANT));
  const button = new ButtonDriver(peripherals.buttons, grant(BUTTON_GRANT));
  const led = new LedDriver(peripherals.leds);
  const alarmMux = new AlarmMux(peripherals.alarm);
  const alarm = new AlarmDriver(new VirtualAlarm(alarmMux), grant(ALARM_GRANT));
  const uartMux = new UartMux(clock, uart);
  const options = { kernelAddresses: KERNEL_ADDRESSES, reset };
  const processConsole = createProcessConsole(kernel, uartMux, alarmMux, options);
  const console = new ConsoleDriver(new UartDevice(uartMux, true), grant(CONSOLE_GRANT));
  const debugWriter = new DebugWriter(new UartDevice(uartMux, false));
  connectOutput(kernel, uart, debugWriter);
  unbuilt(Unbuilt.bleAdvertising);
  const temperature = new TemperatureDriver(peripherals.temperature, grant(TEMPERATURE_GRANT));
  const rng = new RngDriver(peripherals.rng, grant(RNG_GRANT));
  unbuilt(Unbuilt.adc);
  unbuilt(Unbuilt.spi);
  unbuilt(Unbuilt.kv);
  unbuilt(Unbuilt.i2cMasterSlave);
  unbuilt(Unbuilt.analogComparator);
  unbuilt(Unbuilt.ipc);
  unbuilt(Unbuilt.ieee802154);
  unbuilt(Unbuilt.udp);
  return {
    drivers: new Map<number, SyscallDriver>([
      [CONSOLE_GRANT.driver, console],
      [GPIO_GRANT.driver, gpio],
      [ALARM_GRANT.driver, alarm],
      [LED_DRIVER, led],
      [BUTTON_GRANT.driver, button],
      [RNG_GRANT.driver, rng],
      [TEMPERATURE_GRANT.driver, temperature],
    ]),
    devices: [...devicesOf(peripherals), uartMux],
    stateful: { alarmMux, console, processConsole, debugWriter, temperature, rng },
    start() {
      debugWriter.debug("Initialization complete. Entering main loop\r");
      debugWriter.debug(
        "NRF52 HW INFO: Variant: AAF0, Part: N52840, Package: QI, Ram: K256, Flash: K1024",
      );
      processConsole.start();
    },
  };
}

export const nrf52840dk = (options: BoardOptions = {}): TockBoard =>
  tockBoard(
    {
      core: "cortex-m4",
      frequency: 64_000_000,
      memory: MEMORY_MAP,
      appFlash: APP_FLASH,
      appRam: APP_RAM,
      processSlots: 8,
      faultPolicy: panicFaultPolicy,
      create,
    },
    options,
  );
