// The processor's state in a dump: the fault status of Cortex-M (arch/cortex-m/src/lib.rs `print_cortexm_state`) and the
// machine state of RISC-V with the PMP that the chip adds (arch/riscv/src/lib.rs, arch/riscv/src/pmp.rs).
import {
  cfsrFlags,
  hfsrFlags,
  interruptLabels,
  type RiscvState,
  statusLabels,
} from "../../emulator/index.js";
import type { DumpDraft, PartReader } from "./draft.js";
import type { Line } from "./dump-text.js";
import type { DumpValue } from "./model.js";

/** A register's value behind its label. A logger may add text behind it. */
const labelled = /\):?\s{0,99}(0x(?:[0-9A-Fa-f]{16}(?![0-9A-Fa-f])|[0-9A-Fa-f]{8}))/;
const address = /Address:\s{0,99}(0x(?:[0-9A-Fa-f]{16}(?![0-9A-Fa-f])|[0-9A-Fa-f]{8}))/;

const addresses = [
  ["Hard Fault Status Register", "HFSR", "hfsr", 0, labelled],
  ["Fault Status Register", "CFSR", "cfsr", 0, labelled],
  // These are printed when they are valid.
  ["Faulting Memory Address", "MMFAR", "mmfar", 1 << 7, address],
  ["Bus Fault Address", "BFAR", "bfar", 1 << 15, address],
] as const;

const flags = [
  ...cfsrFlags.map(([bit, label]) => ({ bit, label, name: "CFSR", key: "cfsr" as const })),
  ...hfsrFlags.map(([bit, label]) => ({ bit, label, name: "HFSR", key: "hfsr" as const })),
].map(flag => ({ ...flag, label: flag.label.slice(0, -1) }));

export const readFaultStatus: PartReader<DumpDraft> = (line, draft) => {
  const { text } = line;
  if (/No (?:Cortex-M )?faults detected/.test(text)) {
    draft.fault ??= { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };
    return [];
  }
  const found = addresses.find(([label]) => text.includes(label));
  if (found) {
    const [, name, key, valid, pattern] = found;
    const match = pattern.exec(text);
    if (!match) return [];
    draft.fault ??= { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };
    // CFSR itself comes behind them, and may be lost.
    draft.fault.cfsr = (draft.fault.cfsr | valid) >>> 0;
    const value = { ...line.tail("register", name, match) };
    draft.fault[key] = value.value;
    return [value];
  }
  const flag = flags.find(({ label }) => text.includes(label));
  if (!flag) return undefined;
  draft.fault ??= { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };
  const bit = (1 << flag.bit) >>> 0;
  // A dump that was cut off in front of the register's own line tells its flags.
  draft.fault[flag.key] = (draft.fault[flag.key] | bit) >>> 0;
  const at = text.indexOf(flag.label);
  return [line.value("flag", flag.name, bit, [at, flag.label.length])];
};

const numbered = ["mepc", "mstatus", "mcycle", "minstret", "mtvec", "mie", "mip"] as const;

/** Registers with a name of their own: ` mepc:    0x800030FA    mstatus:     0x00000088`. */
const registerPattern =
  /\b([a-z]{3,8}):\s{1,12}(0x(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{8}))(?![0-9A-Za-z])/g;
/** `  uie:    false    upie:   false` */
const flagPattern = /\b([a-z]{3,6}:)\s{1,8}(true|false)\b/g;
/** `interrupt=false` in releases 1.5 and 1.6. */
const causePattern = /\(interrupt=([01]|true|false), ?exception ?code=(0x[0-9A-Fa-f]{1,16})(?=\))/;

/** Where the machine's state begins, if its heading is not there. */
export const isMachineState = (text: string): boolean => /(?:Last c|C)ause \(mcause\): /.test(text);

export const readMachineState: PartReader<DumpDraft> = (line, draft) => {
  const { text } = line;
  draft.machine ??= { protection: [] };
  const { machine } = draft;
  if (text.includes("(mcause):")) return readCause(line, machine);
  if (text.includes("(mtval):")) {
    const match = labelled.exec(text);
    if (!match) return [];
    const value = line.tail("register", "mtval", match);
    machine.mtval = value.value;
    return [value];
  }
  if (text.includes("System register dump")) return [];
  const registers = [...text.matchAll(registerPattern)].flatMap(match => {
    const name = numbered.find(known => known === match[1]);
    if (name === undefined) return [];
    const value = line.tail("register", name, match);
    machine[name] = value.value;
    return [value];
  });
  if (registers.length > 0) return registers;
  return readStateFlags(line) ?? readProtection(line, machine);
};

function readCause(line: Line, machine: Partial<RiscvState>): DumpValue[] {
  const match = causePattern.exec(line.text);
  if (!match) return [];
  const code = Number(match[2]);
  machine.mcause = ((match[1] === "1" || match[1] === "true" ? 0x80000000 : 0) | code) >>> 0;
  return [{ ...line.tail("register", "mcause", match), value: machine.mcause }];
}

/** Flags of mstatus, and of mie with those of mip beside them, which have no label. */
function readStateFlags(line: Line): DumpValue[] | undefined {
  const values = [...line.text.matchAll(flagPattern)].flatMap(match => {
    const [, label = "", word = ""] = match;
    const at = match.index + match[0].length - word.length;
    const flag = (name: string, bit: number, text: string, index: number) =>
      line.value("flag", name, text === "true" ? (1 << bit) >>> 0 : 0, [index, text.length]);
    const status = statusLabels.find(([, known]) => known === label);
    if (status) return [flag("mstatus", status[0], word, at)];
    const interrupt = interruptLabels.find(([, known]) => known === label);
    if (!interrupt) return [];
    const pending = /^\s+(true|false)\b/.exec(line.text.slice(at + word.length));
    const mie = flag("mie", interrupt[0], word, at);
    if (!pending?.[1]) return [mie];
    const pendingAt = at + word.length + pending[0].length - pending[1].length;
    return [mie, flag("mip", interrupt[0], pending[1], pendingAt)];
  });
  return values.length > 0 ? values : undefined;
}

const entryPattern = /\b(pmpaddr|start|end|addr)=(0x[0-9A-Fa-f]{1,16})(?![0-9A-Za-z])/g;
const configPattern = /\bcfg=(0x[0-9A-Fa-f]{1,4})(?![0-9A-Za-z])/;

/** Addresses and rights of a line of the PMP, of the machine or of a process. */
export function pmpValues(line: Line): DumpValue[] {
  const values = [...line.text.matchAll(entryPattern)].map(match =>
    line.tail("address", match[1] ?? "", match),
  );
  const config = configPattern.exec(line.text);
  if (config) values.push(line.tail("access", "pmpcfg", config));
  return values;
}

/** What a chip adds: its PMP, kept as it is printed. */
function readProtection(line: Line, machine: { protection: string[] }): DumpValue[] | undefined {
  const { text } = line;
  const known =
    /PMP|mseccfg|configuration|placeholder|<unset>/.test(text) || /\[\d{1,2}\]:/.test(text);
  if (!known) return undefined;
  machine.protection.push(text);
  const mseccfg = /mseccfg: (0x[0-9A-Fa-f]{1,16})/.exec(text);
  return mseccfg ? [line.tail("register", "mseccfg", mseccfg)] : pmpValues(line);
}
