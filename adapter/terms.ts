// When a breakpoint stops and what it says: its condition, hit count and log message, read once and judged at each hit.
import { UserError } from "../emulator/index.js";
import { parse } from "./expressions/syntax.js";

/** What the user writes beside a breakpoint; empty texts count as absent. */
export interface Terms {
  /** Stops only where this is true. */
  condition?: string;
  /** `5` or `= 5`: at the fifth hit; `< 5`, `<= 5`, `>= 5`, `> 5`; `% 5`: at every fifth. */
  hitCondition?: string;
  /** Says this instead of stopping; `{expression}` and `{expression,x}` stand for values. */
  logMessage?: string;
}

/** How `{expression,x}` shows a number. */
export type NumberFormat = "x" | "d" | "o" | "b" | "c" | "u";

export type LogPart = { text: string } | { expression: string; format: NumberFormat | undefined };

/** Evaluates in the frame where the breakpoint was hit; throws a `UserError`. */
export interface TermsContext {
  isTrue(expression: string): boolean;
  textOf(expression: string, format: NumberFormat | undefined): string;
}

/** What a hit leads to. */
export type Verdict =
  | { kind: "pass" }
  | { kind: "log"; text: string }
  | { kind: "stop" }
  /** The terms make no sense here: the user is told once. */
  | { kind: "wrong"; why: string };

const HIT = /^\s*(<=|>=|==|<|>|=|%)?\s*(\d{1,15})\s*$/;

const compare: Record<string, (hits: number, count: number) => boolean> = {
  "<": (hits, count) => hits < count,
  "<=": (hits, count) => hits <= count,
  "=": (hits, count) => hits === count,
  "==": (hits, count) => hits === count,
  ">=": (hits, count) => hits >= count,
  ">": (hits, count) => hits > count,
  "%": (hits, count) => hits % count === 0,
};

/** Whether the n-th hit counts; `why` if the text is no hit count. */
export function parseHitCondition(text: string): ((hits: number) => boolean) | { why: string } {
  const [, operator = "=", digits] = HIT.exec(text) ?? [];
  const count = Number(digits);
  const test = compare[operator];
  if (digits === undefined || test === undefined || (operator === "%" && count === 0)) {
    return {
      why: `"${text.trim()}" is no hit count; expected a number, or one behind < <= = >= > %`,
    };
  }
  return hits => test(hits, count);
}

const FORMAT = /^(.*),\s*([xdobcu])\s*$/s;

/** The parts of a log message; a brace behind a backslash is itself. */
export function parseLogMessage(message: string): LogPart[] | { why: string } {
  const parts: LogPart[] = [];
  let text = "";
  for (let at = 0; at < message.length; at++) {
    const letter = message[at] as string;
    const next = message[at + 1];
    if (letter === "\\" && (next === "{" || next === "}")) {
      text += next;
      at++;
    } else if (letter === "{") {
      const end = message.indexOf("}", at);
      const inside = message.slice(at + 1, end < 0 ? undefined : end);
      if (end < 0) return { why: `the log message has no } behind {${inside}` };
      const [, before, format] = FORMAT.exec(inside) ?? [];
      const expression = before ?? inside;
      const parsed = parse(expression);
      if ("why" in parsed) return { why: `{${inside}} in the log message: ${parsed.why}` };
      if (text !== "") parts.push({ text });
      text = "";
      parts.push({ expression, format: format as NumberFormat | undefined });
      at = end;
    } else text += letter;
  }
  return text === "" ? parts : [...parts, { text }];
}

const present = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === "" ? undefined : text;

/** The terms of one breakpoint, and how often it was hit. */
export class Judge {
  readonly terms: Terms;
  /** Why the terms can never be fulfilled. */
  readonly why: string | undefined;
  readonly #condition: string | undefined;
  readonly #counts: ((hits: number) => boolean) | undefined;
  readonly #log: readonly LogPart[] | undefined;
  #hits = 0;
  #told = false;

  constructor(terms: Terms) {
    this.terms = terms;
    this.#condition = present(terms.condition);
    const parsed = this.#condition === undefined ? undefined : parse(this.#condition);
    if (parsed !== undefined && "why" in parsed) this.why = `Condition: ${parsed.why}.`;
    const hit = present(terms.hitCondition);
    const counts = hit === undefined ? undefined : parseHitCondition(hit);
    if (typeof counts === "object") this.why ??= `Hit count: ${counts.why}.`;
    else this.#counts = counts;
    const message = present(terms.logMessage);
    const log = message === undefined ? undefined : parseLogMessage(message);
    if (log !== undefined && "why" in log) this.why ??= `Log message: ${log.why}.`;
    else this.#log = log;
  }

  /** Every hit stops. */
  get isPlain(): boolean {
    return this.why === undefined && !this.#condition && !this.#counts && !this.#log;
  }

  /** Judges one hit. A hit counts only where the condition is true. */
  judge(context: TermsContext): Verdict {
    if (this.why !== undefined) return this.#wrong(this.why);
    try {
      if (this.#condition !== undefined && !context.isTrue(this.#condition)) {
        return { kind: "pass" };
      }
    } catch (error) {
      return this.#wrong(`Condition "${this.#condition}": ${explain(error)}`);
    }
    this.#hits++;
    if (this.#counts?.(this.#hits) === false) return { kind: "pass" };
    return this.#log === undefined
      ? { kind: "stop" }
      : { kind: "log", text: logText(this.#log, context) };
  }

  #wrong(why: string): Verdict {
    if (this.#told) return { kind: "pass" };
    this.#told = true;
    return { kind: "wrong", why };
  }
}

/** The sentence of a user's mistake; anything else is ours. */
function explain(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

/** What cannot be evaluated says so in its place. */
function logText(parts: readonly LogPart[], context: TermsContext): string {
  const text = parts.map(part => {
    if ("text" in part) return part.text;
    try {
      return context.textOf(part.expression, part.format);
    } catch (error) {
      return `<${explain(error)}>`;
    }
  });
  return text.join("");
}
