// Switching to and from processes on Cortex-M (arch/cortex-m/src/syscall.rs, arch/cortex-v7m/src/lib.rs).
// The frame that the hardware stacks on the process's own stack holds r0–r3, r12, lr, pc and xPSR.
import type { Memory } from "../bus/memory.js";
import type { Cpu } from "../cpu/cpu.js";
import type {
  AccessibleMemory,
  ContextSwitchReason,
  FunctionCall,
  UserspaceKernelBoundary,
} from "../kernel/boundary.js";
import { decodeSyscall } from "../kernel/dispatch.js";
import type { FaultStatus, StoredContext } from "../kernel/inspect.js";
import type { SyscallReturn } from "../kernel/syscalls.js";

/** The processor, as far as this file needs it. */
export interface ArmV7MCpu extends Cpu {
  psp: number;
  control: number;
  readonly faultStatus: FaultStatus;
  /** The last exception entry: lr and sp before it, and whether its frame could not be stacked. */
  readonly entry: { lr: number; sp: number; stackingFailed: boolean };
  /** Stacks a frame and enters the exception, as an interrupt does. */
  takeException(exception: number): void;
  /** Leaves handler mode: pops the frame at the stack pointer that `excReturn` names. */
  exceptionReturn(excReturn: number): void;
}

/** `CortexMStoredState`, and what its frame cannot tell. */
export interface CortexMStoredState {
  /** r4 to r11. */
  regs: number[];
  yieldPc: number;
  psr: number;
  psp: number;
  /** All registers before an exception whose frame could not be stacked. */
  unstacked: number[] | null;
}

const FRAME_SIZE = 32;
const HARD_FAULT = 3;
const SVCALL = 11;
const SYSTICK = 15;
/** Return to thread mode on the process stack. */
const EXC_RETURN_THREAD_PSP = 0xfffffffd;
const CONTROL_UNPRIVILEGED = 1;
const XPSR_THUMB = 0x01000000;
const XPSR_EXCEPTION = 0x1ff;
/** xPSR bit 9 in a frame: four bytes of padding lie above it. */
const XPSR_PADDED = 1 << 9;

/** Register numbers in `Isa.registers`. */
const Register = { R12: 12, Sp: 13, Lr: 14, Pc: 15, Xpsr: 16 } as const;
const REGISTER_COUNT = 17;
/** Register → word of the frame; the others are in the stored state. */
const frameWord: Readonly<Record<number, number>> = {
  0: 0,
  1: 1,
  2: 2,
  3: 3,
  [Register.R12]: 4,
  [Register.Lr]: 5,
  [Register.Pc]: 6,
  [Register.Xpsr]: 7,
};

const frameIsAccessible = (memory: AccessibleMemory, psp: number, size: number): boolean =>
  psp >= memory.start && psp + size <= memory.appBreak;

export class ArmV7MBoundary implements UserspaceKernelBoundary<CortexMStoredState> {
  readonly initialProcessAppBrkSize = FRAME_SIZE;
  readonly #cpu: ArmV7MCpu;
  readonly #memory: Memory;

  constructor(cpu: ArmV7MCpu, memory: Memory) {
    this.#cpu = cpu;
    this.#memory = memory;
  }

  get faultStatus(): FaultStatus {
    const { cfsr, hfsr, mmfar, bfar } = this.#cpu.faultStatus;
    return { cfsr, hfsr, mmfar, bfar };
  }

  initializeProcess(memory: AccessibleMemory): CortexMStoredState | null {
    if (memory.appBreak - memory.start < FRAME_SIZE) return null;
    const psp = memory.appBreak - FRAME_SIZE;
    const regs = new Array(8).fill(0);
    return { regs, yieldPc: 0, psr: XPSR_THUMB, psp, unstacked: null };
  }

  setSyscallReturnValue(
    memory: AccessibleMemory,
    stored: CortexMStoredState,
    values: SyscallReturn,
  ): boolean {
    if (!frameIsAccessible(memory, stored.psp, 16)) return false;
    values.forEach((value, i) => {
      this.#memory.write32(stored.psp + 4 * i, value);
    });
    return true;
  }

  setProcessFunction(
    memory: AccessibleMemory,
    stored: CortexMStoredState,
    call: FunctionCall,
  ): boolean {
    const { psp } = stored;
    if (!frameIsAccessible(memory, psp, FRAME_SIZE)) return false;
    call.arguments.forEach((value, i) => {
      this.#memory.write32(psp + 4 * i, value);
    });
    this.#memory.write32(psp + 20, stored.yieldPc | 1);
    this.#memory.write32(psp + 24, call.pc | 1);
    this.#memory.write32(psp + 28, stored.psr);
    return true;
  }

  switchTo(stored: CortexMStoredState): void {
    const cpu = this.#cpu;
    cpu.psp = stored.psp;
    for (let i = 0; i < 8; i++) cpu.writeRegister(4 + i, stored.regs[i] as number);
    cpu.control = CONTROL_UNPRIVILEGED;
    cpu.exceptionReturn(EXC_RETURN_THREAD_PSP);
  }

