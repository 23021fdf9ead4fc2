// Registers bit by bit, in plain words: the fault status of ARMv7-M (ARM B3.2.15, B3.2.16), its program status (B1.4.2) and
// MPU rights (table B3-15), and the trap registers and PMP configurations of RISC-V (privileged specification, 3.1 and 3.7).
import type { CrashRegister } from "./model.js";

export type RegisterField = CrashRegister["fields"][number];

/** A field of `high - low + 1` bits; `text` is `null` for a value that says nothing, as most bits that are 0. */
interface Field {
  name: string;
  high: number;
  low: number;
  text: (value: number) => string | null;
}

const bit = (at: number, name: string, text: string): Field => ({
  name,
  high: at,
  low: at,
  text: value => (value === 1 ? text : null),
});

/** One text per value. */
const choice = (high: number, low: number, name: string, texts: readonly string[]): Field => ({
  name,
  high,
  low,
  text: value => texts[value] ?? null,
});

const cfsr: readonly Field[] = [
  bit(0, "IACCVIOL", "The MPU refused to execute at PC."),
  bit(1, "DACCVIOL", "The MPU refused a load or store by the instruction at PC."),
  bit(3, "MUNSTKERR", "The MPU refused to read back a stack frame on return from an exception."),
  bit(
    4,
    "MSTKERR",
    "The MPU refused to write a stack frame: SP does not point into the app's RAM.",
  ),
  bit(5, "MLSPERR", "The MPU refused to save floating-point registers lazily."),
  bit(7, "MMARVALID", "MMFAR holds the address that the MPU refused."),
  bit(8, "IBUSERR", "The bus gave an error when an instruction was fetched."),
  bit(9, "PRECISERR", "The bus gave an error to the load or store at PC."),
  bit(
    10,
    "IMPRECISERR",
    "The bus gave an error to an earlier store: PC is some instructions too late.",
  ),
  bit(11, "UNSTKERR", "The bus gave an error when a stack frame was read back."),
  bit(12, "STKERR", "The bus gave an error when a stack frame was written."),
  bit(13, "LSPERR", "The bus gave an error when floating-point registers were saved lazily."),
  bit(15, "BFARVALID", "BFAR holds the address that the bus refused."),
  bit(16, "UNDEFINSTR", "The instruction at PC does not exist on this processor."),
  bit(17, "INVSTATE", "Jump to an address without the Thumb bit (bit 0), or a broken EPSR."),
  bit(18, "INVPC", "An exception return had an invalid EXC_RETURN value or stack frame."),
  bit(
    19,
    "NOCP",
    "Floating-point or coprocessor instruction, and the coprocessor is off or missing.",
  ),
  bit(20, "STKOF", "The stack pointer went below its limit (ARMv8-M)."),
  bit(24, "UNALIGNED", "Access to an address that is not a multiple of its size."),
  bit(25, "DIVBYZERO", "Integer division by zero."),
];

const hfsr: readonly Field[] = [
  bit(1, "VECTTBL", "The vector table could not be read when an exception was taken."),
  bit(30, "FORCED", "Another fault became this HardFault, since its own handler is off: see CFSR."),
  bit(31, "DEBUGEVT", "A debug event, such as a breakpoint without a debugger."),
];

const shcsr: readonly Field[] = [
  bit(0, "MEMFAULTACT", "MemManage is active."),
  bit(1, "BUSFAULTACT", "BusFault is active."),
  bit(3, "USGFAULTACT", "UsageFault is active."),
  bit(7, "SVCALLACT", "SVCall is active."),
  bit(8, "MONITORACT", "DebugMonitor is active."),
  bit(10, "PENDSVACT", "PendSV is active."),
  bit(11, "SYSTICKACT", "SysTick is active."),
  bit(12, "USGFAULTPENDED", "UsageFault is pending."),
  bit(13, "MEMFAULTPENDED", "MemManage is pending."),
  bit(14, "BUSFAULTPENDED", "BusFault is pending."),
  bit(15, "SVCALLPENDED", "SVCall is pending."),
  bit(16, "MEMFAULTENA", "MemManage has a handler of its own."),
  bit(17, "BUSFAULTENA", "BusFault has a handler of its own."),
  bit(18, "USGFAULTENA", "UsageFault has a handler of its own."),
];

