// VS Code's own TextMate engine over the grammars in syntaxes/.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

export interface Token {
  text: string;
  scopes: string[];
}

let engine: Promise<textmate.IOnigLib> | undefined;

async function loadEngine(): Promise<textmate.IOnigLib> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  return {
    createOnigScanner: sources => new oniguruma.OnigScanner(sources),
    createOnigString: text => new oniguruma.OnigString(text),
  };
}

/** One of our grammars, by its language; it may include the others. */
export class Grammar {
  readonly #grammar: textmate.IGrammar;
  readonly #language: string;

  constructor(grammar: textmate.IGrammar, language: string) {
    this.#grammar = grammar;
    this.#language = language;
  }

  static async load(language: string): Promise<Grammar> {
    engine ??= loadEngine();
    const registry = new textmate.Registry({
      onigLib: engine,
      loadGrammar: async scope => {
        const path = `syntaxes/${scope.replace("text.", "")}.tmLanguage.json`;
        return textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
      },
    });
    const grammar = await registry.loadGrammar(`text.${language}`);
    assert.ok(grammar);
    return new Grammar(grammar, language);
  }

  /** Tokens of one line, without the scope of the whole file. */
  tokens(line: string): Token[] {
    return this.#grammar.tokenizeLine(line, textmate.INITIAL).tokens.map(token => ({
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes.filter(name => name !== `text.${this.#language}`),
    }));
  }

  /** The innermost scope of the first token that is `text`, without the language's name. */
  scopeOf(line: string, text: string): string | undefined {
    return this.tokens(line)
      .find(token => token.text === text)
      ?.scopes.at(-1)
      ?.replace(/\.tock-(crash|console)$/, "");
  }

  isPlain(line: string): boolean {
    return this.tokens(line).every(({ scopes }) => scopes.length === 0);
  }
}
