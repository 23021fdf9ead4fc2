// A process on an RV32IMAC for tests: runs an app's ELF from its first function until it faults, under a PMP that gives it its
// flash and its RAM, and prints the dump that Tock would (arch/riscv/src/syscall.rs).
// No kernel: system calls succeed, or end it;
// a yield calls what was subscribed last.
import { readFileSync } from "node:fs";
import { loadedSections } from "../../../adapter/elf-match.js";
import type { MemoryReader } from "../../../adapter/symbols/model.js";
import {
  type Elf,
  parseElf,
  printCrashReport,
  type Rv32Instruction,
  rv32InstructionAt,
} from "../../../emulator/index.js";

export const RISCV_CRASHES = "test/fixtures/riscv/crashes.elf";

/** `crashes.c` before one of its crashes. */
export function crashing(which: number): { process: RiscvProcess; elf: Elf } {
  const elf = parseElf(new Uint8Array(readFileSync(RISCV_CRASHES)), RISCV_CRASHES);
  const process = new RiscvProcess(elf);
  process.strict = true;
  process.set("which", which);
  return { process, elf };
}

/** The same after the crash. */
export function crashed(which: number): { process: RiscvProcess; fault: Fault; elf: Elf } {
  const { process, elf } = crashing(which);
  return { process, fault: process.run(), elf };
}

/** The dump of it. */
export const crashDump = (which: number): string => crashed(which).process.dump("crashes");

/** Where the process lies, as libtock-c's `TOCK_TARGETS` say for QEMU's board. */
const FLASH = 0x80100000;
const HEADER = 0x80;
const RAM = 0x80300000;
const RAM_END = 0x80302000;

export interface Fault {
  registers: number[];
  pc: number;
  mcause: number;
  mtval: number;
}

class Trap extends Error {
  readonly mcause: number;
  readonly mtval: number;

  constructor(mcause: number, mtval: number) {
    super(`trap ${mcause}`);
    this.mcause = mcause;
    this.mtval = mtval;
  }
}

const Cause = {
  Fetch: 1,
  Illegal: 2,
  Breakpoint: 3,
  LoadAlign: 4,
  Load: 5,
  StoreAlign: 6,
  Store: 7,
  Call: 8,
};
const Class = { Yield: 0, Subscribe: 1, AllowRw: 3, AllowRo: 4, Memop: 5, Exit: 6 };

export class RiscvProcess {
  readonly #elf: Elf;
  readonly #flash: Uint8Array;
  readonly #ram = new Uint8Array(RAM_END - RAM);
  readonly x: number[] = new Array<number>(32).fill(0);
  pc: number;
  /** By memop, as libtock-c's start tells the kernel. */
  readonly #told = { appBreak: 0, stackTop: 0, heapStart: 0 };
  #upcall: { callback: number; userData: number } | undefined;
  #fault: Fault | undefined;
  /** An unaligned access traps, as on a core that cannot do it. */
  strict = false;

  constructor(elf: Elf) {
    this.#elf = elf;
    const parts = loadedSections(elf);
    const end = Math.max(...parts.map(({ address, bytes }) => address + bytes.length));
    this.#flash = new Uint8Array(end - FLASH);
    for (const { address, bytes } of parts) this.#flash.set(bytes, address - FLASH);
    this.pc = elf.entry;
    this.#told.appBreak = RAM + 0x1000;
    [this.x[10], this.x[11], this.x[12], this.x[13]] = [FLASH + HEADER, RAM, 0x2000, RAM + 0x1000];
    this.x[2] = RAM + 0x1000;
  }

