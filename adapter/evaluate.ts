// Watch and hover expressions: the syntax of `expressions/syntax.ts` evaluated in a frame. Nothing has side effects.
import { UserError } from "../emulator/index.js";
import { fromInteger, toInteger } from "./bytes.js";
import {
  commonType,
  compute,
  INT,
  literalType,
  promoted,
  UNSIGNED,
} from "./expressions/arithmetic.js";
import { ARM_NAMES, type RegisterNames } from "./expressions/registers.js";
import { BOOL, fieldNamed, isRustNumber, scalarOf } from "./expressions/rust.js";
import {
  type BinaryOperator,
  type Expression,
  parse,
  type UnaryOperator,
} from "./expressions/syntax.js";
import { basicType, type TypeName } from "./expressions/type-names.js";
import { bare, isSigned } from "./format.js";
import type { Frame, MemoryReader, SymbolTable, Type, Variable } from "./symbols/model.js";
import { computedValue, createValue, type Value, type ValueContext } from "./values.js";

/** Where names have a meaning. */
export interface EvaluationContext {
  symbols: SymbolTable;
  frame: Frame;
  memory: MemoryReader;
  /** Of the processor; Arm's if nothing is said. */
  registers?: RegisterNames;
  /** Integers in hexadecimal. */
  hex?: boolean;
  /** The frame stands for none: only what lies at the same place at all times has a meaning. */
  frameless?: boolean;
}

/** What values of `context` are read from. */
export const valueContextOf = (context: EvaluationContext): ValueContext => ({
  memory: context.memory,
  registers: context.frame.registers,
  symbols: context.symbols,
  ...(context.hex === undefined ? {} : { hex: context.hex }),
});

/** The value of a variable in the context's frame. */
export function variableValue(variable: Variable, context: EvaluationContext): Value {
  const location = variable.locate(context.frame, context.memory);
  const type = sized(variable.type, context);
  return createValue(type, location, valueContextOf(context), variable.name);
}

/** More elements than an app has bytes: the debug information does not fit to where the frame stands. */
const MOST_ELEMENTS = 1 << 20;

/** An array of variable length with the length that it has in the frame. */
function sized(type: Type, { frame, memory }: EvaluationContext): Type {
  const array = bare(type);
  const count = array.kind === "array" ? array.countIn?.(frame, memory) : undefined;
  if (array.kind !== "array" || count === undefined || count > MOST_ELEMENTS) return type;
  return { ...array, count, size: count * bare(array.element()).size };
}

/** The value of `text`, or one clear sentence. */
export function evaluate(text: string, context: EvaluationContext): Value | UserError {
  // As in other debuggers of C: `value,x` in hexadecimal, `value,d` in decimal.
  const [, expression = text, radix] = /^(.*),\s*([xd])\s*$/s.exec(text) ?? [];
  const asked = radix === undefined ? context : { ...context, hex: radix === "x" };
  const parsed = parse(expression);
  if ("why" in parsed) return new UserError(parsed.why);
  return evaluateParsed(parsed.expression, asked, expression.trim());
}

/** The value of an expression that has been read already; `text` is what to call it. */
export function evaluateParsed(
  expression: Expression,
  context: EvaluationContext,
  text: string,
): Value | UserError {
  try {
    const { type, location } = new Evaluator(context).evaluate(expression);
    return createValue(type, location, valueContextOf(context), text);
  } catch (problem) {
    if (problem instanceof Problem) return new UserError(problem.why);
    throw problem;
  }
}

/** Thrown and caught in this file only. */
class Problem {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

const POINTER_SIZE = 4;

/** Elements of `first@count`. */
const LONGEST_ARRAY = 65536;

const pointerTo = (target: Type): Type => ({
  kind: "pointer",
  name: target.rust
    ? `&${target.name}`
    : target.name.endsWith("*")
      ? `${target.name}*`
      : `${target.name} *`,
  size: POINTER_SIZE,
  target: () => target,
  ...(target.rust ? { rust: true } : {}),
});

class Evaluator {
  readonly #context: EvaluationContext;
  readonly #values: ValueContext;

