// Where the value of a register came from: a walk back through the function from the instruction that used it.
import type { Abi } from "../symbols/abi.js";
import type { MemoryReader } from "../symbols/model.js";
import type { Effects, Result, Transfer } from "./architecture.js";
import { ENTRY, type FunctionCode } from "./code.js";

export interface Origin {
  /** `undefined`: it cannot be told any more. */
  value: number | undefined;
  /** The instruction that made it. */
  at: number | undefined;
  /** Memory or the code itself tells that it is this value. */
  checked?: boolean;
  /** Where it was looked for: in this register, in front of this instruction. */
  place?: { register: number; pc: number };
  made: /** `part`: a number to which another instruction adds the rest. */
    | { by: "constant"; part?: true }
    | {
        by: "load";
        base: Origin;
        index: Origin | undefined;
        shift: number;
        offset: number;
        size: number;
      }
    | { by: "sum"; left: Origin; right: Origin; shift: number }
    | { by: "product"; of: Origin; times: number }
    /** A loop has moved it on from there. */
    | { by: "step"; from: Origin }
    /** It was in this register when the function began. */
    | { by: "entry"; register: number }
    /** The stack pointer. */
    | { by: "frame" }
    /** The function that is called at `at` returned it. */
    | { by: "call" }
    | { by: "unknown" };
}

const DEEPEST = 10;
/** Registers that are looked at in one walk, so that it ends soon in code of many ways. */
const MOST_STEPS = 100;

/** What a walk sees: the code, memory, and the registers at the instruction where it starts. */
export interface Trace {
  code: FunctionCode;
  abi: Abi;
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
    const fixed = this.#trace.abi.constants.get(register);
    if (this.#trace.abi.constants.has(register)) {
      const value = fixed ?? this.#trace.registers[register];
      return [{ value, at: undefined, made: { by: "constant", part: true } }];
    }
    const definitions =
      this.#steps++ > MOST_STEPS ? [] : this.#trace.code.definitions(register, at);
    const value = this.#valueAt(register, at, definitions);
    const place = { register, pc: at };
    const found = depth > DEEPEST ? [] : this.#made(definitions, register, depth);
    const fitting = found.filter(origin => value === undefined || fits(origin, value));
    if (register === this.#trace.abi.sp)
      return [{ value: value ?? fitting[0]?.value, at: undefined, place, made: { by: "frame" } }];
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
    const effects = this.#trace.code.effectsAt(at);
    const made =
      effects &&
      (this.#stepped(effects, at, register, depth) ??
        this.#loaded(effects, at, register, depth) ??
        (effects.result && this.#computed(effects.result, at, depth)));
    return made ?? { value: undefined, at, made: { by: "unknown" } };
  }

  /** A register that its own old value is made from, time and again. */
  #stepped(
    { transfer, result }: Effects,
    at: number,
    register: number,
    depth: number,
  ): Origin | undefined {
    const moved = transfer?.writeBack === true && transfer.base === register;
    const added = result?.by === "sum" && result.left === register;
    if (!moved && !added) return undefined;
    const before = this.#trace.code.definitions(register, at);
    const others = before.filter(each => each !== at);
    // Once is a sum.
    if (!moved && others.length === before.length) return undefined;
    const [from, ...more] = depth > DEEPEST ? [] : this.#made(others, register, depth + 1);
    if (from === undefined || more.length > 0) return undefined;
    return { value: undefined, at, made: { by: "step", from } };
  }

  #loaded({ transfer }: Effects, at: number, register: number, depth: number): Origin | undefined {
    if (transfer?.kind !== "read" || !transfer.registers.includes(register)) return undefined;
    const { index, size, literal } = transfer;
    const { memory } = this.#trace;
    const within = size * transfer.registers.indexOf(register);
    if (literal !== undefined) {
      const value = readNumber(memory, literal + within, size);
      return { value, at, made: { by: "constant" } };
    }
    const offset = transfer.offset + within;
    const base = this.#unstepped(transfer, at, this.#origin(transfer.base, at, depth));
    const indexed = index === undefined ? undefined : this.#origin(index.register, at, depth);
    const shift = index?.shift ?? 0;
    const start =
      base.value === undefined || (indexed !== undefined && indexed.value === undefined)
        ? undefined
        : base.value + offset + ((indexed?.value ?? 0) << shift);
    const value = start === undefined ? undefined : readNumber(memory, start, size);
    return {
      value,
      at,
      made: { by: "load", ...joined(base, offset), index: indexed, shift, size },
    };
  }

