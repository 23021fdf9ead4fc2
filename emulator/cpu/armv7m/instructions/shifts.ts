// Shifts as instructions of their own (ARMv7-M manual A7.7, LSL, LSR, ASR, ROR, RRX): by a constant in the operand word,
// or by the low byte of a register.
import { C, SHIFT_CARRY } from "../state.js";
import {
  rd,
  rm,
  rn,
  Shift,
  setResultFlags,
  shift,
  shiftAmount,
  shiftWithCarry,
} from "./operands.js";

export function lslImmediate(r: Int32Array, f: number): void {
  r[rd(f)] = r[rm(f)] << shiftAmount(f);
}

export function lslsImmediate(r: Int32Array, f: number): void {
  const value = r[rm(f)];
  const amount = shiftAmount(f);
  const x = value << amount;
  setResultFlags(r, x);
  r[C] = (value >>> (32 - amount)) & 1;
  r[rd(f)] = x;
}

export function lslRegister(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rn(f)], Shift.LSL, r[rm(f)] & 0xff);
}

export function lslsRegister(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rn(f)], Shift.LSL, r[rm(f)] & 0xff);
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function lsrImmediate(r: Int32Array, f: number): void {
  const amount = shiftAmount(f);
  r[rd(f)] = amount === 32 ? 0 : r[rm(f)] >>> amount;
}

export function lsrsImmediate(r: Int32Array, f: number): void {
  const value = r[rm(f)];
  const amount = shiftAmount(f);
  const x = amount === 32 ? 0 : value >>> amount;
  setResultFlags(r, x);
  r[C] = (value >>> (amount - 1)) & 1;
  r[rd(f)] = x;
}

export function lsrRegister(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rn(f)], Shift.LSR, r[rm(f)] & 0xff);
}

export function lsrsRegister(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rn(f)], Shift.LSR, r[rm(f)] & 0xff);
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function asrImmediate(r: Int32Array, f: number): void {
  const amount = shiftAmount(f);
  r[rd(f)] = r[rm(f)] >> (amount === 32 ? 31 : amount);
}

export function asrsImmediate(r: Int32Array, f: number): void {
  const value = r[rm(f)];
  const amount = shiftAmount(f);
  const x = value >> (amount === 32 ? 31 : amount);
  setResultFlags(r, x);
  r[C] = (value >>> (amount - 1)) & 1;
  r[rd(f)] = x;
}

export function asrRegister(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rn(f)], Shift.ASR, r[rm(f)] & 0xff);
}

export function asrsRegister(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rn(f)], Shift.ASR, r[rm(f)] & 0xff);
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function rorImmediate(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rm(f)], Shift.ROR, shiftAmount(f));
}

export function rorsImmediate(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rm(f)], Shift.ROR, shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function rorRegister(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rn(f)], Shift.ROR, r[rm(f)] & 0xff);
}

export function rorsRegister(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rn(f)], Shift.ROR, r[rm(f)] & 0xff);
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function rrxImmediate(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rm(f)], Shift.RRX, 1);
}

export function rrxsImmediate(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rm(f)], Shift.RRX, 1);
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}
