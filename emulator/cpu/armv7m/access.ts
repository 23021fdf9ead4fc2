// Data accesses (ARMv7-M manual B2.3, MemA and MemU): inside a window they are one compare and one typed-array access,
// anything else is decided exactly by the slow path. All return false when the access faults; nothing is changed then.

import type { Core } from "./core.js";
import { Access, isPrivatePeripheral, type Window } from "./mpu.js";
import { executionPriority } from "./priority.js";
import * as S from "./state.js";

const { BusFault, MemManage, UsageFault } = S.Exception;

/** Loads a word into register `t`. */
export function loadWord(cpu: Core, address: number, t: number): boolean {
  const r = cpu.words;
  if ((address & 3) === 0) {
    let o = (address - r[S.READ_BASE]) | 0;
    if (o >>> 0 < r[S.READ_SIZE]) {
      r[t] = cpu.memoryWords[(o + r[S.READ_OFFSET]) >> 2];
      return true;
    }
    o = (address - r[S.FLASH_BASE]) | 0;
    if (o >>> 0 < r[S.FLASH_SIZE]) {
      r[t] = cpu.memoryWords[(o + r[S.FLASH_OFFSET]) >> 2];
      return true;
    }
  }
  return loadSlow(cpu, address, 4, t);
}

/** Loads an unsigned halfword into register `t`. */
export function loadHalfword(cpu: Core, address: number, t: number): boolean {
  const r = cpu.words;
  if ((address & 1) === 0) {
    let o = (address - r[S.READ_BASE]) | 0;
    if (o >>> 0 < r[S.READ_SIZE]) {
      r[t] = cpu.halfwords[(o + r[S.READ_OFFSET]) >> 1];
      return true;
    }
    o = (address - r[S.FLASH_BASE]) | 0;
    if (o >>> 0 < r[S.FLASH_SIZE]) {
      r[t] = cpu.halfwords[(o + r[S.FLASH_OFFSET]) >> 1];
      return true;
    }
  }
  return loadSlow(cpu, address, 2, t);
}

/** Loads an unsigned byte into register `t`. */
export function loadByte(cpu: Core, address: number, t: number): boolean {
  const r = cpu.words;
  let o = (address - r[S.READ_BASE]) | 0;
  if (o >>> 0 < r[S.READ_SIZE]) {
    r[t] = cpu.bytes[o + r[S.READ_OFFSET]];
    return true;
  }
  o = (address - r[S.FLASH_BASE]) | 0;
  if (o >>> 0 < r[S.FLASH_SIZE]) {
    r[t] = cpu.bytes[o + r[S.FLASH_OFFSET]];
    return true;
  }
  return loadSlow(cpu, address, 1, t);
}

export function storeWord(cpu: Core, address: number, value: number): boolean {
  const r = cpu.words;
  const o = (address - r[S.WRITE_BASE]) | 0;
  if ((address & 3) === 0 && o >>> 0 < r[S.WRITE_SIZE]) {
    cpu.memoryWords[(o + r[S.WRITE_OFFSET]) >> 2] = value;
    return true;
  }
  return storeSlow(cpu, address, 4, value);
}

export function storeHalfword(cpu: Core, address: number, value: number): boolean {
  const r = cpu.words;
  const o = (address - r[S.WRITE_BASE]) | 0;
  if ((address & 1) === 0 && o >>> 0 < r[S.WRITE_SIZE]) {
    cpu.halfwords[(o + r[S.WRITE_OFFSET]) >> 1] = value;
    return true;
  }
  return storeSlow(cpu, address, 2, value);
}

export function storeByte(cpu: Core, address: number, value: number): boolean {
  const r = cpu.words;
  const o = (address - r[S.WRITE_BASE]) | 0;
  if (o >>> 0 < r[S.WRITE_SIZE]) {
    cpu.bytes[o + r[S.WRITE_OFFSET]] = value;
    return true;
  }
  return storeSlow(cpu, address, 1, value);
}

/** A word access that must be aligned (LDM, LDRD, exclusives and their kin). */
export function loadAligned(cpu: Core, address: number, t: number): boolean {
  if ((address & 3) !== 0) return cpu.fault(UsageFault, S.Cfsr.UNALIGNED);
  return loadWord(cpu, address, t);
}

export function storeAligned(cpu: Core, address: number, value: number): boolean {
  if ((address & 3) !== 0) return cpu.fault(UsageFault, S.Cfsr.UNALIGNED);
  return storeWord(cpu, address, value);
}

/** LDRT and its kin: checked as unprivileged whatever the mode. */
export function loadUnprivileged(cpu: Core, address: number, size: number, t: number): boolean {
  return (
    checkAccess(cpu, address >>> 0, size, Access.Read, false) &&
    loadChecked(cpu, address >>> 0, size, t)
  );
}

