// Loads and stores of several registers, unprivileged and exclusive ones (ARMv7-M manual A5.3.5, A5.3.6, A3.4).
// They need word alignment; a fault in the middle leaves the base register as it was.
import {
  loadAligned,
  loadByte,
  loadHalfword,
  loadUnprivileged,
  stopsAtWatchpoint,
  storeAligned,
  storeByte,
  storeHalfword,
  storeUnprivileged,
} from "../access.js";
import type { Core } from "../core.js";
import { Access } from "../mpu.js";
import { Cfsr, EXCLUSIVE, Exception } from "../state.js";
import { countBits, loadList } from "./control.js";
import { ra, rd, rn } from "./operands.js";

/** Bits 0..15 of the immediate are the register list. */
export function ldm(cpu: Core, f: number, imm: number): boolean {
  return loadList(cpu, cpu.words[rn(f)], imm, rn(f));
}

/** LDM with writeback; a base in the list keeps the loaded value (only the 16-bit encoding may). */
export function ldmWriteback(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const n = rn(f);
  const start = r[n];
  if (!loadList(cpu, start, imm, n)) return false;
  if (((imm >>> n) & 1) === 0) r[n] = start + 4 * countBits(imm);
  return true;
}

export function ldmdb(cpu: Core, f: number, imm: number): boolean {
  return loadList(cpu, (cpu.words[rn(f)] - 4 * countBits(imm)) | 0, imm, rn(f));
}

export function ldmdbWriteback(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const start = (r[rn(f)] - 4 * countBits(imm)) | 0;
  if (!loadList(cpu, start, imm, rn(f))) return false;
  if (((imm >>> rn(f)) & 1) === 0) r[rn(f)] = start;
  return true;
}

export function stm(cpu: Core, f: number, imm: number): boolean {
  return storeList(cpu, cpu.words[rn(f)], imm);
}

export function stmWriteback(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const start = r[rn(f)];
  if (!storeList(cpu, start, imm)) return false;
  r[rn(f)] = start + 4 * countBits(imm);
  return true;
}

export function stmdb(cpu: Core, f: number, imm: number): boolean {
  return storeList(cpu, (cpu.words[rn(f)] - 4 * countBits(imm)) | 0, imm);
}

/** STMDB with writeback, and PUSH. */
export function stmdbWriteback(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const start = (r[rn(f)] - 4 * countBits(imm)) | 0;
  if (!storeList(cpu, start, imm)) return false;
  r[rn(f)] = start;
  return true;
}

function storeList(cpu: Core, start: number, list: number): boolean {
  const r = cpu.words;
  if (stopsAtWatchpoint(cpu, start, 4 * countBits(list), Access.Write)) return false;
  let address = start;
  for (let bits = list; bits !== 0; bits &= bits - 1) {
    if (!storeAligned(cpu, address, r[31 - Math.clz32(bits & -bits)])) return false;
    address = (address + 4) | 0;
  }
  return true;
}

/** Loads Rt and Rt2 from `address`, both or none. */
function loadPair(cpu: Core, f: number, address: number): boolean {
  const r = cpu.words;
  if (stopsAtWatchpoint(cpu, address, 8, Access.Read)) return false;
  const old = r[rd(f)];
  if (!loadAligned(cpu, address, rd(f))) return false;
  if (loadAligned(cpu, (address + 4) | 0, ra(f))) return true;
  r[rd(f)] = old;
  return false;
}

function storePair(cpu: Core, f: number, address: number): boolean {
  const r = cpu.words;
  if (stopsAtWatchpoint(cpu, address, 8, Access.Write)) return false;
  return storeAligned(cpu, address, r[rd(f)]) && storeAligned(cpu, (address + 4) | 0, r[ra(f)]);
}

export function ldrdImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadPair(cpu, f, (cpu.words[rn(f)] + imm) | 0);
}

export function ldrdLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadPair(cpu, f, imm);
}

export function ldrdPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const address = (cpu.words[rn(f)] + imm) | 0;
  if (!loadPair(cpu, f, address)) return false;
  cpu.words[rn(f)] = address;
  return true;
}

export function ldrdPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const address = cpu.words[rn(f)];
  if (!loadPair(cpu, f, address)) return false;
  cpu.words[rn(f)] = address + imm;
  return true;
}

export function strdImmediate(cpu: Core, f: number, imm: number): boolean {
  return storePair(cpu, f, (cpu.words[rn(f)] + imm) | 0);
}

