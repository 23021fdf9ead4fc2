// The scene of a process in a dump: what the text tells, and what the app's ELF adds to it.
import type { FaultStatus, MpuRegion, ProcessReport } from "../../emulator/index.js";
import { rightsOf } from "../mpu.js";
import type { Frame, MemoryReader } from "../symbols/model.js";
import { DwarfUnwinder } from "../symbols/unwind.js";
import { isAddressValid } from "./decode.js";
import type { PlacedElf } from "./find-elf.js";
import { ECALL } from "./instruction-faults.js";
import type { AccessRange, Scene, SceneCause, SceneProcess } from "./model.js";
import type { ParsedDump } from "./parse.js";
import { RISCV } from "./riscv.js";
import { CORTEX_M } from "./thumb.js";

const NO_STATUS = { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };
const nothing: MemoryReader = { read: () => undefined };

/** The process that a dump is about: the one that the panic names, else one that faulted, else the first; -1 without any. */
export function crashedProcess({ report }: ParsedDump): number {
  const { processes, message } = report;
  const named = processes.findIndex(({ name }) => message === `Process ${name} had a fault`);
  if (named >= 0) return named;
  // Something may have been printed behind the message, or in front of it.
  const lines = message.split("\n");
  const begun = processes.findIndex(({ name }) =>
    lines.some(line => line.trim().startsWith(`Process ${name} had a fault`)),
  );
  if (begun >= 0) return begun;
  const faulted = processes.findIndex(({ state }) => isFaulted(state));
  return faulted >= 0 ? faulted : Math.min(0, processes.length - 1);
}

/** `Faulted`, and `Fault` and `StoppedFaulted` of older releases. */
const isFaulted = (state: string): boolean => /^(?:Stopped)?Fault/.test(state);

/** The scene of process `index`, whose ELF is `placed`. @throws Error if there is no process `index` */
export function dumpScene(dump: ParsedDump, index: number, placed?: PlacedElf): Scene {
  const { report, registers } = dump;
  const process = report.processes[index];
  if (process === undefined) throw new Error(`the dump has no process ${index}`);
  const own = registers[index] ?? [];
  return {
    origin: "dump",
    process: sceneProcess(process),
    others: report.processes.filter((_, i) => i !== index).map(sceneProcess),
    cause: causeOf(dump, index),
    architecture: dump.isa === "riscv" ? RISCV : CORTEX_M,
    registers: own.every(value => value === undefined) ? [] : own,
    ranges: rangesOf(process),
    frames: placed ? framesOf(atSystemCall(own, causeOf(dump, index)), placed) : [],
    symbols: placed?.symbols,
    memory: placed?.memory ?? nothing,
    panic: report.location === null ? null : { location: report.location, message: report.message },
    history: [],
  };
}

/** The scene of a dump that ends before its first process. */
export function sceneWithoutProcess(dump: ParsedDump): Scene {
  const { fault, location, message } = dump.report;
  const cause: SceneCause =
    fault === null
      ? { isa: "unknown" }
      : "mcause" in fault
        ? { isa: "riscv", mcause: fault.mcause, mtval: fault.mtval }
        : causeBy(dump, fault);
  return {
    origin: "dump",
    process: unknownProcess(/^Process (.*) had a fault\b/m.exec(message)?.[1] ?? ""),
    others: [],
    cause,
    architecture: dump.isa === "riscv" ? RISCV : CORTEX_M,
    registers: [],
    ranges: [],
    frames: [],
    symbols: undefined,
    memory: nothing,
    panic: location === null ? null : { location, message },
    history: [],
  };
}

const unknownProcess = (name: string): SceneProcess => ({
  name: nameOf(name),
  state: "",
  flash: null,
  memory: null,
  stackTop: null,
  heapStart: null,
  minimumStackPointer: null,
  completionCode: null,
  syscallCount: null,
  restartCount: null,
  lastSyscall: null,
  grants: [],
});

const LONGEST_NAME = 64;

