// The core's registers and modes (ARMv7-M manual B1.3, B1.4): all state in typed-array views on the machine's one buffer.
import type { Clock } from "../../base/clock.js";
import type { Bus } from "../../bus/bus.js";
import { CPU_STATE_SIZE, type Memory } from "../../bus/memory.js";
import { Mpu } from "./mpu.js";
import * as S from "./state.js";
import { Watchpoints } from "./watchpoints.js";
import { NO_WINDOWS, type RamWindows, selectWindows, WindowCache } from "./windows.js";

export type CoreName = "cortex-m0plus" | "cortex-m3" | "cortex-m4";

export interface CoreOptions {
  memory: Memory;
  clock: Clock;
  bus: Bus;
  core: CoreName;
  /** The two ends of an exception: vector into guest code, or leave `run` with the frame stacked. */
  exceptions: "guest" | "host";
  /** `bkpt 0xab` leaves `run` with `Exit.Semihosting`. */
  semihosting?: boolean;
  /** Regions of the MPU: 0 for none, 8 (default) or 16. */
  mpuRegions?: 0 | 8 | 16;
}

/** What every part of the processor works on. Instructions get `words` alone where they need no memory. */
export class Core {
  readonly memory: Memory;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly name: CoreName;
  /** 6 for ARMv6-M, 7 for ARMv7-M. */
  readonly architecture: 6 | 7;
  /** The DSP extension of Cortex-M4. */
  readonly dsp: boolean;
  readonly vectorsToGuest: boolean;
  readonly semihosting: boolean;
  /** The state block, see state.ts. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** The whole buffer, as bytes, halfwords and words; its first words are `words`. */
  readonly bytes: Uint8Array;
  readonly halfwords: Uint16Array;
  readonly memoryWords: Int32Array;
  readonly mpu: Mpu;
  readonly windows = new WindowCache();
  readonly watchpoints = new Watchpoints();
  /** The windows of RAM in use as they are without watchpoints. */
  allowed: RamWindows = NO_WINDOWS;
  /** Cycle at which the current slice ends; `now` counts back from it. */
  sliceEnd = 0;

  constructor(options: CoreOptions) {
    const { memory } = options;
    this.memory = memory;
    this.clock = options.clock;
    this.bus = options.bus;
    this.name = options.core;
    this.architecture = options.core === "cortex-m0plus" ? 6 : 7;
    this.dsp = options.core === "cortex-m4";
    this.vectorsToGuest = options.exceptions === "guest";
    this.semihosting = options.semihosting ?? false;
    this.words = new Int32Array(memory.buffer, 0, S.STATE_WORDS);
    this.doubles = new Float64Array(memory.buffer, 0, CPU_STATE_SIZE / 8);
    this.bytes = new Uint8Array(memory.buffer);
    const length = memory.buffer.byteLength;
    this.halfwords = new Uint16Array(memory.buffer, 0, length >>> 1);
    this.memoryWords = new Int32Array(memory.buffer, 0, length >>> 2);
    this.mpu = new Mpu(this.words, options.mpuRegions ?? 8, this.architecture === 6 ? 256 : 32);
    this.resetRegisters();
  }

  /** Registers as after reset, without fetching the vector table. */
  resetRegisters(): void {
    const r = this.words;
    r.fill(0);
    r[S.LR] = -1;
    r[S.Z] = 1;
    r[S.T] = 1;
    r[S.CCR] = S.Ccr.STKALIGN | (this.architecture === 6 ? S.Ccr.UNALIGN_TRP : 0);
    this.mpu.changed = true;
  }

  /** The current cycle, also in the middle of a slice. */
  get now(): number {
    return this.sliceEnd - (this.words[S.LEFT] as number);
  }

  /** Thread mode with CONTROL.nPRIV is the only unprivileged state. */
  get privileged(): boolean {
    return this.words[S.IPSR] !== 0 || ((this.words[S.CONTROL] as number) & 1) === 0;
  }

  /** Mode or CONTROL changed: the access windows are those of the other privilege now. */
  privilegeChanged(): void {
    selectWindows(this);
  }

  get apsr(): number {
    const r = this.words;
    return (
      ((r[S.N] as number) & 0x80000000) |
      (r[S.Z] === 0 ? 1 << 30 : 0) |
      (r[S.C] !== 0 ? 1 << 29 : 0) |
      ((r[S.V] as number) < 0 ? 1 << 28 : 0) |
      (r[S.Q] !== 0 ? 1 << 27 : 0) |
      ((r[S.GE] as number) << 16)
    );
  }

  set apsr(value: number) {
    const r = this.words;
    r[S.N] = value;
    r[S.Z] = ~value & (1 << 30);
    r[S.C] = (value >>> 29) & 1;
    r[S.V] = value << 3;
    r[S.Q] = (value >>> 27) & 1;
    r[S.GE] = this.dsp ? (value >>> 16) & 15 : 0;
  }

  /** APSR, EPSR (IT and T) and IPSR in one word. */
  get xpsr(): number {
    const r = this.words;
    const it = r[S.IT] as number;
    const epsr = ((it & 3) << 25) | ((it >>> 2) << 10) | (r[S.T] !== 0 ? 1 << 24 : 0);
    return this.apsr | epsr | (r[S.IPSR] as number);
  }

  set xpsr(value: number) {
    const r = this.words;
    this.apsr = value;
    r[S.IT] = ((value >>> 25) & 3) | (((value >>> 10) & 0x3f) << 2);
    r[S.T] = (value >>> 24) & 1;
    r[S.IPSR] = value & 0x1ff;
  }

  get msp(): number {
    return this.words[this.words[S.SP_IS_PSP] !== 0 ? S.OTHER_SP : S.SP] as number;
  }

  set msp(value: number) {
    this.words[this.words[S.SP_IS_PSP] !== 0 ? S.OTHER_SP : S.SP] = value & ~3;
  }

  get psp(): number {
    return this.words[this.words[S.SP_IS_PSP] !== 0 ? S.SP : S.OTHER_SP] as number;
  }

  set psp(value: number) {
    this.words[this.words[S.SP_IS_PSP] !== 0 ? S.SP : S.OTHER_SP] = value & ~3;
  }

  /** Makes r13 the stack pointer that mode and CONTROL.SPSEL select (LookUpSP). Call after either changed. */
  selectStackPointer(): void {
    const r = this.words;
    const psp = r[S.IPSR] === 0 && ((r[S.CONTROL] as number) & 2) !== 0 ? 1 : 0;
    if (psp === r[S.SP_IS_PSP]) return;
    const other = r[S.OTHER_SP] as number;
    r[S.OTHER_SP] = r[S.SP] as number;
    r[S.SP] = other;
    r[S.SP_IS_PSP] = psp;
  }

  /** Ends the inner loop after this instruction with `event`; instructions return the result. */
  raise(event: number): false {
    this.words[S.EVENT] = event;
    return false;
  }

  /** The current instruction faults. `status` are bits of CFSR, `address` goes to MMFAR or BFAR if the bits say it is valid. */
  fault(exception: number, status: number, address = 0): false {
    const r = this.words;
    r[S.FAULT_EXCEPTION] = exception;
    r[S.FAULT_STATUS] = status;
    r[S.FAULT_ADDRESS] = address;
    return this.raise(S.Event.Fault);
  }
}
