// Control transfers that leave a function or may change state (ARMv7-M manual A2.3.1, BXWritePC, LoadWritePC):
// r15 holds the address of the next instruction. False ends the inner loop.
import { loadAligned, loadByte, loadHalfword, loadWord, stopsAtWatchpoint } from "../access.js";
import type { Core } from "../core.js";
import { Access } from "../mpu.js";
import { Event, IPSR, LR, PC, T } from "../state.js";
import { rm, rn, shiftAmount } from "./operands.js";

/** BXWritePC(): an EXC_RETURN value in Handler mode returns from the exception; bit 0 becomes EPSR.T. */
export function branchExchange(cpu: Core, target: number): boolean {
  const r = cpu.words;
  if ((target & 1) !== 0 && (r[IPSR] === 0 || target >>> 28 !== 15)) {
    r[PC] = target & ~1;
    return true;
  }
  return branchOutOfThumb(cpu, target);
}

function branchOutOfThumb(cpu: Core, target: number): boolean {
  const r = cpu.words;
  if (r[IPSR] !== 0 && target >>> 28 === 15) {
    r[PC] = target;
    return cpu.raise(Event.ExceptionReturn);
  }
  // The next instruction faults with INVSTATE.
  r[PC] = target & ~1;
  r[T] = 0;
  return cpu.raise(Event.Reschedule);
}

export function branchLink(cpu: Core, _f: number, imm: number): boolean {
  const r = cpu.words;
  r[LR] = r[PC] | 1;
  r[PC] = imm;
  return true;
}

export function branchLinkExchange(cpu: Core, f: number): boolean {
  const r = cpu.words;
  const target = r[rm(f)];
  r[LR] = r[PC] | 1;
  r[PC] = target & ~1;
  if ((target & 1) !== 0) return true;
  r[T] = 0;
  return cpu.raise(Event.Reschedule);
}

export function bx(cpu: Core, f: number): boolean {
  return branchExchange(cpu, cpu.words[rm(f)]);
}

/** BX PC: the pc reads as an even address. */
export function bxPc(cpu: Core, _f: number, imm: number): boolean {
  return branchExchange(cpu, imm);
}

/** MOV PC, Rm: ALUWritePC() keeps EPSR.T. */
export function movToPc(cpu: Core, f: number): boolean {
  cpu.words[PC] = cpu.words[rm(f)] & ~1;
  return true;
}

/** ADD PC, Rm; the immediate is the pc as it reads. */
export function addToPc(cpu: Core, f: number, imm: number): boolean {
  cpu.words[PC] = (imm + cpu.words[rm(f)]) & ~1;
  return true;
}

/** Table branches: the immediate is the pc as it reads. */
export function tbb(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  return tableBranch(cpu, imm, loadByte(cpu, (r[rn(f)] + r[rm(f)]) | 0, PC));
}

export function tbbPc(cpu: Core, f: number, imm: number): boolean {
  return tableBranch(cpu, imm, loadByte(cpu, (imm + cpu.words[rm(f)]) | 0, PC));
}

export function tbh(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  return tableBranch(cpu, imm, loadHalfword(cpu, (r[rn(f)] + (r[rm(f)] << 1)) | 0, PC));
}

export function tbhPc(cpu: Core, f: number, imm: number): boolean {
  return tableBranch(cpu, imm, loadHalfword(cpu, (imm + (cpu.words[rm(f)] << 1)) | 0, PC));
}

function tableBranch(cpu: Core, base: number, loaded: boolean): boolean {
  if (loaded) cpu.words[PC] = base + cpu.words[PC] * 2;
  return loaded;
}

/** LDR PC in its addressing modes. */
export function loadPcImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadPc(cpu, (cpu.words[rn(f)] + imm) | 0);
}

export function loadPcLiteral(cpu: Core, _f: number, imm: number): boolean {
  return loadPc(cpu, imm);
}

export function loadPcRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadPc(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0);
}

export function loadPcPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadWord(cpu, address, PC)) return false;
  r[rn(f)] = address;
  return branchExchange(cpu, r[PC]);
}

export function loadPcPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  if (!loadWord(cpu, r[rn(f)], PC)) return false;
  r[rn(f)] = r[rn(f)] + imm;
  return branchExchange(cpu, r[PC]);
}

function loadPc(cpu: Core, address: number): boolean {
  return loadWord(cpu, address, PC) && branchExchange(cpu, cpu.words[PC]);
}

/** POP and LDM with the pc in the list (bit 15 of the immediate). The base is written last. */
export function popPc(cpu: Core, _f: number, imm: number): boolean {
  return loadMultiplePc(cpu, 13, cpu.words[13], imm, true);
}

export function ldmPc(cpu: Core, f: number, imm: number): boolean {
  return loadMultiplePc(cpu, rn(f), cpu.words[rn(f)], imm, false);
}

export function ldmPcWriteback(cpu: Core, f: number, imm: number): boolean {
  return loadMultiplePc(cpu, rn(f), cpu.words[rn(f)], imm, true);
}

export function ldmdbPc(cpu: Core, f: number, imm: number): boolean {
  const start = cpu.words[rn(f)] - 4 * countBits(imm);
  return loadMultiplePc(cpu, rn(f), start, imm, false);
}

export function ldmdbPcWriteback(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const base = r[rn(f)];
  const start = base - 4 * countBits(imm);
  if (!loadList(cpu, start | 0, imm, rn(f))) return false;
  r[rn(f)] = start;
  return branchExchange(cpu, r[PC]);
}

function loadMultiplePc(
  cpu: Core,
  n: number,
  start: number,
  list: number,
  writeback: boolean,
): boolean {
  if (!loadList(cpu, start | 0, list, n)) return false;
  if (writeback) cpu.words[n] = start + 4 * countBits(list);
  return branchExchange(cpu, cpu.words[PC]);
}

/**
 * Loads the registers of `list` from ascending addresses. When an access faults, register `base` has its old value again,
 * so that the instruction can be executed once more.
 */
export function loadList(cpu: Core, start: number, list: number, base: number): boolean {
  const r = cpu.words;
  const old = r[base];
  if (stopsAtWatchpoint(cpu, start, 4 * countBits(list), Access.Read)) return false;
  let address = start;
  for (let bits = list; bits !== 0; bits &= bits - 1) {
    const t = 31 - Math.clz32(bits & -bits);
    if (!loadAligned(cpu, address, t)) {
      r[base] = old;
      return false;
    }
    address = (address + 4) | 0;
  }
  return true;
}

export function countBits(list: number): number {
  let count = 0;
  for (let bits = list; bits !== 0; bits &= bits - 1) count++;
  return count;
}
