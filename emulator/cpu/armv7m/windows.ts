// Access windows: the part of RAM and of flash in which every byte may be read, written or executed without further checks.
// They are computed once per setting of the MPU for each privilege, and copied into the state block at each change of mode.
import type { Core } from "./core.js";
import { Access, type Window } from "./mpu.js";
import { executionPriority } from "./priority.js";
import * as S from "./state.js";

/** The part of RAM that may be read, and that may be written. */
export interface RamWindows {
  read: Window;
  write: Window;
}

/** Windows for one privilege. */
export interface Windows {
  /** The words from READ_BASE to CODE_OFFSET. */
  words: Int32Array;
  /** Of RAM, without regard to watchpoints. */
  allowed: RamWindows;
}

/** Settings of MPU and watchpoints whose windows are kept: one per process, and a few for those that change. */
const KEPT_SETTINGS = 32;
const MPU_WORDS = 32;

interface Setting {
  control: number;
  /** The words from MPU_RBAR on, MPU_RASR included. */
  regions: Int32Array;
  watchpoints: Core["watchpoints"]["list"];
  /** By kind, as far as they have been needed. */
  windows: Windows[];
}

/** The windows of the setting in use, and those of settings that may come back, such as another process's. */
export class WindowCache {
  #settings: Setting[] = [];
  #current: Windows[] = [];

  get current(): Windows[] {
    return this.#current;
  }

  /** Looks the current setting up. */
  refresh({ words, watchpoints: { list } }: Core): void {
    let setting = this.#settings.find(s => isCurrent(s, words, list));
    if (setting === undefined) {
      const regions = words.slice(S.MPU_RBAR, S.MPU_RBAR + MPU_WORDS);
      setting = { control: words[S.MPU_CTRL] as number, regions, watchpoints: list, windows: [] };
      if (this.#settings.length === KEPT_SETTINGS) this.#settings.shift();
      this.#settings.push(setting);
    }
    this.#current = setting.windows;
  }
}

function isCurrent(
  setting: Setting,
  words: Int32Array,
  watchpoints: Setting["watchpoints"],
): boolean {
  if (setting.control !== words[S.MPU_CTRL] || setting.watchpoints !== watchpoints) return false;
  for (let i = 0; i < MPU_WORDS; i++)
    if (setting.regions[i] !== words[S.MPU_RBAR + i]) return false;
  return true;
}

const NOTHING: Window = { address: 0, size: 0 };
export const NO_WINDOWS: RamWindows = { read: NOTHING, write: NOTHING };

const WINDOW_WORDS = S.CODE_OFFSET + 1 - S.READ_BASE;
const UNPRIVILEGED = 0;
const PRIVILEGED = 1;
/** Privileged code at negative priority runs without MPU unless HFNMIENA is set. */
const NEGATIVE = 2;

/** Puts the windows of the current mode into the state block. */
export function selectWindows(cpu: Core): void {
  if (cpu.mpu.changed) {
    cpu.windows.refresh(cpu);
    cpu.mpu.changed = false;
  }
  const negative = cpu.words[S.ACTIVE] !== 0 || cpu.words[S.FAULTMASK] !== 0;
  const kind = !cpu.privileged
    ? UNPRIVILEGED
    : negative && executionPriority(cpu) < 0
      ? NEGATIVE
      : PRIVILEGED;
  const windows = cpu.windows.current;
  windows[kind] ??= computeWindows(cpu, kind);
  const { words, allowed } = windows[kind];
  for (let i = 0; i < WINDOW_WORDS; i++) cpu.words[S.READ_BASE + i] = words[i] as number;
  cpu.allowed = allowed;
}

function computeWindows(cpu: Core, kind: number): Windows {
  const { memory, mpu, watchpoints } = cpu;
  const { ram, flash } = memory.map;
  const privileged = kind !== UNPRIVILEGED;
  const allowed = (range: typeof ram, access: Access) =>
    mpu.window({ address: range.address, size: range.size }, access, privileged, kind === NEGATIVE);
  const windows = new Int32Array(WINDOW_WORDS);
  const set = (at: number, address: number, size: number, offset: number) => {
    windows[at - S.READ_BASE] = address;
    windows[at - S.READ_BASE + 1] = size;
    windows[at - S.READ_BASE + 2] = offset;
  };
  const inRam = { read: allowed(ram, Access.Read), write: allowed(ram, Access.Write) };
  const read = watchpoints.outside(inRam.read, Access.Read);
  set(S.READ_BASE, read.address, read.size, memory.ramOffset + read.address - ram.address);
  const write = watchpoints.outside(inRam.write, Access.Write);
  set(S.WRITE_BASE, write.address, write.size, memory.ramOffset + write.address - ram.address);
  const constants = watchpoints.outside(allowed(flash, Access.Read), Access.Read);
  const offset = constants.address - flash.address;
  set(S.FLASH_BASE, constants.address, constants.size, memory.flashOffset + offset);
  const code = allowed(flash, Access.Execute);
  // The last halfword is left out: a 32-bit instruction may start there and must be checked.
  set(S.CODE_BASE, code.address, Math.max(code.size - 2, 0), code.address - flash.address);
  return { words: windows, allowed: inRam };
}
