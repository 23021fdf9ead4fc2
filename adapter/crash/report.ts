// A dump that was read, as the report that the live kernel makes of a panic. A part that is not whole is left out of
// the report; its registers are still told one by one.
import type {
  CrashReport,
  ProcessReport,
  RiscvState,
  StoredContext,
} from "../../emulator/index.js";
import type { DumpDraft, MapAddress, ProcessDraft } from "./draft.js";
import { PSR_LINES } from "./parse-registers.js";

export function reportOf(draft: DumpDraft): CrashReport {
  const { location, message, kernelVersion, debugText, fault, machine } = draft;
  return {
    location,
    message,
    kernelVersion,
    debugText,
    fault: machine ? wholeState(machine) : fault,
    processes: draft.processes.map(processOf),
  };
}

function wholeState(state: NonNullable<DumpDraft["machine"]>): RiscvState | null {
  const { mcause, mtval, mepc, mstatus, mcycle, minstret, mtvec, mie, mip, protection } = state;
  if (mcause === undefined || mtval === undefined || mepc === undefined) return null;
  if (mstatus === undefined || mcycle === undefined || minstret === undefined) return null;
  if (mtvec === undefined || mie === undefined || mip === undefined) return null;
  return { mcause, mtval, mepc, mstatus, mcycle, minstret, mtvec, mie, mip, protection };
}

function processOf(process: ProcessDraft): ProcessReport {
  const { map } = process;
  const start = map.get("start") ?? process.ramStart ?? undefined;
  const memory = whole({
    start,
    appBreak: map.get("appBreak"),
    kernelBreak: map.get("kernelBreak"),
    end: map.get("end"),
  });
  const flash = whole({
    start: map.get("flashStart"),
    appStart: map.get("appStart"),
    end: map.get("flashEnd"),
  });
  const address = (name: MapAddress) => map.get(name) ?? null;
  const heapStart = address("heapStart");
  // While the lowest stack pointer is unknown, the map shows 0 in its place, and the top by the size of the data only.
  const below =
    heapStart === null || process.dataSize === null ? null : (heapStart - process.dataSize) >>> 0;
  const stackTop = address("stackTop") ?? below;
  const unknownStack = process.stackUnknown && stackTop !== null;
  return {
    name: process.name,
    state: process.state,
    queuedUpcalls: process.queuedUpcalls === null ? null : { length: process.queuedUpcalls },
    syscallCount: process.syscallCount,
    droppedUpcalls: process.droppedUpcalls,
    restartCount: process.restartCount,
    lastSyscall: process.lastSyscall,
    completionCode: process.completionCode,
    memory,
    flash,
    heapStart,
    stackTop,
    minimumStackPointer: unknownStack ? null : address("minimumStackPointer"),
    sizes: whole({
      grantPointers: process.sizes.get("grantPointers"),
      upcallList: process.sizes.get("upcallList"),
      processControlBlock: process.sizes.get("processControlBlock"),
    }),
    stored: isRiscv(process) ? riscvContext(process) : cortexContext(process),
    grants: grantsOf(process),
    mpu: process.pmp ?? process.mpu,
    fixedAddresses: process.fixedAddresses,
    initFunction: process.initFunction,
  };
}

/** `null` unless every value is there. */
function whole<T extends string>(values: Record<T, number | undefined>): Record<T, number> | null {
  return Object.values(values).every(value => value !== undefined)
    ? (values as Record<T, number>)
    : null;
}

/** Only these are printed of RISC-V alone. */
export const isRiscv = ({ registers }: ProcessDraft): boolean =>
  registers.has("mcause") || registers.has("R16") || registers.has("R31");

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `R${from + i}`);

/** What the kernel prints for a frame that it cannot read. */
const UNREADABLE = 0xbad00bad;

function cortexContext({ registers, psr }: ProcessDraft): StoredContext | null {
  const values = (names: readonly string[]) => names.map(name => registers.get(name));
  const regs = values(numbered(4, 11));
  const frame = values(["R0", "R1", "R2", "R3", "R12", "LR", "PC"]);
  const [psp, yieldPc] = values(["SP", "YPC"]);
  if (psp === undefined || yieldPc === undefined || psr.lines.size < PSR_LINES) return null;
  if ([...regs, ...frame].includes(undefined)) return null;
  const unreadable = frame.every(value => value === UNREADABLE);
  return {
    regs: regs as number[],
    yieldPc,
    psr: psr.bits,
    psp,
    frame: unreadable ? null : [...(frame as number[]), psr.bits],
  };
}

function riscvContext({ registers }: ProcessDraft): ProcessReport["stored"] {
  const values = numbered(0, 31).map(name => registers.get(name));
  const [pc, mcause, mtval] = ["PC", "mcause", "mtval"].map(name => registers.get(name));
  if (pc === undefined || mcause === undefined || mtval === undefined) return null;
  return values.includes(undefined) ? null : { registers: values as number[], pc, mcause, mtval };
}

/** No kernel has more; a damaged number must not make a long list. */
const MAXIMUM_GRANTS = 1024;

function grantsOf({ grantCount, grants, map, sizes }: ProcessDraft): ProcessReport["grants"] {
  if (grantCount === null || grantCount > MAXIMUM_GRANTS) return null;
  // They were allocated one below the other, downward from the process structure.
  const end = map.get("end");
  const kernelPart = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const top = end === undefined ? undefined : end - kernelPart;
  const bounds = [...grants.values()].map(grant => grant.address);
  if (top !== undefined) bounds.push(top);
  const sizeOf = (address: number): number => {
    const above = bounds.filter(bound => bound > address);
    return above.length === 0 ? 1 : Math.min(...above) - address;
  };
  return Array.from({ length: grantCount }, (_, number) => {
    const grant = grants.get(number);
    return grant ? { ...grant, size: sizeOf(grant.address) } : { driver: 0, address: 0, size: 0 };
  });
}

/** Registers in the order of a scene, as far as they were printed; sp is that of before the exception. */
export function sceneRegisters(process: ProcessDraft): (number | undefined)[] {
  const { registers, psr } = process;
  const get = (name: string) => registers.get(name);
  if (isRiscv(process)) return [...numbered(0, 31).map(get), get("PC")];
  const frame = ["R0", "R1", "R2", "R3", "R12", "LR", "PC"].map(get);
  const unreadable = frame.every(value => value === UNREADABLE);
  const psp = get("SP");
  const sp = psp === undefined ? undefined : (psp + EXCEPTION_FRAME) >>> 0;
  const xpsr = psr.lines.size === PSR_LINES && !unreadable ? psr.bits : undefined;
  const stacked = (name: string) => (unreadable ? undefined : get(name));
  return [
    ...numbered(0, 3).map(stacked),
    ...numbered(4, 11).map(get),
    stacked("R12"),
    sp,
    stacked("LR"),
    stacked("PC"),
    xpsr,
  ];
}

/**
 * Bytes by which the processor moved sp to stack a frame, whether it could write it or not; whether it was aligned by
 * 4 more (xPSR bit 9) is not printed.
 */
const EXCEPTION_FRAME = 32;
