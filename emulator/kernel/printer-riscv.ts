// What RISC-V adds to Tock's panic text: machine state, registers and PMP of a process (arch/riscv/src/lib.rs
// `print_riscv_state`, arch/riscv/src/syscall.rs `print_context`, arch/riscv/src/pmp.rs `PMPUserMPUConfig`).
import { hex8 } from "../base/bits.js";

/** Control and status registers of the machine when the kernel panicked. */
export interface RiscvState {
  mcause: number;
  mtval: number;
  mepc: number;
  mstatus: number;
  mcycle: number;
  minstret: number;
  mtvec: number;
  mie: number;
  mip: number;
  /** What the chip adds, line by line as it is printed: its PMP entries, which differ by chip. */
  protection: readonly string[];
}

/** The stored context of a RISC-V process (`RiscvStoredState`). */
export interface RiscvContext {
  /** x0 to x31. */
  registers: readonly number[];
  pc: number;
  mcause: number;
  mtval: number;
}

/** A process's PMP regions. */
export interface PmpConfig {
  id: number;
  dirty: boolean;
  /** Index of the region of its RAM. */
  appMemoryRegion: number | null;
  /** `[start, end)` and the entry's `pmpcfg` byte. */
  regions: readonly { start: number; end: number; cfg: number }[];
}

const interrupts = [
  [0, "User software"],
  [1, "Supervisor software"],
  [3, "Machine software"],
  [4, "User timer"],
  [5, "Supervisor timer"],
  [7, "Machine timer"],
  [8, "User external"],
  [9, "Supervisor external"],
  [11, "Machine external"],
] as const;

const exceptions: Readonly<Record<number, string>> = {
  0: "Instruction access misaligned",
  1: "Instruction access fault",
  2: "Illegal instruction",
  3: "Breakpoint",
  4: "Load address misaligned",
  5: "Load access fault",
  6: "Store/AMO address misaligned",
  7: "Store/AMO access fault",
  8: "Environment call from U-mode",
  9: "Environment call from S-mode",
  11: "Environment call from M-mode",
  12: "Instruction page fault",
  13: "Load page fault",
  15: "Store/AMO page fault",
};

const isInterrupt = (mcause: number): boolean => mcause >>> 31 === 1;
const codeOf = (mcause: number): number => mcause & 0x7fffffff;

/** `print_mcause` */
function causeText(mcause: number): string {
  const code = codeOf(mcause);
  if (!isInterrupt(mcause)) return exceptions[code] ?? "Reserved";
  const name = interrupts.find(([number]) => number === code)?.[1];
  return name === undefined ? "Reserved/Unknown" : `${name} interrupt`;
}

/** In the order of the dump: the bit of mie and mip, and its label. */
export const interruptLabels = [
  [0, "usoft:"],
  [1, "ssoft:"],
  [3, "msoft:"],
  [4, "utimer:"],
  [5, "stimer:"],
  [7, "mtimer:"],
  [8, "uext:"],
  [9, "sext:"],
  [11, "mext:"],
] as const;

/** The same of mstatus. */
export const statusLabels = [
  [0, "uie:"],
  [4, "upie:"],
  [1, "sie:"],
  [5, "spie:"],
  [3, "mie:"],
  [7, "mpie:"],
  [8, "spp:"],
] as const;

const bit = (value: number, n: number): string => ((value >>> n) & 1 ? "true" : "false").padEnd(5);

/** Two texts a line. */
const inPairs = (texts: readonly string[]): string[] =>
  texts.flatMap((text, i) =>
    i % 2 ? [] : [`  ${[text, ...texts.slice(i + 1, i + 2)].join("    ")}`],
  );

/** `print_riscv_state` and what the chip adds, with the blank line before its heading. */
export function riscvState(state: RiscvState): string {
  const { mcause, mstatus, mie, mip } = state;
  const code = hex8(codeOf(mcause));
  const lines = [
    "",
    "---| RISC-V Machine State |---",
    `Last cause (mcause): ${causeText(mcause)} (interrupt=${mcause >>> 31}, exception code=${code})`,
    `Last value (mtval):  ${hex8(state.mtval)}`,
    "",
    "System register dump:",
    ` mepc:    ${hex8(state.mepc)}    mstatus:     ${hex8(mstatus)}`,
    ` mcycle:  ${hex8(state.mcycle)}    minstret:    ${hex8(state.minstret)}`,
    ` mtvec:   ${hex8(state.mtvec)}`,
    ` mstatus: ${hex8(mstatus)}`,
    ...inPairs(statusLabels.map(([n, label]) => `${label.padEnd(8)}${bit(mstatus, n)}`)),
    ` mie:     ${hex8(mie)}    mip:         ${hex8(mip)}`,
    ...interruptLabels.map(
      ([n, label]) => `  ${label.padEnd(8)}${bit(mie, n)}${" ".repeat(22)}${bit(mip, n)}`,
    ),
    ...state.protection,
  ];
  return lines.map(text => `${text}\r\n`).join("");
}

/** `print_context`, with the blank lines around it. */
export function riscvRegisters({ registers, pc, mcause, mtval }: RiscvContext): string[] {
  const name = (n: number) => `R${n}`.padEnd(3);
  const value = (n: number) => hex8(registers[n] ?? 0);
  const lines = [""];
  for (let n = 0; n < 16; n++)
    lines.push(` ${name(n)}: ${value(n)}    ${name(n + 16)}: ${value(n + 16)}`);
  return [
    ...lines,
    ` PC : ${hex8(pc)}`,
    "",
    ` mcause: ${hex8(mcause)} (${causeText(mcause)})`,
    ` mtval:  ${hex8(mtval)}`,
    "",
  ];
}

/** `Display` of `PMPUserMPUConfig`. */
export function pmpConfig({ id, dirty, appMemoryRegion, regions }: PmpConfig): string[] {
  const right = (cfg: number, n: number, letter: string) => ((cfg >>> n) & 1 ? letter : "-");
  return [
    " PMPUserMPUConfig {",
    `  id: ${id},`,
    `  is_dirty: ${dirty},`,
    `  app_memory_region: ${appMemoryRegion === null ? "None" : `Some(${appMemoryRegion})`},`,
    "  regions:",
    ...regions.map(({ start, end, cfg }, number) => {
      const rights = `-${right(cfg, 0, "r")}${right(cfg, 1, "w")}${right(cfg, 2, "x")}`;
      const mode = (cfg >>> 3) & 3 ? "TOR" : "OFF";
      const byte = `0x${(cfg & 0xff).toString(16).toUpperCase().padStart(2, "0")}`;
      const place = `start=${hex8(start)}, end=${hex8(end)}, cfg=${byte}`;
      return `     #${String(number).padStart(2, "0")}: ${place} (${mode}) (${rights})`;
    }),
    " }",
  ];
}
