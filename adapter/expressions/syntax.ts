// Syntax of watch and hover expressions: a part of C and of Rust, and `$r0` for registers. Tokens, then precedence climbing.
import { isTypeWord, type TypeName } from "./type-names.js";

export type Expression =
  | { kind: "integer"; value: bigint }
  /** Only exception filters know what to compare it with. */
  | { kind: "text"; text: string }
  | { kind: "name"; name: string }
  | { kind: "register"; name: string }
  | { kind: "member"; object: Expression; name: string; arrow: boolean }
  | { kind: "index"; array: Expression; index: Expression }
  | { kind: "cast"; type: TypeName; operand: Expression }
  | { kind: "sizeof"; of: TypeName | Expression }
  | { kind: "unary"; operator: UnaryOperator; operand: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "conditional"; condition: Expression; yes: Expression; no: Expression };

export type UnaryOperator = "*" | "&" | "-" | "+" | "!" | "~";

/** Binding strength of binary operators; all associate to the left. */
const PRECEDENCE = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
  // gdb's: `first@count` is an array that begins with `first`.
  "@": 11,
} as const;

export type BinaryOperator = keyof typeof PRECEDENCE;

type Token =
  | { kind: "integer"; text: string; value: bigint }
  | { kind: "name" | "text" | "register" | "operator" | "end"; text: string };

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F][0-9a-fA-F_]*|0[bo][0-7_]+|0B[01]+|\d[\d_]*)(?:[uUlL]*|_?[ui](?:8|16|32|64|128|size))(?![\w.])|(b?'(?:\\.|[^\\'])')|(\$[A-Za-z]\w*)|([A-Za-z_]\w*(?:::~?[A-Za-z_]\w*)*)|("(?:\\.|[^"\\])*")|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>().[\]?:@]))/uy;

const UNARY = new Set<string>(["*", "&", "-", "+", "!", "~"] satisfies UnaryOperator[]);

const DEEPEST = 200;
const LONGEST = 1000;