  /** A base that the load itself has moved on since: what it was before. */
  #unstepped({ base: register, step }: Transfer, at: number, base: Origin): Origin {
    const { code, pc, registers } = this.#trace;
    const now = registers[register];
    if (step === undefined || base.value !== undefined || now === undefined) return base;
    const definitions = code.definitions(register, pc);
    const isLast = definitions.length === 1 && definitions[0] === at;
    return isLast ? { ...base, value: (now - step) >>> 0 } : base;
  }

  #computed(result: Result, at: number, depth: number): Origin {
    switch (result.by) {
      case "call":
        return { value: undefined, at, made: { by: "call" } };
      case "copy":
        return this.#origin(result.register, at, depth);
      case "constant": {
        const { value, part } = result;
        return { value, at, made: part ? { by: "constant", part } : { by: "constant" } };
      }
      case "top": {
        const low = this.#origin(result.register, at, depth).value;
        const { value: high } = result;
        const value =
          low === undefined || high === undefined
            ? undefined
            : ((low & 0xffff) | (high << 16)) >>> 0;
        return { value, at, made: { by: "constant" } };
      }
      case "shift": {
        const { register, amount: shift } = result;
        const right = this.#origin(register, at, depth);
        const value = right.value === undefined ? undefined : right.value << shift;
        const left: Origin = { value: 0, at, made: { by: "constant" } };
        return { value, at, made: { by: "sum", left, right, shift } };
      }
      case "product":
        return this.#product(result, at, depth);
      case "sum":
        return this.#sum(result, at, depth);
    }
  }

  #product(
    { left, right, added }: Extract<Result, { by: "product" }>,
    at: number,
    depth: number,
  ): Origin {
    const [one, other] = [this.#origin(left, at, depth), this.#origin(right, at, depth)];
    const [times, of] = one.made.by === "constant" ? [one.value, other] : [other.value, one];
    const isConstant = one.made.by === "constant" || other.made.by === "constant";
    if (!isConstant || times === undefined)
      return { value: undefined, at, made: { by: "unknown" } };
    const value = of.value === undefined ? undefined : Math.imul(of.value, times) >>> 0;
    const product: Origin = { value, at, made: { by: "product", of, times } };
    if (added === undefined) return product;
    const base = this.#origin(added, at, depth);
    const whole =
      base.value === undefined || value === undefined ? undefined : (base.value + value) >>> 0;
    return { value: whole, at, made: { by: "sum", left: base, right: product, shift: 0 } };
  }

  #sum(
    { left, right: operand, shift, minus }: Extract<Result, { by: "sum" }>,
    at: number,
    depth: number,
  ): Origin {
    const base: Origin =
      typeof left === "number"
        ? this.#origin(left, at, depth)
        : { value: left.constant, at, made: { by: "constant" } };
    const right: Origin =
      "register" in operand
        ? this.#origin(operand.register, at, depth)
        : { value: operand.constant, at, made: { by: "constant" } };
    const amount =
      right.value === undefined ? undefined : (right.value << shift) * (minus ? -1 : 1);
    const value =
      base.value === undefined || amount === undefined ? undefined : (base.value + amount) >>> 0;
    if (base.made.by === "constant" && right.made.by === "constant") {
      return { value, at, made: { by: "constant" } };
    }
    // A difference of two registers is nothing that an array or a struct has.
    if (minus && right.made.by !== "constant") return { value, at, made: { by: "unknown" } };
    const signed = minus ? { ...right, value: amount } : right;
    return { value, at, made: { by: "sum", left: base, right: signed, shift: minus ? 0 : shift } };
  }
}

/** A part of a number names nothing: with the offset that an access adds it is whole. */
export function joined(base: Origin, offset: number): { base: Origin; offset: number } {
  const { made, value } = base;
  if (made.by !== "constant" || made.part !== true || value === undefined) return { base, offset };
  return {
    base: { value: (value + offset) >>> 0, at: base.at, made: { by: "constant" } },
    offset: 0,
  };
}

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
