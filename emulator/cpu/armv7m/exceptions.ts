// Exception entry and return (ARMv7-M manual B1.5.6 to B1.5.8, fault escalation B1.5.14).
// An exception ends in guest code through the vector table, or leaves `run` with its frame stacked.
import { loadWord, storeWord } from "./access.js";
import type { Core } from "./core.js";
import { activeExceptions, executionPriority, preempts, priorityOf } from "./priority.js";
import * as S from "./state.js";

const { HardFault, NMI, MemManage, BusFault, UsageFault, Interrupt0 } = S.Exception;
const { Cfsr, Hfsr, Ccr } = S;
const FRAME_SIZE = 32;
/** Registers of the basic frame in the order of their addresses, without the return address and xPSR. */
const FRAME_REGISTERS = [0, 1, 2, 3, 12, S.LR];

/** Stacks a frame and enters exception `number`; r15 is the address to return to. */
export function takeException(cpu: Core, number: number): void {
  const r = cpu.words;
  const threadReturn = r[S.SP_IS_PSP] !== 0 ? 0xfffffffd : 0xfffffff9;
  const excReturn = r[S.IPSR] !== 0 ? 0xfffffff1 : threadReturn;
  r[S.ENTRY_LR] = r[S.LR];
  r[S.ENTRY_SP] = r[S.SP];
  const failure = unwatched(cpu, () => pushStack(cpu));
  r[S.ENTRY_FAULT] = failure;
  if (failure === 0) {
    exceptionTaken(cpu, number, excReturn);
    return;
  }
  reportFault(cpu, failure, 0);
  const derived = escalate(cpu, failure & Cfsr.MSTKERR ? MemManage : BusFault);
  if (!cpu.vectorsToGuest) {
    exceptionTaken(cpu, HardFault, excReturn);
  } else if (
    derived === 0 ||
    derived === number ||
    priorityOf(cpu, derived) >= priorityOf(cpu, number)
  ) {
    if (derived !== number) setPending(cpu, derived);
    exceptionTaken(cpu, number, excReturn);
  } else {
    // DerivedLateArrival: the fault of the stacking goes first, the original waits.
    setPending(cpu, number);
    exceptionTaken(cpu, derived, excReturn);
  }
}

/** Frames are no accesses of an instruction: they hit no watchpoint. */
function unwatched<T>(cpu: Core, work: () => T): T {
  const { active } = cpu.watchpoints;
  cpu.watchpoints.active = false;
  const result = work();
  cpu.watchpoints.active = active;
  return result;
}

/** PushStack(). Returns 0, or the CFSR bit of a failed stacking; the stack pointer has moved either way. */
function pushStack(cpu: Core): number {
  const r = cpu.words;
  const align8 = (r[S.CCR] & Ccr.STKALIGN) !== 0;
  const padded = align8 ? (r[S.SP] >>> 2) & 1 : 0;
  const xpsr = (cpu.xpsr & ~(1 << 9)) | (padded << 9);
  const frame = (r[S.SP] - FRAME_SIZE) & (align8 ? ~7 : ~3);
  r[S.SP] = frame;
  for (let i = 0; i < 8; i++) {
    const value = i < 6 ? r[FRAME_REGISTERS[i]] : i === 6 ? r[S.PC] : xpsr;
    if (!storeWord(cpu, (frame + i * 4) | 0, value)) {
      r[S.EVENT] = S.Event.None;
      return r[S.FAULT_EXCEPTION] === MemManage ? Cfsr.MSTKERR : Cfsr.STKERR;
    }
  }
  return 0;
}

