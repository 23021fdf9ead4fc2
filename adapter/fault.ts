// Why a process faulted, in one line: from the fault status registers (ARMv7-M ARM B3.2.15) and the MPU regions.
import { hex8, type MpuRegionView, type ProcessView } from "../emulator/index.js";

/** Bits of CFSR that name a cause, in the order in which they explain most. */
const causes: readonly { bit: number; name: string; text: string }[] = [
  { bit: 4, name: "MSTKERR", text: "The stack has no room for an exception frame" },
  { bit: 3, name: "MUNSTKERR", text: "An exception frame cannot be read back from the stack" },
  { bit: 1, name: "DACCVIOL", text: "Access" },
  { bit: 0, name: "IACCVIOL", text: "Execution" },
  { bit: 9, name: "PRECISERR", text: "Bus error" },
  { bit: 10, name: "IMPRECISERR", text: "Bus error somewhere before" },
  { bit: 8, name: "IBUSERR", text: "Bus error while fetching an instruction" },
  { bit: 12, name: "STKERR", text: "Bus error while stacking an exception frame" },
  { bit: 11, name: "UNSTKERR", text: "Bus error while unstacking an exception frame" },
  { bit: 16, name: "UNDEFINSTR", text: "Undefined instruction" },
  { bit: 17, name: "INVSTATE", text: "Jump to an address without the Thumb bit" },
  { bit: 18, name: "INVPC", text: "Invalid exception return" },
  { bit: 19, name: "NOCP", text: "Floating-point instruction, and Tock apps have no FPU" },
  { bit: 24, name: "UNALIGNED", text: "Unaligned access" },
  { bit: 25, name: "DIVBYZERO", text: "Division by zero" },
];

/** The instruction that faulted, if it can be read. */
export type TextOf = (address: number) => string | undefined;

const MMARVALID = 1 << 7;
const BFARVALID = 1 << 15;

/** One sentence: what was done where, the flag, and which rule it broke. */
export function faultText(process: ProcessView, textOf: TextOf): string {
  const { fault, name } = process;
  const pc = process.registers?.[15];
  const cfsr = fault?.cfsr ?? 0;
  const cause = causes.find(({ bit }) => cfsr & (1 << bit));
  const at = pc === undefined ? "" : ` at ${hex8(pc)}`;
  if (fault === null || cause === undefined) return noCauseText(process, textOf, at);
  switch (cause.name) {
    case "DACCVIOL":
      return dataText(process, (cfsr & MMARVALID) !== 0 ? fault.mmfar : undefined, pc, textOf);
    case "IACCVIOL":
      return `Execution${at} (IACCVIOL): ${ruleText(process, pc, "execute")}.`;
    case "MSTKERR":
    case "MUNSTKERR":
      return stackText(process, cause);
    case "UNDEFINSTR":
    case "NOCP":
      return `${cause.text}${instructionText(pc, textOf)}${at} (${cause.name}) in ${name}.`;
    default: {
      const where = (cfsr & BFARVALID) !== 0 ? `, address ${hex8(fault.bfar)}` : "";
      return `${cause.text}${at}${where} (${cause.name}) in ${name}.`;
    }
  }
}

const instructionText = (pc: number | undefined, textOf: TextOf): string => {
  const text = pc === undefined ? undefined : textOf(pc);
  return text === undefined ? "" : ` "${text}"`;
};

/** A fault that nothing in the process caused. */
export const requestedFaultText = (name: string): string =>
  `Somebody asked the kernel to fault ${name}, as "fault ${name}" on the process console does.`;

/** No fault status: a core that keeps none (ARMv6-M), or the kernel faulted the process by itself. */
function noCauseText(process: ProcessView, textOf: TextOf, at: string): string {
  const seen = stackOverflowText(process) ?? blockedText(process, textOf);
  if (seen !== undefined) return seen;
  const pc = process.registers?.[15];
  const before = pc === undefined ? undefined : textOf(pc - 2);
  if (before?.startsWith("svc")) {
    return `System call "${before}"${at} is not one of Tock's, so the kernel faulted ${process.name}.`;
  }
  const text = pc === undefined ? undefined : textOf(pc);
  if (text?.startsWith("udf") || text === "<undefined>")
    return `Undefined instruction${at} in ${process.name}.`;
  return `The kernel faulted ${process.name}${at}.`;
}

function stackOverflowText(process: ProcessView): string | undefined {
  const { memory, stored, name } = process;
  if (stored.frame !== null && stored.psp >= memory.start) return undefined;
  const below = stored.psp < memory.start + 32;
  const overflow = below ? `: the stack of ${name} overflowed below ${hex8(memory.start)}` : "";
  return `The stack has no room for an exception frame at sp = ${hex8(stored.psp)}${overflow}.`;
}

/** Bytes that an instruction loads or stores at once, by the letters behind ldr and str. */
const sizes: Readonly<Record<string, number>> = { b: 1, sb: 1, h: 2, sh: 2, "": 4 };

