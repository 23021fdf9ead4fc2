// What every board with our kernel has in common: memory, CPU, kernel, and the way from power-on into the kernel loop.
import { ArmV7MBoundary } from "../../arch/armv7m.js";
import { CortexMMpu } from "../../arch/armv7m-mpu.js";
import { Clock } from "../../base/clock.js";
import { Trace } from "../../base/trace.js";
import { Bus } from "../../bus/bus.js";
import { Memory, type MemoryMap } from "../../bus/memory.js";
import { Armv7m } from "../../cpu/armv7m/armv7m.js";
import type { CoreName } from "../../cpu/armv7m/core.js";
import type { FlashTimes } from "../../devices/flash.js";
import { ProcessSwitch } from "../../devices/process-switch.js";
import { Uicr } from "../../devices/uicr.js";
import type { Region } from "../../kernel/boundary.js";
import { createCapability } from "../../kernel/capability.js";
import { ProcessConsole } from "../../kernel/capsules/process-console.js";
import type { CredentialsPolicy } from "../../kernel/checker.js";
import type { IdentityPolicies } from "../../kernel/identity.js";
import { Kernel } from "../../kernel/kernel.js";
import {
  allowAll,
  noFaultHook,
  noWatchDog,
  type ProcessFaultPolicy,
  type SyscallFilter,
} from "../../kernel/resources.js";
import { VirtualSchedulerTimer } from "../../kernel/scheduler-timer.js";
import { type SchedulerName, schedulers } from "../../kernel/schedulers/index.js";
import { Machine } from "../../machine/machine.js";
import type { BoardDescription, BoardOptions, TockBoard } from "../board.js";
import { findsRoom, installApps } from "../install.js";
import { chipImages, loadChips } from "./chips.js";
import { createLoader } from "./loader.js";
import { Workbench } from "./workbench.js";

/** `sizeof(ProcessStandard<Chip, ProcessStandardDebugFull>)` with 8 MPU regions. */
const PROCESS_STRUCT_SIZE = 772;

/** What Tock knows of a core: the architecture of its TBFs and the least size of an MPU region. */
const cores: Readonly<Record<CoreName, { architecture: string; minimumRegionSize: number }>> = {
  "cortex-m0plus": { architecture: "cortex-m0", minimumRegionSize: 256 },
  "cortex-m3": { architecture: "cortex-m3", minimumRegionSize: 32 },
  "cortex-m4": { architecture: "cortex-m4", minimumRegionSize: 32 },
};

export interface BoardDefinition {
  name: string;
  /** One line for a list of boards. */
  description: string;
  core: CoreName;
  /** Of the CPU, in Hz. */
  frequency: number;
  memory: MemoryMap;
  appFlash: Region;
  appRam: Region;
  /** Pin of the reset button, which an nRF52 must be told. */
  resetPin?: number;
  processSlots: number;
  /** From which it runs. */
  flash: FlashTimes;
  faultPolicy: ProcessFaultPolicy;
  /** Round robin unless given. */
  scheduler?: SchedulerName;
  /** Allows everything unless given. */
  syscallFilter?: SyscallFilter;
  /** What an app must have to be run; with it apps are loaded by the loader that checks them. */
  credentials?: CredentialsPolicy;
  /** ShortIds and storage permissions of processes; none unless given. */
  identity?: IdentityPolicies;
  /** Creates devices, grants and capsules in upstream's order. */
  create(bench: Workbench): Main;
}

/** The rest of upstream's `main`. */
export interface Main {
  /** Prints what it prints and starts what it starts, before processes are loaded. */
  start(): void;
  /** Processes have been loaded. */
  loaded?(): void;
}

/** A board as a front end lists and builds it. */
export function board(definition: BoardDefinition): BoardDescription {
  const { name, description, core, memory } = definition;
  const appFlash = { address: definition.appFlash.start, size: definition.appFlash.size };
  return {
    name,
    description,
    architecture: cores[core].architecture,
    appFlash,
    appRam: { address: definition.appRam.start, size: definition.appRam.size },
    build: (options = {}) => build(definition, options),
    findsRoom: (app, image, before) => findsRoom(memory, appFlash, { image, before }, app),
  };
}

