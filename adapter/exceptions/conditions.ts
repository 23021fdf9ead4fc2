// Conditions of exception filters: expressions over the fields of what is about to happen, and over the app's variables.
// Fields are put in as numbers; what then still names something is left to the app's own symbols.
import { compute } from "../expressions/arithmetic.js";
import { type BinaryOperator, type Expression, parse } from "../expressions/syntax.js";
import { classNumber, driverNumber, errorNumber } from "./vocabulary.js";

/** Which words may stand beside a field. */
export type FieldKind = "number" | "driver" | "error" | "class" | "text";

export type Fields = Readonly<Record<string, FieldKind>>;

/** What an occurrence has for each field; a field that it does not have is absent, and no comparison with it is true. */
export type FieldValues = Readonly<Record<string, number | string | undefined>>;

const COMPARISONS = new Set<BinaryOperator>(["==", "!=", "<", ">", "<=", ">="]);

/** Thrown and caught in this file only. */
class Mistake {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Thrown where a field is absent, caught at the comparison around it. */
class Absent {}

const integer = (value: bigint): Expression => ({ kind: "integer", value });

const words: Partial<
  Record<FieldKind, { what: string; examples: string; find(word: string): number | undefined }>
> = {
  driver: {
    what: "driver",
    examples: 'a number such as 0x1, or a name such as Console or "Console"',
    find: driverNumber,
  },
  error: {
    what: "error code",
    examples: "success, or FAIL, BUSY, NOMEM and the other names of Tock",
    find: errorNumber,
  },
  class: {
    what: "class of system calls",
    examples: "yield, subscribe, command, read_write_allow, read_only_allow, memop or exit",
    find: classNumber,
  },
};

export class Condition {
  readonly #expression: Expression;
  readonly #fields: Fields;

  /** What it names beside fields and words: that is the app's. */
  readonly names: ReadonlySet<string>;

