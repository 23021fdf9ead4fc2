// What a board puts its parts on while it is being built: a component adds devices, grants and drivers to it.
import type { Clock } from "../../base/clock.js";
import type { Stateful } from "../../base/stateful.js";
import type { Trace } from "../../base/trace.js";
import type { Memory } from "../../bus/memory.js";
import type { Device } from "../../devices/device.js";
import { createCapability } from "../../kernel/capability.js";
import type { ContextSwitchCallback, SyscallDriver } from "../../kernel/driver.js";
import type { Grant, GrantShape, Layout } from "../../kernel/grant.js";
import type { Kernel } from "../../kernel/kernel.js";
import type { InterProcess } from "../../kernel/resources.js";

/** What every part may use. */
export interface WorkbenchParts {
  kernel: Kernel;
  clock: Clock;
  trace: Trace;
  memory: Memory;
  /** Seeds random numbers. */
  seed: number;
  /** Wires between GPIO pins. */
  wires: readonly (readonly [number, number])[];
  /** Resets the board, once the handler that calls it has returned. */
  reset: () => void;
}

const isStateful = (part: object): part is Stateful<unknown> => "save" in part && "load" in part;

export class Workbench {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly memory: Memory;
  readonly seed: number;
  readonly wires: WorkbenchParts["wires"];
  readonly reset: () => void;
  /** The drivers that answer system calls, by number. */
  readonly drivers = new Map<number, SyscallDriver>();
  readonly devices: Device[] = [];
  /** Other parts with state, by name. */
  readonly parts: Record<string, Stateful<unknown>> = {};
  /** Numbers of drivers that upstream's board has and ours has not. */
  readonly unbuiltDrivers: number[] = [];
  /** Told before a process is put on the CPU. */
  contextSwitch: ContextSwitchCallback | undefined;
  ipc: InterProcess | undefined;
  /** What is done at every boot before anything else. */
  readonly atBoot: (() => void)[] = [];
  readonly #allocation = createCapability("memoryAllocation");

  constructor(parts: WorkbenchParts) {
    this.kernel = parts.kernel;
    this.clock = parts.clock;
    this.trace = parts.trace;
    this.memory = parts.memory;
    this.seed = parts.seed;
    this.wires = parts.wires;
    this.reset = parts.reset;
  }

  /** Grants are numbered in the order in which they are made: the number is part of every process block. */
  grant<L extends Layout>(shape: GrantShape<L>): Grant<L> {
    return this.kernel.createGrant(shape, this.#allocation);
  }

  device<D extends Device>(device: D): D {
    this.devices.push(device);
    return device;
  }

  /** A part that is no device and no driver, such as a multiplexer. */
  part<S extends Stateful<unknown>>(name: string, part: S): S {
    if (name in this.parts) throw new Error(`two parts named ${name}`);
    this.parts[name] = part;
    return part;
  }

  /** Serves system calls of `driverNum` by `driver`. */
  driver<D extends SyscallDriver>(driverNum: number, driver: D): D {
    if (this.drivers.has(driverNum)) throw new Error(`two drivers ${driverNum}`);
    this.drivers.set(driverNum, driver);
    if (isStateful(driver)) this.part(`driver${driverNum.toString(16)}`, driver);
    return driver;
  }

  /** The grant of a driver that is not built: its number counts, its system calls return NODEVICE. */
  unbuilt(driverNum: number): void {
    this.unbuiltDrivers.push(driverNum);
    this.grant({ driver: driverNum, upcalls: 0, readOnlyAllows: 0, readWriteAllows: 0, data: {} });
  }
}
