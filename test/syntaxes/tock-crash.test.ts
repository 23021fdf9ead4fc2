// The crash dump grammar over console output of real kernels, with VS Code's own TextMate engine.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Grammar } from "./grammar.js";

const transcripts = "test/golden/transcripts";

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
  let grammar: Grammar;
  before(async () => {
    grammar = await Grammar.load("tock-crash");
  });

  const dumps = readdirSync(transcripts).filter(name => dumpOf(name).length > 0);

  it("has real dumps of both architectures to look at", () => {
    assert.ok(dumps.some(name => name.startsWith("nrf52840dk")));
    assert.ok(dumps.some(name => name.startsWith("rv32")));
  });

  for (const name of dumps) {
    it(`knows every line of the dump in ${name}`, () => {
      const plain = dumpOf(name).filter(line => grammar.isPlain(line));
      assert.deepEqual(plain, []);
    });

    it(`sees every 32-bit number of the dump in ${name}`, () => {
      const missed = dumpOf(name).filter(line =>
        grammar
          .tokens(line)
          .some(
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
      assert.ok(grammar.isPlain(line), line);
    }
  });

  it("names the parts of a dump", () => {
    const place = "panicked at kernel/src/process_standard.rs:753:17:";
    assert.equal(grammar.scopeOf(place, "kernel/src/process_standard.rs"), "string.unquoted.path");
    assert.equal(grammar.scopeOf(place, "753"), "constant.numeric.line");
    assert.equal(grammar.scopeOf("𝐀𝐩𝐩: blink   -   [Faulted]", "Faulted"), "invalid.illegal.state");
    assert.equal(grammar.scopeOf("𝐀𝐩𝐩: blink   -   [Yielded]", "Yielded"), "constant.other.state");
    const fault = "Data Access Violation:              true";
    assert.equal(grammar.scopeOf(fault, "Data Access Violation"), "keyword.other.fault");
    const region = "             │ ▼ Stack          96 |   2048          ";
    assert.equal(grammar.scopeOf(region, "Stack"), "variable.other.property.region");
    assert.equal(grammar.scopeOf("  LR : 0x00040115", "LR"), "variable.language.register");
    const grant = "  Grant  3 0x1: 0x20011af8  Grant  8 : --          Grant 13 : --        ";
    assert.equal(grammar.scopeOf(grant, "0x1"), "entity.name.function.driver");
    assert.equal(grammar.scopeOf(grant, ": --"), "comment.line");
  });

  /** The dump that Tock's documentation showed for years, of a kernel before 2.0. */
  const older = `---| Fault Status |---
Data Access Violation:              true
Forced Hard Fault:                  true
Faulting Memory Address:            0x00000000
Fault Status Register (CFSR):       0x00000082
Hard Fault Status Register (HFSR):  0x40000000
---| App Status |---
App: crash_dummy   -   [Fault]
 Events Queued: 0   Syscall Count: 0   Dropped Callback Count: 0
 Restart Count: 0
 Last Syscall: None
 ║  Address  │ Region Name    Used | Allocated (bytes)  ║
             │ ▼ Grant         948 |    948
  0x20005C4C ┼───────────────────────────────────────────
             │ ▲ Heap            ? |      ?               S
  ?????????? ┼─────────────────────────────────────────── R
             │ Data              ? |      ?               A
  R0 : 0x00000000    R6 : 0x20004894
 Cortex-M MPU
  Region 0: base: 0x20004000, length: 8192 bytes; ReadWrite (0x3)
  Region 2: Unused
To debug, run \`make debug RAM_START=0x20004000 FLASH_INIT=0x30059\`
in the app's folder and open the .lst file.`.split("\n");

  it("knows every line of the text before 2.0", () => {
    assert.deepEqual(
      older.filter(line => grammar.isPlain(line)),
      [],
    );
    assert.equal(grammar.scopeOf(older[7] ?? "", "crash_dummy"), "entity.name.type.process");
    assert.equal(grammar.scopeOf(older[7] ?? "", "Fault"), "invalid.illegal.state");
  });

  const prefixes = [
    "12:00:01.250 ",
    "[2026-11-25 12:00:01] ",
    "2026-11-25T12:00:01.123Z ",
    "[   12.345678] ",
    "12:00:01.250 -> ",
    "[uart0] ",
    "board-3 | ",
    "Nov 25 12:00:01 lab tock[42]: ",
    "\u001b[32m12:00:01 [INFO] \u001b[0m",
  ];
  for (const prefix of prefixes) {
    it(`sees a dump behind ${JSON.stringify(prefix)}`, () => {
      for (const line of [
        ...dumpOf("nrf52840dk_x_f_null.txt"),
        ...dumpOf("rv32_x_f_null.txt"),
        ...older,
      ]) {
        const tokens = grammar.tokens(prefix + line);
        assert.match(tokens[0]?.scopes.at(-1) ?? "", /^comment\.line\.prefix/, line);
        const bare = grammar.tokens(line).filter(({ scopes }) => scopes.length > 0);
        const last = tokens.filter(({ scopes }) => scopes.length > 0).at(-1);
        assert.deepEqual(last?.scopes.at(-1), bare.at(-1)?.scopes.at(-1), line);
      }
    });
  }

  it("takes the time in front of a line of an app for what it is, and nothing else", () => {
    const [time, ...rest] = grammar.tokens("12:00:01.250 [idle] sleeping");
    assert.equal(time?.text, "12:00:01.250");
    assert.deepEqual(time?.scopes, ["comment.line.prefix.tock-crash"]);
    assert.ok(rest.every(({ scopes }) => scopes.length === 0));
  });

  it("knows the text of a fault of the kernel itself", () => {
    const psr = "\tpsr 0x61000003 [ N 0 Z 1 C 1 V 0 Q 0 GE 0000 ; ICI.IT 0 T 1 ; Exc 3-HardFault ]";
    assert.equal(grammar.scopeOf(psr, "psr"), "variable.language.register");
    assert.ok(!grammar.isPlain("Kernel HardFault."));
  });
});

describe("the first line of a crash dump", () => {
  const { languages } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
  const { firstLine } = languages.find(({ id }: { id: string }) => id === "tock-crash");
  const isDump = (line: string) => new RegExp(firstLine).test(line);

  it("is known with and without what a logger puts in front", () => {
    for (const line of [
      "panicked at kernel/src/process_standard.rs:753:17:",
      "panicked at 'Process x had a fault', kernel/src/process_standard.rs:342:17",
      "---| Cortex-M Fault Status |---",
      "---| Fault Status |---",
      "---| RISC-V Machine State |---",
      "---| No debug queue found. You can set it with the DebugQueue component.",
      "12:00:01.250 -> panicked at kernel/src/process_standard.rs:753:17:",
      "[2026-11-25 12:00:01] ---| Cortex-M Fault Status |---",
    ]) {
      assert.ok(isDump(line), line);
    }
  });

  it("is none that other programs write", () => {
    for (const line of [
      "thread 'main' panicked at src/main.rs:2:5:",
      "# Why we panicked at the meeting",
      "hello",
      "---",
      "",
    ]) {
      assert.ok(!isDump(line), line);
    }
  });
});
