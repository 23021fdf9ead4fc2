// What the kernel itself prints: the process console, `debug!`, and the dump when it panics
// (boards/components/src/{process_console,debug_writer}.rs).
import type { ConsoleDevice } from "../../devices/console.js";
import { createCapability } from "../../kernel/capability.js";
import type { DebugWriter } from "../../kernel/capsules/debug-writer.js";
import { type KernelAddresses, ProcessConsole } from "../../kernel/capsules/process-console.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import { UartDevice, type UartMux } from "../../kernel/capsules/virtual-uart.js";
import type { Kernel } from "../../kernel/kernel.js";
import { printCrashReport, printOverview } from "../../kernel/printer.js";

/** Called at its place in the board's order: clients of the UART are served last registered first. */
export function createProcessConsole(
  kernel: Kernel,
  uartMux: UartMux,
  alarmMux: AlarmMux,
  options: { kernelAddresses: KernelAddresses; reset: () => void },
): ProcessConsole {
  return new ProcessConsole(
    new UartDevice(uartMux, true),
    new VirtualAlarm(alarmMux),
    kernel.management(createCapability("processManagement")),
    { printer: printOverview, kernelVersion: "2.3", ...options },
  );
}

/** A panic goes to the UART at once, whatever is under way there. */
export function connectOutput(
  kernel: Kernel,
  console: ConsoleDevice,
  debugWriter: DebugWriter,
): void {
  kernel.debugWriter = line => debugWriter.debug(line);
  kernel.panicWriter = {
    write(report) {
      const debugText = new TextDecoder().decode(debugWriter.pending);
      const text = printCrashReport({ ...report, kernelVersion: "2.3.0-dev1", debugText });
      console.writePanic(new TextEncoder().encode(text));
    },
  };
}