  /** The initial value of a variable in `.data`. */
  set(name: string, value: number): void {
    const symbol = this.#elf.symbols.find(each => each.name === name);
    const section = this.#elf.section(".data");
    const loaded = loadedSections(this.#elf).find(each => each.name === ".data");
    if (symbol === undefined || section === undefined || loaded === undefined)
      throw new Error(`${name} is not in .data`);
    const at = loaded.address - FLASH + symbol.value - section.address;
    new DataView(this.#flash.buffer).setUint32(at, value, true);
  }

  /** Until it traps; an `ecall` that ends it is a trap, too. */
  run(): Fault {
    const fault = this.advance(2_000_000);
    if (fault === undefined) throw new Error("the process does not trap");
    return fault;
  }

  /** So many instructions; the trap if it comes to one. */
  advance(instructions: number): Fault | undefined {
    for (let count = 0; count < instructions; count++) {
      try {
        this.#step();
      } catch (error) {
        if (!(error instanceof Trap)) throw error;
        const { mcause, mtval } = error;
        this.#fault = { ...this.#state(), mcause, mtval };
        return this.#fault;
      }
    }
    return undefined;
  }

  #state(): { registers: number[]; pc: number } {
    return { registers: this.x.map(each => each >>> 0), pc: this.pc };
  }

  /** x0 to x31 and the pc. */
  get registers(): number[] {
    const { registers, pc } = this.#state();
    return [...registers, pc];
  }

  /** The RAM that the process may use. */
  get ram(): { address: number; bytes: Uint8Array } {
    return { address: RAM, bytes: this.#ram.slice(0, this.#told.appBreak - RAM) };
  }

  /** What a debugger reads of the process. */
  readonly memory: MemoryReader = {
    read: (address, length) => {
      const view = this.#memory(address, length, false);
      return view && new Uint8Array(view.buffer, view.byteOffset, length);
    },
  };

  #memory(address: number, size: number, write: boolean): DataView | undefined {
    const from = address >>> 0;
    if (from >= RAM && from + size <= this.#told.appBreak)
      return new DataView(this.#ram.buffer, from - RAM);
    if (!write && from >= FLASH && from + size <= FLASH + this.#flash.length)
      return new DataView(this.#flash.buffer, from - FLASH);
    return undefined;
  }

  #fetch16 = (address: number): number | undefined =>
    address >= FLASH && address + 2 <= FLASH + this.#flash.length
      ? new DataView(this.#flash.buffer).getUint16(address - FLASH, true)
      : undefined;

  #step(): void {
    const { pc } = this;
    const first = this.#fetch16(pc);
    if (first === undefined) throw new Trap(Cause.Fetch, pc);
    const instruction = rv32InstructionAt(pc, this.#fetch16);
    if (instruction === undefined) throw new Trap(Cause.Illegal, 0);
    const size = (first & 3) === 3 ? 4 : 2;
    this.#next = pc + size;
    const result = this.#execute(instruction, pc + size);
    if (result !== undefined && instruction.rd !== 0) this.x[instruction.rd] = result | 0;
    this.pc = this.#next;
  }

  #next = 0;

  #jump(to: number): void {
    this.#next = (to & ~1) >>> 0;
  }

  #execute(instruction: Rv32Instruction, next: number): number | undefined {
    const { operation, rs1, rs2, immediate } = instruction;
    const [a, b] = [this.x[rs1] as number, this.x[rs2] as number];
    if (/^(?:l[bhw]u?|lr\.w)$/.test(operation)) return this.#load(operation, a + immediate);
    if (/^s[bhw]$/.test(operation)) return this.#store(operation, a + immediate, b);
    if (operation in branches) {
      if (branches[operation]?.(a, b)) this.#jump(this.pc + immediate);
      return undefined;
    }
    switch (operation) {
      case "lui":
        return immediate;
      case "auipc":
        return this.pc + immediate;
      case "jal":
        this.#jump(this.pc + immediate);
        return next;
      case "jalr":
        this.#jump(a + immediate);
        return next;
      case "ebreak":
        throw new Trap(Cause.Breakpoint, this.pc);
      case "ecall":
        this.#call();
        return undefined;
      case "fence":
        return undefined;
    }
    const isImmediate = /i$|iu$/.test(operation);
    const compute = arithmetic[isImmediate ? operation.replace(/i(?=u?$)/, "") : operation];
    if (compute === undefined) throw new Trap(Cause.Illegal, 0);
    return compute(a, isImmediate ? immediate : b);
  }

  #load(operation: string, address: number): number {
    const size = operation.includes("w") ? 4 : operation.includes("h") ? 2 : 1;
    if (this.strict && address % size !== 0) throw new Trap(Cause.LoadAlign, address >>> 0);
    const memory = this.#memory(address, size, false);
    if (memory === undefined) throw new Trap(Cause.Load, address >>> 0);
    if (size === 4) return memory.getInt32(0, true);
    if (size === 2)
      return operation === "lh" ? memory.getInt16(0, true) : memory.getUint16(0, true);
    return operation === "lb" ? memory.getInt8(0) : memory.getUint8(0);
  }

  #store(operation: string, address: number, value: number): undefined {
    const size = operation === "sw" ? 4 : operation === "sh" ? 2 : 1;
    if (this.strict && address % size !== 0) throw new Trap(Cause.StoreAlign, address >>> 0);
    const memory = this.#memory(address, size, true);
    if (memory === undefined) throw new Trap(Cause.Store, address >>> 0);
    if (size === 4) memory.setInt32(0, value, true);
    else if (size === 2) memory.setInt16(0, value, true);
    else memory.setInt8(0, value);
  }

  /** libtock passes the class in a4 (TRD 104, section 3.1). */
  #call(): void {
    const [class_, op, argument] = [this.x[14], this.x[10], this.x[11] as number];
    if (class_ === Class.Yield && this.#upcall !== undefined) {
      const { callback, userData } = this.#upcall;
      [this.x[10], this.x[11], this.x[12], this.x[13]] = [0, 0, 0, userData];
      this.x[1] = this.#next;
      this.#jump(callback);
      return;
    }
    const isEnd = class_ === Class.Exit || class_ === Class.Yield || (class_ as number) > 7;
    if (isEnd) {
      this.pc += 4;
      throw new Trap(Cause.Call, 0);
    }
    if (class_ === Class.Subscribe)
      this.#upcall = { callback: this.x[12] as number, userData: this.x[13] as number };
    if (class_ === Class.Memop) {
      if (op === 0) this.#told.appBreak = argument >>> 0;
      if (op === 10) this.#told.stackTop = argument >>> 0;
      if (op === 11) this.#told.heapStart = argument >>> 0;
    }
    // Success; of subscribe and allow with what was there before.
    const hasTwo =
      class_ === Class.Subscribe || class_ === Class.AllowRw || class_ === Class.AllowRo;
    [this.x[10], this.x[11]] = [hasTwo ? 130 : 128, 0];
    if (hasTwo) this.x[12] = 0;
  }

  /** As the kernel prints it, with the process in front of which it panicked. */
  dump(name: string): string {
    const fault = this.#fault;
    if (fault === undefined) throw new Error("the process has not trapped");
    const { appBreak, stackTop, heapStart } = this.#told;
    const flashEnd = FLASH + this.#flash.length;
    return printCrashReport({
      location: "kernel/src/process_standard.rs:753:17",
      message: `Process ${name} had a fault`,
      kernelVersion: "2.3.0-dev1",
      debugText: "",
      fault: {
        ...{ mcause: fault.mcause, mtval: fault.mtval, mepc: 0x800030fa, mstatus: 0x88 },
        ...{ mcycle: 1, minstret: 1, mtvec: 0x80000100, mie: 0x888, mip: 0, protection: [] },
      },
      processes: [
        {
          name,
          state: "Faulted",
          queuedUpcalls: { length: 0 },
          syscallCount: 9,
          droppedUpcalls: 0,
          restartCount: 0,
          lastSyscall: null,
          completionCode: null,
          memory: { start: RAM, appBreak, kernelBreak: RAM_END - 0x500, end: RAM_END },
          flash: { start: FLASH, appStart: FLASH + HEADER, end: flashEnd },
          stackTop,
          heapStart,
          minimumStackPointer: stackTop - 64,
          sizes: { grantPointers: 40, upcallList: 320, processControlBlock: 708 },
          fixedAddresses: { flash: FLASH + HEADER, ram: RAM },
          initFunction: this.#elf.entry,
          stored: fault,
          grants: [],
          mpu: {
            id: 1,
            dirty: false,
            appMemoryRegion: 1,
            regions: [
              { start: FLASH, end: flashEnd, cfg: 0x0d },
              { start: RAM, end: appBreak, cfg: 0x0b },
            ],
          },
        },
      ],
    });
  }
}

const branches: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => a >>> 0 < b >>> 0,
  bgeu: (a, b) => a >>> 0 >= b >>> 0,
};

/** By the name without the `i` of an immediate. */
const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  sll: (a, b) => a << b,
  srl: (a, b) => a >>> b,
  sra: (a, b) => a >> b,
  slt: (a, b) => Number(a < b),
  sltu: (a, b) => Number(a >>> 0 < b >>> 0),
  mul: Math.imul,
  mulh: (a, b) => Number((BigInt(a) * BigInt(b)) >> 32n),
  mulhu: (a, b) => Number((BigInt(a >>> 0) * BigInt(b >>> 0)) >> 32n),
  mulhsu: (a, b) => Number((BigInt(a) * BigInt(b >>> 0)) >> 32n),
  div: (a, b) => (b === 0 ? -1 : Math.trunc(a / b)),
  divu: (a, b) => (b === 0 ? -1 : Math.trunc((a >>> 0) / (b >>> 0))),
  rem: (a, b) => (b === 0 ? a : a % b),
  remu: (a, b) => (b === 0 ? a : (a >>> 0) % (b >>> 0)),
};
