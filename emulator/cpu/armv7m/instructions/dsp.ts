// The DSP extension of ARMv7E-M (ARMv7-M manual A5.3.14, A5.3.16, A5.3.17): saturating additions, extensions with addition,
// multiplications of halves. B and T are the bottom and top half, X exchanges the halves of Rm.
import { GE, Q } from "../state.js";
import { rotated } from "./bits.js";
import { accumulateLong, multiplyHighSigned, multiplyHighUnsigned, setLong } from "./multiply.js";
import { ra, rd, rm, rn, Shift, shift, shiftAmount } from "./operands.js";
import { signedSaturate, unsignedSaturate } from "./saturating.js";

const bottom = (x: number): number => (x << 16) >> 16;
const top = (x: number): number => x >> 16;
const exchange = (x: number): number => (x >>> 16) | (x << 16);

/** Writes a sum that may be wider than 32 bits; Q is set when it is. */
function setWithOverflow(r: Int32Array, f: number, sum: number): void {
  if (sum !== (sum | 0)) r[Q] = 1;
  // Beyond 2^53 nothing is lost here: the largest sum has 34 bits.
  r[rd(f)] = sum;
}

export function sxtah(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + ((rotated(r, f) << 16) >> 16);
}

export function uxtah(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + (rotated(r, f) & 0xffff);
}

export function sxtab(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + ((rotated(r, f) << 24) >> 24);
}

export function uxtab(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + (rotated(r, f) & 0xff);
}

/** Bytes 0 and 2 of Rm, extended to halves, plus the halves of `n`. */
function addExtendedBytes(r: Int32Array, f: number, n: number, signed: boolean): void {
  const x = rotated(r, f);
  const low = signed ? (x << 24) >> 24 : x & 0xff;
  const high = signed ? (x << 8) >> 24 : (x >>> 16) & 0xff;
  r[rd(f)] = ((n + low) & 0xffff) | ((top(n) + high) << 16);
}

export function sxtab16(r: Int32Array, f: number): void {
  addExtendedBytes(r, f, r[rn(f)], true);
}

export function uxtab16(r: Int32Array, f: number): void {
  addExtendedBytes(r, f, r[rn(f)], false);
}

export function sxtb16(r: Int32Array, f: number): void {
  addExtendedBytes(r, f, 0, true);
}

export function uxtb16(r: Int32Array, f: number): void {
  addExtendedBytes(r, f, 0, false);
}

export function qadd(r: Int32Array, f: number): void {
  r[rd(f)] = signedSaturate(r, r[rm(f)] + r[rn(f)], 32);
}

export function qsub(r: Int32Array, f: number): void {
  r[rd(f)] = signedSaturate(r, r[rm(f)] - r[rn(f)], 32);
}

export function qdadd(r: Int32Array, f: number): void {
  const doubled = signedSaturate(r, 2 * r[rn(f)], 32);
  r[rd(f)] = signedSaturate(r, r[rm(f)] + doubled, 32);
}

export function qdsub(r: Int32Array, f: number): void {
  const doubled = signedSaturate(r, 2 * r[rn(f)], 32);
  r[rd(f)] = signedSaturate(r, r[rm(f)] - doubled, 32);
}

export function sel(r: Int32Array, f: number): void {
  let mask = 0;
  for (let lane = 0; lane < 4; lane++) if ((r[GE] >>> lane) & 1) mask |= 0xff << (lane * 8);
  r[rd(f)] = (r[rn(f)] & mask) | (r[rm(f)] & ~mask);
}

export function pkhbt(r: Int32Array, f: number): void {
  r[rd(f)] = (r[rn(f)] & 0xffff) | ((r[rm(f)] << shiftAmount(f)) & 0xffff0000);
}

export function pkhtb(r: Int32Array, f: number): void {
  const m = shift(r, r[rm(f)], Shift.ASR, shiftAmount(f));
  r[rd(f)] = (r[rn(f)] & 0xffff0000) | (m & 0xffff);
}

export function ssat16(r: Int32Array, f: number, imm: number): void {
  const n = r[rn(f)];
  const low = signedSaturate(r, bottom(n), imm);
  r[rd(f)] = (low & 0xffff) | (signedSaturate(r, top(n), imm) << 16);
}

export function usat16(r: Int32Array, f: number, imm: number): void {
  const n = r[rn(f)];
  const low = unsignedSaturate(r, bottom(n), imm);
  r[rd(f)] = (low & 0xffff) | (unsignedSaturate(r, top(n), imm) << 16);
}

export function smulbb(r: Int32Array, f: number): void {
  r[rd(f)] = bottom(r[rn(f)]) * bottom(r[rm(f)]);
}

export function smlabb(r: Int32Array, f: number): void {
  setWithOverflow(r, f, bottom(r[rn(f)]) * bottom(r[rm(f)]) + r[ra(f)]);
}

export function smlalbb(r: Int32Array, f: number): void {
  accumulate(r, f, bottom(r[rn(f)]) * bottom(r[rm(f)]));
}

export function smulbt(r: Int32Array, f: number): void {
  r[rd(f)] = bottom(r[rn(f)]) * top(r[rm(f)]);
}

export function smlabt(r: Int32Array, f: number): void {
  setWithOverflow(r, f, bottom(r[rn(f)]) * top(r[rm(f)]) + r[ra(f)]);
}

export function smlalbt(r: Int32Array, f: number): void {
  accumulate(r, f, bottom(r[rn(f)]) * top(r[rm(f)]));
}

