// Whether an ELF is the build of the app that a dump tells of, and where it ran: by the sizes and addresses of the map
// and of the hint, which the app itself (libtock-c's crt0.c, memop 10 and 11) and its header gave to the kernel.
import { type Elf, EM_ARM, EM_RISCV, hex8, type ProcessReport } from "../../emulator/index.js";
import { loadedSections } from "../elf-match.js";
import { Image, isPositionIndependent, LINK_FLASH, type Placement } from "../symbols/image.js";
import type { ParsedDump } from "./parse.js";

/** crt0 rounds the stack's top to this, and a linker what lies above. */
const ALIGNMENT = 8;

const withoutThumb = (address: number): number => address - (address % 2);

/** Where an app lay; `undefined` when the dump does not tell. A fixed app lies where it was linked. */
export function placementOf(elf: Elf, process: ProcessReport): Placement | undefined {
  const { flash, memory, initFunction } = process;
  if (!isPositionIndependent(elf)) return undefined;
  const start = memory?.start;
  const entry = withoutThumb(elf.entry) - LINK_FLASH;
  const appStart =
    flash?.appStart ?? (initFunction === null ? undefined : withoutThumb(initFunction) - entry);
  return start === undefined || appStart === undefined ? undefined : { appStart, memStart: start };
}

/** Why the ELF cannot be that of the process, as the end of a sentence; `undefined` when all that is known agrees. */
export function misfit(
  elf: Elf,
  process: ProcessReport,
  isa: ParsedDump["isa"],
): string | undefined {
  if (isa === "cortex-m" && elf.machine !== EM_ARM) return "it is for another processor";
  if (isa === "riscv" && elf.machine !== EM_RISCV) return "it is for another processor";
  const sections = loadedSections(elf);
  if (sections.length === 0) return "it has no code";
  const low = Math.min(...sections.map(({ address }) => address));
  const high = Math.max(...sections.map(({ address, bytes }) => address + bytes.length));
  return misfitInFlash(elf, process, low, high) ?? misfitInRam(elf, process);
}

function misfitInFlash(
  elf: Elf,
  process: ProcessReport,
  low: number,
  high: number,
): string | undefined {
  const { flash, fixedAddresses, initFunction } = process;
  if (flash && high - low > flash.end - flash.appStart)
    return `it has ${high - low} bytes of flash, the app has ${flash.end - flash.appStart}`;
  if (!isPositionIndependent(elf)) {
    const start = fixedAddresses?.flash ?? flash?.appStart ?? low;
    return low === start
      ? undefined
      : `it is linked for ${hex8(low)}, the app's code began at ${hex8(start)}`;
  }
  if (fixedAddresses) return "it is position-independent, the app was linked for fixed addresses";
  if (flash === null || initFunction === null) return undefined;
  const entry = withoutThumb(elf.entry) - low + flash.appStart;
  const init = withoutThumb(initFunction);
  return entry === init
    ? undefined
    : `its first function would be at ${hex8(entry)}, the app's was at ${hex8(init)}`;
}

function misfitInRam(elf: Elf, process: ProcessReport): string | undefined {
  const { memory, stackTop, heapStart } = process;
  if (memory === null) return undefined;
  const image = new Image(elf, placementOf(elf, process));
  const stack = elf.sections.find(section => section.name === ".stack");
  const top = stack && image.toRuntime(stack.address + stack.size);
  if (stackTop !== null && top !== undefined && !isNear(stackTop, top))
    return `its stack has ${top - memory.start} bytes, the app's had ${stackTop - memory.start}`;
  const bss = elf.sections.find(section => section.name === ".bss");
  const end = bss && image.toRuntime(bss.address + bss.size);
  return heapStart === null || end === undefined || isNear(heapStart, end)
    ? undefined
    : `its data ends at ${hex8(end)}, the app's ended at ${hex8(heapStart)}`;
}

const isNear = (actual: number, linked: number): boolean => Math.abs(actual - linked) < ALIGNMENT;
