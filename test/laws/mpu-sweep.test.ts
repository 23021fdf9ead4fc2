// Law: of all addresses around all boundaries of memory, a process may touch exactly those that its kernel has given it.
// Each access is an instruction that the emulated processor executes, unprivileged and with the process's MPU regions.
import assert from "node:assert/strict";
import fc from "fast-check";
import { CortexMMpu } from "../../emulator/arch/armv7m-mpu.js";
import { Bus } from "../../emulator/bus/bus.js";
import { Armv7m, type Armv7mState } from "../../emulator/cpu/armv7m/armv7m.js";
import type { CoreName } from "../../emulator/cpu/armv7m/core.js";
import { Clock, Exit, Memory } from "../../emulator/index.js";

const FLASH = { start: 0, size: 0x80000 };
const RAM = { start: 0x20000000, size: 0x40000 };
const NOP = 0xbf00;
/** An instruction of two halfwords that both cores have, first halfword low. */
const ISB = 0x8f6ff3bf;
const SP = 13;
const PC = 15;

const Kind = { Read: 0, Write: 1, Execute: 2 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];
const SIZES = [1, 2, 4] as const;

/** `ldrb`, `ldrh`, `ldr` and `strb`, `strh`, `str` of r0 at [r1]. */
const opcodes = [
  { 1: 0x7808, 2: 0x8808, 4: 0x6808 },
  { 1: 0x7008, 2: 0x8008, 4: 0x6008 },
] as const;

/** What the kernel has given to a process: first address and first behind, half-open. */
interface Given {
  /** RAM, shared buffers included. */
  writeable: [number, number][];
  flash: [number, number];
}

const within = (ranges: readonly [number, number][], address: number) =>
  ranges.some(([start, end]) => address >= start && address < end);

/** Every byte counts for itself: an access may lie across the seam of two ranges. */
function isAllowed(given: Given, kind: Kind, address: number, size: number): boolean {
  const allowed =
    kind === Kind.Execute
      ? [given.flash]
      : kind === Kind.Read
        ? [...given.writeable, given.flash]
        : given.writeable;
  for (let i = 0; i < size; i++) if (!within(allowed, address + i)) return false;
  return true;
}

function processor(core: CoreName) {
  const clock = new Clock(64_000_000);
  const memory = new Memory({
    flash: { address: FLASH.start, size: FLASH.size },
    ram: { address: RAM.start, size: RAM.size },
  });
  for (const { start, size } of [FLASH, RAM])
    memory.writeBytes(start, new Uint8Array(new Uint16Array(size / 2).fill(NOP).buffer));
  const cpu = new Armv7m({ memory, clock, bus: new Bus(), core, exceptions: "host" });
  const mpu = new CortexMMpu(cpu.mpu, 8, core === "cortex-m0plus" ? 256 : 32);
  return { clock, memory, cpu, mpu };
}

type Processor = ReturnType<typeof processor>;

/** Executes the instruction at `pc` as the process; false if it ends in a fault, of which nothing remains then. */
function executes({ cpu, clock }: Processor, pc: number, process: Armv7mState): boolean {
  cpu.writeRegister(PC, pc);
  if (cpu.run(clock.now + 1) === Exit.Deadline) return true;
  cpu.load(process);
  return false;
}

/** The processor as the kernel leaves it to a process: unprivileged, on its own stack. */
function enterProcess({ cpu }: Processor, stack: number): Armv7mState {
  cpu.xpsr = 0x01000000;
  cpu.control = 3;
  cpu.writeRegister(SP, stack);
  return cpu.save();
}

interface Layout {
  flashPower: number;
  flashSlot: number;
  ramStart: number;
  minimumRam: number;
  grants: number;
  breakShare: number;
  shared: { offset: number; power: number; odd: number }[];
}

const layouts = fc.record<Layout>({
  flashPower: fc.integer({ min: 9, max: 15 }),
  flashSlot: fc.integer({ min: 0, max: 15 }),
  ramStart: fc.integer({ min: 0, max: 0x4000 }),
  minimumRam: fc.integer({ min: 0, max: 30000 }),
  grants: fc.integer({ min: 0, max: 40 }),
  breakShare: fc.double({ min: 0, max: 1, noNaN: true }),
  shared: fc.array(
    fc.record({
      offset: fc.integer({ min: 0, max: 0xffff }),
      power: fc.integer({ min: 0, max: 12 }),
      odd: fc.constantFrom(0, 0, 0, 4, 32, 96),
    }),
    { maxLength: 6 },
  ),
});

