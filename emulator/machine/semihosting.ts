// Arm semihosting for a program without a kernel (Semihosting for AArch32 and AArch64, release 2.0): the operations that
// write, tell the time and end the program. There is no file system: only the terminal `:tt` can be opened.
import type { Clock } from "../base/clock.js";
import type { Trace } from "../base/trace.js";
import type { Memory } from "../bus/memory.js";
import type { Cpu } from "../cpu/cpu.js";
import type { Stop, Supervisor } from "./machine.js";
import type { OccurrenceKind } from "./occurrence.js";

const Operation = {
  Open: 0x01,
  Close: 0x02,
  WriteC: 0x03,
  Write0: 0x04,
  Write: 0x05,
  Read: 0x06,
  IsTty: 0x09,
  FLen: 0x0c,
  Clock: 0x10,
  Time: 0x11,
  Errno: 0x13,
  GetCmdLine: 0x15,
  HeapInfo: 0x16,
  Exit: 0x18,
  ExitExtended: 0x20,
  Elapsed: 0x30,
  TickFreq: 0x31,
} as const;

const FAILED = 0xffffffff;
/** `ADP_Stopped_ApplicationExit` */
const APPLICATION_EXIT = 0x20026;
const PC = 15;
const BKPT_SIZE = 2;

/** Serves a program that owns the whole CPU; its exceptions are its own. */
export class SemihostingMonitor implements Supervisor {
  readonly entryCycles = 0;
  readonly running = true;
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly hasToAct = false;
  stopBefore: ReadonlySet<OccurrenceKind> = new Set();
  stopOnDispatch: number | null = null;
  readonly #cpu: Cpu;
  readonly #memory: Memory;
  readonly #clock: Clock;
  readonly #trace: Trace;
  #exitCode: number | null = null;

  constructor(cpu: Cpu, memory: Memory, clock: Clock, trace: Trace) {
    this.#cpu = cpu;
    this.#memory = memory;
    this.#clock = clock;
    this.#trace = trace;
  }

  semihosting(): void {
    const [operation, argument] = [this.#cpu.readRegister(0), this.#cpu.readRegister(1)];
    const result = this.#serve(operation, argument);
    if (this.#exitCode !== null) return;
    this.#cpu.writeRegister(0, result >>> 0);
    this.#cpu.writeRegister(PC, this.#cpu.readRegister(PC) + BKPT_SIZE);
  }

  takeStop(): Stop | undefined {
    return this.#exitCode === null ? undefined : { reason: "exited", code: this.#exitCode };
  }

  take(): void {
    throw new Error("a program without a kernel takes its exceptions itself");
  }

  interrupt(): void {}

  act(): void {}

  dispatch(): boolean {
    return true;
  }

  guard(work: () => void): void {
    work();
  }

  save(): number | null {
    return this.#exitCode;
  }

  load(exitCode: number | null): void {
    this.#exitCode = exitCode;
  }

  /** What goes back in r0. `argument` is the address of a block of words, for most operations. */
  #serve(operation: number, argument: number): number {
    switch (operation) {
      case Operation.Open:
        return this.#open(argument);
      case Operation.WriteC:
        return this.#write(argument, 1);
      case Operation.Write0:
        return this.#write(argument, this.#stringLength(argument));
      case Operation.Write:
        return this.#write(this.#word(argument, 1), this.#word(argument, 2));
      case Operation.Read:
        // All of the buffer is left over: the end of the input.
        return this.#word(argument, 2);
      case Operation.IsTty:
        return 1;
      case Operation.Close:
      case Operation.FLen:
      case Operation.Errno:
        return 0;
      case Operation.GetCmdLine:
        return this.#fill(this.#word(argument, 0), [0]);
      case Operation.HeapInfo:
        // Zero: not known.
        return this.#fill(this.#word(argument, 0), [0, 0, 0, 0]);
      default:
        return this.#serveTimeOrExit(operation, argument);
    }
  }

  #serveTimeOrExit(operation: number, argument: number): number {
    const { now, frequency } = this.#clock;
    switch (operation) {
      case Operation.Clock:
        return Math.floor((now * 100) / frequency);
      case Operation.Time:
        return Math.floor(now / frequency);
      case Operation.Elapsed:
        return this.#fill(argument, [now % 2 ** 32, Math.floor(now / 2 ** 32)]);
      case Operation.TickFreq:
        return frequency;
      case Operation.Exit:
        this.#exitCode = argument === APPLICATION_EXIT ? 0 : 1;
        return 0;
      case Operation.ExitExtended:
        this.#exitCode =
          this.#word(argument, 0) === APPLICATION_EXIT ? this.#word(argument, 1) | 0 : 1;
        return 0;
      default:
        return FAILED;
    }
  }

  /** Opens the terminal: modes 0 to 3 read, 4 to 7 write, 8 to 11 append. */
  #open(block: number): number {
    const [name, mode, length] = [0, 1, 2].map(i => this.#word(block, i)) as [
      number,
      number,
      number,
    ];
    if (length !== 3 || !this.#memory.contains(name, 3)) return FAILED;
    const isTerminal = new TextDecoder().decode(this.#memory.readBytes(name, 3)) === ":tt";
    return isTerminal ? 1 + (mode >>> 2) : FAILED;
  }

  #write(address: number, length: number): number {
    if (length === 0) return 0;
    if (!this.#memory.contains(address, length)) return FAILED;
    const bytes = this.#memory.readBytes(address, length);
    this.#trace.emit({ type: "uart", bytes, origin: { from: "process", process: 0 } });
    return 0;
  }

  #stringLength(address: number): number {
    let length = 0;
    while (this.#memory.contains(address + length) && this.#memory.read8(address + length) !== 0)
      length++;
    return length;
  }

  /** Word `i` of a block, 0 where there is no memory. */
  #word(block: number, i: number): number {
    const address = block + 4 * i;
    return this.#memory.contains(address, 4) ? this.#memory.read32(address) : 0;
  }

  #fill(address: number, words: readonly number[]): number {
    if (!this.#memory.contains(address, 4 * words.length)) return FAILED;
    words.forEach((word, i) => {
      this.#memory.write32(address + 4 * i, word);
    });
    return 0;
  }
}
