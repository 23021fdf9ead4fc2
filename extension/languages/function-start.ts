// Where the function begins in which a text ends, so that values are shown of one function only.
import { type Language, type Token, tokensOf } from "./tokens.js";

/** Offset of the first word of the function; 0 if there is none. */
export function functionStart(text: string, language: Language): number {
  const tokens = tokensOf(text, language);
  const opens = openBraces(tokens);
  if (language === "rust") {
    for (const brace of [...opens].reverse()) {
      const start = rustFunction(tokens, brace);
      if (start !== undefined) return start;
    }
    return 0;
  }
  // The outermost brace behind a list of parameters: those around it are of namespaces and classes.
  for (const brace of opens) {
    const start = cFunction(tokens, brace);
    if (start !== undefined) return start;
  }
  return 0;
}

/** Tokens that open braces which are not closed, the outermost first. */
function openBraces(tokens: readonly Token[]): number[] {
  const open: number[] = [];
  for (const [at, { text, kind }] of tokens.entries()) {
    if (kind !== "mark") continue;
    if (text === "{") open.push(at);
    else if (text === "}") open.pop();
  }
  return open;
}

/** The `fn` whose body opens at `brace`. */
function rustFunction(tokens: readonly Token[], brace: number): number | undefined {
  for (let at = brace - 1; at >= 0; at--) {
    const { text, start } = tokens[at] as Token;
    if (text === "fn") return start;
    if (text === "{" || text === "}" || text === ";") return undefined;
  }
  return undefined;
}

/** The start of the declaration with parameters whose body opens at `brace`. */
function cFunction(tokens: readonly Token[], brace: number): number | undefined {
  let first = brace;
  let parameters = false;
  for (let at = brace - 1; at >= 0; at--) {
    const { text, kind } = tokens[at] as Token;
    if (kind === "mark" && (text === "{" || text === "}" || text === ";")) break;
    if (text === ")") parameters = true;
    first = at;
  }
  return parameters ? tokens[first]?.start : undefined;
}
