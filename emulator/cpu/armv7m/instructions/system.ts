// System instructions (ARMv7-M manual B5.2, A5.3.4): special registers, exceptions, hints, undefined encodings, division.
// r15 holds the address of the next instruction. False ends the inner loop.
import type { Core } from "../core.js";
import * as S from "../state.js";
import { rd, rm, rn } from "./operands.js";

const { UsageFault, HardFault } = S.Exception;

export function nop(): boolean {
  return true;
}

export function svc(cpu: Core): boolean {
  return cpu.raise(S.Event.SupervisorCall);
}

/** The immediate is the comment field; 0xab asks a semihosting host. Without a debugger BKPT escalates to HardFault. */
export function bkpt(cpu: Core, _f: number, imm: number): boolean {
  if (cpu.semihosting && imm === 0xab) return cpu.raise(S.Event.Semihosting);
  if (cpu.architecture === 7) {
    cpu.words[S.HFSR] |= S.Hfsr.DEBUGEVT;
    cpu.words[S.DFSR] |= 2;
  }
  return cpu.fault(HardFault, 0);
}

export function undefined_(cpu: Core): boolean {
  return cpu.fault(UsageFault, S.Cfsr.UNDEFINSTR);
}

/** Any coprocessor, the floating-point unit included: none is there. */
export function noCoprocessor(cpu: Core): boolean {
  return cpu.fault(UsageFault, S.Cfsr.NOCP);
}

export function wfi(cpu: Core): boolean {
  return cpu.raise(S.Event.Sleep);
}

export function wfe(cpu: Core): boolean {
  if (cpu.words[S.EVENT_REGISTER] === 0) return cpu.raise(S.Event.Sleep);
  cpu.words[S.EVENT_REGISTER] = 0;
  return true;
}

export function sev(cpu: Core): boolean {
  cpu.words[S.EVENT_REGISTER] = 1;
  return true;
}

/** CPS: immediate bit 0 is F (FAULTMASK), bit 1 I (PRIMASK), bit 2 disable. Unprivileged it does nothing. */
export function cps(cpu: Core, _f: number, imm: number): boolean {
  if (!cpu.privileged) return true;
  const r = cpu.words;
  const disable = (imm >>> 2) & 1;
  if (imm & 2) r[S.PRIMASK] = disable;
  if (imm & 1 && cpu.architecture === 7) setFaultMask(r, disable);
  cpu.privilegeChanged();
  return cpu.raise(S.Event.Reschedule);
}

/** FAULTMASK cannot be set at the priority of NMI or HardFault. */
function setFaultMask(r: Int32Array, value: number): void {
  if (value === 0 || (r[S.IPSR] !== S.Exception.NMI && r[S.IPSR] !== HardFault))
    r[S.FAULTMASK] = value;
}

/** MRS; the immediate is SYSm. What an unprivileged program must not see reads as zero. */
export function mrs(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const v7 = cpu.architecture === 7;
  let value = 0;
  if (imm < 8) {
    if (imm & 1) value |= cpu.privileged ? r[S.IPSR] : 0;
    if ((imm & 4) === 0) value |= cpu.apsr;
  } else if (imm === 20) {
    value = r[S.CONTROL];
  } else if (cpu.privileged) {
    if (imm === 8) value = cpu.msp;
    if (imm === 9) value = cpu.psp;
    if (imm === 16) value = r[S.PRIMASK];
    if (v7 && (imm === 17 || imm === 18)) value = r[S.BASEPRI];
    if (v7 && imm === 19) value = r[S.FAULTMASK];
  }
  r[rd(f)] = value;
  return true;
}

/** MSR; the immediate is SYSm | mask << 8. */
export function msr(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const value = r[rn(f)];
  const register = imm & 0xff;
  if (register < 8) {
    if ((register & 4) === 0) writeApsr(cpu, value, cpu.architecture === 6 ? 2 : imm >>> 8);
    return true;
  }
  if (!cpu.privileged) return true;
  if (register === 8) cpu.msp = value;
  else if (register === 9) cpu.psp = value;
  else if (register === 16) r[S.PRIMASK] = value & 1;
  else if (register === 20) writeControl(cpu, value);
  else if (cpu.architecture === 7) writeMask(r, register, value & 0xff);
  cpu.privilegeChanged();
  return cpu.raise(S.Event.Reschedule);
}

/** `mask` bit 1 writes N, Z, C, V, Q, bit 0 GE. */
function writeApsr(cpu: Core, value: number, mask: number): void {
  const bits = (mask & 2 ? 0xf8000000 : 0) | (mask & 1 ? 0x000f0000 : 0);
  cpu.apsr = (cpu.apsr & ~bits) | (value & bits);
}

function writeMask(r: Int32Array, register: number, value: number): void {
  const basepri = value & S.PRIORITY_MASK_V7;
  if (register === 17) r[S.BASEPRI] = basepri;
  // BASEPRI_MAX only raises the masking level.
  if (register === 18 && basepri !== 0 && (basepri < r[S.BASEPRI] || r[S.BASEPRI] === 0)) {
    r[S.BASEPRI] = basepri;
  }
  if (register === 19) setFaultMask(r, value & 1);
}

/** SPSEL can only be written in Thread mode. */
function writeControl(cpu: Core, value: number): void {
  const r = cpu.words;
  const spsel = r[S.IPSR] === 0 ? value & 2 : r[S.CONTROL] & 2;
  r[S.CONTROL] = (value & 1) | spsel;
  cpu.selectStackPointer();
}

/** Division rounds towards zero; by zero it yields 0 unless CCR.DIV_0_TRP is set. */
export function sdiv(cpu: Core, f: number): boolean {
  const r = cpu.words;
  if (r[rm(f)] === 0) return divideByZero(cpu, f);
  r[rd(f)] = r[rn(f)] / r[rm(f)];
  return true;
}

export function udiv(cpu: Core, f: number): boolean {
  const r = cpu.words;
  if (r[rm(f)] === 0) return divideByZero(cpu, f);
  r[rd(f)] = (r[rn(f)] >>> 0) / (r[rm(f)] >>> 0);
  return true;
}

function divideByZero(cpu: Core, f: number): boolean {
  if (cpu.words[S.CCR] & S.Ccr.DIV_0_TRP) return cpu.fault(UsageFault, S.Cfsr.DIVBYZERO);
  cpu.words[rd(f)] = 0;
  return true;
}
