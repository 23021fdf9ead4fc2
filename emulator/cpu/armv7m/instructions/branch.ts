// Branches inside one function (ARMv7-M manual A5.2.6, A5.3.4): each answers whether it is taken; the target is the immediate.
import { C, N, V, Z } from "../state.js";
import { rn } from "./operands.js";

export function branch(): boolean {
  return true;
}

export function branchEq(r: Int32Array): boolean {
  return r[Z] === 0;
}

export function branchNe(r: Int32Array): boolean {
  return r[Z] !== 0;
}

export function branchCs(r: Int32Array): boolean {
  return r[C] !== 0;
}

export function branchCc(r: Int32Array): boolean {
  return r[C] === 0;
}

export function branchMi(r: Int32Array): boolean {
  return r[N] < 0;
}

export function branchPl(r: Int32Array): boolean {
  return r[N] >= 0;
}

export function branchVs(r: Int32Array): boolean {
  return r[V] < 0;
}

export function branchVc(r: Int32Array): boolean {
  return r[V] >= 0;
}

export function branchHi(r: Int32Array): boolean {
  return r[C] !== 0 && r[Z] !== 0;
}

export function branchLs(r: Int32Array): boolean {
  return r[C] === 0 || r[Z] === 0;
}

export function branchGe(r: Int32Array): boolean {
  return (r[N] ^ r[V]) >= 0;
}

export function branchLt(r: Int32Array): boolean {
  return (r[N] ^ r[V]) < 0;
}

export function branchGt(r: Int32Array): boolean {
  return r[Z] !== 0 && (r[N] ^ r[V]) >= 0;
}

export function branchLe(r: Int32Array): boolean {
  return r[Z] === 0 || (r[N] ^ r[V]) < 0;
}

export function compareBranchZero(r: Int32Array, f: number): boolean {
  return r[rn(f)] === 0;
}

export function compareBranchNonzero(r: Int32Array, f: number): boolean {
  return r[rn(f)] !== 0;
}

/** ConditionPassed() for a condition of four bits (A7.3). */
export function conditionPassed(r: Int32Array, condition: number): boolean {
  return (passedWhenEven(r, condition >>> 1) ? 0 : 1) === (condition & 1) || condition >= 14;
}

function passedWhenEven(r: Int32Array, pair: number): boolean {
  switch (pair) {
    case 0:
      return r[Z] === 0;
    case 1:
      return r[C] !== 0;
    case 2:
      return r[N] < 0;
    case 3:
      return r[V] < 0;
    case 4:
      return r[C] !== 0 && r[Z] !== 0;
    case 5:
      return (r[N] ^ r[V]) >= 0;
    default:
      return r[Z] !== 0 && (r[N] ^ r[V]) >= 0;
  }
}

/** For each condition a bit per value of the flags N, Z, C, V as a number of four bits: set where it passes. */
export const PASSED: Int32Array = Int32Array.from({ length: 16 }, (_, condition) => {
  let mask = 0;
  for (let flags = 0; flags < 16; flags++) {
    const r = new Int32Array(V + 1);
    r[N] = flags & 8 ? -1 : 0;
    r[Z] = flags & 4 ? 0 : 1;
    r[C] = (flags >>> 1) & 1;
    r[V] = flags & 1 ? -1 : 0;
    if (conditionPassed(r, condition)) mask |= 1 << flags;
  }
  return mask;
});
