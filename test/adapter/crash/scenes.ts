// Scenes for tests of the engine: a process where libtock-c puts one on the nRF52840, and nothing known beside what a test says.

import type { Scene, SceneProcess } from "../../../adapter/crash/model.js";
import { RISCV } from "../../../adapter/crash/riscv.js";
import { CORTEX_M } from "../../../adapter/crash/thumb.js";
import type { FaultStatus } from "../../../emulator/index.js";

export const process: SceneProcess = {
  name: "app",
  state: "Running",
  flash: { start: 0x40000, appStart: 0x4004c, end: 0x41000 },
  memory: { start: 0x20009000, appBreak: 0x20009900, kernelBreak: 0x2000a800, end: 0x2000b000 },
  stackTop: 0x20009800,
  heapStart: 0x20009880,
  minimumStackPointer: 0x20009600,
  completionCode: null,
  syscallCount: 7,
  restartCount: 0,
  lastSyscall: null,
  grants: [{ driver: 1, address: 0x2000a800, size: 92 }],
};

export const ranges = [
  { region: 0, low: 0x20009000, high: 0x20009a00, read: true, write: true, execute: false },
  { region: 2, low: 0x40000, high: 0x41000, read: true, write: false, execute: true },
];

export const scene = (more: Partial<Scene> = {}): Scene => ({
  origin: "dump",
  process,
  others: [],
  cause: { isa: "unknown" },
  architecture: CORTEX_M,
  registers: [],
  ranges,
  frames: [],
  symbols: undefined,
  memory: { read: () => undefined },
  panic: null,
  history: [],
  ...more,
});

/** Registers of a Cortex-M by number; the others are 0. */
export function cortexRegisters(set: Readonly<Record<number, number>>): number[] {
  const registers = new Array<number>(17).fill(0);
  registers[13] = 0x20009700;
  registers[15] = 0x40100;
  registers[16] = 1 << 24;
  for (const [number, value] of Object.entries(set)) registers[Number(number)] = value;
  return registers;
}

/** A fault of a Cortex-M with these flags of CFSR. */
export const cortexScene = (
  status: Partial<FaultStatus>,
  registers: Readonly<Record<number, number>> = {},
  more: Partial<Scene> = {},
): Scene =>
  scene({
    cause: { isa: "cortex-m", status: { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0, ...status } },
    registers: cortexRegisters(registers),
    ...more,
  });

export function riscvScene(
  mcause: number,
  mtval: number,
  set: Readonly<Record<number, number>> = {},
): Scene {
  const registers = new Array<number>(33).fill(0);
  registers[2] = 0x20009700;
  registers[32] = 0x40100;
  for (const [number, value] of Object.entries(set)) registers[Number(number)] = value;
  return scene({ cause: { isa: "riscv", mcause, mtval }, architecture: RISCV, registers });
}

/** Memory that holds these halfwords and nothing else. */
export const codeAt = (address: number, ...halfwords: number[]): Scene["memory"] => ({
  read(at, length) {
    const bytes = new Uint8Array(new Uint16Array(halfwords).buffer);
    const from = at - address;
    return from >= 0 && from + length <= bytes.length
      ? bytes.subarray(from, from + length)
      : undefined;
  },
});
