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
  const x = shiftWithCarry(r, r[rm(f)], Shift.LSL, shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
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
  r[rd(f)] = shift(r, r[rm(f)], Shift.LSR, shiftAmount(f));
}

export function lsrsImmediate(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rm(f)], Shift.LSR, shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
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
  r[rd(f)] = shift(r, r[rm(f)], Shift.ASR, shiftAmount(f));
}

export function asrsImmediate(r: Int32Array, f: number): void {
  const x = shiftWithCarry(r, r[rm(f)], Shift.ASR, shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
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