/** Thrown and caught in this file only. */
class SyntaxProblem {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** The expression in `text`, or one sentence why there is none. */
export function parse(text: string): { expression: Expression } | { why: string } {
  if (text.length > LONGEST) return { why: `the expression is longer than ${LONGEST} characters` };
  try {
    return { expression: new Parser(tokenize(text)).parse() };
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return { why: problem.why };
    throw problem;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    // `pair.0.1`: fields of a tuple, and no floating-point number.
    const field = isOperand(tokens.at(-1)) ? /^\s*\.\s*(\d+)(?!\w)/.exec(text.slice(at)) : null;
    if (field) {
      const [whole, name = ""] = field;
      tokens.push({ kind: "operator", text: "." }, { kind: "name", text: name });
      at += whole.length;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      throw new SyntaxProblem(unreadable(text.slice(at).trim()));
    }
    tokens.push(tokenOf(match));
    at = TOKEN.lastIndex;
  }
  tokens.push({ kind: "end", text: "the end" });
  return tokens;
}

/** Whether a token may end what a field can be taken of. */
const isOperand = (token: Token | undefined): boolean =>
  token?.kind === "name" || token?.text === ")" || token?.text === "]";

/** What a user may have meant who wrote C that is not evaluated here. */
function unreadable(rest: string): string {
  if (/^[-+*/%&|^]?=|^(?:<<|>>)=/.test(rest))
    return `nothing is assigned here, so "${rest}" has no meaning`;
  if (/^[\d.]+/.test(rest)) return "floating-point numbers are shown, but not computed with";
  return `the expression cannot be read at "${rest}"`;
}

function tokenOf(match: RegExpExecArray): Token {
  const [, number, character, register, name, quoted, operator] = match;
  if (number !== undefined) return { kind: "integer", text: number, value: integerOf(number) };
  if (character !== undefined) {
    const inside = character.replace(/^b/, "").slice(1, -1);
    return { kind: "integer", text: character, value: characterValue(inside) };
  }
  if (register !== undefined) return { kind: "register", text: register };
  if (name !== undefined) return { kind: "name", text: name };
  if (quoted !== undefined) return { kind: "text", text: quoted };
  return { kind: "operator", text: operator ?? "" };
}

function integerOf(text: string): bigint {
  const digits = text.replaceAll("_", "");
  if (/^0\d*[89]/.test(digits)) throw new SyntaxProblem(`${digits} is no octal number`);
  if (/^0b.*[2-7]|^0[bo]$/.test(digits)) throw new SyntaxProblem(`${digits} is no number`);
  return BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

const ESCAPES: Record<string, number> = { n: 10, t: 9, r: 13, 0: 0, a: 7, b: 8, f: 12, v: 11 };

function characterValue(text: string): bigint {
  if (!text.startsWith("\\")) return BigInt(text.codePointAt(0) ?? 0);
  return BigInt(ESCAPES[text.slice(1)] ?? text.codePointAt(1) ?? 0);
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const expression = this.#conditional();
    if (this.#token.kind !== "end") this.#unexpected("an operator");
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #accept(operator: string): boolean {
    const found = this.#token.kind === "operator" && this.#token.text === operator;
    if (found) this.#at++;
    return found;
  }

  #skip(words: readonly string[]): void {
    if (words.includes(this.#token.text)) this.#at++;
  }

  #expect(operator: string): void {
    if (!this.#accept(operator)) this.#unexpected(`"${operator}"`);
  }

  #unexpected(expected: string): never {
    const { kind, text } = this.#token;
    throw new SyntaxProblem(`expected ${expected}, found ${kind === "end" ? text : `"${text}"`}`);
  }

  #conditional(): Expression {
    const condition = this.#binary(0);
    if (!this.#accept("?")) return condition;
    if (++this.#depth > DEEPEST) throw new SyntaxProblem("the expression is nested too deeply");
    const yes = this.#conditional();
    this.#expect(":");
    const no = this.#conditional();
    this.#depth--;
    return { kind: "conditional", condition, yes, no };
  }

  #binary(weakest: number): Expression {
    let left = this.#converted(this.#unary());
    for (;;) {
      const { kind, text } = this.#token;
      if (kind !== "operator" || !(text in PRECEDENCE)) return left;
      const operator = text as BinaryOperator;
      if (PRECEDENCE[operator] <= weakest) return left;
      this.#at++;
      left = { kind: "binary", operator, left, right: this.#binary(PRECEDENCE[operator]) };
    }
  }

  #unary(): Expression {
    if (++this.#depth > DEEPEST) throw new SyntaxProblem("the expression is nested too deeply");
    const { kind, text } = this.#token;
    let expression: Expression;
    const type = this.#castType();
    if (type !== undefined) expression = { kind: "cast", type, operand: this.#unary() };
    else if (kind === "name" && text === "sizeof") expression = this.#sizeof();
    else if (kind === "operator" && UNARY.has(text)) {
      this.#at++;
      // `&mut x` of Rust.
      if (text === "&") this.#skip(["mut"]);
      expression = { kind: "unary", operator: text as UnaryOperator, operand: this.#unary() };
    } else {
      expression = this.#postfix();
    }
    this.#depth--;
    return expression;
  }

  /** `x as u8`, `x as *const u8`. */
  #converted(operand: Expression): Expression {
    let expression = operand;
    while (this.#token.kind === "name" && this.#token.text === "as") {
      this.#at++;
      let stars = 0;
      for (; this.#accept("*"); stars++) this.#skip(["const", "mut"]);
      if (this.#token.kind !== "name") this.#unexpected("the name of a type");
      const type = { words: [this.#token.text], stars };
      this.#at++;
      expression = { kind: "cast", type, operand: expression };
    }
    return expression;
  }

  /** `(type)` in front of what it casts; a lone name is a type if an operand follows. */
  #castType(): TypeName | undefined {
    const start = this.#at;
    const type = this.#parenthesizedType();
    if (type === undefined) return undefined;
    const { kind, text } = this.#token;
    const sure = type.stars > 0 || type.words.length > 1 || isTypeWord(type.words[0] ?? "");
    if (sure || (kind !== "operator" && kind !== "end") || text === "(") return type;
    this.#at = start;
    return undefined;
  }

  /** `(words *…)`, else nothing is taken. */
  #parenthesizedType(): TypeName | undefined {
    const start = this.#at;
    if (this.#accept("(")) {
      const words: string[] = [];
      let stars = 0;
      for (; this.#token.kind === "name"; this.#at++) words.push(this.#token.text);
      while (this.#accept("*")) stars++;
      if (words.length > 0 && this.#accept(")")) return { words, stars };
    }
    this.#at = start;
    return undefined;
  }

  #sizeof(): Expression {
    this.#at++;
    return { kind: "sizeof", of: this.#parenthesizedType() ?? this.#unary() };
  }

  #postfix(): Expression {
    let expression = this.#primary();
    for (;;) {
      if (this.#accept("[")) {
        expression = { kind: "index", array: expression, index: this.#conditional() };
        this.#expect("]");
      } else if (this.#accept(".")) {
        expression = this.#member(expression, false);
      } else if (this.#accept("->")) {
        expression = this.#member(expression, true);
      } else if (this.#token.text === "(") {
        throw new SyntaxProblem("functions of the app are not called from here");
      } else return expression;
    }
  }

  #member(object: Expression, arrow: boolean): Expression {
    if (this.#token.kind !== "name") this.#unexpected("the name of a member");
    const name = this.#token.text;
    this.#at++;
    return { kind: "member", object, name, arrow };
  }

  #primary(): Expression {
    const token = this.#token;
    if (this.#accept("(")) {
      const inner = this.#conditional();
      this.#expect(")");
      return inner;
    }
    this.#at++;
    switch (token.kind) {
      case "integer":
        return { kind: "integer", value: token.value };
      case "name":
        return { kind: "name", name: token.text };
      case "text":
        return { kind: "text", text: token.text.slice(1, -1).replace(/\\(.)/gs, "$1") };
      case "register":
        return { kind: "register", name: token.text.slice(1) };
      default:
        this.#at--;
        return this.#unexpected("a name or a number");
    }
  }
}
