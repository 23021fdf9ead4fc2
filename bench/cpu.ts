// The interpreter against rp2040js on the same Cortex-M0+ image, in turns in one process.
import { readFileSync } from "node:fs";
import { RP2040 } from "rp2040js";
import { Clock } from "../emulator/base/clock.js";
import { Bus } from "../emulator/bus/bus.js";
import { Memory } from "../emulator/bus/memory.js";
import { Armv7m } from "../emulator/cpu/armv7m/armv7m.js";
import { Exit } from "../emulator/cpu/cpu.js";
import { type Measurement, median } from "./measurement.js";

const IMAGE = "examples/bare/bare-cortex-m0plus.elf";
const FLASH = 0x10000000;
/** Vector 7 of the image is the number of rounds it makes. */
const ROUNDS_VECTOR = 28;
const ENDLESS = 0x7fffffff;
const PAIRS = 5;
const INSTRUCTIONS = 30_000_000;
const SLICE = 1_000_000;

/** Bytes to place at an address. */
type Place = (address: number, bytes: Uint8Array) => void;

function placeImage(place: Place): void {
  const elf = readFileSync(IMAGE);
  const table = elf.readUInt32LE(28);
  for (let i = 0; i < elf.readUInt16LE(44); i++) {
    const at = table + i * 32;
    const offset = elf.readUInt32LE(at + 4);
    const size = elf.readUInt32LE(at + 16);
    if (elf.readUInt32LE(at) === 1)
      place(elf.readUInt32LE(at + 12), elf.subarray(offset, offset + size));
  }
  place(FLASH + ROUNDS_VECTOR, new Uint8Array(Uint32Array.of(ENDLESS).buffer));
}

/** Instructions per second of the processor time that `run` takes. */
function speed(run: () => number): number {
  const start = process.cpuUsage().user;
  const instructions = run();
  return (instructions * 1e6) / (process.cpuUsage().user - start);
}

function ours(): () => number {
  const memory = new Memory({
    flash: { address: FLASH, size: 0x10000 },
    ram: { address: 0x20000000, size: 0x10000 },
  });
  placeImage((address, bytes) => memory.writeBytes(address, bytes));
  const clock = new Clock(64_000_000);
  const cpu = new Armv7m({
    memory,
    clock,
    bus: new Bus(),
    core: "cortex-m0plus",
    exceptions: "host",
  });
  cpu.reset();
  return () => {
    const before = cpu.instructions;
    for (const end = clock.now + INSTRUCTIONS; clock.now < end; ) {
      const exit = cpu.run(clock.now + SLICE);
      if (exit !== Exit.Deadline) throw new Error(`the image ended with exit ${exit}`);
    }
    return cpu.instructions - before;
  };
}

/** Its fastest use: the bare loop over single instructions. */
function theirs(): () => number {
  const { core, flash } = new RP2040();
  placeImage((address, bytes) => flash.set(bytes, address - FLASH));
  const vectors = new DataView(flash.buffer, flash.byteOffset);
  core.VTOR = FLASH;
  core.SP = vectors.getUint32(0, true);
  core.PC = vectors.getUint32(4, true) & ~1;
  const count = INSTRUCTIONS / 3;
  return () => {
    for (let i = 0; i < count; i++) core.executeInstruction();
    return count;
  };
}

export function benchCpu(): Measurement[] {
  const [a, b] = [ours(), theirs()];
  speed(a);
  speed(b);
  const pairs = Array.from({ length: PAIRS }, () => [speed(a), speed(b)] as const);
  const mine = median(pairs.map(p => p[0]));
  const peer = median(pairs.map(p => p[1]));
  const mips = (perSecond: number) => `${(perSecond / 1e6).toFixed(0)} MIPS`;
  return [
    { what: "interpreter, Cortex-M0+", value: mips(mine) },
    { what: "rp2040js, same image", value: mips(peer) },
    {
      what: "interpreter / rp2040js",
      value: median(pairs.map(p => p[0] / p[1])).toFixed(2),
      target: "≥ 3.5",
      met: median(pairs.map(p => p[0] / p[1])) >= 3.5,
    },
  ];
}