/** The rule that the instruction at the PC breaks, worked out from its operands as the disassembler writes them. */
function blockedText(process: ProcessView, textOf: TextOf): string | undefined {
  const registers = process.registers;
  const pc = registers?.[15];
  if (registers === null || pc === undefined) return undefined;
  if (!isAllowed(process, pc, "execute"))
    return `Execution at ${hex8(pc)}: ${ruleText(process, pc, "execute")}.`;
  const text = textOf(pc) ?? "";
  const match =
    /^(ldr|str)(s?[bh]|) \w+, \[(\w+)(?:, (?:#(\w+)|(\w+)))?\]$/.exec(text) ??
    /^(ldm|stm)()\w* (\w+)!?, \{/.exec(text);
  if (match === null) return undefined;
  const [, operation = "", letters = "", base = "", immediate, index] = match;
  const read = (name: string) => registers[registerNumber(name)] ?? 0;
  const offset = index === undefined ? Number(immediate ?? 0) : read(index);
  const address = (base === "pc" ? (pc & ~3) + 4 + offset : read(base) + offset) >>> 0;
  const [kind, access] = operation.startsWith("st")
    ? (["Store to", "write"] as const)
    : (["Load from", "read"] as const);
  if (!isAllowed(process, address, access))
    return `${kind} ${hex8(address)}: ${ruleText(process, address, access)}.`;
  return address % (sizes[letters] ?? 1) === 0
    ? undefined
    : `Unaligned access to ${hex8(address)} at ${hex8(pc)} in ${process.name}.`;
}

const registerNumber = (name: string): number =>
  ({ sp: 13, lr: 14, pc: 15 })[name] ?? Number(name.replace(/^r/, ""));

/** Whether an enabled MPU region, the highest that covers the address, lets the process do it. */
function isAllowed(
  process: ProcessView,
  address: number,
  access: "read" | "write" | "execute",
): boolean {
  const covering = process.mpu
    .filter(r => enabledRanges(r).some(({ low, high }) => address >= low && address < high))
    .at(-1);
  return covering !== undefined && rightsOf(covering)[access];
}

function dataText(
  process: ProcessView,
  address: number | undefined,
  pc: number | undefined,
  textOf: TextOf,
): string {
  const mnemonic = (pc === undefined ? undefined : textOf(pc)) ?? "";
  const kind = /^(str|stm|push|vst)/.test(mnemonic)
    ? "Store to"
    : /^(ldr|ldm|pop|tb|vld)/.test(mnemonic)
      ? "Load from"
      : "Access to";
  const where = address === undefined ? "an unknown address" : hex8(address);
  const access = kind === "Store to" ? "write" : kind === "Load from" ? "read" : "access";
  return `${kind} ${where} (DACCVIOL): ${ruleText(process, address, access)}.`;
}

function stackText(process: ProcessView, cause: { name: string; text: string }): string {
  const sp = process.stored.psp;
  const low = process.memory.start;
  const below = sp < low + 32;
  const where = ` at sp = ${hex8(sp)}`;
  const overflow = below ? `: the stack of ${process.name} overflowed below ${hex8(low)}` : "";
  return `${cause.text}${where} (${cause.name})${overflow || ` in ${process.name}`}.`;
}

type Access = "read" | "write" | "execute" | "access";

/** Unprivileged rights of RASR.AP (ARMv7-M ARM table B3-15). */
export function rightsOf(region: MpuRegionView): {
  read: boolean;
  write: boolean;
  execute: boolean;
} {
  const write = region.accessPermission === 3;
  const read = write || [2, 6, 7].includes(region.accessPermission);
  return { read, write, execute: read && !region.executeNever };
}

/** Enabled address ranges of a region: its sub-regions, neighbours joined. */
export function enabledRanges(region: MpuRegionView): { low: number; high: number }[] {
  if (!region.enabled) return [];
  const { address, size } = region;
  if (size < 256) return [{ low: address, high: address + size }];
  const ranges: { low: number; high: number }[] = [];
  for (let n = 0; n < 8; n++) {
    if (region.subregionsDisabled & (1 << n)) continue;
    const low = address + (n * size) / 8;
    const last = ranges.at(-1);
    if (last?.high === low) last.high = low + size / 8;
    else ranges.push({ low, high: low + size / 8 });
  }
  return ranges;
}

/** Which rule forbids the access: the region that covers the address, or that none does. */
function ruleText(process: ProcessView, address: number | undefined, access: Access): string {
  if (address === undefined) return `no MPU region of ${process.name} allows it`;
  const covering = process.mpu
    .filter(r => enabledRanges(r).some(({ low, high }) => address >= low && address < high))
    .at(-1);
  if (covering !== undefined) {
    const { read, write, execute } = rightsOf(covering);
    const rights = `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"}`;
    return `MPU region ${covering.number} of ${process.name} is ${rights}`;
  }
  const { memory } = process;
  const allowed = `no MPU region of ${process.name} allows it`;
  if (access !== "execute" && address < memory.start && address >= memory.start - 4096) {
    return `${allowed}, it lies ${memory.start - address} bytes below the stack`;
  }
  if (address >= memory.kernelBreak && address < memory.end) {
    return `${allowed}, the kernel keeps its grants there`;
  }
  return allowed;
}
