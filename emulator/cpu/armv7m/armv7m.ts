// A Cortex-M processor: `run` and what a debugger, a kernel on the host and a board may do with it.
import { type Cpu, Exit, type Isa, type Watchpoint, type WatchpointHit } from "../cpu.js";
import { DecodeCache } from "./cache.js";
import { Core, type CoreOptions } from "./core.js";
import { dispatch } from "./dispatch.js";
import {
  branchToVector,
  exceptionReturn,
  setPending,
  takeException,
  takeFault,
  takeSynchronous,
  unstack,
} from "./exceptions.js";
import { armv7mIsa } from "./isa.js";
import type { Mpu } from "./mpu.js";
import { pendingException, preempts, priorityOf, unmaskedPriority } from "./priority.js";
import { systemControlSpace } from "./scs.js";
import * as S from "./state.js";
import { advanceSysTick, nextTick } from "./systick.js";
import { selectWindows } from "./windows.js";

/** Longest run of the inner loop, so that its counter stays a small integer. */
const LONGEST_SLICE = 1 << 28;

export interface Armv7mState {
  schema: 1;
  /** The CPU state block, see state.ts. */
  words: Int32Array;
}

/** Fault status and address registers (ARMv7-M manual B3.2.15 to B3.2.18), unsigned. */
export interface FaultStatus {
  cfsr: number;
  hfsr: number;
  mmfar: number;
  bfar: number;
}

export type Armv7mOptions = CoreOptions;

export class Armv7m implements Cpu<Armv7mState> {
  readonly isa: Isa;
  readonly breakpoints: ReadonlySet<number>;
  resumeAddress = -1;
  counts: Uint32Array | undefined;
  /** Told after the guest has reset the core (AIRCR.SYSRESETREQ), so that a board can reset its peripherals. */
  onResetRequest: () => void = () => {};
  readonly mpu: Mpu;
  readonly #core: Core;
  readonly #cache: DecodeCache;
  /** Where a reset finds the vector table. */
  #resetVectors: number;

  constructor(options: Armv7mOptions) {
    this.#core = new Core(options);
    this.#cache = new DecodeCache(this.#core);
    this.breakpoints = this.#cache.breakpoints;
    this.mpu = this.#core.mpu;
    this.#resetVectors = options.memory.map.flash.address;
    this.isa = armv7mIsa(this.#cache.decoder);
    for (const region of systemControlSpace(this.#core)) options.bus.map(region);
  }

  /** Registers as after reset; SP and PC from the vector table at `vectorTable`, if there is memory. */
  reset(vectorTable = this.#resetVectors): void {
    const cpu = this.#core;
    const { instructions } = this;
    this.#resetVectors = vectorTable;
    cpu.resetRegisters();
    cpu.doubles[S.INSTRUCTIONS_F64] = instructions;
    cpu.words[S.VTOR] = vectorTable;
    if (!cpu.memory.contains(vectorTable, 8)) return;
    cpu.msp = cpu.memory.read32(vectorTable);
    branchToVector(cpu, cpu.memory.read32(vectorTable + 4));
  }

  get instructions(): number {
    return this.#core.doubles[S.INSTRUCTIONS_F64];
  }

  get exception(): number {
    return this.#core.words[S.TAKEN];
  }

  addBreakpoint(address: number): void {
    this.#cache.addBreakpoint(address);
  }

  removeBreakpoint(address: number): void {
    this.#cache.removeBreakpoint(address);
  }

  get watchpoints(): readonly Watchpoint[] {
    return this.#core.watchpoints.list;
  }

  setWatchpoints(watchpoints: readonly Watchpoint[]): void {
    // A list of its own: windows computed for it are kept by its identity.
    this.#core.watchpoints.list = [...watchpoints];
    this.mpu.changed = true;
  }

  get watchpointHit(): WatchpointHit | undefined {
    return this.#core.watchpoints.hit;
  }

  watchedByHostWrite(address: number, length: number): WatchpointHit | undefined {
    return this.#core.watchpoints.ofHostWrite(address, length);
  }

  run(deadline: number): Exit {
    const cpu = this.#core;
    const r = cpu.words;
    for (;;) {
      if (r[S.REPORT] !== 0) {
        r[S.REPORT] = 0;
        return Exit.Exception;
      }
      if (r[S.LOCKED] !== 0) return Exit.Lockup;
      if (r[S.RESET_REQUESTED] !== 0) this.#onResetRequest();
      if (cpu.vectorsToGuest && !this.#takeInterrupt(deadline)) return Exit.Sleep;
      if (cpu.clock.now >= deadline) return Exit.Deadline;
      if (cpu.mpu.changed) selectWindows(cpu);
      const until = cpu.vectorsToGuest ? Math.min(deadline, nextTick(cpu)) : deadline;
      const exit =
        r[S.PC] >>> 0 === this.resumeAddress
          ? this.#resume()
          : this.#execute(Math.min(until - cpu.clock.now, LONGEST_SLICE));
      if (exit !== Exit.Deadline) return exit;
    }
  }

  #execute(count: number): Exit {
    if (this.counts === undefined) this.#slice(count);
    else this.#sliceCounted(count);
    return this.#handleEvent();
  }

  /** As `#slice`, one instruction after the other. */
  #sliceCounted(count: number): void {
    const r = this.#core.words;
    for (let left = count; left > 0; left--) {
      const address = r[S.PC];
      const before = this.instructions;
      this.#slice(1);
      this.#count(address, this.instructions - before);
      if (r[S.EVENT] !== S.Event.None) return;
    }
  }

  #count(address: number, times: number): void {
    const { counts } = this;
    if (counts === undefined) return;
    const index = (address - this.#core.memory.map.flash.address) >>> 1;
    if (index < counts.length) counts[index] += times;
  }

  #onResetRequest(): void {
    this.reset();
    this.onResetRequest();
  }

  /** Runs the inner loop for at most `count` instructions and accounts for them. One that faults costs its cycle too. */
  #slice(count: number): void {
    const cpu = this.#core;
    const r = cpu.words;
    r[S.EVENT] = S.Event.None;
    if (r[S.T] === 0) {
      r[S.AT] = r[S.PC];
      r[S.AT_IT] = r[S.IT];
      cpu.fault(S.Exception.UsageFault, S.Cfsr.INVSTATE);
      this.#spend(1);
      return;
    }
    cpu.sliceEnd = cpu.clock.now + count;
    this.#spend(count - dispatch(cpu, this.#cache, count));
  }

