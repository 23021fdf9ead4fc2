// The DSP extension of ARMv7E-M (ARMv7-M manual A5.3.14 to A5.3.17): parallel additions and subtractions of four bytes
// or two halves: modulo (setting the GE flags), saturating (q, uq) or halving (sh, uh). Asx and sax cross the halves of Rm.
import { GE, Q } from "../state.js";
import { rd, rm, rn } from "./operands.js";
import { signedSaturate, unsignedSaturate } from "./saturating.js";

const bottom = (x: number): number => (x << 16) >> 16;
const top = (x: number): number => x >> 16;
const signed8 = (x: number, lane: number): number => (x << (24 - lane * 8)) >> 24;
const unsigned8 = (x: number, lane: number): number => (x >>> (lane * 8)) & 0xff;
const signed16 = (x: number, lane: number): number => (lane === 0 ? bottom(x) : top(x));
const unsigned16 = (x: number, lane: number): number => (x >>> (lane * 16)) & 0xffff;
const exchangedHalves = (x: number): number => (x >>> 16) | (x << 16);

/** How a lane reads its operands. */
type Lane = (x: number, lane: number) => number;
/** What becomes of the exact sum or difference of a lane. */
type Finish = (value: number) => number;

const wrap: Finish = value => value;
const halve: Finish = value => value >> 1;
/** Saturation of lanes leaves Q alone: the flag goes to a word nobody reads. */
const ignoredFlags = new Int32Array(Q + 1);
const saturated =
  (bits: number): Finish =>
  value =>
    signedSaturate(ignoredFlags, value, bits);
const saturatedUnsigned =
  (bits: number): Finish =>
  value =>
    unsignedSaturate(ignoredFlags, value, bits);

const saturate8 = saturated(8);
const saturate16 = saturated(16);
const saturateUnsigned8 = saturatedUnsigned(8);
const saturateUnsigned16 = saturatedUnsigned(16);

/** Four lanes of a byte; the result is a bit per lane for the GE flags. */
function bytes(r: Int32Array, f: number, sign: 1 | -1, read: Lane, finish: Finish): number {
  let x = 0;
  let ge = 0;
  for (let lane = 0; lane < 4; lane++) {
    const value = read(r[rn(f)], lane) + sign * read(r[rm(f)], lane);
    x |= (finish(value) & 0xff) << (lane * 8);
    const carried = read === signed8 || sign < 0 ? value >= 0 : value > 0xff;
    if (carried) ge |= 1 << lane;
  }
  r[rd(f)] = x;
  return ge;
}

/** Two lanes of a half; `signs` of the bottom and the top lane, `exchange` crosses the halves of Rm. */
function halves(
  r: Int32Array,
  f: number,
  signs: readonly [number, number],
  read: Lane,
  finish: Finish,
): number {
  const exchange = signs[0] !== signs[1];
  let x = 0;
  let ge = 0;
  const m = exchange ? exchangedHalves(r[rm(f)]) : r[rm(f)];
  const n = r[rn(f)];
  for (let lane = 0; lane < 2; lane++) {
    const value = read(n, lane) + signs[lane] * read(m, lane);
    x |= (finish(value) & 0xffff) << (lane * 16);
    const carried = read === signed16 || signs[lane] < 0 ? value >= 0 : value > 0xffff;
    if (carried) ge |= 3 << (lane * 2);
  }
  r[rd(f)] = x;
  return ge;
}

export function sadd8(r: Int32Array, f: number): void {
  r[GE] = bytes(r, f, 1, signed8, wrap);
}

export function qadd8(r: Int32Array, f: number): void {
  bytes(r, f, 1, signed8, saturate8);
}

export function shadd8(r: Int32Array, f: number): void {
  bytes(r, f, 1, signed8, halve);
}

export function uadd8(r: Int32Array, f: number): void {
  r[GE] = bytes(r, f, 1, unsigned8, wrap);
}

export function uqadd8(r: Int32Array, f: number): void {
  bytes(r, f, 1, unsigned8, saturateUnsigned8);
}

export function uhadd8(r: Int32Array, f: number): void {
  bytes(r, f, 1, unsigned8, halve);
}

export function ssub8(r: Int32Array, f: number): void {
  r[GE] = bytes(r, f, -1, signed8, wrap);
}

export function qsub8(r: Int32Array, f: number): void {
  bytes(r, f, -1, signed8, saturate8);
}

export function shsub8(r: Int32Array, f: number): void {
  bytes(r, f, -1, signed8, halve);
}

export function usub8(r: Int32Array, f: number): void {
  r[GE] = bytes(r, f, -1, unsigned8, wrap);
}

export function uqsub8(r: Int32Array, f: number): void {
  bytes(r, f, -1, unsigned8, saturateUnsigned8);
}

export function uhsub8(r: Int32Array, f: number): void {
  bytes(r, f, -1, unsigned8, halve);
}

export function sadd16(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [1, 1], signed16, wrap);
}

export function qadd16(r: Int32Array, f: number): void {
  halves(r, f, [1, 1], signed16, saturate16);
}

export function shadd16(r: Int32Array, f: number): void {
  halves(r, f, [1, 1], signed16, halve);
}

export function uadd16(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [1, 1], unsigned16, wrap);
}

export function uqadd16(r: Int32Array, f: number): void {
  halves(r, f, [1, 1], unsigned16, saturateUnsigned16);
}

export function uhadd16(r: Int32Array, f: number): void {
  halves(r, f, [1, 1], unsigned16, halve);
}

export function ssub16(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [-1, -1], signed16, wrap);
}

export function qsub16(r: Int32Array, f: number): void {
  halves(r, f, [-1, -1], signed16, saturate16);
}

export function shsub16(r: Int32Array, f: number): void {
  halves(r, f, [-1, -1], signed16, halve);
}

export function usub16(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [-1, -1], unsigned16, wrap);
}

export function uqsub16(r: Int32Array, f: number): void {
  halves(r, f, [-1, -1], unsigned16, saturateUnsigned16);
}

export function uhsub16(r: Int32Array, f: number): void {
  halves(r, f, [-1, -1], unsigned16, halve);
}

export function sasx(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [-1, 1], signed16, wrap);
}

export function qasx(r: Int32Array, f: number): void {
  halves(r, f, [-1, 1], signed16, saturate16);
}

export function shasx(r: Int32Array, f: number): void {
  halves(r, f, [-1, 1], signed16, halve);
}

export function uasx(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [-1, 1], unsigned16, wrap);
}

export function uqasx(r: Int32Array, f: number): void {
  halves(r, f, [-1, 1], unsigned16, saturateUnsigned16);
}

export function uhasx(r: Int32Array, f: number): void {
  halves(r, f, [-1, 1], unsigned16, halve);
}

export function ssax(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [1, -1], signed16, wrap);
}

export function qsax(r: Int32Array, f: number): void {
  halves(r, f, [1, -1], signed16, saturate16);
}

export function shsax(r: Int32Array, f: number): void {
  halves(r, f, [1, -1], signed16, halve);
}

export function usax(r: Int32Array, f: number): void {
  r[GE] = halves(r, f, [1, -1], unsigned16, wrap);
}

export function uqsax(r: Int32Array, f: number): void {
  halves(r, f, [1, -1], unsigned16, saturateUnsigned16);
}

export function uhsax(r: Int32Array, f: number): void {
  halves(r, f, [1, -1], unsigned16, halve);
}
