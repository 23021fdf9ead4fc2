// What every board with our kernel has in common: memory, CPU, kernel, and the way from power-on into the kernel loop.
import { ArmV7MBoundary } from "../../arch/armv7m.js";
import { CortexMMpu } from "../../arch/armv7m-mpu.js";
import { Clock } from "../../base/clock.js";
import type { Stateful } from "../../base/stateful.js";
import { Trace } from "../../base/trace.js";
import { Bus } from "../../bus/bus.js";
import { Memory, type MemoryMap } from "../../bus/memory.js";
import { Armv7m } from "../../cpu/armv7m/armv7m.js";
import type { CoreName } from "../../cpu/armv7m/core.js";
import type { Device } from "../../devices/device.js";
import { ProcessSwitch } from "../../devices/process-switch.js";
import type { Region } from "../../kernel/boundary.js";
import { createCapability } from "../../kernel/capability.js";
import type { SyscallDriver } from "../../kernel/driver.js";
import { Kernel } from "../../kernel/kernel.js";
import {
  allowAll,
  noFaultHook,
  noWatchDog,
  type ProcessFaultPolicy,
} from "../../kernel/resources.js";
import { RoundRobinScheduler, VirtualSchedulerTimer } from "../../kernel/scheduler.js";
import { Machine } from "../../machine/machine.js";
import type { BoardOptions, TockBoard } from "../board.js";
import { installApps } from "../install.js";
import { type GrantCreator, grantCreator } from "./grants.js";

/** `sizeof(ProcessStandard<Chip, ProcessStandardDebugFull>)` with 8 MPU regions. */
const PROCESS_STRUCT_SIZE = 772;
/** Least size of an MPU region. */
const minimumRegionSize: Readonly<Record<CoreName, number>> = {
  "cortex-m0plus": 256,
  "cortex-m3": 32,
  "cortex-m4": 32,
};

/** What a board creates its devices and capsules with. */
export interface Workbench extends GrantCreator {
  kernel: Kernel;
  clock: Clock;
  trace: Trace;
  seed: number;
  wires: readonly (readonly [number, number])[];
  /** Resets the board, once the handler that calls it has returned. */
  reset: () => void;
}

/** What a board has beside its CPU and kernel. */
export interface Capsules {
  drivers: ReadonlyMap<number, SyscallDriver>;
  devices: readonly Device[];
  stateful: Readonly<Record<string, Stateful<unknown>>>;
  /** Prints what upstream's `main` prints and starts what it starts, before processes are loaded. */
  start(): void;
}

/** The devices among a board's peripherals; a pin that the board does not have is `undefined`. */
export const devicesOf = (
  peripherals: Readonly<Record<string, Device | readonly (Device | undefined)[]>>,
): Device[] =>
  Object.values(peripherals)
    .flat()
    .filter(device => device !== undefined);

export interface BoardDefinition {
  core: CoreName;
  /** Of the CPU, in Hz. */
  frequency: number;
  memory: MemoryMap;
  appFlash: Region;
  appRam: Region;
  processSlots: number;
  faultPolicy: ProcessFaultPolicy;
  /** Creates devices, grants and capsules in upstream's order. */
  create(workbench: Workbench): Capsules;
}

/** The board, booted up to its kernel loop. */
export function tockBoard(board: BoardDefinition, options: BoardOptions): TockBoard {
  const clock = new Clock(board.frequency);
  const trace = new Trace(clock);
  if (options.listen !== undefined) trace.listen(options.listen);
  const memory = new Memory(board.memory);
  const flash = { address: board.appFlash.start, size: board.appFlash.size };
  installApps(memory, flash, options.apps ?? [], text => trace.emit({ type: "notice", text }));
  const { core } = board;
  const cpu = new Armv7m({ memory, clock, bus: new Bus(), core, exceptions: "host" });
  const kernel = new Kernel({
    memory,
    trace,
    chip: {
      boundary: new ArmV7MBoundary(cpu, memory),
      mpu: new CortexMMpu(cpu.mpu, 8, minimumRegionSize[core]),
    },
    processSlots: board.processSlots,
    processStructSize: PROCESS_STRUCT_SIZE,
    ...(options.kernelConfig === undefined ? {} : { config: options.kernelConfig }),
  });
  const capsules = board.create({
    kernel,
    clock,
    trace,
    seed: options.seed ?? 0,
    wires: options.wires ?? [],
    reset: () => machine.requestReset(),
    ...grantCreator(kernel),
  });
  const { devices, stateful } = capsules;
  const processes = kernel.management(createCapability("processManagement"));
  const start = () => {
    cpu.reset();
    kernel.reset();
    boot(board, kernel, capsules, { trace, clock, faultPolicy: options.faultPolicy });
  };
  const machine = new Machine({
    clock,
    trace,
    memory,
    cpu,
    supervisor: kernel,
    devices: [...devices, new ProcessSwitch(clock, processes)],
    stateful,
    boot: start,
  });
  start();
  return { machine, kernel };
}

/** What upstream's `main` does, at power-on and after a reset. */
function boot(
  board: BoardDefinition,
  kernel: Kernel,
  capsules: Capsules,
  options: { trace: Trace; clock: Clock; faultPolicy: ProcessFaultPolicy | undefined },
): void {
  const { trace, clock } = options;
  for (const stage of ["reset", "chip", "capsules", "initialized"] as const)
    trace.emit({ type: "bootStage", stage });
  capsules.start();
  kernel.loadProcesses(
    board.appFlash,
    board.appRam,
    options.faultPolicy ?? board.faultPolicy,
    createCapability("processManagement"),
  );
  kernel.start(
    {
      withDriver: driverNum => capsules.drivers.get(driverNum),
      filter: allowAll,
      processFault: noFaultHook,
      scheduler: new RoundRobinScheduler(board.processSlots),
      timer: new VirtualSchedulerTimer(clock),
      watchdog: noWatchDog,
    },
    createCapability("mainLoop"),
  );
}
