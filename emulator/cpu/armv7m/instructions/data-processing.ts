// Data processing (ARMv7-M manual A5.3.1, A5.3.11, A7.7): names end in the form of the last operand,
// Immediate (a constant), Register (unshifted) or Shifted; an `s` after the mnemonic sets the flags.
import { C, SHIFT_CARRY } from "../state.js";
import {
  addWithCarry,
  rd,
  rm,
  rn,
  setImmediateCarry,
  setResultFlags,
  shift,
  shiftAmount,
  shiftType,
  shiftWithCarry,
} from "./operands.js";

export function andImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] & imm;
}

export function andsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = r[rn(f)] & imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function andRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] & r[rm(f)];
}

export function andsRegister(r: Int32Array, f: number): void {
  const x = r[rn(f)] & r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function andShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] & shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function andsShifted(r: Int32Array, f: number): void {
  const x = r[rn(f)] & shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function orrImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] | imm;
}

export function orrsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = r[rn(f)] | imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function orrRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] | r[rm(f)];
}

export function orrsRegister(r: Int32Array, f: number): void {
  const x = r[rn(f)] | r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function orrShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] | shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function orrsShifted(r: Int32Array, f: number): void {
  const x = r[rn(f)] | shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function eorImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] ^ imm;
}

export function eorsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = r[rn(f)] ^ imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function eorRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] ^ r[rm(f)];
}

export function eorsRegister(r: Int32Array, f: number): void {
  const x = r[rn(f)] ^ r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function eorShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] ^ shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function eorsShifted(r: Int32Array, f: number): void {
  const x = r[rn(f)] ^ shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function bicImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] & ~imm;
}

export function bicsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = r[rn(f)] & ~imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function bicRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] & ~r[rm(f)];
}

export function bicsRegister(r: Int32Array, f: number): void {
  const x = r[rn(f)] & ~r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function bicShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] & ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function bicsShifted(r: Int32Array, f: number): void {
  const x = r[rn(f)] & ~shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function ornImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] | ~imm;
}

export function ornsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = r[rn(f)] | ~imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function ornRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] | ~r[rm(f)];
}

export function ornsRegister(r: Int32Array, f: number): void {
  const x = r[rn(f)] | ~r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function ornShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] | ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function ornsShifted(r: Int32Array, f: number): void {
  const x = r[rn(f)] | ~shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function movImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = imm;
}

export function movsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function movRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rm(f)];
}

export function movsRegister(r: Int32Array, f: number): void {
  const x = r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function mvnImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = ~imm;
}

export function mvnsImmediate(r: Int32Array, f: number, imm: number): void {
  const x = ~imm;
  setResultFlags(r, x);
  setImmediateCarry(r, f);
  r[rd(f)] = x;
}

export function mvnRegister(r: Int32Array, f: number): void {
  r[rd(f)] = ~r[rm(f)];
}

export function mvnsRegister(r: Int32Array, f: number): void {
  const x = ~r[rm(f)];
  setResultFlags(r, x);
  r[rd(f)] = x;
}

export function mvnShifted(r: Int32Array, f: number): void {
  r[rd(f)] = ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function mvnsShifted(r: Int32Array, f: number): void {
  const x = ~shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, x);
  r[C] = r[SHIFT_CARRY];
  r[rd(f)] = x;
}

export function tstImmediate(r: Int32Array, f: number, imm: number): void {
  setResultFlags(r, r[rn(f)] & imm);
  setImmediateCarry(r, f);
}

export function tstRegister(r: Int32Array, f: number): void {
  setResultFlags(r, r[rn(f)] & r[rm(f)]);
}

export function tstShifted(r: Int32Array, f: number): void {
  const b = shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, r[rn(f)] & b);
  r[C] = r[SHIFT_CARRY];
}

export function teqImmediate(r: Int32Array, f: number, imm: number): void {
  setResultFlags(r, r[rn(f)] ^ imm);
  setImmediateCarry(r, f);
}

export function teqShifted(r: Int32Array, f: number): void {
  const b = shiftWithCarry(r, r[rm(f)], shiftType(f), shiftAmount(f));
  setResultFlags(r, r[rn(f)] ^ b);
  r[C] = r[SHIFT_CARRY];
}

export function addImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] + imm;
}

export function addsImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], imm, 0);
}

export function addRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + r[rm(f)];
}