  constructor(context: EvaluationContext) {
    this.#context = context;
    this.#values = valueContextOf(context);
  }

  evaluate(expression: Expression): Value {
    switch (expression.kind) {
      case "integer":
        return this.#integer(expression.value, literalType(expression.value));
      case "text":
        throw new Problem(`"${expression.text}" is text, with which nothing is computed here`);
      case "name":
        return this.#name(expression.name);
      case "register":
        return this.#register(expression.name);
      case "member":
        return this.#member(this.evaluate(expression.object), expression.name);
      case "index":
        return this.#index(this.evaluate(expression.array), this.evaluate(expression.index));
      case "cast":
        return this.#cast(this.#type(expression.type), this.evaluate(expression.operand));
      case "sizeof":
        return this.#sizeof(expression.of);
      case "unary":
        return this.#unary(expression.operator, expression.operand);
      case "binary":
        if (expression.operator === "@") return this.#array(expression.left, expression.right);
        return this.#binary(expression.operator, expression.left, expression.right);
      case "conditional":
        return this.#number(this.#decayed(this.evaluate(expression.condition))) !== 0n
          ? this.evaluate(expression.yes)
          : this.evaluate(expression.no);
    }
  }

  #integer(value: bigint, type: Type): Value {
    return computedValue(type, fromInteger(value, bare(type).size), this.#values);
  }

  #local(name: string): Variable | undefined {
    const { symbols, frame, frameless } = this.#context;
    if (frameless) return undefined;
    return symbols.variablesAt(frame.lookupPc, frame.inlineDepth).find(v => v.name === name);
  }

