// The serial line and all who write to it: apps, the process console, `debug!`, and the dump when the kernel panics
// (boards/components/src/{console,process_console,debug_writer}.rs).
import { ConsoleDevice } from "../../devices/console.js";
import { createCapability } from "../../kernel/capability.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../../kernel/capsules/console.js";
import { CONSOLE_ORDERED_GRANT, ConsoleOrdered } from "../../kernel/capsules/console-ordered.js";
import { DebugWriter } from "../../kernel/capsules/debug-writer.js";
import { LOW_LEVEL_DEBUG_GRANT, LowLevelDebug } from "../../kernel/capsules/low-level-debug.js";
import { type KernelAddresses, ProcessConsole } from "../../kernel/capsules/process-console.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../../kernel/capsules/virtual-uart.js";
import { KERNEL_VERSION } from "../../kernel/panic.js";
import { printCrashReport, printOverview } from "../../kernel/printer.js";
import type { Workbench } from "./workbench.js";

const BAUD = 115_200;

/**
 * A kernel that fills its regions in the board's layout.ld, for want of knowing what the linker made of it: `text` and the
 * stack at the start of RAM from start to end, and where apps' RAM begins.
 */
export const kernelRegions = (
  text: readonly [start: number, end: number],
  stack: readonly [start: number, end: number],
  appRam: number,
): KernelAddresses => ({
  stackStart: stack[0],
  stackEnd: stack[1],
  textStart: text[0],
  readOnlyDataStart: text[1],
  textEnd: text[1],
  relocationsStart: stack[1],
  relocationsEnd: stack[1],
  bssStart: stack[1],
  bssEnd: appRam,
});

/** The line itself. Its clients are served last registered first, so a board creates them in upstream's order. */
export interface SerialLine {
  device: ConsoleDevice;
  mux: UartMux;
}

export function createSerialLine(bench: Workbench): SerialLine {
  const { clock, trace } = bench;
  const device = bench.device(new ConsoleDevice(clock, trace, { name: "console", baud: BAUD }));
  return { device, mux: bench.device(new UartMux(clock, device)) };
}

export function createConsole(bench: Workbench, { mux }: SerialLine): void {
  const grant = bench.grant(CONSOLE_GRANT);
  bench.driver(CONSOLE_GRANT.driver, new ConsoleDriver(new UartDevice(mux, true), grant));
}

/** The console whose lines come in order with those of the kernel, for which it shares the buffer of `debug!`. */
export function createConsoleOrdered(
  bench: Workbench,
  { mux }: SerialLine,
  alarms: AlarmMux,
  queue: DebugWriter,
): void {
  const parts = { uart: new UartDevice(mux, true), queue, alarm: new VirtualAlarm(alarms) };
  const options = { atomicSize: 200, retryTimer: 5, writeTimer: 5 };
  const driver = new ConsoleOrdered(parts, bench.grant(CONSOLE_ORDERED_GRANT), options);
  bench.driver(CONSOLE_ORDERED_GRANT.driver, driver);
}

/** A panic goes to the line at once, whatever is under way there; `pending` is what `debug!` has not sent yet. */
export function createPanicWriter(
  bench: Workbench,
  { device }: SerialLine,
  pending: () => Uint8Array = () => new Uint8Array(),
): void {
  bench.kernel.panicWriter = {
    write(report) {
      const debugText = new TextDecoder().decode(pending());
      const text = printCrashReport({ ...report, kernelVersion: KERNEL_VERSION, debugText });
      device.writePanic(new TextEncoder().encode(text));
    },
  };
}

/** `debug!`, and panics. */
export function createDebugWriter(bench: Workbench, line: SerialLine): DebugWriter {
  const writer = bench.part("debugWriter", new DebugWriter(new UartDevice(line.mux, false)));
  bench.kernel.debugWriter = text => writer.debug(text);
  createPanicWriter(bench, line, () => writer.pending);
  return writer;
}

export function createProcessConsole(
  bench: Workbench,
  { mux }: SerialLine,
  alarms: AlarmMux,
  kernelAddresses: KernelAddresses,
): ProcessConsole {
  const processConsole = new ProcessConsole(
    new UartDevice(mux, true),
    new VirtualAlarm(alarms),
    bench.kernel.management(createCapability("processManagement")),
    { printer: printOverview, kernelVersion: "2.3", kernelAddresses, reset: bench.reset },
  );
  return bench.part("processConsole", processConsole);
}

export function createLowLevelDebug(bench: Workbench, { mux }: SerialLine): void {
  const grant = bench.grant(LOW_LEVEL_DEBUG_GRANT);
  const driver = new LowLevelDebug(new UartDevice(mux, false), grant);
  bench.driver(LOW_LEVEL_DEBUG_GRANT.driver, driver);
}