export function addsRegister(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], r[rm(f)], 0);
}

export function addShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function addsShifted(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), 0);
}

export function subImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] - imm;
}

export function subsImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~imm, 1);
}

export function subRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] - r[rm(f)];
}

export function subsRegister(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~r[rm(f)], 1);
}

export function subShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] - shift(r, r[rm(f)], shiftType(f), shiftAmount(f));
}

export function subsShifted(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), 1);
}

export function rsbImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = imm - r[rn(f)];
}

export function rsbsImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = addWithCarry(r, ~r[rn(f)], imm, 1);
}

export function rsbRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rm(f)] - r[rn(f)];
}

export function rsbsRegister(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, ~r[rn(f)], r[rm(f)], 1);
}

export function rsbShifted(r: Int32Array, f: number): void {
  r[rd(f)] = shift(r, r[rm(f)], shiftType(f), shiftAmount(f)) - r[rn(f)];
}

export function rsbsShifted(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, ~r[rn(f)], shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), 1);
}

export function adcImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] + imm + r[C];
}

export function adcsImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], imm, r[C]);
}

export function adcRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + r[rm(f)] + r[C];
}

export function adcsRegister(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], r[rm(f)], r[C]);
}

export function adcShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + shift(r, r[rm(f)], shiftType(f), shiftAmount(f)) + r[C];
}

export function adcsShifted(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), r[C]);
}

export function sbcImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = r[rn(f)] + ~imm + r[C];
}

export function sbcsImmediate(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~imm, r[C]);
}

export function sbcRegister(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + ~r[rm(f)] + r[C];
}

export function sbcsRegister(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~r[rm(f)], r[C]);
}

export function sbcShifted(r: Int32Array, f: number): void {
  r[rd(f)] = r[rn(f)] + ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f)) + r[C];
}

export function sbcsShifted(r: Int32Array, f: number): void {
  r[rd(f)] = addWithCarry(r, r[rn(f)], ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), r[C]);
}

export function cmpImmediate(r: Int32Array, f: number, imm: number): void {
  addWithCarry(r, r[rn(f)], ~imm, 1);
}

export function cmpRegister(r: Int32Array, f: number): void {
  addWithCarry(r, r[rn(f)], ~r[rm(f)], 1);
}

export function cmpShifted(r: Int32Array, f: number): void {
  addWithCarry(r, r[rn(f)], ~shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), 1);
}

export function cmnImmediate(r: Int32Array, f: number, imm: number): void {
  addWithCarry(r, r[rn(f)], imm, 0);
}

export function cmnRegister(r: Int32Array, f: number): void {
  addWithCarry(r, r[rn(f)], r[rm(f)], 0);
}

export function cmnShifted(r: Int32Array, f: number): void {
  addWithCarry(r, r[rn(f)], shift(r, r[rm(f)], shiftType(f), shiftAmount(f)), 0);
}

/** Writes to SP keep its two low bits zero (B1.4.7). */
export function movToSp(r: Int32Array, f: number): void {
  r[13] = r[rm(f)] & ~3;
}

export function addToSp(r: Int32Array, f: number): void {
  r[13] = (r[13] + r[rm(f)]) & ~3;
}

export function addToSpImmediate(r: Int32Array, f: number, imm: number): void {
  r[13] = (r[rn(f)] + imm) & ~3;
}

export function addsToSpImmediate(r: Int32Array, f: number, imm: number): void {
  r[13] = addWithCarry(r, r[rn(f)], imm, 0) & ~3;
}

export function subToSpImmediate(r: Int32Array, f: number, imm: number): void {
  r[13] = (r[rn(f)] - imm) & ~3;
}

export function subsToSpImmediate(r: Int32Array, f: number, imm: number): void {
  r[13] = addWithCarry(r, r[rn(f)], ~imm, 1) & ~3;
}

export function addToSpShifted(r: Int32Array, f: number): void {
  r[13] = (r[rn(f)] + shift(r, r[rm(f)], shiftType(f), shiftAmount(f))) & ~3;
}

export function subToSpShifted(r: Int32Array, f: number): void {
  r[13] = (r[rn(f)] - shift(r, r[rm(f)], shiftType(f), shiftAmount(f))) & ~3;
}

export function movt(r: Int32Array, f: number, imm: number): void {
  r[rd(f)] = (r[rd(f)] & 0xffff) | (imm << 16);
}