  switchFrom(
    memory: AccessibleMemory,
    stored: CortexMStoredState,
    exception: number,
  ): ContextSwitchReason {
    const cpu = this.#cpu;
    stored.psp = cpu.psp >>> 0;
    for (let i = 0; i < 8; i++) stored.regs[i] = cpu.readRegister(4 + i);
    const accessible = frameIsAccessible(memory, stored.psp, FRAME_SIZE);
    const unreadable = !accessible || cpu.entry.stackingFailed;
    stored.unstacked = unreadable ? this.#unstackedRegisters() : null;
    if (exception === HARD_FAULT || !accessible) return { reason: "Fault" };
    if (exception !== SVCALL) return { reason: "Interrupted" };
    const word = (i: number) => this.#memory.read32(stored.psp + 4 * i);
    stored.yieldPc = word(6);
    stored.psr = word(7);
    const instruction = this.#memory.read16(stored.yieldPc - 2);
    const syscall = decodeSyscall(instruction & 0xff, [word(0), word(1), word(2), word(3)]);
    return syscall === undefined ? { reason: "Fault" } : { reason: "SyscallFired", syscall };
  }

  interrupt(): number {
    this.#cpu.takeException(SYSTICK);
    return this.#cpu.exception;
  }

  stackPointer(stored: CortexMStoredState): number {
    return stored.psp;
  }

  liveRegisters(): number[] {
    // A loop, for conditions of breakpoints ask at every hit.
    const registers: number[] = [];
    for (let i = 0; i < REGISTER_COUNT; i++) registers.push(this.#cpu.readRegister(i));
    return registers;
  }

  setLiveRegister(register: number, value: number): void {
    this.#cpu.writeRegister(register, value);
  }

  storedRegisters(memory: AccessibleMemory, stored: CortexMStoredState): number[] | null {
    if (stored.unstacked !== null) return [...stored.unstacked];
    if (!frameIsAccessible(memory, stored.psp, FRAME_SIZE)) return null;
    const { psp, regs } = stored;
    const word = (i: number) => this.#memory.read32(psp + 4 * i);
    const xpsr = word(7);
    const sp = psp + FRAME_SIZE + ((xpsr & XPSR_PADDED) === 0 ? 0 : 4);
    // Pushed one by one, for a timeline asks at every system call.
    const registers = [word(0), word(1), word(2), word(3)];
    for (let i = 0; i < 8; i++) registers.push(regs[i] as number);
    registers.push(word(4), sp, word(5), word(6), xpsr);
    return registers;
  }

  setStoredRegister(
    memory: AccessibleMemory,
    stored: CortexMStoredState,
    register: number,
    value: number,
  ): boolean {
    if (register >= 4 && register <= 11) {
      stored.regs[register - 4] = value >>> 0;
      return true;
    }
    if (stored.unstacked !== null || !frameIsAccessible(memory, stored.psp, FRAME_SIZE))
      return false;
    const word = frameWord[register];
    if (word === undefined) return this.#moveFrame(memory, stored, value);
    const padded = this.#memory.read32(stored.psp + 28) & XPSR_PADDED;
    const bits = register === Register.Xpsr ? (value & ~XPSR_PADDED) | padded : value;
    this.#memory.write32(stored.psp + 4 * word, bits);
    return true;
  }

  storedContext(memory: AccessibleMemory, stored: CortexMStoredState): StoredContext {
    const { regs, yieldPc, psr, psp } = stored;
    const accessible = frameIsAccessible(memory, psp, FRAME_SIZE);
    return { regs: [...regs], yieldPc, psr, psp, frame: accessible ? this.#frame(psp) : null };
  }

  #frame(psp: number): number[] {
    return Array.from({ length: 8 }, (_, i) => this.#memory.read32(psp + 4 * i));
  }

  /** The frame goes where it would lie had the app stacked it at stack pointer `sp`. */
  #moveFrame(memory: AccessibleMemory, stored: CortexMStoredState, sp: number): boolean {
    const psp = ((sp - FRAME_SIZE) & ~7) >>> 0;
    if (!frameIsAccessible(memory, psp, FRAME_SIZE)) return false;
    const frame = this.#frame(stored.psp);
    const padded = (sp & 4) === 0 ? 0 : XPSR_PADDED;
    frame[7] = ((frame[7] as number) & ~XPSR_PADDED) | padded;
    frame.forEach((word, i) => {
      this.#memory.write32(psp + 4 * i, word);
    });
    stored.psp = psp;
    return true;
  }

  /** As the core still has them, but for those that entry has overwritten. */
  #unstackedRegisters(): number[] {
    const registers = this.liveRegisters();
    const { lr, sp } = this.#cpu.entry;
    registers[Register.Sp] = sp;
    registers[Register.Lr] = lr;
    registers[Register.Xpsr] = ((registers[Register.Xpsr] as number) & ~XPSR_EXCEPTION) >>> 0;
    return registers;
  }
}
