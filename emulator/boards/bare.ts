// A Cortex-M without a kernel, for benchmarks and CPU tests: one image owns the machine and ends itself by semihosting.
import { hex } from "../base/bits.js";
import { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import { Trace, type TraceEvent } from "../base/trace.js";
import { Bus } from "../bus/bus.js";
import { Memory, type MemoryMap } from "../bus/memory.js";
import { Armv7m } from "../cpu/armv7m/armv7m.js";
import type { CoreName } from "../cpu/armv7m/core.js";
import { EM_ARM, PT_LOAD, parseElf } from "../formats/elf.js";
import { Machine } from "../machine/machine.js";
import { SemihostingMonitor } from "../machine/semihosting.js";

export interface BareOptions {
  /** An ELF file, or the bytes of flash from its start. The vector table lies at the lowest address of the image. */
  image: Uint8Array;
  /** Names the image in errors. */
  file?: string;
  /** Default `cortex-m4`. */
  core?: CoreName;
  /** Default: 1 MiB of flash at 0, 256 KiB of RAM at 0x20000000. */
  memory?: MemoryMap;
  /** Hz; default 64 MHz. */
  frequency?: number;
  listen?: (event: TraceEvent) => void;
}

export type { CoreName };

/** The cores that an image can be run on. */
export const cores: readonly CoreName[] = ["cortex-m0plus", "cortex-m3", "cortex-m4"];

const DEFAULT_MEMORY: MemoryMap = {
  flash: { address: 0, size: 0x100000 },
  ram: { address: 0x20000000, size: 0x40000 },
};
const ELF_MAGIC = 0x464c457f;

const isElf = (image: Uint8Array): boolean =>
  image.length >= 4 &&
  new DataView(image.buffer, image.byteOffset).getUint32(0, true) === ELF_MAGIC;

/** Writes the image; the result is the address of its vector table. */
function loadImage(memory: Memory, image: Uint8Array, file: string): number {
  if (!isElf(image)) {
    const { address, size } = memory.map.flash;
    if (image.length > size)
      throw new UserError(`${file}: ${image.length} bytes do not fit into ${size} bytes of flash.`);
    memory.writeBytes(address, image);
    return address;
  }
  const elf = parseElf(image, file);
  if (elf.machine !== EM_ARM)
    throw new UserError(
      `${file}: e_machine at offset 0x12 is ${elf.machine}, expected ${EM_ARM} (Arm).`,
    );
  const segments = elf.segments.filter(s => s.type === PT_LOAD && s.fileSize > 0);
  if (segments.length === 0) throw new UserError(`${file}: the ELF has no segment to load.`);
  for (const { physicalAddress, fileSize, offset, data } of segments) {
    if (!memory.contains(physicalAddress, fileSize))
      throw new UserError(
        `${file}: the segment at file offset ${hex(offset)} loads ${fileSize} bytes to ${hex(physicalAddress)}, where the board has no memory.`,
      );
    memory.writeBytes(physicalAddress, data());
  }
  return Math.min(...segments.map(s => s.physicalAddress));
}

/** The machine with its core reset to the image's vector table. */
export function bare(options: BareOptions): Machine {
  const clock = new Clock(options.frequency ?? 64_000_000);
  const trace = new Trace(clock);
  if (options.listen !== undefined) trace.listen(options.listen);
  const memory = new Memory(options.memory ?? DEFAULT_MEMORY);
  const cpu = new Armv7m({
    memory,
    clock,
    bus: new Bus(),
    core: options.core ?? "cortex-m4",
    exceptions: "guest",
    semihosting: true,
  });
  cpu.reset(loadImage(memory, options.image, options.file ?? "image"));
  const supervisor = new SemihostingMonitor(cpu, memory, clock, trace);
  return new Machine({ clock, trace, memory, cpu, supervisor, devices: [], stateful: {} });
}
