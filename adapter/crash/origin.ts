// Where the value of a register came from: a walk back through the function from the instruction that used it.
import type { MemoryReader } from "../symbols/model.js";
import { ENTRY, type FunctionCode } from "./code.js";
import { partsOf, registerNumber, transferOf } from "./instructions.js";

export interface Origin {
  /** `undefined`: it cannot be told any more. */
  value: number | undefined;
  /** The instruction that made it. */
  at: number | undefined;
  /** Memory or the code itself tells that it is this value. */
  checked?: boolean;
  /** Where it was looked for: in this register, in front of this instruction. */
  place?: { register: number; pc: number };
  made:
    | { by: "constant" }
    | {
        by: "load";
        base: Origin;
        index: Origin | undefined;
        shift: number;
        offset: number;
        size: number;
      }
    | { by: "sum"; left: Origin; right: Origin; shift: number }
    /** A loop has moved it on from there. */
    | { by: "step"; from: Origin }
    /** It was in this register when the function began. */
    | { by: "entry"; register: number }
    /** The function that is called at `at` returned it. */
    | { by: "call" }
    | { by: "unknown" };
}

const DEEPEST = 6;
/** Registers that are looked at in one walk, so that it ends soon in code of many ways. */
const MOST_STEPS = 100;

/** What a walk sees: the code, memory, and the registers at the instruction where it starts. */
export interface Trace {
  code: FunctionCode;
  memory: MemoryReader;
  registers: readonly (number | undefined)[];
  pc: number;
}

/** Every way in which `register` may have got its value before the instruction at `trace.pc`. */
export function originsOf(trace: Trace, register: number): readonly Origin[] {
  return new Walk(trace).origins(register, trace.pc, 0);
}

class Walk {
  readonly #trace: Trace;
  #steps = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Those that fit to the register's value, if that is known; an unknown one if none does. */
  origins(register: number, at: number, depth: number): readonly Origin[] {
    const definitions =
      this.#steps++ > MOST_STEPS ? [] : this.#trace.code.definitions(register, at);
    const value = this.#valueAt(register, at, definitions);
    const place = { register, pc: at };
    const found = depth > DEEPEST ? [] : this.#made(definitions, register, depth);
    const fitting = found.filter(origin => value === undefined || fits(origin, value));
    if (fitting.length === 0) return [{ value, at: undefined, place, made: { by: "unknown" } }];
    return fitting.map(origin => ({
      ...origin,
      value: value ?? origin.value,
      checked: origin.value !== undefined,
      place,
    }));
  }

