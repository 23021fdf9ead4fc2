// Tock's panic text from data (kernel/src/debug.rs, capsules/system/src/process_printer.rs,
// kernel/src/process_standard.rs `print_full_process`, arch/cortex-m/src/{lib,syscall,mpu}.rs).
import { hex, hex8 } from "../base/bits.js";
import type {
  FaultStatus,
  GrantRegionView,
  MpuRegionView,
  ProcessView,
  StoredContext,
} from "./inspect.js";
import {
  type PmpConfig,
  pmpConfig,
  type RiscvContext,
  type RiscvState,
  riscvRegisters,
  riscvState,
} from "./printer-riscv.js";
import { type Syscall, SyscallClass } from "./syscalls.js";

type Unless<T> = { readonly [K in keyof T]: T[K] | null };

/** What a crash dump says of one process; of a process of the kernel here nothing is `null` that a `ProcessView` has. */
export interface ProcessReport
  extends Pick<
      ProcessView,
      | "name"
      | "state"
      | "lastSyscall"
      | "completionCode"
      | "stackTop"
      | "heapStart"
      | "minimumStackPointer"
      | "fixedAddresses"
    >,
    Unless<
      Pick<
        ProcessView,
        | "syscallCount"
        | "droppedUpcalls"
        | "restartCount"
        | "memory"
        | "flash"
        | "sizes"
        | "initFunction"
      >
    > {
  readonly queuedUpcalls: { readonly length: number } | null;
  readonly stored: StoredContext | RiscvContext | null;
  /** One for every grant of the board, in order; size 0 while not allocated. */
  readonly grants: readonly Pick<GrantRegionView, "driver" | "address" | "size">[] | null;
  readonly mpu: readonly MpuRegion[] | PmpConfig | null;
}

/** A region of the MPU as it is printed; that of ARMv8-M has no sub-regions. */
export interface MpuRegion extends Pick<MpuRegionView, "logical" | "accessPermission"> {
  readonly subregionsDisabled: number | null;
}

/**
 * A crash dump as data: a `PanicReport` of the kernel with what the board adds to it, or what was read of a dump's text.
 * `null`: the text does not tell, since it is cut off or older; it is not printed.
 */
export interface CrashReport {
  /** `file:line:column` in upstream's sources. */
  readonly location: string | null;
  readonly message: string;
  /** `2.3.0-dev1` */
  readonly kernelVersion: string | null;
  /** `debug!` text that had not been sent yet. */
  readonly debugText: string;
  readonly fault: FaultStatus | RiscvState | null;
  readonly processes: readonly ProcessReport[];
}

/** The whole dump; lines end in CR LF. */
export function printCrashReport(report: CrashReport): string {
  const { location, message, kernelVersion, debugText, fault } = report;
  const parts: string[] = [];
  if (debugText !== "")
    parts.push(
      "\r\n---| Debug buffer not empty. Flushing. May repeat some of last message(s):\r\n",
      debugText,
    );
  if (location !== null) parts.push(`\r\npanicked at ${location}:\r\n${message}\r\n`);
  if (kernelVersion !== null) parts.push(`\tKernel version ${kernelVersion}\r\n`);
  if (fault) parts.push("mcause" in fault ? riscvState(fault) : printFaultStatus(fault));
  parts.push("\r\n---| App Status |---\r\n");
  for (const process of report.processes)
    parts.push(printOverview(process), printFullProcess(process));
  return parts.join("");
}

/** Labels of the flags of CFSR in the order in which they are printed. */
export const cfsrFlags: readonly (readonly [bit: number, label: string])[] = [
  [0, "Instruction Access Violation:"],
  [1, "Data Access Violation:"],
  [3, "Memory Management Unstacking Fault:"],
  [4, "Memory Management Stacking Fault:"],
  [5, "Memory Management Lazy FP Fault:"],
  [8, "Instruction Bus Error:"],
  [9, "Precise Data Bus Error:"],
  [10, "Imprecise Data Bus Error:"],
  [11, "Bus Unstacking Fault:"],
  [12, "Bus Stacking Fault:"],
  [13, "Bus Lazy FP Fault:"],
  [16, "Undefined Instruction Usage Fault:"],
  [17, "Invalid State Usage Fault:"],
  [18, "Invalid PC Load Usage Fault:"],
  [19, "No Coprocessor Usage Fault:"],
  [24, "Unaligned Access Usage Fault:"],
  [25, "Divide By Zero:"],
];
export const hfsrFlags: readonly (readonly [bit: number, label: string])[] = [
  [1, "Bus Fault on Vector Table Read:"],
  [30, "Forced Hard Fault:"],
];
const MMARVALID = 1 << 7;
const BFARVALID = 1 << 15;

