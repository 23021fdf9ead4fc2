// The crash dump grammar over console output of real kernels, with VS Code's own TextMate engine.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const transcripts = "test/golden/transcripts";
const scope = "text.tock-crash";

interface Token {
  text: string;
  scopes: string[];
}

async function loadGrammar(): Promise<textmate.IGrammar> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const path = "syntaxes/tock-crash.tmLanguage.json";
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: sources => new oniguruma.OnigScanner(sources),
      createOnigString: text => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, "utf8"), path),
  });
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar);
  return grammar;
}

/** A transcript's lines; a line of the kernel ends in CR LF, a line of an app in LF. */
const linesOf = (name: string): string[] =>
  readFileSync(join(transcripts, name), "utf8").split(/\r?\n/);

/** The lines of the panic dump in a transcript: from `panicked at` on, without what lies between and after. */
function dumpOf(name: string): string[] {
  const lines = linesOf(name);
  const start = lines.findIndex(line => line.startsWith("panicked at"));
  return start < 0 ? [] : lines.slice(start).filter(line => line.trim() !== "");
}

describe("the crash dump grammar", () => {
  let grammar: textmate.IGrammar;
  const tokens = (line: string): Token[] =>
    grammar.tokenizeLine(line, textmate.INITIAL).tokens.map(token => ({
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes.filter(name => name !== scope),
    }));
  /** The innermost scope of the first token that is `text`. */
  const scopeOf = (line: string, text: string): string | undefined =>
    tokens(line)
      .find(token => token.text === text)
      ?.scopes.at(-1)
      ?.replace(/\.tock-crash$/, "");

  before(async () => {
    grammar = await loadGrammar();
  });

  const dumps = readdirSync(transcripts).filter(name => dumpOf(name).length > 0);

  it("has real dumps of both architectures to look at", () => {
    assert.ok(dumps.some(name => name.startsWith("nrf52840dk")));
    assert.ok(dumps.some(name => name.startsWith("rv32")));
  });

  for (const name of dumps) {
    it(`knows every line of the dump in ${name}`, () => {
      const plain = dumpOf(name).filter(line => tokens(line).every(t => t.scopes.length === 0));
      assert.deepEqual(plain, []);
    });

    it(`sees every 32-bit number of the dump in ${name}`, () => {
      const missed = dumpOf(name).filter(line =>
        tokens(line).some(
          ({ text, scopes }) =>
            /(?<!\.)0x[0-9A-Fa-f]{8}\b/.test(text) &&
            !scopes.at(-1)?.startsWith("constant.numeric"),
        ),
      );
      assert.deepEqual(missed, []);
    });
  }

  it("leaves what apps print alone", () => {
    for (const line of ["Hello world!", "[idle] sleeping", "[hello] count=0 ticks=Ok(35840)"]) {
      assert.ok(
        tokens(line).every(({ scopes }) => scopes.length === 0),
        line,
      );
    }
  });

  it("names the parts of a dump", () => {
    const place = "panicked at kernel/src/process_standard.rs:753:17:";
    assert.equal(scopeOf(place, "kernel/src/process_standard.rs"), "string.unquoted.path");
    assert.equal(scopeOf(place, "753"), "constant.numeric.line");
    assert.equal(scopeOf("𝐀𝐩𝐩: blink   -   [Faulted]", "Faulted"), "invalid.illegal.state");
    assert.equal(scopeOf("𝐀𝐩𝐩: blink   -   [Yielded]", "Yielded"), "constant.other.state");
    const fault = "Data Access Violation:              true";
    assert.equal(scopeOf(fault, "Data Access Violation"), "keyword.other.fault");
    const region = "             │ ▼ Stack          96 |   2048          ";
    assert.equal(scopeOf(region, "Stack"), "variable.other.property.region");
    assert.equal(scopeOf("  LR : 0x00040115", "LR"), "variable.language.register");
    const grant = "  Grant  3 0x1: 0x20011af8  Grant  8 : --          Grant 13 : --        ";
    assert.equal(scopeOf(grant, "0x1"), "entity.name.function.driver");
    assert.equal(scopeOf(grant, ": --"), "comment.line");
  });
});
