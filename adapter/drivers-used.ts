// Which drivers an app's code asks for: the constants that reach r0 of its system calls, followed through the functions
// that wrap them. Read straight through each function, so a driver number that is computed is not seen.
import {
  type Elf,
  type ElfSection,
  EM_ARM,
  type Isa,
  SHF_EXECINSTR,
  STT_FUNC,
} from "../emulator/index.js";
import { type Instruction, instructionAt, type Read16 } from "./flow.js";

/** What a register holds: a constant, what the function got in an argument register, or nobody knows what. */
type Value = { constant: number } | { argument: number } | undefined;

interface Code {
  start: number;
  end: number;
  instructions: Instruction[];
}

/** Classes of system calls whose r0 is a driver number, as `svc` has them. */
const WITH_DRIVER = /^svc 0?x?([12347])$/;

/** The numbers of the drivers that `elf` asks for. */
export function driversUsed(elf: Elf, isa: Isa): ReadonlySet<number> {
  const used = new Set<number>();
  if (elf.machine !== EM_ARM) return used;
  const functions = elf.sections
    .filter(section => (section.flags & SHF_EXECINSTR) !== 0 && section.size > 0)
    .flatMap(section => functionsIn(elf, section, isa));
  /** By entry: the argument register that becomes a driver number. */
  const wrappers = new Map<number, number>();
  for (let known = -1; known < wrappers.size; ) {
    known = wrappers.size;
    for (const { code, read16 } of functions) follow(code, read16, wrappers, used);
  }
  return used;
}

function functionsIn(elf: Elf, section: ElfSection, isa: Isa): { code: Code; read16: Read16 }[] {
  const bytes = section.data();
  const read16: Read16 = address => {
    const offset = address - section.address;
    const [low, high] = [bytes[offset], bytes[offset + 1]];
    return low === undefined || high === undefined ? undefined : low | (high << 8);
  };
  const entries = elf.symbols.filter(s => s.type === STT_FUNC && s.section === section.index);
  return entries.map(({ value, size }) => {
    const start = (value & ~1) >>> 0;
    const code: Code = { start, end: start + size, instructions: [] };
    for (let at = start; at < code.end; ) {
      const instruction = instructionAt(isa, at, read16);
      code.instructions.push(instruction);
      at += instruction.size;
    }
    return { code, read16 };
  });
}

/** One pass over a function: drivers it asks for by constants, and whether it is a wrapper itself. */
function follow(
  code: Code,
  read16: Read16,
  wrappers: Map<number, number>,
  used: Set<number>,
): void {
  const registers: Value[] = [0, 1, 2, 3].map(argument => ({ argument }));
  const reaches = (value: Value) => {
    if (value === undefined) return;
    if ("constant" in value) used.add(value.constant);
    else wrappers.set(code.start, value.argument);
  };
  for (const { address, text, flow } of code.instructions) {
    if (flow.kind === "syscall") {
      if (WITH_DRIVER.test(text)) reaches(registers[0]);
      for (let n = 0; n < 4; n++) registers[n] = undefined;
      continue;
    }
    const target = /^(?:bl|b(?:\.[nw])?) 0x([0-9a-f]+)/.exec(text)?.[1];
    if (target !== undefined) {
      const wrapped = wrappers.get(Number.parseInt(target, 16));
      if (wrapped !== undefined) reaches(registers[wrapped]);
    }
    if (flow.kind === "call") {
      for (const n of [0, 1, 2, 3, 12]) registers[n] = undefined;
      continue;
    }
    execute(text, address, registers, read16);
  }
}

const NAMES = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc".split(" ");
const ALIASES: Readonly<Record<string, string>> = { sl: "r10", fp: "r11", ip: "r12" };
const numberOf = (name: string): number => NAMES.indexOf(ALIASES[name] ?? name);
/** Instructions that write no register. */
const WRITES_NOTHING = /^(?:push|stm|str|cmp|cmn|tst|teq|b|cb|nop|it|bkpt|dmb|dsb|isb|udf|msr|cps)/;

/** What an instruction leaves in the registers, as far as constants and moves go. */
function execute(text: string, address: number, registers: Value[], read16: Read16): void {
  const [, mnemonic = "", operands = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
  if (WRITES_NOTHING.test(mnemonic)) return;
  const words = operands.split(/,\s*/);
  const target = numberOf(words[0] ?? "");
  const value = resultOf(mnemonic, words, address, registers, read16);
  // Lists and pairs of registers, and whatever else is named: unknown from here on.
  if (/^(?:pop|ldm|ldrd|[us]mull|[us]mlal|umaal)/.test(mnemonic))
    for (const word of operands.match(/\b(?:r\d+|sl|fp|ip)\b/g) ?? [])
      registers[numberOf(word)] = undefined;
  if (target >= 0) registers[target] = value;
}

function resultOf(
  mnemonic: string,
  [, second = "", third]: readonly string[],
  address: number,
  registers: readonly Value[],
  read16: Read16,
): Value {
  const immediate = (word: string) => (/^#-?\d+$/.test(word) ? Number(word.slice(1)) : undefined);
  const source = registers[numberOf(second)];
  if (/^movs?(?:\.[nw])?$|^movw$/.test(mnemonic)) {
    const constant = immediate(second);
    return constant === undefined ? source : { constant: constant >>> 0 };
  }
  if (/^ldr(?:\.[nw])?$/.test(mnemonic) && second === "[pc") {
    const offset = immediate((third ?? "").replace(/\].*$/, ""));
    return offset === undefined ? undefined : literalAt(((address + 4) & ~3) + offset, read16);
  }
  const amount = immediate(third ?? "");
  if (amount === undefined || source === undefined || !("constant" in source)) return undefined;
  if (/^lsls?(?:\.w)?$/.test(mnemonic)) return { constant: (source.constant << amount) >>> 0 };
  if (/^adds?(?:\.w)?$|^addw$/.test(mnemonic))
    return { constant: (source.constant + amount) >>> 0 };
  return undefined;
}

function literalAt(address: number, read16: Read16): Value {
  const [low, high] = [read16(address >>> 0), read16((address + 2) >>> 0)];
  return low === undefined || high === undefined
    ? undefined
    : { constant: (low | (high << 16)) >>> 0 };
}