/** Regions as the kernel would make them, and what they mean, worked out from the requests alone. */
function lay(machine: Processor, layout: Layout): { given: Given; bounds: number[] } | null {
  const { mpu } = machine;
  const config = mpu.newConfig();
  const size = 2 ** layout.flashPower;
  const flash = { start: 0x40000 + size * (layout.flashSlot % (0x40000 / size)), size };
  assert.deepEqual(mpu.allocateRegion(flash, "ReadExecuteOnly", config), flash);
  const kernelSize = 8 * layout.grants + 1104;
  const block = mpu.allocateAppMemoryRegion(
    {
      unallocated: { start: RAM.start + layout.ramStart, size: 0x20000 },
      minMemorySize: Math.max(layout.minimumRam, 32) + kernelSize,
      initialAppMemorySize: 32,
      initialKernelMemorySize: kernelSize,
    },
    config,
  );
  if (block === null) return null;
  const kernelBreak = block.start + block.size - kernelSize;
  let appBreak = block.start + 32;
  const wanted = block.start + Math.floor(layout.breakShare * (kernelBreak - block.start));
  if (mpu.updateAppMemoryRegion(wanted, kernelBreak, config)) appBreak = wanted;
  const step = block.size / 16;
  // A break on a step is the first that gives nothing more; at creation the kernel rounds up beyond it.
  const steps =
    appBreak === wanted
      ? Math.ceil((appBreak - block.start) / step)
      : Math.floor((appBreak - block.start) / step) + 1;
  const ramEnd = block.start + steps * step;
  assert.ok(ramEnd <= kernelBreak);
  const writeable: [number, number][] = [[block.start, ramEnd]];
  const bounds = [flash.start, flash.start + size, block.start + block.size, kernelBreak, appBreak];
  for (let at = block.start; at <= block.start + block.size; at += step) bounds.push(at);
  for (const { offset, power, odd } of layout.shared) {
    const region = {
      start: RAM.start + 0x28000 + (offset & ~(2 ** Math.max(power - 1, 2) - 1)),
      size: 2 ** power + odd,
    };
    const made = mpu.allocateRegion(region, "ReadWriteOnly", config);
    bounds.push(region.start, region.start + region.size);
    if (made === null) continue;
    assert.ok(made.start >= region.start && made.start + made.size <= region.start + region.size);
    writeable.push([made.start, made.start + made.size]);
    bounds.push(made.start, made.start + made.size);
  }
  mpu.configure(config);
  return { given: { writeable, flash: [flash.start, flash.start + size] }, bounds };
}

const elsewhere = [0, 0x1000, 0x20000000, 0x40000000, 0xe000e100, 0xe000ed94, 0xfffffff0];

/** Sweeps one layout; how many accesses there were. */
function sweep(
  machine: Processor,
  { given, bounds }: { given: Given; bounds: number[] },
  unaligned: boolean,
): number {
  const { cpu, memory } = machine;
  const code = given.flash[0] + 0x100;
  const process = enterProcess(machine, given.writeable[0]![0] + 32);
  const addresses = new Set<number>();
  for (const bound of [...bounds, ...elsewhere])
    for (let d = -8; d <= 8; d++) addresses.add((bound + d) >>> 0);
  let count = 0;
  const expect = (kind: Kind, address: number, size: number, worked: boolean) => {
    count++;
    const aligned = address % size === 0 || unaligned || kind === Kind.Execute;
    const wanted = isAllowed(given, kind, address, size) && aligned;
    if (worked !== wanted)
      assert.fail(
        `${["read", "write", "execute"][kind]} of ${size} at 0x${address.toString(16)} is ${worked ? "allowed" : "refused"}`,
      );
  };
  for (const kind of [Kind.Read, Kind.Write] as const)
    for (const size of SIZES) {
      memory.write16(code, opcodes[kind][size]);
      for (const address of addresses) {
        if (kind === Kind.Write && within([[code - 4, code + 2]], address)) continue;
        cpu.writeRegister(0, NOP | (NOP << 16));
        cpu.writeRegister(1, address);
        expect(kind, address, size, executes(machine, code, process));
      }
    }
  memory.write16(code, NOP);
  for (const address of addresses) {
    if (address % 2 !== 0) continue;
    expect(Kind.Execute, address, 2, executes(machine, address, process));
    if (!memory.contains(address, 4)) continue;
    memory.write32(address, ISB);
    expect(Kind.Execute, address, 4, executes(machine, address, process));
    memory.write32(address, NOP | (NOP << 16));
  }
  return count;
}

describe("MPU regions, executed", () => {
  for (const { core, unaligned } of [
    { core: "cortex-m4", unaligned: true },
    { core: "cortex-m0plus", unaligned: false },
  ] as const)
    it(`${core}: all addresses within 8 bytes of a boundary are allowed exactly when the kernel gave them`, () => {
      const machine = processor(core);
      let accesses = 0;
      let laid = 0;
      fc.assert(
        fc.property(layouts, layout => {
          const made = lay(machine, layout);
          if (made === null) return;
          laid++;
          accesses += sweep(machine, made, unaligned);
        }),
        { numRuns: 150, seed: 5 },
      );
      console.log(`      ${accesses} accesses, ${laid} layouts`);
    });
});
