// What an instruction of Thumb touches and changes, read from its disassembly (ARMv7-M ARM, chapter A7), for the engine.
import { thumbIsa } from "../../emulator/index.js";
import type { Instruction } from "../flow.js";
import { ARM_ABI } from "../symbols/abi.js";
import type { Architecture, Effects, Operand, Result, Transfer } from "./architecture.js";

const CONDITION = "(?:eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?";
const WIDTH = "(?:\\.[nw])?";
const SINGLE = new RegExp(`^(ldr|str)(ex)?(sb|sh|b|h|d)?t?${CONDITION}${WIDTH}$`);
const MULTIPLE = new RegExp(`^(ldm|stm)(ia|db)${CONDITION}${WIDTH}$`);
const STACKED = new RegExp(`^(push|pop)${CONDITION}${WIDTH}$`);

const NAMES: Readonly<Record<string, number>> = { sl: 10, fp: 11, ip: 12, sp: 13, lr: 14, pc: 15 };
const SP = 13;
const PC = 15;

/** Number of a register as the disassembler writes it; `undefined` for anything else. */
function registerNumber(name: string): number | undefined {
  const number = NAMES[name] ?? Number(/^r(\d+)$/.exec(name)?.[1] ?? "NaN");
  return Number.isNaN(number) ? undefined : number;
}