/** A name that can be shown: some apps have none, and a header may hold any bytes. */
function nameOf(name: string): string {
  if (name === "") return "the app";
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

const sceneProcess = (process: ProcessReport): SceneProcess => ({
  name: nameOf(process.name),
  state: process.state,
  flash: process.flash,
  memory: process.memory,
  stackTop: process.stackTop,
  heapStart: process.heapStart,
  minimumStackPointer: process.minimumStackPointer,
  completionCode: process.completionCode,
  syscallCount: process.syscallCount,
  restartCount: process.restartCount,
  lastSyscall: process.lastSyscall,
  grants: (process.grants ?? []).filter(({ size }) => size > 0),
});

/** Cortex-M keeps one fault status, which is of the process that crashed; on RISC-V every process has its own cause. */
function causeOf(dump: ParsedDump, index: number): SceneCause {
  const { isa, report } = dump;
  if (isa === "riscv") {
    const stored = report.processes[index]?.stored;
    if (stored && "mcause" in stored) return { isa, mcause: stored.mcause, mtval: stored.mtval };
    const { fault } = report;
    return fault && "mcause" in fault && index === crashedProcess(dump)
      ? { isa, mcause: fault.mcause, mtval: fault.mtval }
      : { isa: "unknown" };
  }
  const { fault } = report;
  if (isa !== "cortex-m" || fault === null || "mcause" in fault) return { isa: "unknown" };
  return index === crashedProcess(dump) ? causeBy(dump, fault) : { isa, status: NO_STATUS };
}

/** The line of an address may be lost where CFSR's is not. */
function causeBy({ nodes }: ParsedDump, status: FaultStatus): SceneCause {
  const told = new Set(nodes.flatMap(({ values }) => values.map(({ name }) => name)));
  const lost = (["MMFAR", "BFAR"] as const).filter(
    name => isAddressValid(name, status.cfsr) && !told.has(name),
  );
  return { isa: "cortex-m", status, ...(lost.length > 0 ? { lost } : {}) };
}

function rangesOf({ mpu, flash }: ProcessReport): AccessRange[] {
  if (mpu === null) return [];
  if ("regions" in mpu)
    return mpu.regions.flatMap(({ start, end, cfg }, region) =>
      (cfg >>> 3) & 3 ? [{ region, low: start, high: end, ...pmpRights(cfg) }] : [],
    );
  return mpu.flatMap((each, region) => {
    const { logical } = each;
    if (!logical) return [];
    const { address, size } = logical;
    // The dump does not show XN. Tock lets an app execute its own flash and nothing else.
    const own = flash === null || (address < flash.end && address + size > flash.start);
    const { read, write } = rightsIn(each);
    const rights = { read, write, execute: read && !write && own };
    return enabledParts(each, address, size).map(part => ({ region, ...part, ...rights }));
  });
}

const pmpRights = (cfg: number) => ({
  read: (cfg & 1) !== 0,
  write: (cfg & 2) !== 0,
  execute: (cfg & 4) !== 0,
});

/** AP of ARMv8-M has two bits: bit 0 lets apps in, bit 1 forbids writing. */
function rightsIn({ accessPermission, subregionsDisabled }: MpuRegion): {
  read: boolean;
  write: boolean;
} {
  if (subregionsDisabled !== null) return rightsOf({ accessPermission, executeNever: true });
  const read = (accessPermission & 1) !== 0;
  return { read, write: read && (accessPermission & 2) === 0 };
}

const SUBREGIONS = 8;

/**
 * What a region opens of `[address, address + size)`. The dump divides what was asked for by 8. Where that is no region
 * that hardware has, it was cut out of a larger one by sub-regions, and is open as a whole (mpu.rs `allocate_region`).
 */
function enabledParts(
  { subregionsDisabled }: MpuRegion,
  address: number,
  size: number,
): { low: number; high: number }[] {
  const whole = [{ low: address, high: address + size }];
  const isRegion = size > 0 && (size & (size - 1)) === 0 && address % size === 0;
  if (!subregionsDisabled || !isRegion) return whole;
  const parts: { low: number; high: number }[] = [];
  for (let n = 0; n < SUBREGIONS; n++) {
    if ((subregionsDisabled >>> n) & 1) continue;
    const low = address + (n * size) / SUBREGIONS;
    const last = parts.at(-1);
    if (last?.high === low) last.high += size / SUBREGIONS;
    else parts.push({ low, high: low + size / SUBREGIONS });
  }
  return parts;
}

/** The kernel has moved the pc of RISC-V on from a system call (arch/riscv/src/syscall.rs); what follows may be another function. */
function atSystemCall(
  registers: readonly (number | undefined)[],
  cause: SceneCause,
): readonly (number | undefined)[] {
  const { pc } = RISCV.abi;
  const behind = registers[pc];
  if (cause.isa !== "riscv" || cause.mcause !== ECALL || behind === undefined) return registers;
  return registers.with(pc, (behind - 4) >>> 0);
}

/** The calls that lead to the program counter, as far as they can be known without the stack. */
const framesOf = (
  registers: readonly (number | undefined)[],
  { symbols, memory }: PlacedElf,
): readonly Frame[] => new DwarfUnwinder(symbols).frames(registers, memory);
