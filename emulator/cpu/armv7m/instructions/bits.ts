// Bit fields, reversals and extensions (ARMv7-M manual A5.3.15, A7.7). A bit field's immediate is lsb | width << 8.
import { rd, rm, rn, Shift, shift, shiftAmount } from "./operands.js";

const mask = (width: number): number => (width > 31 ? -1 : (1 << width) - 1);

export function bfc(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rd(f)] & ~(mask(imm >>> 8) << (imm & 31));
}

export function bfi(r: Int32Array, f: number, imm: number): void {
  const field = mask(imm >>> 8);
  const lsb = imm & 31;
  r[rd(f)] = (r[rd(f)] & ~(field << lsb)) | ((r[rn(f)] & field) << lsb);
}

export function ubfx(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = (r[rn(f)] >>> (imm & 31)) & mask(imm >>> 8);
}

export function sbfx(r: Int32Array, f: number, imm: number): void {
  const width = imm >>> 8;
  r[rd(f)] = (r[rn(f)] << (32 - width - (imm & 31))) >> (32 - width);
}

export function clz(r: Int32Array, f: number): void {
  r[rd(f)] = Math.clz32(r[rm(f)]);
}

export function rbit(r: Int32Array, f: number): void {
  let x = r[rm(f)];
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  r[rd(f)] = reverseBytes(x);
}

export function rev(r: Int32Array, f: number): void {
  r[rd(f)] = reverseBytes(r[rm(f)]);
}

export function rev16(r: Int32Array, f: number): void {
  const x = r[rm(f)];
  r[rd(f)] = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
}

export function revsh(r: Int32Array, f: number): void {
  const x = r[rm(f)];
  r[rd(f)] = ((x << 24) >> 16) | ((x >>> 8) & 0xff);
}

export function sxtb(r: Int32Array, f: number): void {
  r[rd(f)] = (r[rm(f)] << 24) >> 24;
}

/** The 32-bit encoding rotates Rm first. */
export function sxtbRotated(r: Int32Array, f: number): void {
  r[rd(f)] = (rotated(r, f) << 24) >> 24;
}

export function sxth(r: Int32Array, f: number): void {
  r[rd(f)] = (r[rm(f)] << 16) >> 16;
}

/** The 32-bit encoding rotates Rm first. */
export function sxthRotated(r: Int32Array, f: number): void {
  r[rd(f)] = (rotated(r, f) << 16) >> 16;
}

export function uxtb(r: Int32Array, f: number): void {
  r[rd(f)] = r[rm(f)] & 0xff;
}

/** The 32-bit encoding rotates Rm first. */
export function uxtbRotated(r: Int32Array, f: number): void {
  r[rd(f)] = rotated(r, f) & 0xff;
}

export function uxth(r: Int32Array, f: number): void {
  r[rd(f)] = r[rm(f)] & 0xffff;
}

/** The 32-bit encoding rotates Rm first. */
export function uxthRotated(r: Int32Array, f: number): void {
  r[rd(f)] = rotated(r, f) & 0xffff;
}

function reverseBytes(x: number): number {
  return (x >>> 24) | ((x >>> 8) & 0xff00) | ((x & 0xff00) << 8) | (x << 24);
}

/** Rm rotated right by 0, 8, 16 or 24 bits. */
export const rotated = (r: Int32Array, f: number): number =>
  shift(r, r[rm(f)], Shift.ROR, shiftAmount(f));
