// Small guest programs assembled by hand, so that the kernel can be tested without an Arm toolchain.

import { type TbfHeaderFields, writeTbfHeader } from "../../emulator/formats/tbf-write.js";
import { alignUp, nextPowerOfTwo, SyscallClass } from "../../emulator/index.js";

/** Thumb-2 halfwords with labels; addresses are relative to the binary's start until `bytes(base)` places them. */
export class Assembler {
  #halfwords: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #fixups: { at: number; apply: (base: number) => number[] }[] = [];

  label(name: string): this {
    this.#labels.set(name, this.#halfwords.length * 2);
    return this;
  }

  halfwords(...values: number[]): this {
    this.#halfwords.push(...values);
    return this;
  }

  /** movw and movt: `register` = 32-bit `value`. */
  set(register: number, value: number): this {
    return this.halfwords(...moveWide(register, value));
  }

  /** `register` = address of a label; `thumb` sets bit 0. */
  address(register: number, label: string, thumb = true): this {
    const at = this.#halfwords.length;
    this.halfwords(0, 0, 0, 0);
    this.#fixups.push({
      at,
      apply: base => moveWide(register, base + this.#offset(label) + (thumb ? 1 : 0)),
    });
    return this;
  }

  branch(label: string): this {
    const at = this.#halfwords.length;
    this.halfwords(0);
    this.#fixups.push({
      at,
      apply: () => [0xe000 | (((this.#offset(label) - at * 2 - 4) >> 1) & 0x7ff)],
    });
    return this;
  }

  /** svc of a class with r0 to r3 set; `undefined` leaves a register alone. */
  syscall(syscallClass: SyscallClass, ...values: (number | undefined)[]): this {
    values.forEach((value, register) => {
      if (value !== undefined) this.set(register, value);
    });
    return this.halfwords(0xdf00 | syscallClass);
  }

  command(driver: number, command: number, a = 0, b = 0): this {
    return this.syscall(SyscallClass.Command, driver, command, a, b);
  }

  memop(operation: number, argument: number): this {
    return this.syscall(SyscallClass.Memop, operation, argument);
  }

  yieldWait(): this {
    return this.syscall(SyscallClass.Yield, 1);
  }

  yieldWaitFor(driver: number, subscribe: number): this {
    return this.syscall(SyscallClass.Yield, 2, driver, subscribe);
  }

  exit(code: number): this {
    return this.syscall(SyscallClass.Exit, 0, code);
  }

  /** mov rd, rm */
  move(to: number, from: number): this {
    return this.halfwords(0x4600 | ((to & 8) << 4) | (from << 3) | (to & 7));
  }

  /** adds rd, #imm8 */
  add(register: number, value: number): this {
    return this.halfwords(0x3000 | (register << 8) | value);
  }

  /** str rt, [rn, #4n] */
  store(register: number, base: number, word = 0): this {
    return this.halfwords(0x6000 | (word << 6) | (base << 3) | register);
  }

  /** ldr rt, [rn, #4n] */
  load(register: number, base: number, word = 0): this {
    return this.halfwords(0x6800 | (word << 6) | (base << 3) | register);
  }

  /** bx lr */
  return(): this {
    return this.halfwords(0x4770);
  }

  /** Branches to itself for ever. */
  spin(): this {
    return this.halfwords(0xe7fe);
  }

  text(name: string, text: string): this {
    this.label(name);
    const bytes = [...new TextEncoder().encode(text), 0];
    if (bytes.length % 2 !== 0) bytes.push(0);
    for (let i = 0; i < bytes.length; i += 2)
      this.halfwords((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
    return this;
  }

  /** Address of a label when the binary starts at `base`. */
  addressOf(label: string, base: number): number {
    return base + this.#offset(label);
  }

  bytes(base: number): Uint8Array {
    const halfwords = [...this.#halfwords];
    for (const { at, apply } of this.#fixups)
      apply(base).forEach((value, i) => {
        halfwords[at + i] = value;
      });
    const bytes = new Uint8Array(halfwords.length * 2);
    const view = new DataView(bytes.buffer);
    halfwords.forEach((value, i) => {
      view.setUint16(2 * i, value, true);
    });
    return bytes;
  }

  #offset(label: string): number {
    const offset = this.#labels.get(label);
    if (offset === undefined) throw new Error(`no label ${label}`);
    return offset;
  }
}

/** movw rd, #low; movt rd, #high (ARMv7-M manual A7.7.76 encoding T3, A7.7.79). */
function moveWide(register: number, value: number): number[] {
  const half = (opcode: number, immediate: number) => [
    opcode | ((immediate >>> 1) & 0x400) | (immediate >>> 12),
    ((immediate << 4) & 0x7000) | (register << 8) | (immediate & 0xff),
  ];
  return [...half(0xf240, value & 0xffff), ...half(0xf2c0, (value >>> 16) & 0xffff)];
}

export interface AppOptions extends Partial<TbfHeaderFields> {
  /** Where the TBF will lie; the program's addresses are made for it. */
  at?: number;
}

/** Stack pointer that `tbf`'s programs start with: 1 KiB above the start of RAM. */
export const STACK_SIZE = 1024;

const headerOf = (totalSize: number, binaryEndOffset: number, options: AppOptions): Uint8Array =>
  writeTbfHeader({
    enabled: true,
    totalSize,
    // The Thumb bit.
    initFunctionOffset: 1,
    protectedTrailerSize: 0,
    minimumRamSize: 4096,
    binaryEndOffset,
    binaryVersion: 0,
    name: "app",
    writeableFlashRegions: [],
    kernelVersion: { major: 2, minor: 0 },
    ...options,
  });

/** Start of the binary of an app that `tbf` made with these options. */
export const binaryStart = (options: AppOptions = {}): number =>
  (options.at ?? 0x40000) + headerOf(0, 0, options).length;

/** A TBF of a program. */
export function tbf(program: Assembler, options: AppOptions = {}): Uint8Array {
  const code = program.bytes(binaryStart(options));
  const { length } = headerOf(0, 0, options);
  const end = alignUp(length + code.length, 4);
  const total = options.totalSize ?? Math.max(512, nextPowerOfTwo(end));
  const bytes = new Uint8Array(total);
  bytes.set(headerOf(total, end, options));
  bytes.set(code, length);
  return bytes;
}

/**
 * A program that begins as a C runtime does: r6 = start of RAM, break at `breakOffset` bytes above it,
 * stack pointer at the end of the first KiB.
 */
export function program(breakOffset = 2048): Assembler {
  return new Assembler()
    .move(6, 1)
    .move(1, 6)
    .set(2, breakOffset)
    .halfwords(0x1889) // adds r1, r1, r2
    .set(0, 0)
    .halfwords(0xdf05)
    .set(2, STACK_SIZE)
    .halfwords(0x18b2) // adds r2, r6, r2
    .move(13, 2);
}