/** ExceptionTaken(): modes, then the vector or the host. */
function exceptionTaken(cpu: Core, number: number, excReturn: number): void {
  const r = cpu.words;
  r[S.LR] = excReturn;
  r[S.IPSR] = number;
  r[S.IT] = 0;
  r[S.CONTROL] &= ~2;
  cpu.selectStackPointer();
  setActive(cpu, number, true);
  clearPending(cpu, number);
  r[S.EXCLUSIVE] = 0;
  r[S.EVENT_REGISTER] = 1;
  r[S.SLEEPING] = 0;
  r[S.TAKEN] = number;
  cpu.privilegeChanged();
  if (!cpu.vectorsToGuest) {
    r[S.REPORT] = number;
    return;
  }
  const vector = (r[S.VTOR] + number * 4) >>> 0;
  if (!cpu.memory.contains(vector, 4)) {
    r[S.HFSR] |= Hfsr.VECTTBL;
    if (number === HardFault || number === NMI) r[S.LOCKED] = 1;
    else setPending(cpu, HardFault);
    return;
  }
  branchToVector(cpu, cpu.memory.read32(vector));
}

export function branchToVector(cpu: Core, target: number): void {
  cpu.words[S.PC] = target & ~1;
  cpu.words[S.T] = target & 1;
}

/** The fault that the instruction at AT raised (Event.Fault): status registers, escalation, entry. */
export function takeFault(cpu: Core): void {
  const r = cpu.words;
  r[S.PC] = r[S.AT];
  r[S.IT] = r[S.AT_IT];
  reportFault(cpu, r[S.FAULT_STATUS], r[S.FAULT_ADDRESS]);
  takeSynchronous(cpu, r[S.FAULT_EXCEPTION]);
}

/** Takes a fault or SVC now, as HardFault if its own priority does not let it. */
export function takeSynchronous(cpu: Core, number: number): void {
  const target = escalate(cpu, number);
  if (target === 0) cpu.words[S.LOCKED] = 1;
  else takeException(cpu, target);
}

/** Sets CFSR and the address register that its VALID bit names. ARMv6-M has neither. */
function reportFault(cpu: Core, status: number, address: number): void {
  const r = cpu.words;
  if (cpu.architecture === 6) return;
  if (status & Cfsr.MMARVALID) r[S.MMFAR] = address;
  if (status & Cfsr.BFARVALID) r[S.BFAR] = address;
  r[S.CFSR] |= status;
}

/** The exception that is really taken for `number`: itself, HardFault, or 0 for lockup. */
function escalate(cpu: Core, number: number): number {
  const r = cpu.words;
  const configurable = number >= MemManage && number <= UsageFault;
  // SHCSR: MEMFAULTENA, BUSFAULTENA and USGFAULTENA are bits 16, 17, 18.
  const enabled = !configurable || ((r[S.SHCSR] >>> (12 + number)) & 1) !== 0;
  if (number !== HardFault && enabled && preempts(cpu, number)) return number;
  if (executionPriority(cpu) <= -1) return 0;
  if (number !== HardFault && cpu.architecture === 7) r[S.HFSR] |= Hfsr.FORCED;
  return HardFault;
}

/**
 * ExceptionReturn(): leaves the active exception as `excReturn` says.
 * False if that faulted; the fault is taken then (B1.5.8, "integrity checks").
 */
export function exceptionReturn(cpu: Core, excReturn: number): boolean {
  const r = cpu.words;
  const number = r[S.IPSR];
  const kind = excReturn & 15;
  const nested = activeExceptions(cpu).length;
  const toThread = kind === 9 || kind === 13;
  const nonBase = (r[S.CCR] & 1) !== 0;
  const legal =
    (excReturn | 15) >>> 0 === 0xffffffff &&
    isActive(cpu, number) &&
    (kind === 1 ? nested > 1 : toThread && (nested === 1 || nonBase));
  deactivate(cpu, number);
  if (!legal) return returnFault(cpu, UsageFault, Cfsr.INVPC, excReturn);
  return unstack(cpu, excReturn);
}

