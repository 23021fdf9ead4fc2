// Which words of a source are an expression that a debugger can evaluate without changing anything: names, members, elements,
// pointers; never calls.
import { type Language, type Token, tokensOf } from "./tokens.js";

/** An expression and where it stands in the text. */
export interface Expression {
  text: string;
  start: number;
  end: number;
}

/** Words that are no values. `self` and `this` are. */
const KEYWORDS: Readonly<Record<"c" | "rust", ReadonlySet<string>>> = {
  c: new Set(
    "alignas alignof asm auto bool break case catch char class const const_cast constexpr continue decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept nullptr operator private protected public register reinterpret_cast restrict return short signed sizeof static static_assert static_cast struct switch template throw true try typedef typeid typename union unsigned using virtual void volatile while NULL".split(
      " ",
    ),
  ),
  rust: new Set(
    "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return static struct super trait true type union unsafe use where while yield bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 Self Some None Ok Err".split(
      " ",
    ),
  ),
};

/** Keywords behind which a name is that of a type, a label or a function. */
const NAMES_NO_VALUE: ReadonlySet<string> = new Set(
  "struct enum union class goto fn mod use trait impl type namespace typename".split(" "),
);
const PATHS_BEGIN: ReadonlySet<string> = new Set(["crate", "super", "Self"]);
const OPENS: Readonly<Record<string, string>> = { "]": "[", ")": "(" };
const CLOSES: Readonly<Record<string, string>> = { "[": "]", "(": ")" };

/** The expression at an offset of a text, for a hover: up to the member that is pointed at; `*p` on its star. */
export function expressionAt(
  text: string,
  offset: number,
  language: Language,
): Expression | undefined {
  const reader = new Reader(text, language);
  const at = reader.tokens.findIndex(({ start, end }) => start <= offset && offset < end);
  const token = reader.tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "name") return reader.chainUpTo(at);
  const unary = (token.text === "*" || token.text === "&") && !reader.isOperand(at - 1);
  if (!unary) return undefined;
  const chain = reader.chainFrom(at + 1);
  return chain === undefined ? undefined : reader.span(at, chain.last);
}

/** All the expressions of a text whose values are worth showing: each the longest without a call. */
export function expressionsIn(text: string, language: Language): Expression[] {
  const reader = new Reader(text, language);
  const found: Expression[] = [];
  for (let at = 0; at < reader.tokens.length; at++) {
    const chain = reader.chainFrom(at);
    if (chain !== undefined && !chain.called) found.push(reader.span(at, chain.last));
  }
  return found;
}

class Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly #keywords: ReadonlySet<string>;
  readonly #rust: boolean;

  constructor(text: string, language: Language) {
    this.text = text;
    this.tokens = tokensOf(text, language);
    this.#rust = language === "rust";
    this.#keywords = KEYWORDS[this.#rust ? "rust" : "c"];
  }

  #mark(at: number): string {
    const token = this.tokens[at];
    return token?.kind === "mark" ? token.text : "";
  }

  #isName(at: number): boolean {
    const token = this.tokens[at];
    return token?.kind === "name" && !this.#keywords.has(token.text);
  }

  /** Whether a value ends here, so that what follows is a binary operator. */
  isOperand(at: number): boolean {
    const token = this.tokens[at];
    if (token === undefined) return false;
    if (token.kind === "name")
      return (
        !this.#keywords.has(token.text) ||
        /^(int|char|bool|long|short|float|double|void|unsigned|signed|[iu]\d+|[iu]size)$/.test(
          token.text,
        )
      );
    return token.kind !== "mark" || token.text === ")" || token.text === "]";
  }

  span(first: number, last: number): Expression {
    const [start, end] = [this.tokens[first]?.start ?? 0, this.tokens[last]?.end ?? 0];
    return { text: this.text.slice(start, end).replace(/\s+/g, " "), start, end };
  }

  /** The chain that ends with the name at `at`: `a.b` of `a.b.c` on `b`. */
  chainUpTo(at: number): Expression | undefined {
    const whole = this.#isName(at) || (this.#rust && this.tokens[at]?.text === "self");
    const first = whole ? this.#beginningOf(at) : undefined;
    if (first === undefined || !this.#isValue(first, at)) return undefined;
    return this.span(first, at);
  }

  /** Where the chain begins whose name is at `at`. */
  #beginningOf(at: number): number | undefined {
    const link = this.#mark(at - 1);
    if (link === "::") {
      const before = this.tokens[at - 2];
      if (before?.kind !== "name") return undefined;
      return this.#mark(at - 3) === "::" ? this.#beginningOf(at - 2) : at - 2;
    }
    if (link !== "." && link !== "->") return at;
    return this.#operandBefore(at - 2);
  }

  /** Where the operand begins that ends at `at`. */
  #operandBefore(at: number): number | undefined {
    if (this.#isName(at) || /^(self|this)$/.test(this.tokens[at]?.text ?? ""))
      return this.#beginningOf(at);
    if (this.#rust && this.tokens[at]?.kind === "number") {
      const link = this.#mark(at - 1);
      return link === "." ? this.#operandBefore(at - 2) : undefined;
    }
    const opening = OPENS[this.#mark(at)];
    if (opening === undefined) return undefined;
    const open = this.#partner(at, opening, -1);
    if (open === undefined || !this.#isHarmless(open, at)) return undefined;
    if (opening === "[") return this.#operandBefore(open - 1);
    // Behind a value, brackets are a call.
    return this.isOperand(open - 1) ? undefined : open;
  }

  #partner(from: number, partner: string, step: 1 | -1): number | undefined {
    const own = this.#mark(from);
    let depth = 0;
    for (let at = from; at >= 0 && at < this.tokens.length; at += step) {
      if (this.#mark(at) === own) depth++;
      else if (this.#mark(at) === partner && --depth === 0) return at;
    }
    return undefined;
  }

  /** No call and no assignment between two brackets. */
  #isHarmless(open: number, close: number): boolean {
    for (let at = open + 1; at < close; at++) {
      const mark = this.#mark(at);
      if (/^(\+\+|--|[-+*/%&|^]?=|;|\{)$/.test(mark)) return false;
      if (mark === "(" && this.isOperand(at - 1)) return false;
      if (mark === "!" && this.tokens[at - 1]?.kind === "name") return false;
    }
    return true;
  }

  /** The longest chain that begins at `at`; a method's name at its end is none of it. */
  chainFrom(at: number): { last: number; called: boolean } | undefined {
    const begins =
      this.#isName(at) ||
      /^(self|this)$/.test(this.tokens[at]?.text ?? "") ||
      (this.#rust && PATHS_BEGIN.has(this.tokens[at]?.text ?? "") && this.#mark(at + 1) === "::");
    if (!begins || [".", "->", "::"].includes(this.#mark(at - 1))) return undefined;
    let last = at;
    for (;;) {
      const link = this.#mark(last + 1);
      const next = this.tokens[last + 2];
      const member =
        next?.kind === "name" || (this.#rust && link === "." && next?.kind === "number");
      if ((link === "." || link === "->" || link === "::") && member) {
        // A method is called on what stands before it.
        if (link !== "::" && this.#isCall(last + 2)) return { last, called: false };
        last += 2;
      } else if (link === "[") {
        const close = this.#partner(last + 1, CLOSES["["] ?? "", 1);
        if (close === undefined || !this.#isHarmless(last + 1, close)) break;
        last = close;
      } else break;
    }
    return { last, called: !this.#isValue(at, last) };
  }

  #isCall(at: number): boolean {
    const mark = this.#mark(at + 1);
    if (mark === "(") return true;
    return this.#rust && (mark === "::" || (mark === "!" && this.#mark(at + 2) !== "="));
  }

  /** Not a call, a macro, a type behind `struct`, the path of a type, or a member of an initialiser. */
  #isValue(first: number, last: number): boolean {
    if (this.#isCall(last)) return false;
    const before = this.tokens[first - 1];
    if (before?.kind === "name" && NAMES_NO_VALUE.has(before.text)) return false;
    if (before?.text === "." || before?.text === "->" || before?.text === "::") return false;
    return this.#mark(last + 1) !== "::";
  }
}
