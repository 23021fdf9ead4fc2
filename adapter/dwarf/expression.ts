// DWARF expressions: from bytes to where a value lies. DWARF 5 sections 2.5 and 2.6, with the GNU forms of older versions.
import { UserError } from "../../emulator/base/errors.js";
import { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import { readAddress, readOffset } from "./forms.js";
import * as O from "./operand.js";

/** What the evaluator asks for; it never reaches. `undefined`: not to be had. */
export interface ExpressionContext {
  /** Bytes of a DW_FORM_ref_addr: for DW_OP_call_ref and DW_OP_implicit_pointer. */
  referenceSize: number;
  register(register: number): number | undefined;
  read(address: number, length: number): Uint8Array | undefined;
  frameBase(): number | undefined;
  cfa(): number | undefined;
  /** Run-time address of a link address. */
  relocate(linked: number): number;
  indexedAddress(index: number): number | undefined;
  /** What `expression` gave when the function was entered. */
  entryValue(expression: Uint8Array): O.Operand | undefined;
  /** The base type at an offset from the unit's start. */
  baseType(unitOffset: number): O.BaseType | undefined;
  /** DW_AT_location of another entry: by offset from the unit's start, or in the whole section. */
  subexpression(offset: number, inUnit: boolean): Uint8Array | undefined;
}

export type ExpressionResult =
  | { kind: "memory"; address: number }
  | { kind: "register"; register: number }
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "pieces"; pieces: readonly { location: ExpressionResult; size: number }[] }
  /** `pointee`: it is a pointer without a value, to `offset` bytes inside what the entry at `die` describes. */
  | { kind: "unavailable"; why: string; pointee?: { die: number; offset: number } };

/** What a user can do about a value that optimisation has removed. */
export const BUILD_FOR_DEBUGGING = "build with -Og to see it";

const MOST_STEPS = 10_000;
const MOST_STACK = 1000;
const DEEPEST_CALL = 16;

/** Thrown and caught in this file only: the value cannot be computed. */
class Unavailable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Never throws for what the bytes contain, always ends. `initial` is pushed first (DW_AT_data_member_location, CFI). */
export function evaluate(
  bytes: Uint8Array,
  context: ExpressionContext,
  initial?: number,
): ExpressionResult {
  try {
    const machine = new StackMachine(context);
    if (initial !== undefined) machine.push(O.generic(initial));
    machine.run(bytes, 0);
    return machine.result();
  } catch (error) {
    if (error instanceof Unavailable) return { kind: "unavailable", why: error.why };
    if (error instanceof UserError) {
      return { kind: "unavailable", why: "its location in the debug information is damaged" };
    }
    throw error;
  }
}

/** The value an expression leaves on the stack, as call frame rules and call site parameters want it. */
export function evaluateValue(
  bytes: Uint8Array,
  context: ExpressionContext,
  initial?: number,
): number | undefined {
  const result = evaluate(bytes, context, initial);
  if (result.kind === "memory") return result.address;
  if (result.kind === "register") return context.register(result.register);
  if (result.kind !== "bytes") return undefined;
  return Number(O.fromBytes(result.bytes.subarray(0, 4), undefined).bits);
}

const ARITHMETIC: Record<number, O.Arithmetic> = {
  [C.DW_OP_and]: "and",
  [C.DW_OP_div]: "div",
  [C.DW_OP_minus]: "minus",
  [C.DW_OP_mod]: "mod",
  [C.DW_OP_mul]: "mul",
  [C.DW_OP_or]: "or",
  [C.DW_OP_plus]: "plus",
  [C.DW_OP_xor]: "xor",
};
const SHIFTS: Record<number, O.Shift> = {
  [C.DW_OP_shl]: "shl",
  [C.DW_OP_shr]: "shr",
  [C.DW_OP_shra]: "shra",
};
const COMPARISONS: Record<number, O.Comparison> = {
  [C.DW_OP_eq]: "eq",
  [C.DW_OP_ge]: "ge",
  [C.DW_OP_gt]: "gt",
  [C.DW_OP_le]: "le",
  [C.DW_OP_lt]: "lt",
  [C.DW_OP_ne]: "ne",
};

