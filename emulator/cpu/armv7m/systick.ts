// SysTick (ARMv7-M manual B3.3) in virtual time: the counter is computed from the cycle at which it last stood at zero.
import type { Core } from "./core.js";
import { setPending } from "./exceptions.js";
import * as S from "./state.js";

const ENABLE = 1;
const TICKINT = 2;

const period = (cpu: Core): number => cpu.words[S.SYST_RVR] + 1;
const enabled = (cpu: Core): boolean =>
  (cpu.words[S.SYST_CSR] & ENABLE) !== 0 && cpu.words[S.SYST_RVR] !== 0;

/** Cycle of the next count to zero, `Infinity` when the timer is off. */
export function nextTick(cpu: Core): number {
  return enabled(cpu) ? cpu.doubles[S.SYST_START_F64] + period(cpu) : Number.POSITIVE_INFINITY;
}

/** Accounts for all counts to zero up to `now`. */
export function advanceSysTick(cpu: Core, now: number): void {
  if (now < nextTick(cpu)) return;
  const r = cpu.words;
  const elapsed = now - cpu.doubles[S.SYST_START_F64];
  cpu.doubles[S.SYST_START_F64] += Math.floor(elapsed / period(cpu)) * period(cpu);
  r[S.SYST_COUNTFLAG] = 1;
  if (r[S.SYST_CSR] & TICKINT) setPending(cpu, S.Exception.SysTick);
}

/** SYST_CVR as it reads at `now`. */
export function currentValue(cpu: Core, now: number): number {
  if (!enabled(cpu)) return cpu.words[S.SYST_HELD];
  advanceSysTick(cpu, now);
  const elapsed = now - cpu.doubles[S.SYST_START_F64];
  return elapsed === 0 ? 0 : period(cpu) - elapsed;
}

/** A write to SYST_CVR clears the counter and COUNTFLAG, whatever the value. */
export function clearCurrentValue(cpu: Core, now: number): void {
  cpu.words[S.SYST_HELD] = 0;
  cpu.words[S.SYST_COUNTFLAG] = 0;
  cpu.doubles[S.SYST_START_F64] = now;
}

/** SYST_CSR: reading clears COUNTFLAG (bit 16). */
export function readControl(cpu: Core, now: number): number {
  const r = cpu.words;
  advanceSysTick(cpu, now);
  const value = r[S.SYST_CSR] | (r[S.SYST_COUNTFLAG] << 16);
  r[S.SYST_COUNTFLAG] = 0;
  return value;
}

export function writeControl(cpu: Core, value: number, now: number): void {
  const r = cpu.words;
  const held = currentValue(cpu, now);
  r[S.SYST_CSR] = value & 7;
  r[S.SYST_HELD] = held;
  cpu.doubles[S.SYST_START_F64] = now - (held === 0 ? 0 : period(cpu) - held);
}

export function writeReload(cpu: Core, value: number, now: number): void {
  const held = currentValue(cpu, now);
  cpu.words[S.SYST_RVR] = value & 0xffffff;
  cpu.doubles[S.SYST_START_F64] = now - (held === 0 ? 0 : Math.max(period(cpu) - held, 0));
}