/** `print_cortexm_state`, with the blank line before its heading. */
export function printFaultStatus({ cfsr, hfsr, mmfar, bfar }: FaultStatus): string {
  const lines = ["", "---| Cortex-M Fault Status |---"];
  const line = (label: string, value: string) => lines.push(label.padEnd(36) + value);
  for (const [bit, label] of cfsrFlags) if ((cfsr >>> bit) & 1) line(label, "true");
  for (const [bit, label] of hfsrFlags) if ((hfsr >>> bit) & 1) line(label, "true");
  if (cfsr & MMARVALID) line("Faulting Memory Address:", hex8(mmfar));
  if (cfsr & BFARVALID) line("Bus Fault Address:", hex8(bfar));
  if (cfsr === 0 && hfsr === 0) {
    lines.push("No Cortex-M faults detected.");
  } else {
    line("Fault Status Register (CFSR):", hex8(cfsr));
    line("Hard Fault Status Register (HFSR):", hex8(hfsr));
  }
  return lines.map(text => `${text}\r\n`).join("");
}

/** The numbers are `usize`: a difference below 0 wraps, as in upstream's release build. */
const width6 = (value: number): string => String(value >>> 0).padStart(6);

const exceeded = (size: number, allocated: number): string =>
  size >>> 0 > allocated >>> 0 ? " EXCEEDED!" : " ".repeat(10);

const rule = "─".repeat(43);

/** Name, counters and memory map of one process: also the text of the process console's `process NAME`. */
export function printOverview(process: ProcessReport): string {
  const { memory, flash } = process;
  const lines = [...statistics(process), "", ""];
  if (memory && flash) lines.push(...memoryMap(process, memory, flash));
  return lines.map(text => `${text}\r\n`).join("");
}

/** A dump that tells no sizes is older than what they count. */
const noSizes = { grantPointers: 0, upcallList: 0, processControlBlock: 0 };

function memoryMap(
  process: ProcessReport,
  memory: ProcessView["memory"],
  flash: ProcessView["flash"],
): string[] {
  const sizes = process.sizes ?? noSizes;
  const processStruct =
    memory.end - sizes.grantPointers - sizes.upcallList - sizes.processControlBlock;
  return [
    ` ╔═══════════╤${"═".repeat(42)}╗`,
    " ║  Address  │ Region Name    Used | Allocated (bytes)  ║",
    ` ╚${hex8(memory.end)}═╪${"═".repeat(42)}╝`,
    `             │ Grant Ptrs   ${width6(sizes.grantPointers)}`,
    `             │ Upcalls      ${width6(sizes.upcallList)}`,
    `             │ Process      ${width6(sizes.processControlBlock)}`,
    `  ${hex8(processStruct)} ┼${rule}`,
    `             │ ▼ Grant      ${width6(processStruct - memory.kernelBreak)}`,
    `  ${hex8(memory.kernelBreak)} ┼${rule}`,
    "             │ Unused",
    `  ${hex8(memory.appBreak)} ┼${rule}`,
    ...heapDataStack(process, memory),
    `  ${hex8(process.minimumStackPointer ?? 0)} ┼${rule}`,
    "             │ Unused",
    `  ${hex8(memory.start)} ┴${rule}`,
    "             .....",
    `  ${hex8(flash.end)} ┬${rule} F`,
    `             │ App Flash    ${width6(flash.end - flash.appStart)}${" ".repeat(24)}L`,
    `  ${hex8(flash.appStart)} ┼${rule} A`,
    `             │ Protected    ${width6(flash.appStart - flash.start)}${" ".repeat(24)}S`,
    `  ${hex8(flash.start)} ┴${rule} H`,
  ];
}

function statistics(process: ProcessReport): string[] {
  const { completionCode, lastSyscall } = process;
  const completion =
    completionCode === null
      ? "None"
      : completionCode === "faulted"
        ? "Faulted"
        : String(completionCode | 0);
  return [
    `𝐀𝐩𝐩: ${process.name}   -   [${process.state}]`,
    ` Events Queued: ${process.queuedUpcalls?.length ?? "?"}   Syscall Count: ${process.syscallCount ?? "?"}` +
      `   Dropped Upcall Count: ${process.droppedUpcalls ?? "?"}`,
    ` Restart Count: ${process.restartCount ?? "?"}`,
    ` Last Syscall: ${lastSyscall === null ? "None" : printSyscall(lastSyscall)}`,
    ` Completion Code: ${completion}`,
  ];
}