const exceptionNames: Readonly<Record<number, string>> = {
  0: "Thread mode: no exception is active.",
  2: "NMI is active.",
  3: "HardFault is active.",
  4: "MemManage is active.",
  5: "BusFault is active.",
  6: "UsageFault is active.",
  11: "SVCall is active.",
  12: "DebugMonitor is active.",
  14: "PendSV is active.",
  15: "SysTick is active.",
};

const exceptionText = (value: number): string =>
  exceptionNames[value] ??
  (value >= 16 ? `Interrupt ${value - 16} of the chip is active.` : "A reserved exception number.");

const apsr: readonly Field[] = [
  bit(31, "N", "Negative: the last result had bit 31 set."),
  bit(30, "Z", "Zero: the last result was 0."),
  bit(29, "C", "Carry: an addition carried, or a subtraction or comparison did not borrow."),
  bit(28, "V", "Overflow of a signed operation."),
  bit(27, "Q", "A saturating operation has saturated; stays set until it is cleared."),
  {
    name: "GE",
    high: 19,
    low: 16,
    text: value =>
      value === 0 ? null : "Greater or equal, a bit for each byte of a SIMD operation.",
  },
];

const thumb = choice(24, 24, "T", [
  "Not Thumb state: Cortex-M cannot execute ARM code, the next instruction faults.",
  "Thumb state, as it must be.",
]);

const conditions = "EQ NE CS CC MI PL VS VC HI LS GE LT GT LE AL AL".split(" ");

/** `value` in the order ICI[7:0] = xPSR[26:25], xPSR[15:10], as Tock prints it; IT[7:0] has these the other way round. */
function iciItText(value: number): string | null {
  if (value === 0) return null;
  const it = ((value & 0x3f) << 2) | (value >>> 6);
  const mask = it & 15;
  if (mask === 0)
    return `LDM, STM or a like instruction was interrupted before register r${it >>> 4}.`;
  const left = 4 - (31 - Math.clz32(mask & -mask));
  const condition = conditions[it >>> 4];
  return `Inside an IT block: condition ${condition}, ${left} instruction${left === 1 ? "" : "s"} left.`;
}

/** Its bits lie in two places, so it is no `Field`. */
function iciItField(xpsr: number): RegisterField[] {
  const value = (((xpsr >>> 25) & 3) << 6) | ((xpsr >>> 10) & 0x3f);
  const text = iciItText(value);
  return text === null ? [] : [{ name: "ICI/IT", bits: "26:25, 15:10", value, text }];
}

const exceptionNumber: Field = { name: "Exception", high: 8, low: 0, text: exceptionText };

/** xPSR, with the exception frame's bit 9. */
const xpsr: readonly Field[] = [
  ...apsr,
  thumb,
  bit(9, "SPREALIGN", "In a stacked xPSR: the frame lies 4 bytes below SP, to be aligned to 8."),
  exceptionNumber,
];

const interruptNames: readonly (readonly [code: number, name: string, text: string])[] = [
  [0, "US", "user software interrupt"],
  [1, "SS", "supervisor software interrupt"],
  [3, "MS", "machine software interrupt"],
  [4, "UT", "user timer interrupt"],
  [5, "ST", "supervisor timer interrupt"],
  [7, "MT", "machine timer interrupt"],
  [8, "UE", "user external interrupt"],
  [9, "SE", "supervisor external interrupt"],
  [11, "ME", "machine external interrupt"],
];

const trapTexts: Readonly<Record<number, string>> = {
  0: "Instruction address misaligned: a jump to an odd address; mtval holds it.",
  1: "Instruction access fault: the PMP refused to execute at the address in mtval.",
  2: "Illegal instruction: mtval holds the instruction, or 0.",
  3: "Breakpoint: the program ran into an ebreak.",
  4: "Load address misaligned: mtval holds the address.",
  5: "Load access fault: the PMP or the bus refused to read the address in mtval.",
  6: "Store or atomic address misaligned: mtval holds the address.",
  7: "Store or atomic access fault: the PMP or the bus refused to write the address in mtval.",
  8: "Environment call from user mode: an app's system call, no fault.",
  9: "Environment call from supervisor mode.",
  11: "Environment call from machine mode: the kernel's own.",
  12: "Instruction page fault.",
  13: "Load page fault.",
  15: "Store or atomic page fault.",
};