export function storeUnprivileged(
  cpu: Core,
  address: number,
  size: number,
  value: number,
): boolean {
  return (
    checkAccess(cpu, address >>> 0, size, Access.Write, false) &&
    storeChecked(cpu, address >>> 0, size, value)
  );
}

function loadSlow(cpu: Core, address: number, size: number, t: number): boolean {
  const at = address >>> 0;
  return (
    (isAllowed(cpu.allowed.read, at, size) ||
      checkAccess(cpu, at, size, Access.Read, cpu.privileged)) &&
    loadChecked(cpu, at, size, t)
  );
}

function storeSlow(cpu: Core, address: number, size: number, value: number): boolean {
  const at = address >>> 0;
  return (
    (isAllowed(cpu.allowed.write, at, size) ||
      checkAccess(cpu, at, size, Access.Write, cpu.privileged)) &&
    storeChecked(cpu, at, size, value)
  );
}

/** Aligned accesses that come here for a watchpoint only. */
const isAllowed = (window: Window, address: number, size: number): boolean =>
  (address & (size - 1)) === 0 &&
  address >= window.address &&
  address + size <= window.address + window.size;

/** Alignment, then permission of each byte. */
function checkAccess(
  cpu: Core,
  address: number,
  size: number,
  access: Access,
  privileged: boolean,
): boolean {
  if ((address & (size - 1)) !== 0 && (cpu.words[S.CCR] & S.Ccr.UNALIGN_TRP) !== 0) {
    return cpu.fault(UsageFault, S.Cfsr.UNALIGNED);
  }
  if (isPrivatePeripheral(address) && !privileged) return busError(cpu, address);
  const negative = executionPriority(cpu) < 0;
  for (let i = 0; i < size; i++) {
    // An access may run into another region only where it is not aligned.
    const byte = (address + i) >>> 0;
    if (!cpu.mpu.allows(byte, access, privileged, negative)) {
      return cpu.fault(MemManage, S.Cfsr.DACCVIOL | S.Cfsr.MMARVALID, byte);
    }
    if ((address & (size - 1)) === 0) break;
  }
  return true;
}

/**
 * Several words from `address` on, looked at before any of them is moved: a watchpoint stops before an instruction, not
 * inside it.
 */
export function stopsAtWatchpoint(
  cpu: Core,
  address: number,
  length: number,
  access: Access,
): boolean {
  const { watchpoints } = cpu;
  if (!watchpoints.active || (address & 3) !== 0) return false;
  if (!watchpoints.catches(address >>> 0, length, access)) return false;
  cpu.raise(S.Event.Watchpoint);
  return true;
}

const isWatched = (cpu: Core, address: number, size: number, access: Access): boolean =>
  cpu.watchpoints.active && cpu.watchpoints.catches(address, size, access);

function loadChecked(cpu: Core, address: number, size: number, t: number): boolean {
  const { memory } = cpu;
  if (isWatched(cpu, address, size, Access.Read)) return cpu.raise(S.Event.Watchpoint);
  if (memory.contains(address, size)) {
    cpu.words[t] =
      size === 4
        ? memory.read32(address)
        : size === 2
          ? memory.read16(address)
          : memory.read8(address);
    return true;
  }
  if ((address & (size - 1)) !== 0) return cpu.fault(UsageFault, S.Cfsr.UNALIGNED);
  const value = cpu.bus.read(address, size);
  if (value === undefined) return busError(cpu, address);
  cpu.words[t] = value;
  return cpu.words[S.EVENT] === S.Event.None;
}

function storeChecked(cpu: Core, address: number, size: number, value: number): boolean {
  const { memory } = cpu;
  const { ram } = memory.map;
  const inRam = address >= ram.address && address + size <= ram.address + ram.size;
  if (!inRam && memory.contains(address)) return busError(cpu, address);
  if (isWatched(cpu, address, size, Access.Write)) return cpu.raise(S.Event.Watchpoint);
  if (inRam) {
    const offset = memory.ramOffset + address - ram.address;
    for (let i = 0; i < size; i++) cpu.bytes[offset + i] = value >>> (8 * i);
    return true;
  }
  if ((address & (size - 1)) !== 0) return cpu.fault(UsageFault, S.Cfsr.UNALIGNED);
  const masked = size === 4 ? value >>> 0 : value & (size === 2 ? 0xffff : 0xff);
  if (!cpu.bus.write(address, size, masked)) return busError(cpu, address);
  return cpu.words[S.EVENT] === S.Event.None;
}

const busError = (cpu: Core, address: number): false =>
  cpu.fault(BusFault, S.Cfsr.PRECISERR | S.Cfsr.BFARVALID, address);