  #variable(name: string): Variable | undefined {
    const { symbols, frame, frameless } = this.#context;
    const found = this.#local(name) ?? symbols.globalNamed(name, frame.lookupPc);
    // At a stop a static is seen in its own function, and elsewhere by its whole name.
    return found ?? (frameless || name.includes("::") ? symbols.staticInFunction(name) : undefined);
  }

  /** In a member function of C++ a name may be a member of `*this`, inherited ones included. */
  #memberOfThis(name: string): Value | undefined {
    const object = this.#local("this");
    return object && memberNamed(variableValue(object, this.#context), name);
  }

  #name(name: string): Value {
    const { symbols } = this.#context;
    const own = this.#local(name) ? undefined : this.#memberOfThis(name);
    if (own) return own;
    const variable = this.#variable(name);
    if (variable) return variableValue(variable, this.#context);
    const enumerator = symbols.enumeratorNamed(name);
    if (enumerator) return this.#integer(BigInt(enumerator.value), enumerator.type);
    const constant = CONSTANTS.get(name);
    if (constant) return this.#integer(constant.value, constant.type);
    const [function_] = symbols.functionsNamed(name);
    if (!function_) throw new Problem(this.#unknown(name));
    const type: Type = {
      kind: "function",
      name: "function",
      size: 1,
      parameters: () => [],
      returns: () => ({ kind: "unknown", name: "unknown", size: 0 }),
    };
    const location = { kind: "memory", address: function_.entry } as const;
    return createValue(type, location, this.#values, name);
  }

  #unknown(name: string): string {
    return this.#context.frameless
      ? `${name} is no global or static variable; locals are shown at stops, in Variables and Watch`
      : `there is no variable ${name} here`;
  }

  #type({ words, stars }: TypeName): Type {
    const plain = words.filter(word => word !== "const" && word !== "volatile");
    const name = plain.join(" ");
    let type = this.#context.symbols.typeNamed(name) ?? basicType(plain);
    if (type === undefined) throw new Problem(`there is no type ${name} in this app`);
    for (let i = 0; i < stars; i++) type = pointerTo(type);
    return type;
  }

  #cast(type: Type, operand: Value): Value {
    const target = bare(type);
    const integer = target.kind === "base" && target.encoding !== "float";
    if (!integer && target.kind !== "pointer" && target.kind !== "enum") {
      throw new Problem(`a value cannot be cast to ${type.name} here`);
    }
    const number = this.#number(this.#decayed(operand));
    const isBoolean = target.kind === "base" && target.encoding === "boolean";
    return this.#integer(isBoolean ? BigInt(number !== 0n) : number, type);
  }

  #sizeof(of: TypeName | Expression): Value {
    let type: Type;
    if ("kind" in of) type = this.evaluate(of).type;
    else {
      const [name] = of.words;
      const plain = of.stars === 0 && of.words.length === 1 && name !== undefined;
      type = (plain && this.#variable(name)?.type) || this.#type(of);
    }
    const whole = bare(type);
    const { size } = whole.kind === "pointer" && whole.reference ? bare(whole.target()) : whole;
    return this.#integer(BigInt(size), UNSIGNED);
  }

  #register(name: string): Value {
    const { byName, text, abi } = this.#context.registers ?? ARM_NAMES;
    const register = byName.get(name.toLowerCase());
    if (register === undefined) {
      throw new Problem(`there is no register $${name}; there are ${text}`);
    }
    if (this.#context.frameless) {
      throw new Problem(`$${name} is shown at stops, in Variables and Watch`);
    }
    const type: Type =
      register === abi.pc || register === abi.link
        ? pointerTo(FUNCTION)
        : register === abi.sp
          ? pointerTo({ kind: "void", name: "void", size: 0 })
          : UNSIGNED;
    return createValue(type, { kind: "register", register }, this.#values, `$${name}`);
  }

  #member(object: Value, name: string): Value {
    if (object.type.rust) {
      const field = fieldNamed(object, name, this.#values);
      if (field) return field;
      throw new Problem(`${describe(object)} is ${object.text}, which has no field ${name}`);
    }
    const type = bare(object.type);
    // Like most debuggers, take `.` for `->` and the other way round.
    const target = type.kind === "pointer" ? bare(type.target()) : type;
    if (target.kind !== "struct" && target.kind !== "union") {
      const what = object.evaluateName ?? "the left side";
      throw new Problem(`${what} is of type ${object.type.name}, which has no members`);
    }
    if (type.kind !== "pointer") this.#requireValue(object);
    const found = memberNamed(object, name);
    if (found) return found;
    if (type.kind === "pointer" && object.namedCount === 0) {
      throw new Problem(
        `${describe(object)} is ${object.text}, where no ${target.name} can be read`,
      );
    }
    throw new Problem(`${target.name} has no member ${name}`);
  }

  #index(array: Value, index: Value): Value {
    const type = bare(array.type);
    const i = this.#number(index);
    if (array.type.rust && array.indexedCount > 0) {
      const [child] = i >= 0n ? array.children(Number(i), 1) : [];
      if (child) return child.value;
      throw new Problem(`index ${i} lies outside of ${describe(array)}, ${array.type.name}`);
    }
    if (type.kind === "array") {
      this.#requireValue(array);
      const within = i >= 0n && (type.count === undefined || i < BigInt(type.count));
      if (within && type.count !== undefined) {
        return (array.children(Number(i), 1)[0] as { value: Value }).value;
      }
      if (array.location.kind !== "memory") {
        throw new Problem(`index ${i} lies outside of ${array.type.name}`);
      }
      return this.#at(type.element(), array.location.address, i, `${describe(array)}[${i}]`);
    }
    if (type.kind === "pointer") {
      return this.#at(type.target(), this.#address(array), i, `${describe(array)}[${i}]`);
    }
    throw new Problem(`${describe(array)} is of type ${array.type.name} and has no elements`);
  }

  #at(type: Type, base: number, index: bigint, name: string): Value {
    const size = bare(type).size;
    if (size === 0) throw new Problem(`${type.name} has no size`);
    const address = Number(BigInt.asUintN(32, BigInt(base) + index * BigInt(size)));
    return createValue(type, { kind: "memory", address }, this.#values, name);
  }

  #unary(operator: UnaryOperator, operand: Expression): Value {
    const value = this.evaluate(operand);
    switch (operator) {
      case "*":
        return this.#dereference(value);
      case "&":
        return this.#addressOf(value);
      case "!":
        // In Rust `!` is C's `~` where it stands before a number.
        if (isRustNumber(value.type)) return this.#integer(~this.#number(value), bare(value.type));
        return this.#truth(this.#number(value) === 0n);
      case "-":
        return this.#integer(-this.#number(value), promoted(value.type));
      case "~":
        return this.#integer(~this.#number(value), promoted(value.type));
      case "+":
        return this.#integer(this.#number(value), promoted(value.type));
    }
  }

  #dereference(pointer: Value): Value {
    const type = bare(pointer.type);
    const name = `*${describe(pointer)}`;
    if (type.kind === "array") return this.#index(pointer, this.#integer(0n, INT));
    const { inner } = pointer;
    if (type.kind !== "pointer" && inner) {
      return bare(inner.type).kind === "pointer" ? this.#dereference(inner) : inner;
    }
    // What lies behind a slice is shown as the slice.
    if (type.rust && type.kind !== "pointer" && pointer.indexedCount > 0) return pointer;
    if (type.kind !== "pointer") {
      throw new Problem(
        `${describe(pointer)} is of type ${pointer.type.name}, which is no pointer`,
      );
    }
    const target = type.target();
    if (bare(target).kind === "void") {
      throw new Problem(`${describe(pointer)} is a void pointer; what it points to has no type`);
    }
    const { location } = pointer;
    const pointee = location.kind === "optimizedOut" ? location.pointee?.() : undefined;
    const place = pointee ?? { kind: "memory", address: this.#address(pointer) };
    return createValue(target, place, this.#values, name);
  }

  #addressOf(value: Value): Value {
    const { location } = value;
    if (location.kind !== "memory") {
      throw new Problem(`${describe(value)} has no address: ${whereabouts(value)}`);
    }
    return this.#integer(BigInt(location.address), pointerTo(value.type));
  }

  #address(pointer: Value): number {
    const fetched = pointer.bytes();
    if ("why" in fetched) throw new Problem(`${describe(pointer)} has no value: ${fetched.why}`);
    return Number(toInteger(fetched.bytes, false));
  }

  #requireValue(value: Value): void {
    if (value.location.kind === "optimizedOut") {
      throw new Problem(`${describe(value)} has no value: ${value.location.why}`);
    }
  }

  /** A scalar as an integer; a pointer as its address, but a reference and a wrapper of Rust as what is behind it. */
  #number(outer: Value): bigint {
    const value = scalarOf(outer);
    const type = bare(value.type);
    const scalar = type.kind === "enum" || type.kind === "pointer" || type.kind === "base";
    if (!scalar || (type.kind === "base" && type.encoding === "float")) {
      throw new Problem(`${describe(value)} is of type ${value.type.name}, which is no integer`);
    }
    const fetched = value.bytes();
    if ("why" in fetched) throw new Problem(`${describe(value)} has no value: ${fetched.why}`);
    return toInteger(fetched.bytes, isSigned(type));
  }

  /** `first@count`: the elements from `first` on. */
  #array(first: Expression, count: Expression): Value {
    const { location, type, evaluateName } = this.evaluate(first);
    const length = Number(this.#number(this.evaluate(count)));
    if (location.kind !== "memory") throw new Problem("in front of @ stands what lies in memory");
    if (length < 1 || length > LONGEST_ARRAY) {
      throw new Problem(`behind @ stands a number of elements from 1 to ${LONGEST_ARRAY}`);
    }
    const name = `${type.name} [${length}]`;
    const size = length * bare(type).size;
    const array: Type = { kind: "array", name, size, element: () => type, count: length };
    return createValue(array, location, this.#values, `${evaluateName ?? "…"}@${length}`);
  }

  #binary(operator: BinaryOperator, left: Expression, right: Expression): Value {
    const a = scalarOf(this.#decayed(this.evaluate(left)));
    if (operator === "&&" || operator === "||") return this.#logical(operator, a, right);
    const b = scalarOf(this.#decayed(this.evaluate(right)));
    const pointer = this.#pointerArithmetic(operator, a, b);
    if (pointer) return pointer;
    const type = commonType(a.type, b.type, operator);
    const convert = (value: bigint) => toInteger(fromInteger(value, type.size), isSigned(type));
    const [x, y] = [convert(this.#number(a)), convert(this.#number(b))];
    if ((operator === "/" || operator === "%") && y === 0n) throw new Problem("division by zero");
    const result = compute(operator, x, y);
    return typeof result === "boolean" ? this.#truth(result) : this.#integer(result, type);
  }

  #logical(operator: "&&" | "||", a: Value, right: Expression): Value {
    const first = this.#number(a) !== 0n;
    const decided = operator === "&&" ? !first : first;
    const result = decided ? first : this.#number(this.#decayed(this.evaluate(right))) !== 0n;
    return this.#truth(result);
  }

  #truth(is: boolean): Value {
    const { symbols, frame } = this.#context;
    return this.#integer(is ? 1n : 0n, symbols.isRust(frame.lookupPc) ? BOOL : INT);
  }

  /** An array as the pointer to its first element. */
  #decayed(value: Value): Value {
    const type = bare(value.type);
    if (type.kind !== "array" || value.location.kind !== "memory") return value;
    return this.#integer(BigInt(value.location.address), pointerTo(type.element()));
  }

  #pointerArithmetic(operator: BinaryOperator, a: Value, b: Value): Value | undefined {
    if (operator !== "+" && operator !== "-") return undefined;
    const [left, right] = [bare(a.type), bare(b.type)];
    if (left.kind === "pointer" && right.kind === "pointer" && operator === "-") {
      const size = BigInt(Math.max(1, bare(left.target()).size));
      return this.#integer((this.#number(a) - this.#number(b)) / size, INT);
    }
    const [pointer, offset] = left.kind === "pointer" ? [a, b] : [b, a];
    const type = bare(pointer.type);
    if (type.kind !== "pointer" || (operator === "-" && pointer === b)) return undefined;
    const size = BigInt(Math.max(1, bare(type.target()).size));
    const distance = this.#number(offset) * size;
    const base = this.#number(pointer);
    return this.#integer(operator === "+" ? base + distance : base - distance, pointer.type);
  }
}

