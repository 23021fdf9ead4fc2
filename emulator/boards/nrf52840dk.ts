// Nordic nRF52840 development kit (boards/nordic/nrf52840dk/src/{lib,main}.rs): Cortex-M4, 64 MHz, 1 MiB flash, 256 KiB RAM.
import { ArmV7MBoundary } from "../arch/armv7m.js";
import { CortexMMpu } from "../arch/armv7m-mpu.js";
import { Clock } from "../base/clock.js";
import type { Stateful } from "../base/stateful.js";
import { Trace } from "../base/trace.js";
import { Bus } from "../bus/bus.js";
import { Memory } from "../bus/memory.js";
import { Armv7m } from "../cpu/armv7m/armv7m.js";
import { AlarmDevice } from "../devices/alarm.js";
import { ButtonDevice } from "../devices/button.js";
import { ConsoleDevice } from "../devices/console.js";
import { type GpioDevice, NRF52_PIN } from "../devices/gpio.js";
import { LedDevice } from "../devices/led.js";
import { RngDevice } from "../devices/rng.js";
import { NRF52_TEMPERATURE, TemperatureDevice } from "../devices/temperature.js";
import { createCapability } from "../kernel/capability.js";
import { ALARM_GRANT, AlarmDriver } from "../kernel/capsules/alarm.js";
import { BUTTON_GRANT, ButtonDriver } from "../kernel/capsules/button.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../kernel/capsules/console.js";
import { DebugWriter } from "../kernel/capsules/debug-writer.js";
import { GPIO_GRANT, GpioDriver } from "../kernel/capsules/gpio.js";
import { LED_DRIVER, LedDriver } from "../kernel/capsules/led.js";
import { ProcessConsole } from "../kernel/capsules/process-console.js";
import { RNG_GRANT, RngDriver } from "../kernel/capsules/rng.js";
import { TEMPERATURE_GRANT, TemperatureDriver } from "../kernel/capsules/temperature.js";
import { AlarmMux, VirtualAlarm } from "../kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../kernel/capsules/virtual-uart.js";
import type { SyscallDriver } from "../kernel/driver.js";
import type { Grant, GrantShape, Layout } from "../kernel/grant.js";
import { Kernel } from "../kernel/kernel.js";
import { panicFaultPolicy } from "../kernel/policies.js";
import { printCrashReport, printOverview } from "../kernel/printer.js";
import { allowAll, noFaultHook, noWatchDog, type ProcessFaultPolicy } from "../kernel/resources.js";
import { RoundRobinScheduler, VirtualSchedulerTimer } from "../kernel/scheduler.js";
import { Machine } from "../machine/machine.js";
import type { BoardOptions, TockBoard } from "./board.js";
import { connectWires, gpioPins } from "./components/gpio.js";
import { installApps } from "./install.js";

const FREQUENCY = 64_000_000;
const NUM_PROCS = 8;
/** `sizeof(ProcessStandard<Chip, ProcessStandardDebugFull>)` with 8 MPU regions. */
const PROCESS_STRUCT_SIZE = 772;
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

/** Drivers that have a grant on this board but are not built: their system calls return NODEVICE. */
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

interface Grants {
  gpio: Grant<(typeof GPIO_GRANT)["data"]>;
  button: Grant<(typeof BUTTON_GRANT)["data"]>;
  alarm: Grant<(typeof ALARM_GRANT)["data"]>;
  console: Grant<(typeof CONSOLE_GRANT)["data"]>;
  temperature: Grant<(typeof TEMPERATURE_GRANT)["data"]>;
  rng: Grant<(typeof RNG_GRANT)["data"]>;
}