/** The second half of an exception return: pops the frame and resumes. Needs no active exception. */
export function unstack(cpu: Core, excReturn: number): boolean {
  const r = cpu.words;
  const handlerNumber = r[S.IPSR];
  const toThread = (excReturn & 8) !== 0;
  // Unstacking is checked with the rights of the mode that is returned to.
  r[S.IPSR] = toThread ? 0 : handlerNumber;
  r[S.CONTROL] = (r[S.CONTROL] & ~2) | ((excReturn & 15) === 13 ? 2 : 0);
  cpu.selectStackPointer();
  cpu.privilegeChanged();
  const frame = r[S.SP];
  const values = unwatched(cpu, () => popStack(cpu, frame));
  if (values === undefined) {
    const status = r[S.FAULT_EXCEPTION] === MemManage ? Cfsr.MUNSTKERR : Cfsr.UNSTKERR;
    r[S.IPSR] = handlerNumber;
    return returnFault(cpu, status === Cfsr.MUNSTKERR ? MemManage : BusFault, status, excReturn);
  }
  const xpsr = values[7];
  const toIpsr = xpsr & 0x1ff;
  if (toThread !== (toIpsr === 0)) {
    r[S.IPSR] = handlerNumber;
    return returnFault(cpu, UsageFault, Cfsr.INVPC, excReturn);
  }
  FRAME_REGISTERS.forEach((n, i) => {
    r[n] = values[i];
  });
  r[S.PC] = values[6] & ~1;
  const padded = (r[S.CCR] & Ccr.STKALIGN) !== 0 ? (xpsr >>> 9) & 1 : 0;
  r[S.SP] = (frame + FRAME_SIZE) | (padded << 2);
  cpu.xpsr = xpsr;
  r[S.EXCLUSIVE] = 0;
  r[S.EVENT_REGISTER] = 1;
  cpu.privilegeChanged();
  return true;
}

/** The eight words of a frame, or `undefined` if one could not be read. */
function popStack(cpu: Core, frame: number): number[] | undefined {
  const r = cpu.words;
  const values: number[] = [];
  const spared = r[0];
  for (let i = 0; i < 8; i++) {
    const loaded = loadWord(cpu, (frame + i * 4) | 0, 0);
    values.push(r[0]);
    r[0] = spared;
    if (!loaded) {
      r[S.EVENT] = S.Event.None;
      return undefined;
    }
  }
  return values;
}

/** A fault of the return itself is tail-chained: nothing is stacked, the frame stays where it is. */
function returnFault(cpu: Core, number: number, status: number, excReturn: number): false {
  const r = cpu.words;
  reportFault(cpu, status, 0);
  const target = cpu.vectorsToGuest ? escalate(cpu, number) : HardFault;
  if (!cpu.vectorsToGuest) r[S.HFSR] |= Hfsr.FORCED;
  if (target === 0) r[S.LOCKED] = 1;
  else exceptionTaken(cpu, target, excReturn | 0xf0000000);
  return false;
}

function deactivate(cpu: Core, number: number): void {
  setActive(cpu, number, false);
  if (number !== NMI) cpu.words[S.FAULTMASK] = 0;
}

export function isActive(cpu: Core, number: number): boolean {
  const i = number - Interrupt0;
  const word = i < 0 ? cpu.words[S.ACTIVE] : cpu.words[S.NVIC_ACTIVE + (i >>> 5)];
  return ((word >>> (i < 0 ? number : i & 31)) & 1) !== 0;
}

function setActive(cpu: Core, number: number, active: boolean): void {
  setBit(cpu.words, S.ACTIVE, S.NVIC_ACTIVE, number, active);
  // An interrupt line that is still high pends again when its handler ends (B3.4.1).
  if (!active && number >= Interrupt0) {
    const i = number - Interrupt0;
    if ((cpu.words[S.NVIC_LEVEL + (i >>> 5)] >>> (i & 31)) & 1) setPending(cpu, number);
  }
}

export const setPending = (cpu: Core, number: number): void =>
  setBit(cpu.words, S.PENDING, S.NVIC_PENDING, number, true);

export const clearPending = (cpu: Core, number: number): void =>
  setBit(cpu.words, S.PENDING, S.NVIC_PENDING, number, false);

/** One bit per exception: system exceptions in one word, interrupts in eight more. */
function setBit(r: Int32Array, system: number, nvic: number, number: number, on: boolean): void {
  const i = number - Interrupt0;
  const word = i < 0 ? system : nvic + (i >>> 5);
  const bit = 1 << (i < 0 ? number : i & 31);
  r[word] = on ? r[word] | bit : r[word] & ~bit;
}
