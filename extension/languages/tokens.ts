// Words of a source text in C, C++ or Rust: just enough to know what is an expression. Comments and texts of strings are left out.

export type Language = "c" | "cpp" | "rust";

export interface Token {
  kind: "name" | "number" | "string" | "mark";
  text: string;
  /** Offset of its first character. */
  start: number;
  end: number;
}

const MARKS = /->|::|\.\.=?|==|!=|<=|>=|&&|\|\||[-+*/%&|^]=|<<|>>|\+\+|--|[^\s\w]/y;
const NAME = /(?:r#)?[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d(?:[\w']|\.(?=\d)|(?<=[eE])[+-])*/y;
const BLANK = /\s+/y;
const LINE_COMMENT = /\/\/.*/y;
const C_STRING = /(?:u8|[uUL])?"(?:\\[\s\S]|[^"\\])*"?/y;
const C_LETTER = /(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'/y;
const RUST_RAW = /b?r(#*)"[\s\S]*?"\1/y;
const RUST_STRING = /[bc]?"(?:\\[\s\S]|[^"\\])*"?/y;
const RUST_LETTER = /b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\\n])'/uy;
const LIFETIME = /'[\p{L}_]\w*/uy;
const DIRECTIVE = /#(?:[^\n\\]|\\[\s\S])*/y;
const ATTRIBUTE = /#!?\[[^\]]*\]/y;

/** The words of a text. A preprocessor line of C and an attribute of Rust have none. */
export function tokensOf(text: string, language: Language): Token[] {
  const rust = language === "rust";
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || match[0] === "") return false;
    at = pattern.lastIndex;
    return true;
  };
  const strings = rust ? [RUST_RAW, RUST_STRING, RUST_LETTER] : [C_STRING, C_LETTER];
  const begins = () => /^[^\S\n]*$/.test(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
  while (at < text.length) {
    const start = at;
    const add = (kind: Token["kind"]) =>
      tokens.push({ kind, text: text.slice(start, at), start, end: at });
    if (take(BLANK) || take(LINE_COMMENT)) continue;
    if (text.startsWith("/*", at)) at = endOfComment(text, at, rust);
    else if (rust ? take(ATTRIBUTE) || take(lifetime(text, at)) : begins() && take(DIRECTIVE))
      continue;
    else if (strings.some(take)) add("string");
    else if (take(NAME)) add("name");
    else if (take(NUMBER)) add("number");
    else if (take(MARKS)) add("mark");
    else at++;
  }
  return tokens;
}

const NOTHING = /(?!)/y;

/** A lifetime is no word; a letter in quotes is looked for first. */
function lifetime(text: string, at: number): RegExp {
  RUST_LETTER.lastIndex = at;
  return RUST_LETTER.test(text) ? NOTHING : LIFETIME;
}

/** Those of Rust nest. */
function endOfComment(text: string, start: number, nests: boolean): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    if (text.startsWith("*/", at)) {
      at += 2;
      depth--;
      if (depth <= 0) return at;
    } else if (text.startsWith("/*", at) && (nests || depth === 0)) {
      at += 2;
      depth++;
    } else at++;
  }
  return text.length;
}