export function smultb(r: Int32Array, f: number): void {
  r[rd(f)] = top(r[rn(f)]) * bottom(r[rm(f)]);
}

export function smlatb(r: Int32Array, f: number): void {
  setWithOverflow(r, f, top(r[rn(f)]) * bottom(r[rm(f)]) + r[ra(f)]);
}

export function smlaltb(r: Int32Array, f: number): void {
  accumulate(r, f, top(r[rn(f)]) * bottom(r[rm(f)]));
}

export function smultt(r: Int32Array, f: number): void {
  r[rd(f)] = top(r[rn(f)]) * top(r[rm(f)]);
}

export function smlatt(r: Int32Array, f: number): void {
  setWithOverflow(r, f, top(r[rn(f)]) * top(r[rm(f)]) + r[ra(f)]);
}

export function smlaltt(r: Int32Array, f: number): void {
  accumulate(r, f, top(r[rn(f)]) * top(r[rm(f)]));
}

export function smulwb(r: Int32Array, f: number): void {
  r[rd(f)] = Math.floor((r[rn(f)] * bottom(r[rm(f)])) / 0x10000);
}

export function smlawb(r: Int32Array, f: number): void {
  setWithOverflow(r, f, Math.floor((r[rn(f)] * bottom(r[rm(f)])) / 0x10000) + r[ra(f)]);
}

export function smulwt(r: Int32Array, f: number): void {
  r[rd(f)] = Math.floor((r[rn(f)] * top(r[rm(f)])) / 0x10000);
}

export function smlawt(r: Int32Array, f: number): void {
  setWithOverflow(r, f, Math.floor((r[rn(f)] * top(r[rm(f)])) / 0x10000) + r[ra(f)]);
}

/** Bottom product plus `sign` times top product. */
function dualProduct(n: number, m: number, sign: number): number {
  return bottom(n) * bottom(m) + sign * top(n) * top(m);
}

/** Adds an exact signed value to RdHi:RdLo. */
function accumulate(r: Int32Array, f: number, value: number): void {
  accumulateLong(r, f, Math.floor(value / 0x100000000), value | 0);
}

export function smuad(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], r[rm(f)], 1));
}

export function smusd(r: Int32Array, f: number): void {
  r[rd(f)] = dualProduct(r[rn(f)], r[rm(f)], -1);
}

export function smlad(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], r[rm(f)], 1) + r[ra(f)]);
}

export function smlsd(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], r[rm(f)], -1) + r[ra(f)]);
}

export function smlald(r: Int32Array, f: number): void {
  accumulate(r, f, dualProduct(r[rn(f)], r[rm(f)], 1));
}

export function smlsld(r: Int32Array, f: number): void {
  accumulate(r, f, dualProduct(r[rn(f)], r[rm(f)], -1));
}

export function smuadx(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], exchange(r[rm(f)]), 1));
}

export function smusdx(r: Int32Array, f: number): void {
  r[rd(f)] = dualProduct(r[rn(f)], exchange(r[rm(f)]), -1);
}

export function smladx(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], exchange(r[rm(f)]), 1) + r[ra(f)]);
}

export function smlsdx(r: Int32Array, f: number): void {
  setWithOverflow(r, f, dualProduct(r[rn(f)], exchange(r[rm(f)]), -1) + r[ra(f)]);
}

export function smlaldx(r: Int32Array, f: number): void {
  accumulate(r, f, dualProduct(r[rn(f)], exchange(r[rm(f)]), 1));
}

export function smlsldx(r: Int32Array, f: number): void {
  accumulate(r, f, dualProduct(r[rn(f)], exchange(r[rm(f)]), -1));
}

/** Upper word of Ra:0 plus `sign` times the product, rounded if `round` is 0x80000000. */
function mostSignificant(r: Int32Array, f: number, a: number, sign: 1 | -1, round: number): number {
  const high = multiplyHighSigned(r[rn(f)], r[rm(f)]);
  const low = Math.imul(r[rn(f)], r[rm(f)]) >>> 0;
  const lowSum = sign * low + round;
  return a + sign * high + Math.floor(lowSum / 0x100000000);
}

export function smmul(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, 0, 1, 0);
}

export function smmla(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, r[ra(f)], 1, 0);
}

export function smmls(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, r[ra(f)], -1, 0);
}

export function smmulr(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, 0, 1, 0x80000000);
}

export function smmlar(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, r[ra(f)], 1, 0x80000000);
}

export function smmlsr(r: Int32Array, f: number): void {
  r[rd(f)] = mostSignificant(r, f, r[ra(f)], -1, 0x80000000);
}

function absoluteDifferences(n: number, m: number): number {
  let sum = 0;
  for (let at = 0; at < 32; at += 8) sum += Math.abs(((n >>> at) & 0xff) - ((m >>> at) & 0xff));
  return sum;
}

export function usad8(r: Int32Array, f: number): void {
  r[rd(f)] = absoluteDifferences(r[rn(f)], r[rm(f)]);
}

export function usada8(r: Int32Array, f: number): void {
  r[rd(f)] = r[ra(f)] + absoluteDifferences(r[rn(f)], r[rm(f)]);
}

export function umaal(r: Int32Array, f: number): void {
  const a = r[rn(f)];
  const b = r[rm(f)];
  const [low, high] = [r[rd(f)], r[ra(f)]];
  setLong(r, f, multiplyHighUnsigned(a, b), Math.imul(a, b));
  accumulateLong(r, f, 0, low);
  accumulateLong(r, f, 0, high);
}
