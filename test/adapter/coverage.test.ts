import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { type FileCoverage, lcovText, mergeCoverage } from "../../adapter/coverage.js";
import { requireTool } from "../tools.js";
import { built } from "./building.js";
import { lineOf } from "./debugging.js";
import { performed } from "./scenario/performing.js";

const watch = { coverage: true };
const fileOf = (files: readonly FileCoverage[], path: string): FileCoverage => {
  const file = files.find(f => f.path === path);
  assert.ok(file, `${path} is not among ${files.map(f => f.path).join(", ")}`);
  return file;
};
const countsOf = ({ functions }: FileCoverage) =>
  Object.fromEntries(functions.map(({ name, count }) => [name, count]));

describe("coverage of an unmodified binary", () => {
  it("counts how often each line was executed, 0 for code that was not, nothing for lines without code", async () => {
    const { coverage } = await performed(
      "crash",
      "steps:\n- console: quit\n- input: console=q\n- exit: {crash: 0}\n",
      watch,
    );
    const { lines } = fileOf(coverage, "examples/crash/main.c");
    const count = (text: string) => lines.get(lineOf("crash", text));
    assert.equal(count("if (pressed) choice"), 0);
    assert.equal(count("button_listen(on_button, NULL)"), 1);
    assert.equal(count("static volatile char choice"), undefined);
    const source = readFileSync("examples/crash/crashes.c", "utf8").split("\n");
    const store = source.findIndex(line => line.includes("*last_reading = 42")) + 1;
    assert.equal(fileOf(coverage, "examples/crash/crashes.c").lines.get(store), 0);
  });

  it("counts a loop by its rounds and a function by its calls", async () => {
    const { coverage } = await performed("blink", "steps:\n- wait: 2100ms\n", watch);
    const file = fileOf(coverage, "examples/blink/main.c");
    // Four LEDs, at 0, 250, … 2000 ms.
    assert.equal(file.lines.get(lineOf("blink", "bool on = count")), 4 * 9);
    assert.equal(file.lines.get(lineOf("blink", "sleep_ms(250)")), 9);
    assert.equal(file.lines.get(lineOf("blink", "has no LEDs")), 0);
    assert.equal(countsOf(file)["main"], 1);
  });

  it("is the sum over processes of one source, and over restarts", async () => {
    const both = "apps: [hello.tab, ../hello/hello.tab]\n";
    const { coverage } = await performed("hello", `${both}steps:\n- wait: 1s\n`, watch);
    assert.deepEqual(countsOf(fileOf(coverage, "examples/hello/main.c")), { main: 2 });
    const again = await performed(
      "crash",
      "fault-policy: restart\nsteps:\n- console: quit\n- input: console=s\n- fault: crash\n- console: quit\n- wait: 1ms\n",
      watch,
    );
    assert.equal(countsOf(fileOf(again.coverage, "examples/crash/main.c"))["main"], 2);
  });

  it("keeps apart what lay at one address one after the other", async () => {
    const { coverage, outcome } = await performed(
      "hello",
      "steps:\n- exit: {hello: 0}\n- input: loader=erase-apps\n- wait: 200ms\n- load: ../blink/blink.tab\n- wait: 600ms\n",
      watch,
    );
    assert.equal(outcome.result, "passed");
    const hello = await performed("hello", "steps:\n- exit: {hello: 0}\n", watch);
    const blink = await performed("blink", "steps:\n- wait: 600ms\n", watch);
    assert.deepEqual(coverage, mergeCoverage([...hello.coverage, ...blink.coverage]));
  });

  it("follows an app that another app installs", async () => {
    const { coverage } = await performed(
      "loader",
      "board: everything\napps: [loader.tab, {path: greeter/greeter.tab, installed: false}]\nsteps:\n- console: greeting 2\n- wait: 1ms\n",
      watch,
    );
    assert.deepEqual(countsOf(fileOf(coverage, "examples/loader/greeter/main.c")), { main: 1 });
  });
});

describe("coverage of code in a header", () => {
  /** `other` is nothing but a copy of `twice`, whose code it begins with. */
  const text = `#include "tock.h"
#line 1 "examples/headers/util.h"
static inline __attribute__((always_inline)) int twice(int a) {
  if (a > 5) a += 100;
  return a * 2;
}
#line 6 "examples/headers/main.c"
__attribute__((noinline)) int other(int a) {
  return twice(a) + 1;
}
static volatile int sink = 2;
int main(void) {
  for (int i = 0; i < 3; i++) sink = twice(sink);
  sink = other(sink);
  return 0;
}
`;

  for (const flag of ["-O0", "-Og", "-Os"])
    it(`leaves each function in its file, with ${flag}`, async function () {
      requireTool(this, "arm-none-eabi-gcc");
      const { tab, source } = built("headers", text, ["-g", flag]);
      const header = source.replace("main.c", "util.h");
      writeFileSync(header, "");
      const scenario = `apps: ${tab}\nsteps:\n- exit: {headers: 0}\n`;
      const { coverage } = await performed("hello", scenario, watch);
      const { functions, lines } = fileOf(coverage, source);
      assert.deepEqual(functions, [
        { name: "other", line: 6, count: 1 },
        { name: "main", line: 10, count: 1 },
      ]);
      assert.equal(lines.get(12), 1);
      const inHeader = fileOf(coverage, header);
      assert.deepEqual(
        inHeader.functions.map(({ name, line }) => [name, line]),
        [["twice", 1]],
      );
      // Three times in main, once in other.
      assert.equal(Math.max(...inHeader.lines.values()), 4);
    });
});

describe("an LCOV file", () => {
  const a: FileCoverage = {
    path: "b.c",
    lines: new Map([
      [3, 0],
      [1, 2],
    ]),
    functions: [{ name: "main", line: 1, count: 1 }],
  };

  it("has a record for each file, with lines in order and what was hit", () => {
    assert.equal(
      lcovText(mergeCoverage([a, { path: "a.c", lines: new Map([[7, 0]]), functions: [] }])),
      "TN:\nSF:a.c\nFNF:0\nFNH:0\nDA:7,0\nLF:1\nLH:0\nend_of_record\n" +
        "TN:\nSF:b.c\nFN:1,main\nFNDA:1,main\nFNF:1\nFNH:1\nDA:1,2\nDA:3,0\nLF:2\nLH:1\nend_of_record\n",
    );
  });

  it("adds up runs of the same file", () => {
    const [file] = mergeCoverage([a, a, { ...a, lines: new Map([[3, 5]]) }]);
    assert.deepEqual(
      [...file!.lines],
      [
        [1, 4],
        [3, 5],
      ],
    );
    assert.equal(file!.functions[0]!.count, 3);
  });
});

describe("lines of examples that have code", () => {
  it("are lines of their files", async () => {
    const { coverage } = await performed("grants", "steps:\n- wait: 10ms\n", watch);
    for (const { path, lines } of coverage) {
      const length = readFileSync(path, "utf8").split("\n").length;
      for (const line of lines.keys()) assert.ok(line >= 1 && line <= length, `${path}:${line}`);
    }
    assert.ok(coverage.length > 3);
  });
});
