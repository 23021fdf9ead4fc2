// What an instruction of Thumb touches and changes, read from its disassembly (ARMv7-M ARM, chapter A7).
import type { Access } from "./model.js";

const CONDITION = "(?:eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?";
const WIDTH = "(?:\\.[nw])?";
const SINGLE = new RegExp(`^(ldr|str)(ex)?(sb|sh|b|h|d)?t?${CONDITION}${WIDTH}$`);
const MULTIPLE = new RegExp(`^(ldm|stm)(ia|db)${CONDITION}${WIDTH}$`);
const STACKED = new RegExp(`^(push|pop)${CONDITION}${WIDTH}$`);

const NAMES: Readonly<Record<string, number>> = { sl: 10, fp: 11, ip: 12, sp: 13, lr: 14, pc: 15 };
const SP = 13;

/** Number of a register as the disassembler writes it; `undefined` for anything else. */
export function registerNumber(name: string): number | undefined {
  const number = NAMES[name] ?? Number(/^r(\d+)$/.exec(name)?.[1] ?? "NaN");
  return Number.isNaN(number) ? undefined : number;
}

/** A load or a store. Its address is `base + offset + (index << shift)`. */
export interface Transfer {
  kind: Exclude<Access, "execute">;
  /** What is loaded or stored, in the order of addresses. */
  registers: readonly number[];
  /** Bytes per register. */
  size: number;
  base: number;
  offset: number;
  index: { register: number; shift: number } | undefined;
  /** The base is changed by the access. */
  writeBack: boolean;
}

/** Mnemonic and operands; brackets and braces stay whole. */
export function partsOf(text: string): { mnemonic: string; operands: readonly string[] } {
  const space = text.indexOf(" ");
  if (space < 0) return { mnemonic: text, operands: [] };
  const operands = text.slice(space + 1).match(/[[{][^\]}]*[\]}]!?|[^,\s][^,]*/g) ?? [];
  return { mnemonic: text.slice(0, space), operands: operands.map(each => each.trim()) };
}

/** `undefined`: the instruction touches no memory. */
export function transferOf(text: string): Transfer | undefined {
  const { mnemonic, operands } = partsOf(text);
  return (
    single(mnemonic, operands) ?? multiple(mnemonic, operands) ?? jumpTable(mnemonic, operands)
  );
}

const SIZES: Readonly<Record<string, number>> = { b: 1, sb: 1, h: 2, sh: 2 };

function single(mnemonic: string, operands: readonly string[]): Transfer | undefined {
  const [matched, operation, exclusive, letters = ""] = SINGLE.exec(mnemonic) ?? [];
  const at = operands.findIndex(each => each.startsWith("["));
  const place = operands[at];
  if (matched === undefined || place === undefined) return undefined;
  const names = operands.slice(operation === "str" && exclusive !== undefined ? 1 : 0, at);
  const registers = names.map(registerNumber).filter(each => each !== undefined);
  const address = addressOf(place);
  if (address === undefined) return undefined;
  const after = operands[at + 1] !== undefined;
  return {
    kind: operation === "str" ? "write" : "read",
    registers,
    size: SIZES[letters] ?? 4,
    ...address,
    writeBack: after || place.endsWith("!"),
  };
}

/** `[r1, #4]`, `[r1, r2, lsl #2]` */
function addressOf(place: string): Pick<Transfer, "base" | "offset" | "index"> | undefined {
  const inside = place.replace(/[[\]!]/g, "").split(",");
  const [name = "", second, third] = inside.map(each => each.trim());
  const base = registerNumber(name);
  if (base === undefined) return undefined;
  const register = registerNumber(second ?? "");
  const number = Number(second?.replace("#", "") ?? 0);
  const shift = Number(/^lsl #(\d+)$/.exec(third ?? "")?.[1] ?? 0);
  if (register !== undefined) return { base, offset: 0, index: { register, shift } };
  return { base, offset: Number.isNaN(number) ? 0 : number, index: undefined };
}

const listOf = (list: string): number[] =>
  list
    .replace(/[{}]/g, "")
    .split(",")
    .map(each => registerNumber(each.trim()))
    .filter(each => each !== undefined);

function multiple(mnemonic: string, operands: readonly string[]): Transfer | undefined {
  const many = MULTIPLE.exec(mnemonic);
  const [matched, operation] = many ?? STACKED.exec(mnemonic) ?? [];
  if (matched === undefined) return undefined;
  const registers = listOf(operands.at(-1) ?? "");
  const base = many === null ? SP : registerNumber(operands[0]?.replace("!", "") ?? "");
  if (base === undefined) return undefined;
  const down = operation === "push" || many?.[2] === "db";
  return {
    kind: operation === "push" || operation === "stm" ? "write" : "read",
    registers,
    size: 4,
    base,
    offset: down ? -4 * registers.length : 0,
    index: undefined,
    writeBack: many === null || operands[0]?.endsWith("!") === true,
  };
}

function jumpTable(mnemonic: string, operands: readonly string[]): Transfer | undefined {
  const [place] = operands;
  if (!/^tb[bh]/.test(mnemonic) || place === undefined) return undefined;
  const address = addressOf(place);
  const size = mnemonic.startsWith("tbh") ? 2 : 1;
  return address && { kind: "read", registers: [], size, ...address, writeBack: false };
}

/** The lowest address that a transfer touches, and how many bytes from there. */
export function touched(
  transfer: Transfer,
  registers: readonly (number | undefined)[],
  pc: number,
): { address: number; size: number } | undefined {
  const base = transfer.base === 15 ? (pc + 4) & ~3 : registers[transfer.base];
  const index = transfer.index === undefined ? 0 : registers[transfer.index.register];
  if (base === undefined || index === undefined) return undefined;
  const address = (base + transfer.offset + (index << (transfer.index?.shift ?? 0))) >>> 0;
  return { address, size: transfer.size * Math.max(1, transfer.registers.length) };
}

const NO_RESULT =
  /^(?:str|stm|push|cmp|cmn|tst|teq|b|bx|cbn?z|svc|it[te]*|nop|udf|bkpt|msr|dsb|dmb|isb|pld|pli|tb[bh]|wf[ei]|sev|yield|clrex|cps)/;
const LONG_MULTIPLY = /^[us]m[lu][al]l/;

/** Registers that the instruction changes, as far as its text tells. */
export function changedBy(text: string): readonly number[] {
  const { mnemonic, operands } = partsOf(text);
  if (/^blx?/.test(mnemonic) && !/^bl[est]/.test(mnemonic)) return [0, 1, 2, 3, 12, 14];
  if (/^svc/.test(mnemonic)) return [0, 1, 2, 3];
  const transfer = transferOf(text);
  const base = transfer?.writeBack === true ? [transfer.base] : [];
  if (transfer !== undefined) {
    return [...(transfer.kind === "read" ? transfer.registers : []), ...base];
  }
  if (NO_RESULT.test(mnemonic) && !/^b(?:ic|fi|fc)/.test(mnemonic)) return [];
  const results = LONG_MULTIPLY.test(mnemonic) ? operands.slice(0, 2) : operands.slice(0, 1);
  return results.map(registerNumber).filter(each => each !== undefined);
}