/** The board, booted up to its kernel loop. */
function build(board: BoardDefinition, options: BoardOptions): TockBoard {
  const clock = new Clock(board.frequency);
  const trace = new Trace(clock);
  if (options.listen !== undefined) trace.listen(options.listen);
  const memory = new Memory(board.memory);
  const flash = { address: board.appFlash.start, size: board.appFlash.size };
  installApps(memory, flash, options, text => trace.emit({ type: "notice", text }));
  const { core } = board;
  const cpu = new Armv7m({ memory, clock, bus: new Bus(), core, exceptions: "host" });
  const kernel = new Kernel({
    memory,
    trace,
    chip: {
      boundary: new ArmV7MBoundary(cpu, memory),
      mpu: new CortexMMpu(cpu.mpu, 8, cores[core].minimumRegionSize),
    },
    processSlots: board.processSlots,
    processStructSize: PROCESS_STRUCT_SIZE,
    ...(board.identity && { identity: board.identity }),
    ...(options.kernelConfig === undefined ? {} : { config: options.kernelConfig }),
  });
  const bench = new Workbench({
    kernel,
    clock,
    trace,
    memory,
    seed: options.seed ?? 0,
    wires: options.wires ?? [],
    reset: () => machine.requestReset(),
  });
  const main = board.create(bench);
  bench.device(new ProcessSwitch(clock, kernel.management(createCapability("processManagement"))));
  const loader = createLoader(bench, board.flash);
  const { uicr } = board.memory;
  const registers = uicr && bench.device(new Uicr(memory, uicr));
  loadChips(bench.devices, options.chips);
  const powerOn = () => {
    cpu.reset();
    kernel.reset();
    if (board.resetPin !== undefined) registers?.program(board.resetPin);
    boot(board, bench, { ...options, main });
  };
  const machine = new Machine({
    clock,
    trace,
    memory,
    cpu,
    supervisor: kernel,
    devices: bench.devices,
    stateful: bench.parts,
    boot: powerOn,
  });
  powerOn();
  const { drivers, unbuiltDrivers } = bench;
  const chips = () => chipImages(bench.devices);
  const { processConsole } = bench.parts;
  const consolePeek = (line: string) =>
    processConsole instanceof ProcessConsole ? processConsole.peek(line) : undefined;
  return { machine, kernel, loader, chips, consolePeek, drivers, unbuiltDrivers };
}

/** What upstream's `main` does, at power-on and after a reset. */
function boot(
  board: BoardDefinition,
  { kernel, trace, clock, drivers, contextSwitch, ipc, atBoot }: Workbench,
  options: Pick<BoardOptions, "faultPolicy" | "scheduler"> & { main: Main },
): void {
  const scheduler = options.scheduler ?? board.scheduler ?? "round-robin";
  for (const stage of ["reset", "chip", "capsules", "initialized"] as const)
    trace.emit({ type: "bootStage", stage });
  for (const task of atBoot) task();
  options.main.start();
  kernel.loadProcesses(
    {
      flash: board.appFlash,
      memory: board.appRam,
      faultPolicy: options.faultPolicy ?? board.faultPolicy,
      credentials: board.credentials,
    },
    createCapability("processManagement"),
  );
  options.main.loaded?.();
  kernel.start(
    {
      withDriver: driverNum => drivers.get(driverNum),
      filter: board.syscallFilter ?? allowAll,
      processFault: noFaultHook,
      scheduler: schedulers[scheduler](board.processSlots, clock),
      timer: new VirtualSchedulerTimer(clock),
      watchdog: noWatchDog,
      ...(contextSwitch && { contextSwitch }),
      ...(ipc && { ipc }),
    },
    createCapability("mainLoop"),
  );
}