class StackMachine {
  readonly #context: ExpressionContext;
  readonly #stack: O.Operand[] = [];
  readonly #pieces: { location: ExpressionResult; size: number }[] = [];
  /** What a location operation said about the present piece; `undefined`: the stack's top is its address. */
  #simple: ExpressionResult | undefined;
  #steps = 0;

  constructor(context: ExpressionContext) {
    this.#context = context;
  }

  push(operand: O.Operand): void {
    if (this.#stack.length > MOST_STACK) throw new Unavailable("its location does not end");
    this.#stack.push(operand);
  }

  #pop(): O.Operand {
    const operand = this.#stack.pop();
    if (!operand) throw new Unavailable("its location in the debug information is damaged");
    return operand;
  }

  result(): ExpressionResult {
    if (this.#pieces.length > 0) return { kind: "pieces", pieces: this.#pieces };
    return this.#location();
  }

  /** The present piece's location; what is on no place at all was optimized out. */
  #location(): ExpressionResult {
    const simple = this.#simple;
    this.#simple = undefined;
    if (simple) return simple;
    const top = this.#stack.pop();
    if (!top)
      return { kind: "unavailable", why: `the compiler keeps it nowhere; ${BUILD_FOR_DEBUGGING}` };
    return { kind: "memory", address: Number(BigInt.asUintN(32, top.bits)) };
  }