/** The board's 15 grants in the order in which upstream creates them. */
function createGrants(kernel: Kernel): Grants {
  const capability = createCapability("memoryAllocation");
  const create = <L extends Layout>(shape: GrantShape<L>) => kernel.createGrant(shape, capability);
  const unbuilt = (driver: number) =>
    create({ driver, upcalls: 0, readOnlyAllows: 0, readWriteAllows: 0, data: {} });
  const gpio = create(GPIO_GRANT);
  const button = create(BUTTON_GRANT);
  const alarm = create(ALARM_GRANT);
  const console = create(CONSOLE_GRANT);
  unbuilt(Unbuilt.bleAdvertising);
  const temperature = create(TEMPERATURE_GRANT);
  const rng = create(RNG_GRANT);
  unbuilt(Unbuilt.adc);
  unbuilt(Unbuilt.spi);
  unbuilt(Unbuilt.kv);
  unbuilt(Unbuilt.i2cMasterSlave);
  unbuilt(Unbuilt.analogComparator);
  unbuilt(Unbuilt.ipc);
  unbuilt(Unbuilt.ieee802154);
  unbuilt(Unbuilt.udp);
  return { gpio, button, alarm, console, temperature, rng };
}

/** What lies on the board around the chip. */
interface Peripherals {
  console: ConsoleDevice;
  alarm: AlarmDevice;
  leds: LedDevice[];
  buttons: ButtonDevice[];
  gpio: (GpioDevice | undefined)[];
  temperature: TemperatureDevice;
  rng: RngDevice;
}

const createPeripherals = (clock: Clock, trace: Trace, seed: number): Peripherals => ({
  console: new ConsoleDevice(clock, trace, { name: "console", baud: BAUD }),
  alarm: new AlarmDevice(clock),
  leds: Array.from({ length: LEDS }, (_, i) => new LedDevice(trace, i)),
  buttons: Array.from({ length: BUTTONS }, (_, i) => new ButtonDevice(clock, i)),
  gpio: gpioPins(clock, trace, GPIO, NRF52_PIN),
  temperature: new TemperatureDevice(clock, NRF52_TEMPERATURE),
  rng: new RngDevice(clock, seed),
});

/** Text that the kernel itself prints: `debug!`, the process console, and the dump when it panics. */
interface Wiring {
  drivers: ReadonlyMap<number, SyscallDriver>;
  uartMux: UartMux;
  debugWriter: DebugWriter;
  processConsole: ProcessConsole;
  stateful: Record<string, Stateful<unknown>>;
}

/** Capsules in upstream's order, wired to the devices below them. */
function createCapsules(
  kernel: Kernel,
  clock: Clock,
  peripherals: Peripherals,
  reset: () => void,
): Wiring {
  const grants = createGrants(kernel);
  const gpio = new GpioDriver(peripherals.gpio, grants.gpio);
  const button = new ButtonDriver(peripherals.buttons, grants.button);
  const led = new LedDriver(peripherals.leds);
  const alarmMux = new AlarmMux(peripherals.alarm);
  const alarm = new AlarmDriver(new VirtualAlarm(alarmMux), grants.alarm);
  const uartMux = new UartMux(clock, peripherals.console);
  const processConsole = new ProcessConsole(
    new UartDevice(uartMux, true),
    new VirtualAlarm(alarmMux),
    kernel.management(createCapability("processManagement")),
    {
      printer: printOverview,
      kernelAddresses: KERNEL_ADDRESSES,
      kernelVersion: "2.3",
      reset,
    },
  );
  const console = new ConsoleDriver(new UartDevice(uartMux, true), grants.console);
  const debugWriter = new DebugWriter(new UartDevice(uartMux, false));
  const temperature = new TemperatureDriver(peripherals.temperature, grants.temperature);
  const rng = new RngDriver(peripherals.rng, grants.rng);
  const drivers = new Map<number, SyscallDriver>([
    [ALARM_GRANT.driver, alarm],
    [CONSOLE_GRANT.driver, console],
    [LED_DRIVER, led],
    [BUTTON_GRANT.driver, button],
    [GPIO_GRANT.driver, gpio],
    [TEMPERATURE_GRANT.driver, temperature],
    [RNG_GRANT.driver, rng],
  ]);
  const stateful = { alarmMux, console, processConsole, debugWriter, temperature, rng };
  return { drivers, uartMux, debugWriter, processConsole, stateful };
}

