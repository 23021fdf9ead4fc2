// Saturation (ARMv7-M manual A5.3.13): SSAT and USAT set the sticky Q flag when the value did not fit.
import { Q } from "../state.js";
import { rd, rn, shift, shiftAmount, shiftType } from "./operands.js";

/** SignedSatQ(): `value` into `bits` signed bits. */
export function signedSaturate(r: Int32Array, value: number, bits: number): number {
  const limit = 2 ** (bits - 1);
  if (value >= limit) {
    r[Q] = 1;
    return limit - 1;
  }
  if (value < -limit) {
    r[Q] = 1;
    return -limit;
  }
  return value;
}

/** UnsignedSatQ(): `value` into `bits` unsigned bits. */
export function unsignedSaturate(r: Int32Array, value: number, bits: number): number {
  const limit = 2 ** bits;
  if (value >= limit) {
    r[Q] = 1;
    return limit - 1;
  }
  if (value < 0) {
    r[Q] = 1;
    return 0;
  }
  return value;
}

/** The immediate is the number of bits, 1 to 32. */
export function ssat(r: Int32Array, f: number, imm: number): void {
  const value = shift(r, r[rn(f)], shiftType(f), shiftAmount(f)) | 0;
  r[rd(f)] = signedSaturate(r, value, imm);
}

/** The immediate is the number of bits, 0 to 31. */
export function usat(r: Int32Array, f: number, imm: number): void {
  const value = shift(r, r[rn(f)], shiftType(f), shiftAmount(f)) | 0;
  r[rd(f)] = unsignedSaturate(r, value, imm);
}