  #made(
    definitions: readonly (number | typeof ENTRY)[],
    register: number,
    depth: number,
  ): Origin[] {
    return definitions.map(definition =>
      definition === ENTRY
        ? { value: undefined, at: undefined, made: { by: "entry", register } }
        : this.#madeAt(definition, register, depth),
    );
  }

  #origin(register: number, at: number, depth: number): Origin {
    const found = this.origins(register, at, depth + 1);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    const place = { register, pc: at };
    return { value: only?.value, at: undefined, place, made: { by: "unknown" } };
  }

  /** What a register holds at an earlier instruction is what it holds now, if nothing in between has changed it. */
  #valueAt(
    register: number,
    at: number,
    definitions: readonly (number | typeof ENTRY)[],
  ): number | undefined {
    const { code, pc, registers } = this.#trace;
    if (at === pc) return registers[register];
    const now = code.definitions(register, pc);
    const same = now.length === definitions.length && now.every(each => definitions.includes(each));
    return same && now.length > 0 ? registers[register] : undefined;
  }

  #madeAt(at: number, register: number, depth: number): Origin {
    const text = this.#trace.code.at(at)?.text ?? "";
    const made =
      this.#stepped(text, at, register, depth) ??
      this.#loaded(text, at, register, depth) ??
      this.#computed(text, at, depth);
    return made ?? { value: undefined, at, made: { by: "unknown" } };
  }

  /** A register that its own old value is made from, time and again. */
  #stepped(text: string, at: number, register: number, depth: number): Origin | undefined {
    const transfer = transferOf(text);
    const moved = transfer?.writeBack === true && transfer.base === register;
    const { mnemonic, operands } = partsOf(text);
    const [target = "", first = "", second] = operands;
    const added = /^(?:add|sub)/.test(mnemonic) && registerNumber(target) === register;
    const source = second === undefined ? target : first;
    if (!moved && !(added && registerNumber(source) === register)) return undefined;
    const before = this.#trace.code.definitions(register, at);
    const others = before.filter(each => each !== at);
    // Once is a sum.
    if (!moved && others.length === before.length) return undefined;
    const [from, ...more] = depth > DEEPEST ? [] : this.#made(others, register, depth + 1);
    if (from === undefined || more.length > 0) return undefined;
    return { value: undefined, at, made: { by: "step", from } };
  }

  #loaded(text: string, at: number, register: number, depth: number): Origin | undefined {
    const transfer = transferOf(text);
    if (transfer?.kind !== "read" || !transfer.registers.includes(register)) return undefined;
    const { base: baseRegister, index, size } = transfer;
    const offset = transfer.offset + size * transfer.registers.indexOf(register);
    const base: Origin =
      baseRegister === 15
        ? { value: (at + 4) & ~3, at, made: { by: "constant" } }
        : this.#origin(baseRegister, at, depth);
    const indexed = index === undefined ? undefined : this.#origin(index.register, at, depth);
    const shift = index?.shift ?? 0;
    const start =
      base.value === undefined || (indexed !== undefined && indexed.value === undefined)
        ? undefined
        : base.value + offset + ((indexed?.value ?? 0) << shift);
    const value = start === undefined ? undefined : readNumber(this.#trace.memory, start, size);
    if (baseRegister === 15) return { value, at, made: { by: "constant" } };
    return { value, at, made: { by: "load", base, index: indexed, shift, offset, size } };
  }

  #computed(text: string, at: number, depth: number): Origin | undefined {
    const { mnemonic, operands } = partsOf(text);
    const [, first = "", second = "", third = ""] = operands;
    if (/^(?:blx?)(?![est])/.test(mnemonic)) return { value: undefined, at, made: { by: "call" } };
    if (/^mov[sw]?/.test(mnemonic) && !mnemonic.startsWith("movt") && operands.length === 2) {
      const source = registerNumber(first);
      if (source !== undefined) return this.#origin(source, at, depth);
      return { value: immediateOf(first), at, made: { by: "constant" } };
    }
    if (/^movt/.test(mnemonic)) return this.#movedTop(operands, at, depth);
    if (/^(?:add|sub)/.test(mnemonic)) return this.#sum(mnemonic, operands, at, depth);
    const [, shift] = /^lsls?/.test(mnemonic) ? (/^#(\d+)$/.exec(second) ?? []) : [];
    const shifted = registerNumber(first);
    if (shift !== undefined && shifted !== undefined && third === "") {
      const right = this.#origin(shifted, at, depth);
      const value = right.value === undefined ? undefined : right.value << Number(shift);
      const left: Origin = { value: 0, at, made: { by: "constant" } };
      return { value, at, made: { by: "sum", left, right, shift: Number(shift) } };
    }
    return undefined;
  }

  #movedTop(operands: readonly string[], at: number, depth: number): Origin {
    const low = this.#origin(registerNumber(operands[0] ?? "") ?? 0, at, depth).value;
    const high = immediateOf(operands[1] ?? "");
    const value =
      low === undefined || high === undefined ? undefined : (low & 0xffff) | (high << 16);
    return { value: value === undefined ? undefined : value >>> 0, at, made: { by: "constant" } };
  }

  #sum(
    mnemonic: string,
    operands: readonly string[],
    at: number,
    depth: number,
  ): Origin | undefined {
    const [target = "", first = "", second, third = ""] = operands;
    const left = registerNumber(second === undefined ? target : first);
    const rightText = second ?? first;
    if (left === undefined) return undefined;
    const base: Origin =
      left === 15
        ? { value: (at + 4) & ~3, at, made: { by: "constant" } }
        : this.#origin(left, at, depth);
    const register = registerNumber(rightText);
    const right: Origin =
      register === undefined
        ? { value: immediateOf(rightText), at, made: { by: "constant" } }
        : this.#origin(register, at, depth);
    const shift = Number(/^lsl #(\d+)$/.exec(third)?.[1] ?? 0);
    const minus = mnemonic.startsWith("sub");
    const amount =
      right.value === undefined ? undefined : (right.value << shift) * (minus ? -1 : 1);
    const value =
      base.value === undefined || amount === undefined ? undefined : (base.value + amount) >>> 0;
    if (base.made.by === "constant" && right.made.by === "constant") {
      return { value, at, made: { by: "constant" } };
    }
    const signed = minus ? { ...right, value: amount } : right;
    return { value, at, made: { by: "sum", left: base, right: signed, shift: minus ? 0 : shift } };
  }
}

const immediateOf = (text: string): number | undefined => {
  const number = Number(text.replace("#", ""));
  return Number.isNaN(number) || text === "" ? undefined : number;
};

export function readNumber(
  memory: MemoryReader,
  address: number,
  size: number,
): number | undefined {
  const bytes = memory.read(address >>> 0, size);
  if (bytes?.length !== size) return undefined;
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** What memory and registers still tell of a value must be what the register holds. */
function fits({ made, value: told }: Origin, value: number): boolean {
  if (told === undefined) return true;
  const mask = made.by === "load" && made.size < 4 ? (1 << (8 * made.size)) - 1 : 0xffffffff;
  return ((told ^ value) & mask) === 0;
}