/** A panic goes to the UART at once, whatever is under way there. */
function connectOutput(kernel: Kernel, console: ConsoleDevice, debugWriter: DebugWriter): void {
  kernel.debugWriter = line => debugWriter.debug(line);
  kernel.panicWriter = {
    write(report) {
      const debugText = new TextDecoder().decode(debugWriter.pending);
      const text = printCrashReport({ ...report, kernelVersion: "2.3.0-dev1", debugText });
      console.writePanic(new TextEncoder().encode(text));
    },
  };
}

/** What upstream's `main` does, at power-on and after a reset. */
function boot(
  { cpu, clock, trace, kernel }: { cpu: Armv7m; clock: Clock; trace: Trace; kernel: Kernel },
  capsules: Wiring,
  faultPolicy: ProcessFaultPolicy,
): void {
  cpu.reset();
  kernel.reset();
  trace.emit({ type: "bootStage", stage: "reset" });
  trace.emit({ type: "bootStage", stage: "chip" });
  trace.emit({ type: "bootStage", stage: "capsules" });
  trace.emit({ type: "bootStage", stage: "initialized" });
  capsules.debugWriter.debug("Initialization complete. Entering main loop\r");
  capsules.debugWriter.debug(
    "NRF52 HW INFO: Variant: AAF0, Part: N52840, Package: QI, Ram: K256, Flash: K1024",
  );
  capsules.processConsole.start();

  const capability = createCapability("processManagement");
  kernel.loadProcesses(APP_FLASH, APP_RAM, faultPolicy, capability);
  kernel.start(
    {
      withDriver: driverNum => capsules.drivers.get(driverNum),
      filter: allowAll,
      processFault: noFaultHook,
      scheduler: new RoundRobinScheduler(NUM_PROCS),
      timer: new VirtualSchedulerTimer(clock),
      watchdog: noWatchDog,
    },
    createCapability("mainLoop"),
  );
}

export function nrf52840dk(options: BoardOptions = {}): TockBoard {
  const clock = new Clock(FREQUENCY);
  const trace = new Trace(clock);
  if (options.listen !== undefined) trace.listen(options.listen);
  const memory = new Memory(MEMORY_MAP);
  installApps(
    memory,
    { address: APP_FLASH.start, size: APP_FLASH.size },
    options.apps ?? [],
    text => trace.emit({ type: "notice", text }),
  );

  const cpu = new Armv7m({
    memory,
    clock,
    bus: new Bus(),
    core: "cortex-m4",
    exceptions: "host",
  });
  const chip = { boundary: new ArmV7MBoundary(cpu, memory), mpu: new CortexMMpu(cpu.mpu) };
  const kernel = new Kernel({
    memory,
    trace,
    chip,
    processSlots: NUM_PROCS,
    processStructSize: PROCESS_STRUCT_SIZE,
    ...(options.kernelConfig === undefined ? {} : { config: options.kernelConfig }),
  });
  const peripherals = createPeripherals(clock, trace, options.seed ?? 0);
  connectWires(peripherals.gpio, options.wires ?? []);
  const capsules = createCapsules(kernel, clock, peripherals, () => machine.requestReset());
  connectOutput(kernel, peripherals.console, capsules.debugWriter);

  const { console, alarm, leds, buttons, gpio, temperature, rng } = peripherals;
  const start = () =>
    boot({ cpu, clock, trace, kernel }, capsules, options.faultPolicy ?? panicFaultPolicy);
  const machine = new Machine({
    clock,
    trace,
    memory,
    cpu,
    supervisor: kernel,
    devices: [
      console,
      alarm,
      ...leds,
      ...buttons,
      ...gpio.filter(pin => pin !== undefined),
      temperature,
      rng,
      capsules.uartMux,
    ],
    stateful: capsules.stateful,
    boot: start,
  });
  start();
  return { machine, kernel };
}