  private constructor(expression: Expression, fields: Fields) {
    this.#expression = expression;
    this.#fields = fields;
    // Any values show whether every word has a meaning.
    const samples = Object.entries(fields).map(([n, kind]) => [n, kind === "text" ? "" : 0]);
    this.names = new Set(namesIn(this.#resolve(expression, Object.fromEntries(samples))));
  }

  /** Reads a condition; `why` is one clause about the user's mistake. */
  static read(text: string, fields: Fields): Condition | { why: string } {
    const parsed = parse(text);
    if ("why" in parsed) return parsed;
    try {
      return new Condition(parsed.expression, fields);
    } catch (mistake) {
      if (mistake instanceof Mistake) return { why: mistake.why };
      throw mistake;
    }
  }

  /** Whether it is true for `values`; `ofApp` judges what names something of the app, and only if it matters. */
  isTrue(values: FieldValues, ofApp: (expression: Expression) => boolean): boolean {
    const holds = (expression: Expression): boolean => {
      if (expression.kind === "binary" && expression.operator === "&&")
        return holds(expression.left) && holds(expression.right);
      if (expression.kind === "binary" && expression.operator === "||")
        return holds(expression.left) || holds(expression.right);
      if (expression.kind === "unary" && expression.operator === "!")
        return !holds(expression.operand);
      if (expression.kind === "conditional")
        return holds(holds(expression.condition) ? expression.yes : expression.no);
      const value = constant(expression);
      return value === undefined ? ofApp(expression) : value !== 0n;
    };
    return holds(this.#resolve(this.#expression, values));
  }

  /** `expression` with numbers in the place of fields. */
  #resolve(expression: Expression, values: FieldValues): Expression {
    try {
      return this.#replace(expression, values);
    } catch (absent) {
      if (absent instanceof Absent) return integer(0n);
      throw absent;
    }
  }

  #replace(expression: Expression, values: FieldValues): Expression {
    const of = (inner: Expression) => this.#replace(inner, values);
    switch (expression.kind) {
      case "name":
        return this.#field(expression.name, values) ?? expression;
      case "text":
        throw new Mistake(
          `"${expression.text}" is text, which only a field can be compared with, as in app == "blink"`,
        );
      case "member":
        return { ...expression, object: of(expression.object) };
      case "index":
        return { ...expression, array: of(expression.array), index: of(expression.index) };
      case "cast":
        return { ...expression, operand: of(expression.operand) };
      case "unary":
        return { ...expression, operand: this.#operand(expression.operator, expression, values) };
      case "conditional": {
        const [condition, yes, no] = [expression.condition, expression.yes, expression.no];
        const judged = this.#resolve(condition, values);
        return { ...expression, condition: judged, yes: of(yes), no: of(no) };
      }
      case "binary":
        return this.#binary(expression, values);
      default:
        return expression;
    }
  }

  /** What has no field is false, and its negation is true. */
  #operand(operator: string, { operand }: { operand: Expression }, values: FieldValues) {
    return operator === "!" ? this.#resolve(operand, values) : this.#replace(operand, values);
  }

  #field(written: string, values: FieldValues): Expression | undefined {
    const name = fieldName(written);
    if (!Object.hasOwn(this.#fields, name)) return undefined;
    const value = values[name];
    if (value === undefined) throw new Absent();
    if (typeof value === "number") return integer(BigInt(value));
    throw new Mistake(`${name} is text: compare it with == or !=, as in ${name} == "blink"`);
  }

  #binary(expression: Expression & { kind: "binary" }, values: FieldValues): Expression {
    const { operator, left, right } = expression;
    if (COMPARISONS.has(operator)) {
      try {
        return this.#compare(expression, values);
      } catch (absent) {
        if (absent instanceof Absent) return integer(0n);
        throw absent;
      }
    }
    const logical = operator === "&&" || operator === "||";
    const of = (side: Expression) =>
      logical ? this.#resolve(side, values) : this.#replace(side, values);
    return { ...expression, left: of(left), right: of(right) };
  }

  #compare(expression: Expression & { kind: "binary" }, values: FieldValues): Expression {
    const { operator, left, right } = expression;
    const kinds = [this.#kindOf(left), this.#kindOf(right)];
    const isClass = kinds.includes("class");
    const kind = isClass ? "class" : (kinds[0] ?? kinds[1]);
    if (kind === "text") return this.#compareText(expression, values);
    const side = (of: Expression): Expression => {
      // Beside a class `command` is one of them, and not the number of the command.
      const named = isClass && of.kind === "name" && this.#kindOf(of) !== "class";
      const word = named ? of.name : this.#wordOf(of);
      const vocabulary = kind === undefined ? undefined : words[kind];
      if (vocabulary === undefined || word === undefined) return this.#replace(of, values);
      const value = vocabulary.find(word);
      if (value === undefined)
        throw new Mistake(
          `${word} is no ${vocabulary.what} that Tock knows; expected ${vocabulary.examples}`,
        );
      return integer(BigInt(value));
    };
    return { kind: "binary", operator, ...unsignedSides(kind, side(left), side(right)) };
  }

  #compareText(expression: Expression & { kind: "binary" }, values: FieldValues): Expression {
    const { operator } = expression;
    const [left, right] = [expression.left, expression.right].map(side => {
      const word = this.#wordOf(side);
      if (word !== undefined) return word;
      if (this.#kindOf(side) !== "text" || side.kind !== "name")
        throw new Mistake('text can only be compared with text, as in app == "blink"');
      const value = values[side.name];
      if (value === undefined) throw new Absent();
      return String(value);
    });
    if (operator !== "==" && operator !== "!=")
      throw new Mistake(`text is compared with == or !=, not with ${operator}`);
    return integer((left === right) === (operator === "==") ? 1n : 0n);
  }

  #kindOf(expression: Expression): FieldKind | undefined {
    if (expression.kind !== "name") return undefined;
    const name = fieldName(expression.name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** A name that is no field, or text. */
  #wordOf(expression: Expression): string | undefined {
    if (expression.kind === "text") return expression.text;
    return expression.kind === "name" && this.#kindOf(expression) === undefined
      ? expression.name
      : undefined;
  }
}

/** The kernel calls arguments `arg0` (kernel/src/syscall.rs). */
const fieldName = (name: string): string => name.replace(/^arg(?=\d$)/, "argument");

function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "name":
      return [expression.name];
    case "member":
      return namesIn(expression.object);
    case "index":
      return [...namesIn(expression.array), ...namesIn(expression.index)];
    case "cast":
    case "unary":
      return namesIn(expression.operand);
    case "binary":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case "conditional":
      return [expression.condition, expression.yes, expression.no].flatMap(namesIn);
    default:
      return [];
  }
}

/** Fields are unsigned words of 32 bits: `code == -1` means 0xffffffff. */
function unsignedSides(kind: FieldKind | undefined, left: Expression, right: Expression) {
  const unsigned = (side: Expression): Expression => {
    const value = kind === undefined ? undefined : constant(side);
    return value !== undefined && value < 0n ? integer(BigInt.asUintN(32, value)) : side;
  };
  return { left: unsigned(left), right: unsigned(right) };
}

/** The value of an expression of numbers alone. */
function constant(expression: Expression): bigint | undefined {
  if (expression.kind === "integer") return expression.value;
  if (expression.kind === "unary") {
    const value = constant(expression.operand);
    if (value === undefined) return undefined;
    switch (expression.operator) {
      case "-":
        return -value;
      case "+":
        return value;
      case "~":
        return ~value;
      case "!":
        return value === 0n ? 1n : 0n;
      default:
        return undefined;
    }
  }
  if (expression.kind !== "binary" || expression.operator === "@") return undefined;
  const [left, right] = [constant(expression.left), constant(expression.right)];
  if (left === undefined || right === undefined) return undefined;
  const { operator } = expression;
  if ((operator === "/" || operator === "%") && right === 0n) return undefined;
  if (operator === "||") return left !== 0n || right !== 0n ? 1n : 0n;
  return BigInt(compute(operator, left, right));
}
