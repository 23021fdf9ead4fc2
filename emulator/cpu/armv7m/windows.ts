// Access windows: the part of RAM and of flash in which every byte may be read, written or executed without further checks.
// They are computed once per change of the MPU for each privilege, and copied into the state block at each change of mode.
import type { Core } from "./core.js";
import { Access } from "./mpu.js";
import { executionPriority } from "./priority.js";
import * as S from "./state.js";

/** The words from READ_BASE to CODE_OFFSET for one privilege. */
export type Windows = Int32Array;

const WINDOW_WORDS = S.CODE_OFFSET + 1 - S.READ_BASE;
const UNPRIVILEGED = 0;
const PRIVILEGED = 1;
/** Privileged code at negative priority runs without MPU unless HFNMIENA is set. */
const NEGATIVE = 2;

/** Puts the windows of the current mode into the state block. */
export function selectWindows(cpu: Core): void {
  if (cpu.mpu.changed) {
    cpu.windows.length = 0;
    cpu.mpu.changed = false;
  }
  const negative = cpu.words[S.ACTIVE] !== 0 || cpu.words[S.FAULTMASK] !== 0;
  const kind = !cpu.privileged
    ? UNPRIVILEGED
    : negative && executionPriority(cpu) < 0
      ? NEGATIVE
      : PRIVILEGED;
  cpu.windows[kind] ??= computeWindows(cpu, kind);
  cpu.words.set(cpu.windows[kind], S.READ_BASE);
}

function computeWindows(cpu: Core, kind: number): Windows {
  const { memory, mpu } = cpu;
  const { ram, flash } = memory.map;
  const privileged = kind !== UNPRIVILEGED;
  const find = (range: typeof ram, access: Access) =>
    mpu.window({ address: range.address, size: range.size }, access, privileged, kind === NEGATIVE);
  const windows = new Int32Array(WINDOW_WORDS);
  const set = (at: number, address: number, size: number, offset: number) => {
    windows[at - S.READ_BASE] = address;
    windows[at - S.READ_BASE + 1] = size;
    windows[at - S.READ_BASE + 2] = offset;
  };
  const read = find(ram, Access.Read);
  set(S.READ_BASE, read.address, read.size, memory.ramOffset + read.address - ram.address);
  const write = find(ram, Access.Write);
  set(S.WRITE_BASE, write.address, write.size, memory.ramOffset + write.address - ram.address);
  const constants = find(flash, Access.Read);
  const offset = constants.address - flash.address;
  set(S.FLASH_BASE, constants.address, constants.size, memory.flashOffset + offset);
  const code = find(flash, Access.Execute);
  // The last halfword is left out: a 32-bit instruction may start there and must be checked.
  set(S.CODE_BASE, code.address, Math.max(code.size - 2, 0), code.address - flash.address);
  return windows;
}
