// The operand word of a decoded instruction, and the flag and shift functions of the manual's pseudo-code (A2.2.1, A7.4.2).
//
//   31..29 size in bytes   26..25 carry of ThumbExpandImm   24..22 shift type   21..16 shift amount
//   15..12 Ra, RdHi, Rt2   11..8 Rm   7..4 Rn   3..0 Rd, Rt, RdLo
import { C, N, SHIFT_CARRY, V, Z } from "../state.js";

/** Shift types as decoded; RRX is ROR by 0 in the encodings. */
export const Shift = { LSL: 0, LSR: 1, ASR: 2, ROR: 3, RRX: 4 } as const;

export const rd = (f: number): number => f & 15;
export const rn = (f: number): number => (f >>> 4) & 15;
export const rm = (f: number): number => (f >>> 8) & 15;
export const ra = (f: number): number => (f >>> 12) & 15;
export const shiftAmount = (f: number): number => (f >>> 16) & 63;
export const shiftType = (f: number): number => (f >>> 22) & 7;

/** AddWithCarry(): the sum, with all four flags set. */
export function addWithCarry(r: Int32Array, a: number, b: number, carry: number): number {
  const x = (a + b + carry) | 0;
  r[N] = x;
  r[Z] = x;
  r[C] = ((a & b) | ((a | b) & ~x)) >>> 31;
  r[V] = (a ^ x) & (b ^ x);
  return x;
}

/** N and Z of a result. */
export function setResultFlags(r: Int32Array, x: number): void {
  r[N] = x;
  r[Z] = x;
}

/** C after a logical instruction with a modified immediate: unchanged unless the constant was rotated. */
export function setImmediateCarry(r: Int32Array, f: number): void {
  if ((f & (1 << 26)) !== 0) r[C] = (f >>> 25) & 1;
}

/** Shift(): amounts 0 to 255, no flags. */
export function shift(r: Int32Array, value: number, type: number, amount: number): number {
  if (type === Shift.LSL) return amount > 31 ? 0 : value << amount;
  if (type === Shift.LSR) return amount > 31 ? 0 : value >>> amount;
  if (type === Shift.ASR) return value >> Math.min(amount, 31);
  if (type === Shift.ROR) return (value >>> (amount & 31)) | (value << (-amount & 31));
  return (r[C] << 31) | (value >>> 1);
}

/** Shift_C(): as `shift`, with the carry out left in SHIFT_CARRY. */
export function shiftWithCarry(r: Int32Array, value: number, type: number, amount: number): number {
  if (type === Shift.RRX) {
    r[SHIFT_CARRY] = value & 1;
    return (r[C] << 31) | (value >>> 1);
  }
  if (amount === 0) {
    r[SHIFT_CARRY] = r[C];
    return value;
  }
  if (type === Shift.LSL) {
    r[SHIFT_CARRY] = amount > 32 ? 0 : (value >>> (32 - amount)) & 1;
    return amount > 31 ? 0 : value << amount;
  }
  if (type === Shift.LSR) {
    r[SHIFT_CARRY] = amount > 32 ? 0 : (value >>> (amount - 1)) & 1;
    return amount > 31 ? 0 : value >>> amount;
  }
  if (type === Shift.ASR) {
    const n = Math.min(amount, 31);
    r[SHIFT_CARRY] = (amount > 31 ? value >> 31 : value >>> (n - 1)) & 1;
    return value >> n;
  }
  const x = (value >>> (amount & 31)) | (value << (-amount & 31));
  r[SHIFT_CARRY] = x >>> 31;
  return x;
}