/** What headers and C23 define, and debug information does not tell. */
const CONSTANTS = new Map<string, { type: Type; value: bigint }>([
  ["NULL", { type: pointerTo({ kind: "void", name: "void", size: 0 }), value: 0n }],
  ["true", { type: INT, value: 1n }],
  ["false", { type: INT, value: 0n }],
]);

const FUNCTION: Type = {
  kind: "function",
  name: "void (void)",
  size: 1,
  parameters: () => [],
  returns: () => ({ kind: "void", name: "void", size: 0 }),
};

/** A member, or one of a base class: those stand among the children under their class's name. */
function memberNamed(object: Value, name: string, depth = 0): Value | undefined {
  const children = object.children();
  const own = children.find(child => child.name === name)?.value;
  if (own || depth > 8) return own;
  for (const child of children) {
    const inherited = child.name === bare(child.value.type).name;
    const found = inherited ? memberNamed(child.value, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

const describe = (value: Value): string => value.evaluateName ?? "the value";

function whereabouts(value: Value): string {
  const { location } = value;
  switch (location.kind) {
    case "register":
      return `it is kept in r${location.register}`;
    case "optimizedOut":
      return location.why;
    case "pieces":
      return "its parts are kept in registers";
    case "bits":
      return "it is a bit-field";
    default:
      return "it is a computed value";
  }
}
