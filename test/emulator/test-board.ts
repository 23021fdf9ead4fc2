// A board made of parts that a test chooses, with memory and CPU of the nrf52840dk.
import { ArmV7MBoundary } from "../../emulator/arch/armv7m.js";
import { CortexMMpu } from "../../emulator/arch/armv7m-mpu.js";
import { installApps } from "../../emulator/boards/install.js";
import { Bus } from "../../emulator/bus/bus.js";
import { Armv7m } from "../../emulator/cpu/armv7m/armv7m.js";
import type { Device } from "../../emulator/devices/device.js";
import {
  Clock,
  Machine,
  Memory,
  type Stateful,
  Trace,
  type TraceEvent,
} from "../../emulator/index.js";
import { createCapability } from "../../emulator/kernel/capability.js";
import type { CredentialsPolicy } from "../../emulator/kernel/checker.js";
import type { SyscallDriver } from "../../emulator/kernel/driver.js";
import type { IdentityPolicies } from "../../emulator/kernel/identity.js";
import { Kernel } from "../../emulator/kernel/kernel.js";
import { panicFaultPolicy } from "../../emulator/kernel/policies.js";
import {
  allowAll,
  type KernelResources,
  noFaultHook,
  noWatchDog,
  type ProcessFaultPolicy,
} from "../../emulator/kernel/resources.js";
import { VirtualSchedulerTimer } from "../../emulator/kernel/scheduler-timer.js";
import { RoundRobinScheduler } from "../../emulator/kernel/schedulers/round-robin.js";
import type { KernelConfig } from "../../emulator/kernel/table.js";

export interface TestBoardOptions {
  apps: readonly Uint8Array[];
  /** Bytes that lie in flash beside the apps. */
  flash?: { address: number; bytes: Uint8Array };
  slots?: number;
  faultPolicy?: ProcessFaultPolicy;
  config?: KernelConfig;
  credentials?: CredentialsPolicy;
  identity?: IdentityPolicies;
  appRam?: { start: number; size: number };
  /** Creates grants and drivers. */
  capsules?: (board: { kernel: Kernel; clock: Clock; trace: Trace }) => {
    drivers?: Map<number, SyscallDriver>;
    devices?: Device[];
    stateful?: Record<string, Stateful<unknown>>;
  };
  resources?: Partial<KernelResources>;
}

export const APP_FLASH = { start: 0x40000, size: 0xc0000 };
export const APP_RAM = { start: 0x20004000, size: 0x3c000 };
export const memoryAllocation = createCapability("memoryAllocation");

export function testBoard(options: TestBoardOptions) {
  const clock = new Clock(64_000_000);
  const trace = new Trace(clock);
  const events: TraceEvent[] = [];
  const debug: string[] = [];
  trace.listen(event => events.push(event));
  const memory = new Memory({
    flash: { address: 0, size: 0x100000 },
    ram: { address: 0x20000000, size: 0x40000 },
  });
  const flash = { address: APP_FLASH.start, size: APP_FLASH.size };
  installApps(memory, flash, { apps: options.apps }, text => trace.emit({ type: "notice", text }));
  if (options.flash !== undefined) memory.writeBytes(options.flash.address, options.flash.bytes);
  const bus = new Bus();
  const cpu = new Armv7m({ memory, clock, bus, core: "cortex-m4", exceptions: "host" });
  const slots = options.slots ?? 4;
  const kernel = new Kernel({
    memory,
    trace,
    chip: { boundary: new ArmV7MBoundary(cpu, memory), mpu: new CortexMMpu(cpu.mpu) },
    processSlots: slots,
    processStructSize: 772,
    config: options.config ?? {},
    ...(options.identity && { identity: options.identity }),
  });
  kernel.debugWriter = line => debug.push(line);
  const capsules = options.capsules?.({ kernel, clock, trace }) ?? {};
  const management = kernel.management(createCapability("processManagement"));
  kernel.loadProcesses(
    {
      flash: APP_FLASH,
      memory: options.appRam ?? APP_RAM,
      faultPolicy: options.faultPolicy ?? panicFaultPolicy,
      credentials: options.credentials,
    },
    createCapability("processManagement"),
  );
  kernel.start(
    {
      withDriver: driverNum => capsules.drivers?.get(driverNum),
      filter: allowAll,
      processFault: noFaultHook,
      scheduler: new RoundRobinScheduler(slots),
      timer: new VirtualSchedulerTimer(clock),
      watchdog: noWatchDog,
      ...options.resources,
    },
    createCapability("mainLoop"),
  );
  const machine = new Machine({
    clock,
    trace,
    memory,
    cpu,
    supervisor: kernel,
    devices: capsules.devices ?? [],
    stateful: capsules.stateful ?? {},
  });
  return { machine, kernel, memory, clock, cpu, trace, events, debug, management };
}

/** Events of one type. */
export const eventsOf = <T extends TraceEvent["type"]>(
  events: readonly TraceEvent[],
  type: T,
): Extract<TraceEvent, { type: T }>[] =>
  events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type);
