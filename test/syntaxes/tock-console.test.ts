// The console grammar over what real kernels and their apps print, with VS Code's own TextMate engine.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { Grammar } from "./grammar.js";

const transcripts = "test/golden/transcripts";
const read = (name: string): string[] =>
  readFileSync(`${transcripts}/${name}`, "utf8").split(/\r?\n/);

describe("the console grammar", () => {
  let grammar: Grammar;
  before(async () => {
    grammar = await Grammar.load("tock-console");
  });

  /** Lines that no kernel prints: what apps say, and what somebody types while they do. */
  const isOfApp = (line: string): boolean =>
    line.trim() === "" ||
    /^(Hello world!|[a-z-]+(?: \w+)?|li?s?t?|got: .*)$/.test(line) ||
    /^\S*\[\w+\]|^\w\[|\[sim: reset\]/.test(line);

  for (const name of readdirSync(transcripts).filter(file => file.endsWith(".txt"))) {
    it(`knows every line that the kernel prints in ${name}`, () => {
      const plain = read(name).filter(line => !isOfApp(line) && grammar.isPlain(line));
      assert.deepEqual(plain, []);
    });
  }

  it("names the parts of the process console", () => {
    assert.equal(grammar.scopeOf("tock$ list", "tock$"), "keyword.control.prompt");
    assert.equal(grammar.scopeOf("tock$ process blink", "process"), "entity.name.function.command");
    assert.equal(grammar.scopeOf("tock$ process blink", "blink"), "entity.name.type.process");
    const row =
      " 1      Unique     crash dummy              0        23         0   2/15   Faulted";
    assert.equal(grammar.scopeOf(row, "crash dummy"), "entity.name.type.process");
    assert.equal(grammar.scopeOf(row, "Faulted"), "invalid.illegal.state");
    const stopped =
      " 0      0x1a2b3c   x_hello                  0       596         0   2/15   Stopped(Yielded)";
    assert.equal(grammar.scopeOf(stopped, "Stopped(Yielded)"), "constant.other.state");
    assert.equal(grammar.scopeOf("Process x_hello stopped", "x_hello"), "entity.name.type.process");
  });

  it("names boot lines of many boards", () => {
    for (const line of [
      "Initialization complete. Entering main loop",
      "Initialization complete. Enter main loop",
      "ESP32-C3 initialisation complete.",
      "Particle Boron: Initialization complete. Entering main loop",
      'QEMU i486 "Q35" machine, initialization complete.',
      "LiteX+VexRiscv on ArtyA7: initialization complete, entering main loop.",
      "Entering main loop.",
    ]) {
      assert.match(grammar.tokens(line)[0]?.scopes.at(-1) ?? "", /^markup\.heading\.boot/, line);
    }
    assert.equal(
      grammar.scopeOf("Error loading processes!", "Error loading processes!"),
      "invalid.illegal.message",
    );
  });

  it("names system calls of a trace", () => {
    const line = "[0] cmd(0x1, 1, 0x6, 0x0) = Success";
    assert.equal(grammar.scopeOf(line, "cmd"), "entity.name.function.syscall");
    assert.equal(grammar.scopeOf(line, "Success"), "constant.language.success");
  });

  it("shows who speaks and what goes wrong in the output of apps", () => {
    assert.equal(grammar.scopeOf("[sensor] read failed: NOMEM", "sensor"), "entity.name.tag.app");
    assert.equal(grammar.scopeOf("[sensor] read failed: NOMEM", "failed"), "token.error-token.app");
    assert.equal(grammar.scopeOf("[sensor] read failed: NOMEM", "NOMEM"), "token.error-token.app");
    assert.ok(grammar.isPlain("Hello world!"));
  });

  it("colours a dump as the crash grammar does", () => {
    assert.equal(
      grammar.scopeOf("Data Access Violation:              true", "Data Access Violation"),
      "keyword.other.fault",
    );
    assert.equal(
      grammar.scopeOf("12:00:01 panicked at kernel/src/x.rs:1:2:", "kernel/src/x.rs"),
      "string.unquoted.path",
    );
  });
});