export function strdPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const address = (cpu.words[rn(f)] + imm) | 0;
  if (!storePair(cpu, f, address)) return false;
  cpu.words[rn(f)] = address;
  return true;
}

export function strdPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const address = cpu.words[rn(f)];
  if (!storePair(cpu, f, address)) return false;
  cpu.words[rn(f)] = address + imm;
  return true;
}

export function ldrt(cpu: Core, f: number, imm: number): boolean {
  return loadUnprivileged(cpu, cpu.words[rn(f)] + imm, 4, rd(f));
}

export function ldrht(cpu: Core, f: number, imm: number): boolean {
  return loadUnprivileged(cpu, cpu.words[rn(f)] + imm, 2, rd(f));
}

export function ldrbt(cpu: Core, f: number, imm: number): boolean {
  return loadUnprivileged(cpu, cpu.words[rn(f)] + imm, 1, rd(f));
}

export function ldrsht(cpu: Core, f: number, imm: number): boolean {
  if (!ldrht(cpu, f, imm)) return false;
  cpu.words[rd(f)] = (cpu.words[rd(f)] << 16) >> 16;
  return true;
}

export function ldrsbt(cpu: Core, f: number, imm: number): boolean {
  if (!ldrbt(cpu, f, imm)) return false;
  cpu.words[rd(f)] = (cpu.words[rd(f)] << 24) >> 24;
  return true;
}

export function strt(cpu: Core, f: number, imm: number): boolean {
  return storeUnprivileged(cpu, cpu.words[rn(f)] + imm, 4, cpu.words[rd(f)]);
}

export function strht(cpu: Core, f: number, imm: number): boolean {
  return storeUnprivileged(cpu, cpu.words[rn(f)] + imm, 2, cpu.words[rd(f)]);
}

export function strbt(cpu: Core, f: number, imm: number): boolean {
  return storeUnprivileged(cpu, cpu.words[rn(f)] + imm, 1, cpu.words[rd(f)]);
}

export function ldrex(cpu: Core, f: number, imm: number): boolean {
  if (!loadAligned(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f))) return false;
  cpu.words[EXCLUSIVE] = 1;
  return true;
}

export function ldrexh(cpu: Core, f: number): boolean {
  const address = cpu.words[rn(f)];
  if ((address & 1) !== 0) return cpu.fault(Exception.UsageFault, Cfsr.UNALIGNED);
  if (!loadHalfword(cpu, address, rd(f))) return false;
  cpu.words[EXCLUSIVE] = 1;
  return true;
}

export function ldrexb(cpu: Core, f: number): boolean {
  if (!loadByte(cpu, cpu.words[rn(f)], rd(f))) return false;
  cpu.words[EXCLUSIVE] = 1;
  return true;
}

/** The store happens only with the monitor open; Rd says 0 for done. */
export function strex(cpu: Core, f: number, imm: number): boolean {
  const address = (cpu.words[rn(f)] + imm) | 0;
  if ((address & 3) !== 0) return cpu.fault(Exception.UsageFault, Cfsr.UNALIGNED);
  if (cpu.words[EXCLUSIVE] === 0) return refuse(cpu, f);
  return storeAligned(cpu, address, cpu.words[rd(f)]) && succeed(cpu, f);
}

export function strexh(cpu: Core, f: number): boolean {
  const address = cpu.words[rn(f)];
  if ((address & 1) !== 0) return cpu.fault(Exception.UsageFault, Cfsr.UNALIGNED);
  if (cpu.words[EXCLUSIVE] === 0) return refuse(cpu, f);
  return storeHalfword(cpu, address, cpu.words[rd(f)]) && succeed(cpu, f);
}

export function strexb(cpu: Core, f: number): boolean {
  if (cpu.words[EXCLUSIVE] === 0) return refuse(cpu, f);
  return storeByte(cpu, cpu.words[rn(f)], cpu.words[rd(f)]) && succeed(cpu, f);
}

function succeed(cpu: Core, f: number): boolean {
  cpu.words[EXCLUSIVE] = 0;
  cpu.words[ra(f)] = 0;
  return true;
}

function refuse(cpu: Core, f: number): boolean {
  cpu.words[ra(f)] = 1;
  return true;
}

export function clrex(cpu: Core): boolean {
  cpu.words[EXCLUSIVE] = 0;
  return true;
}
