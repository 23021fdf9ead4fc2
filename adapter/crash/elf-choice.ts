// Which of several ELF files that fit is the one that ran: libtock-c builds an app once for each processor, often with the
// same sizes and the same first function. The processor decides (Addenda to the ABI for the Arm Architecture,
// Tag_CPU_arch), and the code in front of the addresses that a call and a system call leave behind.
import type { Elf, ProcessReport } from "../../emulator/index.js";
import type { MemoryReader } from "../symbols/model.js";
import type { ParsedDump } from "./parse.js";

/** An ELF, and the flash that it gives the process. */
interface Choice {
  elf: Elf;
  memory: MemoryReader;
}

/** How well an ELF agrees with what process `index` did; of several that fit the best is taken. */
export function agreement({ elf, memory }: Choice, dump: ParsedDump, index: number): number {
  const process = dump.report.processes[index];
  if (process === undefined || dump.isa !== "cortex-m") return 0;
  return processorScore(elf, dump) + codeScore(memory, process, dump.registers[index] ?? []);
}

/** Only ARMv7-M and later have a fault status to print. */
function processorScore(elf: Elf, { report }: ParsedDump): number {
  const { fault, processes } = report;
  const architecture = architectureOf(elf);
  if (fault === null || "mcause" in fault || architecture === undefined) return 0;
  const hasStatus = (fault.cfsr | fault.hfsr) !== 0;
  if (!hasStatus && !processes.some(({ state }) => state === "Faulted")) return 0;
  return hasStatus === ARMV6M.has(architecture) ? -4 : 0;
}

const LR = 14;

function codeScore(
  memory: MemoryReader,
  process: ProcessReport,
  registers: readonly (number | undefined)[],
): number {
  const after = (
    address: number | undefined,
    follows: (code: MemoryReader, at: number) => boolean | undefined,
  ) => (address === undefined ? 0 : signOf(follows(memory, address - (address % 2))));
  const { stored } = process;
  const yieldPc = stored && "yieldPc" in stored ? stored.yieldPc : undefined;
  return after(registers[LR], followsCall) + after(yieldPc, followsSystemCall);
}

const signOf = (agrees: boolean | undefined): number =>
  agrees === undefined ? 0 : agrees ? 1 : -1;

/** `undefined` where the ELF has no code. */
function followsSystemCall(code: MemoryReader, at: number): boolean | undefined {
  const bytes = code.read(at - 2, 2);
  return bytes && bytes[1] === 0xdf;
}

/** BL, or BLX of a register. */
function followsCall(code: MemoryReader, at: number): boolean | undefined {
  const bytes = code.read(at - 4, 4);
  if (bytes === undefined) return undefined;
  const [first, second] = new Uint16Array(bytes.slice().buffer);
  if (first === undefined || second === undefined) return undefined;
  const isLong = (first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000;
  return isLong || (second & 0xff87) === 0x4780;
}

/** Values of Tag_CPU_arch: ARMv6-M and ARMv6S-M. */
const ARMV6M: ReadonlySet<number> = new Set([11, 12]);
const TAG_CPU_ARCH = 6;
/** Tags in front of it whose value is a text: CPU_raw_name, CPU_name. */
const textTags: ReadonlySet<number> = new Set([4, 5]);

/** Tag_CPU_arch of the file; `undefined` where there is none. Numbers up to it take a byte each. */
function architectureOf(elf: Elf): number | undefined {
  const bytes = elf.sections.find(({ name }) => name === ".ARM.attributes")?.data();
  // Version, size and vendor; then the tag of the whole file, and its size.
  if (bytes === undefined) return undefined;
  let at = 5;
  while (at < bytes.length && bytes[at] !== 0) at++;
  at += 6;
  while (at + 1 < bytes.length) {
    const tag = bytes[at++] as number;
    if (tag === TAG_CPU_ARCH) return bytes[at];
    if (tag > TAG_CPU_ARCH) return undefined;
    if (textTags.has(tag)) while (at < bytes.length && bytes[at] !== 0) at++;
    at++;
  }
  return undefined;
}
