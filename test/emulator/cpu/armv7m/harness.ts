// A processor with memory, for tests: code as halfwords, registers by name.
import { Clock } from "../../../../emulator/base/clock.js";
import { Bus } from "../../../../emulator/bus/bus.js";
import { Memory } from "../../../../emulator/bus/memory.js";
import { Armv7m, type Armv7mOptions } from "../../../../emulator/cpu/armv7m/armv7m.js";

export const FLASH = 0x00000000;
export const RAM = 0x20000000;
export const CODE = 0x100;
export const STACK = RAM + 0x8000;

export interface Bench {
  cpu: Armv7m;
  memory: Memory;
  clock: Clock;
  bus: Bus;
  /** General registers by number, sp, lr and pc included. */
  get(register: number): number;
  set(register: number, value: number): void;
  /** Writes halfwords at `address` (CODE by default). */
  code(halfwords: readonly number[], address?: number): void;
  /** Executes that many instructions. */
  step(count?: number): number;
}

/** A core in privileged Thread mode at CODE with its stack at STACK. */
export function bench(options: Partial<Armv7mOptions> = {}): Bench {
  const memory =
    options.memory ??
    new Memory({ flash: { address: FLASH, size: 0x10000 }, ram: { address: RAM, size: 0x10000 } });
  const clock = new Clock(64_000_000);
  const bus = new Bus();
  const cpu = new Armv7m({
    memory,
    clock,
    bus,
    core: "cortex-m4",
    exceptions: "host",
    ...options,
  });
  cpu.writeRegister(13, STACK);
  cpu.writeRegister(15, CODE);
  return {
    cpu,
    memory,
    clock,
    bus,
    get: register => cpu.readRegister(register),
    set: (register, value) => cpu.writeRegister(register, value),
    code: (halfwords, address = CODE) =>
      halfwords.forEach((h, i) => {
        memory.write16(address + i * 2, h);
      }),
    step: (count = 1) => cpu.run(clock.now + count),
  };
}

/** A 32-bit instruction as two halfwords. */
export const wide = (instruction: number): [number, number] => [
  instruction >>> 16,
  instruction & 0xffff,
];

/** Loads the segments of an ELF file into memory (by physical address). */
export function loadElf(memory: Memory, elf: Buffer): void {
  const table = elf.readUInt32LE(28);
  for (let i = 0; i < elf.readUInt16LE(44); i++) {
    const header = table + i * 32;
    const [type, offset, , address, size] = [0, 4, 8, 12, 16].map(at =>
      elf.readUInt32LE(header + at),
    ) as [number, number, number, number, number];
    if (type === 1 && size > 0) memory.writeBytes(address, elf.subarray(offset, offset + size));
  }
}