/** The rows that depend on what the app told about itself by memop 10 and 11. */
function heapDataStack(process: ProcessReport, memory: ProcessView["memory"]): string[] {
  const { heapStart, stackTop, minimumStackPointer } = process;
  const lines: string[] = [];
  if (heapStart === null) {
    lines.push("             │ ▲ Heap            ? |      ?               S");
    lines.push(`  ?????????? ┼${rule} R`);
  } else {
    const used = memory.appBreak - heapStart;
    const allocated = memory.kernelBreak - heapStart;
    const sizes = `${width6(used)} | ${width6(allocated)}${exceeded(used, allocated)}`;
    lines.push(`             │ ▲ Heap       ${sizes}     S`);
    lines.push(`  ${hex8(heapStart)} ┼${rule} R`);
  }
  if (heapStart === null || stackTop === null) {
    lines.push("             │ Data              ? |      ?               A");
  } else {
    const size = width6(heapStart - stackTop);
    lines.push(`             │ Data         ${size} | ${size}               A`);
  }
  if (stackTop === null || minimumStackPointer === null) {
    lines.push(`  ?????????? ┼${rule} M`);
    lines.push("             │ ▼ Stack           ? |      ?");
  } else {
    const used = stackTop - minimumStackPointer;
    const allocated = stackTop - memory.start;
    const sizes = `${width6(used)} | ${width6(allocated)}${exceeded(used, allocated)}`;
    lines.push(`  ${hex8(stackTop)} ┼${rule} M`);
    lines.push(`             │ ▼ Stack      ${sizes}`);
  }
  return lines;
}

/** What a dump says of a process beyond the overview: registers, grants, MPU, and how to get a listing. */
function printFullProcess({ stored, grants, mpu, ...process }: ProcessReport): string {
  const lines: string[] = [];
  if (stored) lines.push(...("mcause" in stored ? riscvRegisters(stored) : registers(stored)));
  if (grants) lines.push("", ...grantTable(grants));
  // Upstream's RISC-V puts no blank line in front.
  if (mpu) lines.push(...("regions" in mpu ? pmpConfig(mpu) : ["", ...mpuRegions(mpu)]));
  lines.push(...hint(process));
  return lines.map(text => `${text}\r\n`).join("");
}

/** Printed for every value of a frame that cannot be read. */
const BAD = 0xbad00bad;

function registers(stored: StoredContext): string[] {
  const frame = stored.frame ?? new Array<number>(8).fill(BAD);
  const [r0, r1, r2, r3, r12, lr, pc, xpsr] = frame.map(value => hex8(value));
  const [r4, r5, r6, r7, r8, r9, r10, r11] = stored.regs.map(value => hex8(value));
  const psr = frame[7] ?? 0;
  const bit = (n: number) => (psr >>> n) & 1;
  const ici = (((psr >>> 25) & 3) << 6) | ((psr >>> 10) & 0x3f);
  const thumb = bit(24) ? "true " : "false !!ERROR - Cortex M Thumb only!";
  if (xpsr === undefined || r11 === undefined) throw new Error("registers are missing");
  return [
    "",
    `  R0 : ${r0}    R6 : ${r6}`,
    `  R1 : ${r1}    R7 : ${r7}`,
    `  R2 : ${r2}    R8 : ${r8}`,
    `  R3 : ${r3}    R10: ${r10}`,
    `  R4 : ${r4}    R11: ${r11}`,
    `  R5 : ${r5}    R12: ${r12}`,
    `  R9 : ${r9} (Static Base Register)`,
    `  SP : ${hex8(stored.psp)} (Process Stack Pointer)`,
    `  LR : ${lr}`,
    `  PC : ${pc}`,
    ` YPC : ${hex8(stored.yieldPc)}`,
    "",
    ` APSR: N ${bit(31)} Z ${bit(30)} C ${bit(29)} V ${bit(28)} Q ${bit(27)}`,
    `       GE ${bit(19)} ${bit(18)} ${bit(17)} ${bit(16)}`,
    ` EPSR: ICI.IT 0x${ici.toString(16).padStart(2, "0")}`,
    `       ThumbBit ${thumb}`,
  ];
}

/** Three columns, counted downward. */
function grantTable(grants: NonNullable<ProcessReport["grants"]>): string[] {
  const rows = Math.ceil(grants.length / 3);
  const cell = (index: number): string => {
    const grant = grants[index];
    if (!grant) return "";
    const number = String(index).padStart(2);
    return grant.size === 0
      ? `  Grant ${number} : --        `
      : `  Grant ${number} ${hex(grant.driver)}: ${hex(grant.address)}`;
  };
  const lines = [` Total number of grant regions defined: ${grants.length}`];
  for (let row = 0; row < rows; row++) {
    lines.push(cell(row) + cell(row + rows) + cell(row + 2 * rows));
  }
  return lines;
}