/** What a trap of RISC-V is; the sentence is one of the privileged specification's table of causes. */
function mcauseFields(value: number): RegisterField[] {
  const code = value & 0x7fffffff;
  const interrupt = value >>> 31;
  const named = interruptNames.find(([number]) => number === code)?.[2];
  const text =
    interrupt === 1
      ? `${capital(named ?? `interrupt ${code} of the platform`)}.`
      : (trapTexts[code] ?? "A reserved or custom cause.");
  return [
    {
      name: "Interrupt",
      bits: "31",
      value: interrupt,
      text: interrupt === 1 ? "An interrupt came from outside." : "The instruction at PC trapped.",
    },
    { name: "Code", bits: "30:0", value: code, text },
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const interruptBits = (suffix: string, what: string): Field[] =>
  interruptNames.map(([code, name, text]) =>
    bit(code, `${name}${suffix}`, `${capital(text)} ${what}.`),
  );

const unitState = (unit: string): string[] => [
  "",
  `${unit} is at its initial state.`,
  `${unit} is clean: as it was last saved.`,
  `${unit} is dirty: changed since it was last saved.`,
];

const unit = (high: number, low: number, name: string, what: string): Field => ({
  ...choice(high, low, name, []),
  text: value => (value === 0 ? null : (unitState(what)[value] ?? null)),
});

const mstatus: readonly Field[] = [
  bit(0, "UIE", "Interrupts are on in user mode."),
  bit(1, "SIE", "Interrupts are on in supervisor mode."),
  bit(3, "MIE", "Interrupts are on in machine mode."),
  bit(4, "UPIE", "Interrupts were on in user mode before the trap."),
  bit(5, "SPIE", "Interrupts were on in supervisor mode before the trap."),
  bit(6, "UBE", "User mode is big-endian."),
  bit(7, "MPIE", "Interrupts were on in machine mode before the trap."),
  bit(8, "SPP", "The last trap into supervisor mode came from supervisor mode."),
  unit(10, 9, "VS", "The vector unit"),
  choice(12, 11, "MPP", [
    "The trap came from user mode: from an app.",
    "The trap came from supervisor mode.",
    "A reserved value.",
    "The trap came from machine mode: from the kernel.",
  ]),
  unit(14, 13, "FS", "The floating-point unit"),
  unit(16, 15, "XS", "An extension"),
  bit(17, "MPRV", "Loads and stores of machine mode follow the rights of the mode in MPP."),
  bit(18, "SUM", "Supervisor mode may access memory of user mode."),
  bit(19, "MXR", "What may be executed may also be read."),
  bit(20, "TVM", "Supervisor mode may not change address translation."),
  bit(21, "TW", "WFI traps outside machine mode."),
  bit(22, "TSR", "SRET traps in supervisor mode."),
  bit(31, "SD", "Some unit is dirty: FS, VS or XS."),
];

const mseccfg: readonly Field[] = [
  bit(
    0,
    "MML",
    "Locked rules bind the kernel alone, others apps alone; the kernel executes only what is locked.",
  ),
  bit(1, "MMWP", "The kernel may not touch what no rule covers."),
  bit(2, "RLB", "Locked rules may still be changed."),
  bit(8, "USEED", "User mode may read the entropy source."),
  bit(9, "SSEED", "Supervisor mode may read the entropy source."),
];

const accessPermission: readonly Field[] = [
  choice(2, 0, "AP", [
    "NoAccess: neither the kernel nor the app may access it.",
    "PrivilegedOnly: the kernel reads and writes, the app may not access it.",
    "UnprivilegedReadOnly: the kernel reads and writes, the app may only read.",
    "ReadWrite: the kernel and the app read and write.",
    "Reserved: what the processor does is not defined.",
    "PrivilegedOnlyReadOnly: the kernel may read, the app may not access it.",
    "ReadOnly: the kernel and the app may only read.",
    "ReadOnlyAlias: the kernel and the app may only read.",
  ]),
];

/** Bits 2:1 of RBAR on ARMv8-M (ARMv8-M ARM D1.2.216). */
const accessPermissionV8: readonly Field[] = [
  choice(1, 0, "AP", [
    "ReadWritePrivilegedOnly: the kernel reads and writes, the app may not access it.",
    "ReadWrite: the kernel and the app read and write.",
    "ReadOnlyPrivilegedOnly: the kernel may read, the app may not access it.",
    "ReadOnly: the kernel and the app may only read.",
  ]),
];

const right = (at: number, name: string, yes: string, no: string): Field =>
  choice(at, at, name, [no, yes]);

const pmpConfig: readonly Field[] = [
  right(0, "R", "Reading is allowed.", "No reading."),
  right(1, "W", "Writing is allowed.", "No writing."),
  right(2, "X", "Executing is allowed.", "No executing."),
  choice(4, 3, "A", [
    "OFF: the entry is not used.",
    "TOR: from the address of the entry before up to this one's.",
    "NA4: the 4 bytes at the address.",
    "NAPOT: an aligned power of two of bytes.",
  ]),
  right(
    7,
    "L",
    "Locked until reset; binds the kernel, too (with mseccfg.MML the kernel alone).",
    "Not locked: the rule is for apps.",
  ),
];

const subregions: readonly Field[] = Array.from({ length: 8 }, (_, number) =>
  choice(number, number, `Sub-region ${number}`, [
    "Enabled: the region's rights hold here.",
    "Disabled: as if the region were not here.",
  ]),
);

/** By name in upper case. */
const registers: Readonly<Record<string, readonly Field[]>> = {
  CFSR: cfsr,
  HFSR: hfsr,
  SHCSR: shcsr,
  XPSR: xpsr,
  PSR: xpsr,
  APSR: apsr,
  EPSR: [thumb],
  IPSR: [exceptionNumber],
  "ICI.IT": [{ name: "ICI/IT", high: 7, low: 0, text: iciItText }],
  MSTATUS: mstatus,
  MIE: interruptBits("IE", "is on"),
  MIP: interruptBits("IP", "is pending"),
  MSECCFG: mseccfg,
  AP: accessPermission,
  "RBAR.AP": accessPermissionV8,
  PMPCFG: pmpConfig,
  SRD: subregions,
};

function decodeField({ name, high, low, text }: Field, value: number): RegisterField[] {
  const part = (value >>> low) & (2 ** (high - low + 1) - 1);
  const words = text(part);
  if (words === null) return [];
  return [{ name, bits: high === low ? `${low}` : `${high}:${low}`, value: part, text: words }];
}

/**
 * What the bits of a register say: bits that are set, and fields whose every value says something. Highest bit first.
 * Names in upper or lower case: CFSR, HFSR, SHCSR, xPSR (PSR), APSR, EPSR, IPSR, `ICI.IT` (8 bits as Tock prints them),
 * mcause, mstatus, mie, mip, mseccfg; `AP` for the access permission of an MPU region (`RBAR.AP`: of ARMv8-M), `SRD` for its disabled sub-regions,
 * `pmpcfg` for 8 bits of a PMP entry. Empty for a register without fields.
 */
export function decodeRegister(name: string, value: number): readonly RegisterField[] {
  const upper = name.toUpperCase();
  if (upper === "MCAUSE") return mcauseFields(value);
  const fields = (registers[upper] ?? []).flatMap(field => decodeField(field, value));
  if (upper === "XPSR" || upper === "PSR" || upper === "EPSR") fields.push(...iciItField(value));
  return fields.sort((a, b) => Number.parseInt(b.bits, 10) - Number.parseInt(a.bits, 10));
}

/** The address registers of the fault status: whether CFSR says that they hold an address. */
export function isAddressValid(name: "MMFAR" | "BFAR", cfsrValue: number): boolean {
  return (cfsrValue & (name === "MMFAR" ? 1 << 7 : 1 << 15)) !== 0;
}