/** Mnemonic and operands; brackets and braces stay whole. */
function partsOf(text: string): { mnemonic: string; operands: readonly string[] } {
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
  const after = operands[at + 1];
  const writeBack = after !== undefined || place.endsWith("!");
  const step = after === undefined ? address.offset : immediateOf(after);
  return {
    kind: operation === "str" ? "write" : "read",
    registers,
    size: SIZES[letters] ?? 4,
    ...address,
    writeBack,
    ...(writeBack && step !== undefined ? { step } : {}),
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

const immediateOf = (text: string): number | undefined => {
  const number = Number(text.replace("#", ""));
  return Number.isNaN(number) || text === "" ? undefined : number;
};

const operandOf = (text: string): Operand => {
  const register = registerNumber(text);
  return register === undefined ? { constant: immediateOf(text) } : { register };
};

/** What an instruction takes the pc for (ARMv7-M ARM A4.2.1). */
const pcAt = (address: number): number => (address + 4) & ~3;

function resultOf({ text, address, flow }: Instruction): Result | undefined {
  const { mnemonic, operands } = partsOf(text);
  const [target = "", first = "", second = "", third = ""] = operands;
  if (flow.kind === "call") return { by: "call" };
  if (mnemonic.startsWith("movt"))
    return { by: "top", register: registerNumber(target) ?? 0, value: immediateOf(first) };
  if (/^mov[sw]?/.test(mnemonic) && operands.length === 2) {
    const register = registerNumber(first);
    if (register !== undefined) return { by: "copy", register };
    return { by: "constant", value: immediateOf(first) };
  }
  if (/^(?:add|sub)/.test(mnemonic)) return sumOf(mnemonic, operands, address);
  if (/^(?:muls?|mla)(?:\.[nw])?$/.test(mnemonic)) return productOf(operands);
  const [, amount] = mnemonic.startsWith("lsl") ? (/^#(\d+)$/.exec(second) ?? []) : [];
  const shifted = registerNumber(first);
  return amount === undefined || shifted === undefined || third !== ""
    ? undefined
    : { by: "shift", register: shifted, amount: Number(amount) };
}

function sumOf(mnemonic: string, operands: readonly string[], address: number): Result | undefined {
  const [target = "", first = "", second, third = ""] = operands;
  const left = registerNumber(second === undefined ? target : first);
  if (left === undefined) return undefined;
  return {
    by: "sum",
    left: left === PC ? { constant: pcAt(address) } : left,
    right: operandOf(second ?? first),
    shift: Number(/^lsl #(\d+)$/.exec(third)?.[1] ?? 0),
    minus: mnemonic.startsWith("sub"),
  };
}

/** `muls r0, r1`, `mla r0, r1, r2, r3` */
function productOf([target = "", first = "", second, third]: readonly string[]):
  | Result
  | undefined {
  const [left, right] = [first, second ?? target].map(registerNumber);
  if (left === undefined || right === undefined) return undefined;
  return { by: "product", left, right, added: registerNumber(third ?? "") };
}

const CONDITIONAL = /(?:eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(?:\.[nw])?$/;
const NOT_CONDITIONAL = /^(?:adcs|sbcs|bics|lsls|muls|movs|svc|teq|mls|smlal?s?)(?:\.[nw])?$/;

/** In an IT block: what it does, it may not do. */
const isConditional = (mnemonic: string): boolean =>
  CONDITIONAL.test(mnemonic) && !NOT_CONDITIONAL.test(mnemonic);

function endOf(text: string): Effects["ends"] {
  if (/^bx\S* lr$|^(?:pop|ldm).*\bpc\b/.test(text)) return "return";
  return /^(?:udf|bkpt)/.test(text) ? "trap" : undefined;
}

/** With the address of a literal, which depends on where its instruction stands. */
function transferAt({ text, address }: Instruction): Transfer | undefined {
  const transfer = transferOf(text);
  return transfer?.base === PC
    ? { ...transfer, literal: pcAt(address) + transfer.offset }
    : transfer;
}

function effectsOf(instruction: Instruction): Effects {
  const { text } = instruction;
  const { mnemonic, operands } = partsOf(text);
  const transfer = transferAt(instruction);
  const target = /^bl?(?:\.[nw])? 0x([0-9a-f]+)$/.exec(text)?.[1];
  return {
    transfer,
    changes: changedBy(text),
    result: resultOf(instruction),
    conditional: isConditional(mnemonic),
    through: /^bl?x/.test(mnemonic) ? registerNumber(operands[0] ?? "") : undefined,
    target: target === undefined ? undefined : Number.parseInt(target, 16),
    ends: endOf(text),
    ...comparison(text),
  };
}

/** Of `cmp r0, #0`, `cbz`, `beq`, and divisions. */
function comparison(text: string): Pick<Effects, "zeroTest" | "takenIf" | "divisor"> {
  const { mnemonic, operands } = partsOf(text);
  const [first = "", second = "", third = ""] = operands;
  const name = mnemonic.replace(/\.[nw]$/, "");
  const zero = name === "cbz" || name === "cbnz" || (name === "cmp" && immediateOf(second) === 0);
  const compared = zero ? registerNumber(first) : undefined;
  const divisor = name === "udiv" || name === "sdiv" ? registerNumber(third) : undefined;
  const takenIf = ({ cbz: "equal", beq: "equal", cbnz: "unequal", bne: "unequal" } as const)[
    name as "cbz"
  ];
  return {
    ...(compared === undefined ? {} : { zeroTest: compared }),
    ...(divisor === undefined ? {} : { divisor }),
    ...(takenIf === undefined ? {} : { takenIf }),
  };
}

/** gcc's trap on Thumb (`.inst 0xdeff`), and LLVM's (`.inst 0xdefe`). */
const TRAPS: Readonly<Record<string, "gcc" | "LLVM">> = { "udf #255": "gcc", "udf #254": "LLVM" };

const THUMB = thumbIsa(7);
/** Of ARMv6-M, which has fewer instructions. */
export const THUMB_SMALL = thumbIsa(6);

export const CORTEX_M: Architecture = {
  isa: THUMB,
  abi: ARM_ABI,
  staticBase: 9,
  codeUnit: 2,
  protection: { name: "MPU region", decides: "highest" },
  // ARMv7-M ARM B3.1.
  regions: [
    {
      ...{ low: 0xe0000000, high: 0xe0100000, kind: "private-peripheral" },
      text: "a register of the processor itself",
    },
    { low: 0x40000000, high: 0x60000000, kind: "peripheral", text: "a peripheral's register" },
  ],
  // r0–r3, r12, lr, pc and xPSR (ARMv7-M ARM B1.5.6).
  exceptionFrame: 32,
  popsReturns: true,
  effectsOf,
  trapOf: text => TRAPS[text],
  isFloatingPoint: (address, read16) => THUMB.disassemble(address, read16).text === "<coprocessor>",
  softFloat: "-mfloat-abi=soft",
  isPrivileged: () => false,
};
