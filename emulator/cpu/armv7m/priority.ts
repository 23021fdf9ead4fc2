// Priorities of exceptions and of the running code (ARMv7-M manual B1.5.4): a lower number is more urgent.
import type { Core } from "./core.js";
import * as S from "./state.js";

const { HardFault, NMI, Interrupt0 } = S.Exception;
/** Priority of Thread mode with nothing active. */
export const LOWEST = 256;

/** Configured priority of exception `number`, -2 for NMI, -1 for HardFault. */
export function priorityOf(cpu: Core, number: number): number {
  if (number === NMI) return -2;
  if (number === HardFault) return -1;
  const r = cpu.words;
  if (number >= Interrupt0) {
    const i = number - Interrupt0;
    return (r[S.NVIC_PRIORITY + (i >>> 2)] >>> ((i & 3) * 8)) & 0xff;
  }
  return (r[S.SHPR1 + (number >>> 2) - 1] >>> ((number & 3) * 8)) & 0xff;
}

/** Bits of a priority that decide preemption (AIRCR.PRIGROUP). */
function group(cpu: Core, priority: number): number {
  if (priority < 0) return priority;
  return priority & ~((2 << cpu.words[S.PRIGROUP]) - 1);
}

/** Exceptions that are active, in ascending order. */
export function activeExceptions(cpu: Core): number[] {
  const r = cpu.words;
  const active: number[] = [];
  for (let n = 2; n < 16; n++) if ((r[S.ACTIVE] >>> n) & 1) active.push(n);
  for (let w = 0; w < 8; w++) {
    for (let bits = r[S.NVIC_ACTIVE + w]; bits !== 0; bits &= bits - 1) {
      active.push(Interrupt0 + w * 32 + (31 - Math.clz32(bits & -bits)));
    }
  }
  return active;
}

/** ExecutionPriority(): of active exceptions, boosted by BASEPRI, PRIMASK and FAULTMASK. */
export function executionPriority(cpu: Core): number {
  const priority = unmaskedPriority(cpu);
  return cpu.words[S.PRIMASK] !== 0 ? Math.min(priority, 0) : priority;
}

/** The execution priority as it would be with PRIMASK clear. */
export function unmaskedPriority(cpu: Core): number {
  const r = cpu.words;
  let priority = LOWEST;
  // Thread mode with nothing active is the common case.
  if (r[S.ACTIVE] !== 0 || r[S.IPSR] !== 0) {
    for (const n of activeExceptions(cpu))
      priority = Math.min(priority, group(cpu, priorityOf(cpu, n)));
  }
  if (r[S.BASEPRI] !== 0) priority = Math.min(priority, group(cpu, r[S.BASEPRI]));
  if (r[S.FAULTMASK] !== 0) priority = Math.min(priority, -1);
  return priority;
}

/** Whether `number` would preempt the code that runs now. */
export const preempts = (cpu: Core, number: number): boolean =>
  group(cpu, priorityOf(cpu, number)) < executionPriority(cpu);

/** The most urgent pending and enabled exception, 0 for none. */
export function pendingException(cpu: Core): number {
  const r = cpu.words;
  let best = 0;
  let bestPriority = LOWEST + 1;
  const consider = (n: number) => {
    const priority = priorityOf(cpu, n);
    if (priority < bestPriority) {
      best = n;
      bestPriority = priority;
    }
  };
  for (let n = 2; n < 16; n++) if ((r[S.PENDING] >>> n) & 1) consider(n);
  for (let w = 0; w < 8; w++) {
    for (let b = r[S.NVIC_PENDING + w] & r[S.NVIC_ENABLED + w]; b !== 0; b &= b - 1) {
      consider(Interrupt0 + w * 32 + (31 - Math.clz32(b & -b)));
    }
  }
  return best;
}