  #spend(instructions: number): void {
    this.#core.clock.now += instructions;
    this.#core.doubles[S.INSTRUCTIONS_F64] += instructions;
  }

  /** `Exit.Deadline` means: go on. */
  #handleEvent(): Exit {
    const cpu = this.#core;
    const r = cpu.words;
    const event = r[S.EVENT];
    r[S.EVENT] = S.Event.None;
    switch (event) {
      case S.Event.Fault:
        takeFault(cpu);
        break;
      case S.Event.SupervisorCall:
        takeSynchronous(cpu, S.Exception.SVCall);
        break;
      case S.Event.ExceptionReturn:
        exceptionReturn(cpu, r[S.PC]);
        break;
      case S.Event.Breakpoint:
        if (r[S.PC] >>> 0 === this.resumeAddress) return this.#resume();
        // The instruction has not been executed since a watchpoint was reported here, but that is another stop.
        if (cpu.watchpoints.hit?.pc === r[S.PC] >>> 0) cpu.watchpoints.hit = undefined;
        return Exit.Breakpoint;
      case S.Event.Watchpoint:
        this.#undo();
        if (cpu.watchpoints.hit !== undefined) cpu.watchpoints.hit.pc = r[S.PC] >>> 0;
        return Exit.Watchpoint;
      case S.Event.Semihosting:
        this.#undo();
        return Exit.Semihosting;
      case S.Event.Sleep:
        if (!cpu.vectorsToGuest) return Exit.Sleep;
        r[S.SLEEPING] = 1;
        break;
      default:
        break;
    }
    return Exit.Deadline;
  }

  /** The instruction at AT has not been executed after all. */
  #undo(): void {
    const r = this.#core.words;
    r[S.PC] = r[S.AT];
    r[S.IT] = r[S.AT_IT];
    this.#spend(-1);
    this.#count(r[S.PC], -1);
  }

  /** Executes the one instruction at `resumeAddress`, the pc, without the stop that was reported there. */
  #resume(): Exit {
    const { watchpoints } = this.#core;
    const address = this.resumeAddress;
    this.resumeAddress = -1;
    const isBreakpoint = this.breakpoints.has(address);
    if (isBreakpoint) this.#cache.removeBreakpoint(address);
    if (watchpoints.hit?.pc === address) {
      watchpoints.hit = undefined;
      watchpoints.active = false;
    }
    this.#sliceCounted(1);
    watchpoints.active = watchpoints.list.length > 0;
    if (isBreakpoint) this.#cache.addBreakpoint(address);
    return this.#handleEvent();
  }

  /** Takes a pending exception that may preempt. False while the core sleeps and nothing wakes it before `deadline`. */
  #takeInterrupt(deadline: number): boolean {
    const cpu = this.#core;
    const r = cpu.words;
    advanceSysTick(cpu, cpu.clock.now);
    if (r[S.SLEEPING] !== 0 && !this.#wakes()) {
      const tick = nextTick(cpu);
      if (tick > deadline) return false;
      cpu.clock.now = tick;
      advanceSysTick(cpu, tick);
      if (!this.#wakes()) return this.#takeInterrupt(deadline);
    }
    r[S.SLEEPING] = 0;
    const number = pendingException(cpu);
    if (number !== 0 && preempts(cpu, number)) takeException(cpu, number);
    return true;
  }

  /** WFI ends for any exception that would preempt if PRIMASK were clear (B1.5.19). */
  #wakes(): boolean {
    const number = pendingException(this.#core);
    return number !== 0 && priorityOf(this.#core, number) < unmaskedPriority(this.#core);
  }

  /** Level of interrupt line `line` (0 is exception 16); a rising level pends the interrupt. */
  setInterrupt(line: number, high: boolean): void {
    const r = this.#core.words;
    const word = S.NVIC_LEVEL + (line >>> 5);
    const bit = 1 << (line & 31);
    if (high && (r[word] & bit) === 0) setPending(this.#core, S.Exception.Interrupt0 + line);
    r[word] = high ? r[word] | bit : r[word] & ~bit;
  }

  /**
   * Host only: interrupts the running program with exception `number` as hardware would.
   * Afterwards `exception` is `number`, or 3 (HardFault) if the frame could not be stacked; `faultStatus` says why.
   */
  takeException(number: number): void {
    takeException(this.#core, number);
    this.#core.words[S.REPORT] = 0;
  }

  /**
   * Host only: pops the frame at the stack pointer that `excReturn` names and resumes there, with the rights CONTROL gives.
   * False if the frame could not be read; the next `run` returns `Exit.Exception` with exception 3 then.
   */
  exceptionReturn(excReturn: number): boolean {
    const r = this.#core.words;
    r[S.ACTIVE] = 0;
    if (r[S.IPSR] === 0) r[S.IPSR] = S.Exception.SVCall;
    if (this.#core.mpu.changed) selectWindows(this.#core);
    return unstack(this.#core, excReturn);
  }

  /** Registers by index in `isa.registers`. */
  readRegister(index: number): number {
    const cpu = this.#core;
    if (index < 16) return cpu.words[index] >>> 0;
    return [cpu.xpsr, cpu.msp, cpu.psp, cpu.words[S.CONTROL]][index - 16] >>> 0;
  }

  writeRegister(index: number, value: number): void {
    if (index === 16) this.xpsr = value;
    else if (index === 17) this.msp = value;
    else if (index === 18) this.psp = value;
    else if (index === 19) this.control = value;
    else
      this.#core.words[index] = index === S.PC ? value & ~1 : index === S.SP ? value & ~3 : value;
  }

  get xpsr(): number {
    return this.#core.xpsr >>> 0;
  }

  set xpsr(value: number) {
    this.#core.xpsr = value;
    this.#core.selectStackPointer();
    this.#core.privilegeChanged();
  }

  get msp(): number {
    return this.#core.msp >>> 0;
  }

  set msp(value: number) {
    this.#core.msp = value;
  }

  get psp(): number {
    return this.#core.psp >>> 0;
  }

  set psp(value: number) {
    this.#core.psp = value;
  }

  /** CONTROL: bit 0 nPRIV, bit 1 SPSEL. */
  get control(): number {
    return this.#core.words[S.CONTROL];
  }

  set control(value: number) {
    this.#core.words[S.CONTROL] = value & 3;
    this.#core.selectStackPointer();
    this.#core.privilegeChanged();
  }

  get faultStatus(): FaultStatus {
    const r = this.#core.words;
    return {
      cfsr: r[S.CFSR] >>> 0,
      hfsr: r[S.HFSR] >>> 0,
      mmfar: r[S.MMFAR] >>> 0,
      bfar: r[S.BFAR] >>> 0,
    };
  }

  set faultStatus(status: FaultStatus) {
    const r = this.#core.words;
    r[S.CFSR] = status.cfsr;
    r[S.HFSR] = status.hfsr;
    r[S.MMFAR] = status.mmfar;
    r[S.BFAR] = status.bfar;
  }

  /** The last exception entry: lr and sp before it, and whether its frame could not be stacked. */
  get entry(): { lr: number; sp: number; stackingFailed: boolean } {
    const r = this.#core.words;
    return {
      lr: r[S.ENTRY_LR] >>> 0,
      sp: r[S.ENTRY_SP] >>> 0,
      stackingFailed: r[S.ENTRY_FAULT] !== 0,
    };
  }

  /** Without the interpreter's scratch and what follows from the MPU: the state must not tell where a run was cut. */
  save(): Armv7mState {
    const words = this.#core.words.slice();
    words.fill(0, S.EVENT, S.FAULT_ADDRESS + 1);
    words.fill(0, S.READ_BASE, S.CODE_OFFSET + 1);
    return { schema: 1, words };
  }

  load(state: Armv7mState): void {
    this.#core.words.set(state.words);
    this.#core.watchpoints.hit = undefined;
    this.#core.mpu.changed = true;
    selectWindows(this.#core);
  }
}
