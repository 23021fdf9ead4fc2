// The flags of CFSR that are of this fault. They stay set until they are written (ARMv7-M ARM B3.2.15), and Tock never
// writes them: after a restart those of earlier faults stand among the new ones.
import type { Transfer } from "./architecture.js";
import type { AccessRange } from "./model.js";

/** Bits of CFSR (ARMv7-M ARM B3.2.15). */
export const Cfsr = {
  IACCVIOL: 1 << 0,
  DACCVIOL: 1 << 1,
  MUNSTKERR: 1 << 3,
  MSTKERR: 1 << 4,
  MMARVALID: 1 << 7,
  IBUSERR: 1 << 8,
  PRECISERR: 1 << 9,
  IMPRECISERR: 1 << 10,
  UNSTKERR: 1 << 11,
  STKERR: 1 << 12,
  BFARVALID: 1 << 15,
  UNDEFINSTR: 1 << 16,
  INVSTATE: 1 << 17,
  INVPC: 1 << 18,
  NOCP: 1 << 19,
  UNALIGNED: 1 << 24,
  DIVBYZERO: 1 << 25,
} as const;
export type CfsrFlag = keyof typeof Cfsr;

/** Where the process stands, as far as it is known. */
export interface Standing {
  pc: number | undefined;
  xpsr: number | undefined;
  text: string | undefined;
  transfer: Transfer | undefined;
  /** What the instruction touches by its operands. */
  touches: { address: number; size: number } | undefined;
  ranges: readonly AccessRange[];
}

const T_BIT = 1 << 24;
const VALID = Cfsr.MMARVALID | Cfsr.BFARVALID;

/** `cfsr` without what the instruction at the pc cannot have caused, unless nothing would be left of it. */
export function flagsOfNow(cfsr: number, mmfar: number, standing: Standing): number {
  const causes = cfsr & ~VALID;
  if ((causes & (causes - 1)) === 0) return cfsr;
  const left = causes & ~impossible(cfsr, mmfar, standing);
  if (left === 0) return cfsr;
  const { DACCVIOL, MSTKERR, MUNSTKERR, PRECISERR } = Cfsr;
  const mmar = left & (DACCVIOL | MSTKERR | MUNSTKERR) ? cfsr & Cfsr.MMARVALID : 0;
  return left | mmar | (left & PRECISERR ? cfsr & Cfsr.BFARVALID : 0);
}

function impossible(cfsr: number, mmfar: number, standing: Standing): number {
  const { pc, xpsr, text, transfer, touches, ranges } = standing;
  let bits = 0;
  const isCode = pc !== undefined && ranges.some(r => r.execute && pc >= r.low && pc < r.high);
  if (isCode) bits |= Cfsr.IACCVIOL | Cfsr.IBUSERR;
  if (xpsr !== undefined && (xpsr & T_BIT) !== 0) bits |= Cfsr.INVSTATE;
  if (text === undefined) return bits;
  if (transfer === undefined) bits |= Cfsr.DACCVIOL | Cfsr.PRECISERR | Cfsr.UNALIGNED;
  if (!/^(udf|<)/.test(text)) bits |= Cfsr.UNDEFINSTR;
  if (!/^(v|cdp|mcr|mrc|ldc|stc)/.test(text)) bits |= Cfsr.NOCP;
  if (!/^[su]div/.test(text)) bits |= Cfsr.DIVBYZERO;
  const elsewhere =
    touches !== undefined && (mmfar < touches.address || mmfar >= touches.address + touches.size);
  if ((cfsr & Cfsr.MMARVALID) !== 0 && elsewhere) bits |= Cfsr.DACCVIOL;
  return bits;
}