  run(bytes: Uint8Array, depth: number): void {
    if (depth > DEEPEST_CALL) throw new Unavailable("its location calls itself");
    const reader = new ByteReader(bytes, "expression");
    while (reader.remaining > 0) {
      if (++this.#steps > MOST_STEPS) throw new Unavailable("its location does not end");
      const opcode = reader.u8();
      const done =
        this.#literal(opcode, reader) ||
        this.#register(opcode, reader) ||
        this.#stackOperation(opcode, reader) ||
        this.#compute(opcode, reader) ||
        this.#control(opcode, reader, depth) ||
        this.#typed(opcode, reader) ||
        this.#special(opcode, reader);
      if (!done) {
        throw new Unavailable(`its location uses the unknown operation 0x${opcode.toString(16)}`);
      }
    }
  }

  #literal(opcode: number, reader: ByteReader): boolean {
    if (opcode >= C.DW_OP_lit0 && opcode <= C.DW_OP_lit31) {
      this.push(O.generic(opcode - C.DW_OP_lit0));
      return true;
    }
    const read = LITERALS[opcode];
    if (read) {
      this.push(O.generic(read(reader)));
      return true;
    }
    switch (opcode) {
      case C.DW_OP_addr:
        this.push(O.generic(this.#context.relocate(readAddress(reader, 4))));
        return true;
      case C.DW_OP_addrx:
      case C.DW_OP_GNU_addr_index:
        this.push(O.generic(this.#context.relocate(this.#indexed(reader))));
        return true;
      case C.DW_OP_constx:
      case C.DW_OP_GNU_const_index:
        this.push(O.generic(this.#indexed(reader)));
        return true;
      default:
        return false;
    }
  }

  #indexed(reader: ByteReader): number {
    const address = this.#context.indexedAddress(reader.uleb());
    if (address === undefined) throw new Unavailable("its address is missing in .debug_addr");
    return address;
  }

  #register(opcode: number, reader: ByteReader): boolean {
    if (opcode >= C.DW_OP_reg0 && opcode <= C.DW_OP_reg31) {
      this.#simple = { kind: "register", register: opcode - C.DW_OP_reg0 };
      return true;
    }
    if (opcode >= C.DW_OP_breg0 && opcode <= C.DW_OP_breg31) {
      this.push(O.generic(this.#read(opcode - C.DW_OP_breg0) + reader.sleb()));
      return true;
    }
    switch (opcode) {
      case C.DW_OP_regx:
        this.#simple = { kind: "register", register: reader.uleb() };
        return true;
      case C.DW_OP_bregx:
        this.push(O.generic(this.#read(reader.uleb()) + reader.sleb()));
        return true;
      case C.DW_OP_fbreg: {
        const base = this.#context.frameBase();
        if (base === undefined) throw new Unavailable("the frame's base is not known here");
        this.push(O.generic(base + reader.sleb()));
        return true;
      }
      case C.DW_OP_call_frame_cfa: {
        const cfa = this.#context.cfa();
        if (cfa === undefined) throw new Unavailable("there is no unwind information here");
        this.push(O.generic(cfa));
        return true;
      }
      default:
        return false;
    }
  }

  #read(register: number): number {
    const value = this.#context.register(register);
    if (value === undefined) {
      throw new Unavailable(`it was in r${register}, whose value in this frame is lost`);
    }
    return value;
  }

  #stackOperation(opcode: number, reader: ByteReader): boolean {
    switch (opcode) {
      case C.DW_OP_dup:
        this.#pick(0);
        return true;
      case C.DW_OP_over:
        this.#pick(1);
        return true;
      case C.DW_OP_pick:
        this.#pick(reader.u8());
        return true;
      case C.DW_OP_drop:
        this.#pop();
        return true;
      case C.DW_OP_swap: {
        const [top, second] = [this.#pop(), this.#pop()];
        this.#stack.push(top, second);
        return true;
      }
      case C.DW_OP_rot: {
        const [top, second, third] = [this.#pop(), this.#pop(), this.#pop()];
        this.#stack.push(top, third, second);
        return true;
      }
      case C.DW_OP_deref:
        this.#dereference(4, undefined);
        return true;
      case C.DW_OP_deref_size:
        this.#dereference(reader.u8(), undefined);
        return true;
      default:
        return false;
    }
  }

  #pick(index: number): void {
    const operand = this.#stack.at(-1 - index);
    if (!operand) throw new Unavailable("its location in the debug information is damaged");
    this.push(operand);
  }

  #dereference(size: number, type: O.BaseType | undefined): void {
    const address = Number(this.#pop().bits);
    const bytes = this.#context.read(address, size);
    if (!bytes) throw new Unavailable(`memory at 0x${address.toString(16)} cannot be read`);
    this.push(O.fromBytes(bytes, type));
  }

  #compute(opcode: number, reader: ByteReader): boolean {
    const arithmetic = ARITHMETIC[opcode];
    const shift = SHIFTS[opcode];
    const comparison = COMPARISONS[opcode];
    if (arithmetic ?? shift ?? comparison) {
      const b = this.#pop();
      const a = this.#pop();
      if (arithmetic) this.#pushOr(O.arithmetic(arithmetic, a, b));
      else if (shift) this.push(O.shift(shift, a, b));
      else if (comparison) this.push(O.generic(O.compare(comparison, a, b) ? 1 : 0));
      return true;
    }
    switch (opcode) {
      case C.DW_OP_plus_uconst: {
        const a = this.#pop();
        this.push(O.integer(O.toInteger(a) + reader.ulebBig(), a.type));
        return true;
      }
      case C.DW_OP_abs: {
        const a = this.#pop();
        const negative = O.compare("lt", a, O.convert(O.generic(0), a.type));
        this.#pushOr(negative ? O.arithmetic("minus", O.convert(O.generic(0), a.type), a) : a);
        return true;
      }
      case C.DW_OP_neg: {
        const a = this.#pop();
        this.#pushOr(O.arithmetic("minus", O.convert(O.generic(0), a.type), a));
        return true;
      }
      case C.DW_OP_not: {
        const a = this.#pop();
        this.push(O.integer(~a.bits, a.type));
        return true;
      }
      default:
        return false;
    }
  }

  #pushOr(operand: O.Operand | undefined): void {
    if (!operand) throw new Unavailable("computing it divides by zero");
    this.push(operand);
  }

  #control(opcode: number, reader: ByteReader, depth: number): boolean {
    const call = (offset: number, inUnit: boolean) => {
      const bytes = this.#context.subexpression(offset, inUnit);
      if (bytes) this.run(bytes, depth + 1);
    };
    switch (opcode) {
      case C.DW_OP_skip: {
        const distance = reader.i16();
        reader.seek(reader.offset + distance);
        return true;
      }
      case C.DW_OP_bra: {
        const distance = reader.i16();
        if (this.#pop().bits !== 0n) reader.seek(reader.offset + distance);
        return true;
      }
      case C.DW_OP_nop:
      case C.DW_OP_GNU_uninit:
        return true;
      case C.DW_OP_call2:
        call(reader.u16(), true);
        return true;
      case C.DW_OP_call4:
        call(reader.u32(), true);
        return true;
      case C.DW_OP_call_ref:
        call(readOffset(reader, this.#context.referenceSize), false);
        return true;
      default:
        return false;
    }
  }

  /** A base type by its offset; 0 is the generic type. */
  #type(offset: number): O.BaseType | undefined {
    if (offset === 0) return undefined;
    const type = this.#context.baseType(offset);
    if (!type || type.size > 8) throw new Unavailable("its location uses an unknown type");
    return type;
  }

  #typed(opcode: number, reader: ByteReader): boolean {
    switch (opcode) {
      case C.DW_OP_const_type:
      case C.DW_OP_GNU_const_type: {
        const type = this.#type(reader.uleb());
        this.push(O.fromBytes(reader.slice(reader.u8()), type));
        return true;
      }
      case C.DW_OP_regval_type:
      case C.DW_OP_GNU_regval_type: {
        const value = O.generic(this.#read(reader.uleb()));
        this.push(O.integer(value.bits, this.#type(reader.uleb())));
        return true;
      }
      case C.DW_OP_deref_type:
      case C.DW_OP_GNU_deref_type:
        this.#dereference(reader.u8(), this.#type(reader.uleb()));
        return true;
      case C.DW_OP_convert:
      case C.DW_OP_GNU_convert:
        this.push(O.convert(this.#pop(), this.#type(reader.uleb())));
        return true;
      case C.DW_OP_reinterpret:
      case C.DW_OP_GNU_reinterpret:
        this.push(O.integer(this.#pop().bits, this.#type(reader.uleb())));
        return true;
      default:
        return false;
    }
  }

  #special(opcode: number, reader: ByteReader): boolean {
    switch (opcode) {
      case C.DW_OP_stack_value:
        this.#simple = { kind: "bytes", bytes: O.toBytes(this.#pop()) };
        return true;
      case C.DW_OP_implicit_value:
        this.#simple = { kind: "bytes", bytes: reader.slice(reader.uleb()) };
        return true;
      case C.DW_OP_implicit_pointer:
      case C.DW_OP_GNU_implicit_pointer: {
        const die = readOffset(reader, this.#context.referenceSize);
        this.#simple = {
          kind: "unavailable",
          pointee: { die, offset: reader.sleb() },
          why: `it points to a variable that the compiler keeps nowhere; ${BUILD_FOR_DEBUGGING}`,
        };
        return true;
      }
      case C.DW_OP_piece:
        this.#pieces.push({ size: reader.uleb(), location: this.#location() });
        return true;
      case C.DW_OP_bit_piece: {
        const bits = reader.uleb();
        const offset = reader.uleb();
        if (bits % 8 !== 0 || offset !== 0) throw new Unavailable("its location splits bytes");
        this.#pieces.push({ size: bits / 8, location: this.#location() });
        return true;
      }
      case C.DW_OP_entry_value:
      case C.DW_OP_GNU_entry_value: {
        const value = this.#context.entryValue(reader.slice(reader.uleb()));
        if (!value) {
          const why = "its value was overwritten, and the caller does not tell it";
          throw new Unavailable(`${why}; ${BUILD_FOR_DEBUGGING}`);
        }
        this.push(value);
        return true;
      }
      default:
        return false;
    }
  }
}

const LITERALS: Record<number, (reader: ByteReader) => number | bigint> = {
  [C.DW_OP_const1u]: reader => reader.u8(),
  [C.DW_OP_const1s]: reader => reader.i8(),
  [C.DW_OP_const2u]: reader => reader.u16(),
  [C.DW_OP_const2s]: reader => reader.i16(),
  [C.DW_OP_const4u]: reader => reader.u32(),
  [C.DW_OP_const4s]: reader => reader.i32(),
  [C.DW_OP_const8u]: reader => reader.u64(),
  [C.DW_OP_const8s]: reader => reader.i64(),
  [C.DW_OP_constu]: reader => reader.ulebBig(),
  [C.DW_OP_consts]: reader => reader.slebBig(),
};
