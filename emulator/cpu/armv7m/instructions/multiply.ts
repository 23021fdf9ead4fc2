// Multiplication and division (ARMv7-M manual A5.3.16, A5.3.17). Products wider than 32 bits are built from 16-bit halves.
import { N, Z } from "../state.js";
import { ra, rd, rm, rn } from "./operands.js";

export function mul(r: Int32Array, f: number): void {
  r[rd(f)] = Math.imul(r[rn(f)], r[rm(f)]);
}

export function muls(r: Int32Array, f: number): void {
  const x = Math.imul(r[rn(f)], r[rm(f)]);
  r[N] = x;
  r[Z] = x;
  r[rd(f)] = x;
}

export function mla(r: Int32Array, f: number): void {
  r[rd(f)] = Math.imul(r[rn(f)], r[rm(f)]) + r[ra(f)];
}

export function mls(r: Int32Array, f: number): void {
  r[rd(f)] = r[ra(f)] - Math.imul(r[rn(f)], r[rm(f)]);
}

/** Upper word of the unsigned product. */
export function multiplyHighUnsigned(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = Math.imul(aLow, bLow) >>> 0;
  const middle = aHigh * bLow + (low >>> 16);
  const middle2 = aLow * bHigh + (middle % 0x10000);
  return (
    (Math.imul(aHigh, bHigh) + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000)) | 0
  );
}

/** Upper word of the signed product. */
export function multiplyHighSigned(a: number, b: number): number {
  return (multiplyHighUnsigned(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0;
}

/** RdHi:RdLo = a 64-bit product plus a 64-bit addend, given as words. */
export function setLong(r: Int32Array, f: number, high: number, low: number): void {
  r[rd(f)] = low;
  r[ra(f)] = high;
}

/** Adds the product `high:low` to RdHi:RdLo. */
export function accumulateLong(r: Int32Array, f: number, high: number, low: number): void {
  const sum = (low >>> 0) + (r[rd(f)] >>> 0);
  r[ra(f)] = r[ra(f)] + high + (sum > 0xffffffff ? 1 : 0);
  r[rd(f)] = sum;
}

export function umull(r: Int32Array, f: number): void {
  const a = r[rn(f)];
  const b = r[rm(f)];
  setLong(r, f, multiplyHighUnsigned(a, b), Math.imul(a, b));
}

export function smull(r: Int32Array, f: number): void {
  const a = r[rn(f)];
  const b = r[rm(f)];
  setLong(r, f, multiplyHighSigned(a, b), Math.imul(a, b));
}

export function umlal(r: Int32Array, f: number): void {
  const a = r[rn(f)];
  const b = r[rm(f)];
  accumulateLong(r, f, multiplyHighUnsigned(a, b), Math.imul(a, b));
}

export function smlal(r: Int32Array, f: number): void {
  const a = r[rn(f)];
  const b = r[rm(f)];
  accumulateLong(r, f, multiplyHighSigned(a, b), Math.imul(a, b));
}