/** RASR.AP of ARMv7-M (table B3-15). */
export const accessNames = [
  "NoAccess",
  "PrivilegedOnly",
  "UnprivilegedReadOnly",
  "ReadWrite",
  "Reserved",
  "PrivilegedOnlyReadOnly",
  "ReadOnly",
  "ReadOnlyAlias",
] as const;

/** RBAR.AP of ARMv8-M (arch/cortex-m33/src/mpu_v8m.rs). */
export const accessNamesV8 = [
  "ReadWritePrivilegedOnly",
  "ReadWrite",
  "ReadOnlyPrivilegedOnly",
  "ReadOnly",
] as const;

function mpuRegions(regions: readonly MpuRegion[]): string[] {
  const lines = [" Cortex-M MPU"];
  regions.forEach(({ logical, accessPermission, subregionsDisabled }, number) => {
    if (!logical) {
      lines.push(`  Region ${number}: Unused`);
      return;
    }
    const { address, size } = logical;
    const names = subregionsDisabled === null ? accessNamesV8 : accessNames;
    const access = `${names[accessPermission]} (${hex(accessPermission)})`;
    const range = `[${hex8(address)}:${hex8(address + size)}]`;
    lines.push(`  Region ${number}: ${range}, length: ${size} bytes; ${access}`);
    if (subregionsDisabled === null) return;
    // Upstream divides what was asked for, not the physical region.
    const step = Math.floor(size / 8);
    for (let i = 0; i < 8; i++) {
      const part = `[${hex8(address + i * step)}:${hex8(address + (i + 1) * step)}]`;
      const state = (subregionsDisabled >>> i) & 1 ? "Disabled" : "Enabled";
      lines.push(`    Sub-region ${i}: ${part}, ${state}`);
    }
  });
  return lines;
}

function hint({
  fixedAddresses,
  memory,
  initFunction,
}: Pick<ProcessReport, "fixedAddresses" | "memory" | "initFunction">): string[] {
  if (fixedAddresses && fixedAddresses.flash !== null) {
    const name = `arch.${hex(fixedAddresses.flash)}.${hex(fixedAddresses.ram ?? 0)}.lst`;
    return [
      "",
      "To debug libtock-c apps, run `make lst` in the app's",
      `folder and open the ${name} file.`,
      "",
    ];
  }
  if (!memory || initFunction === null) return [""];
  return [
    "",
    "To debug libtock-c apps, run",
    `\`make debug RAM_START=${hex(memory.start)} FLASH_INIT=${hex(initFunction)}\``,
    "in the app's folder and open the .lst file.",
    "",
  ];
}

/** Rust's `{:?}` of kernel/src/syscall.rs `Syscall`. */
export function printSyscall({
  class: syscallClass,
  arguments: [r0, r1, r2, r3],
}: Syscall): string {
  const target = `driver_number: ${r0}, subdriver_number: ${r1}`;
  const allow = `${target}, allow_address: ${hex(r2)}, allow_size: ${r3}`;
  const pointer = (value: number) => `CapabilityPtr { ptr: ${hex(value)} }`;
  switch (syscallClass) {
    case SyscallClass.Yield:
      return `Yield { yield_type: ${yieldType(r0, r1, r2)} }`;
    case SyscallClass.Subscribe:
      return `Subscribe { ${target}, upcall_ptr: ${pointer(r2)}, appdata: MachineRegister { value: ${pointer(r3)} } }`;
    case SyscallClass.Command:
      return `Command { ${target}, arg0: ${r2}, arg1: ${r3} }`;
    case SyscallClass.ReadWriteAllow:
      return `ReadWriteAllow { ${allow} }`;
    case SyscallClass.ReadOnlyAllow:
      return `ReadOnlyAllow { ${allow} }`;
    case SyscallClass.UserspaceReadableAllow:
      return `UserspaceReadableAllow { ${allow} }`;
    case SyscallClass.Memop:
      return `Memop { operand: ${r0}, arg0: ${r1} }`;
    case SyscallClass.Exit:
      return `Exit { which: ${r0}, completion_code: ${r1} }`;
  }
}

/** `YieldVariant`, from the yield's number and its two parameters. */
function yieldType(which: number, a: number, b: number): string {
  if (which === 0) return `NoWait { ptr: ${hex(a)} }`;
  if (which === 1) return "Wait";
  return `WaitFor { driver_number: ${a}, subdriver_number: ${b} }`;
}
