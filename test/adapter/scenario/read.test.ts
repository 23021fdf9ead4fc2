import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { readScenarios } from "../../../adapter/scenario/read.js";

const read = (text: string) => readScenarios(text, "apps/blink.tocktest.yaml");

/** `LINE:COLUMN: sentence` of each mistake. */
const mistakes = (text: string) =>
  read(text).mistakes.map(({ line, column, message }) => `${line}:${column}: ${message}`);

/** The only scenario of a text without mistakes. */
function only(text: string) {
  const { scenarios, mistakes: wrong } = read(text);
  assert.deepEqual(wrong, []);
  assert.equal(scenarios.length, 1);
  return scenarios[0]!;
}

describe("a scenario file", () => {
  it("without anything means the app and the name that its own name says, for ten seconds", () => {
    const scenario = only("steps: []");
    assert.equal(scenario.name, "blink");
    assert.deepEqual(
      scenario.apps.map(({ path }) => path),
      ["blink.tab"],
    );
    assert.equal(scenario.timeLimit, 10);
    assert.equal(scenario.board, "auto");
    assert.equal(scenario.noFault, true);
  });

  it("holds a scenario in each YAML document", () => {
    const { scenarios } = read("name: a\n---\nsteps: []\n");
    assert.deepEqual(
      scenarios.map(({ name, place }) => [name, place.line]),
      [
        ["a", 1],
        ["blink 2", 3],
      ],
    );
  });

  it("keeps the scenarios beside one with a mistake", () => {
    const { scenarios, mistakes: wrong } = read("seed: x\n---\nname: b\n");
    assert.deepEqual(
      scenarios.map(({ name }) => name),
      ["b"],
    );
    assert.equal(wrong.length, 1);
  });

  it("takes one thing where it takes a list, and anchors", () => {
    const scenario = only(
      "apps: a.tab\ninputs: &press 1s:button0=down\nsteps: {input: [button0=down, button0=up]}\nname: *press\n",
    );
    assert.equal(scenario.name, "1s:button0=down");
    assert.equal(scenario.inputs[0]!.seconds, 1);
    assert.deepEqual(
      scenario.steps.map(({ does }) => does.kind === "input" && does.value),
      ["down", "up"],
    );
  });

  it("knows drivers by number and by Tock's name, and errors by name", () => {
    const { steps } = only(
      "steps:\n- syscall: {driver: 0x2}\n- syscall: {driver: low level debug, command: 1, returns: NODEVICE}\n- syscall: {class: memop, number: 1, returns: success}\n",
    );
    assert.deepEqual(
      steps.map(({ does }) => does.kind === "syscall" && Object.values(does.pattern)),
      [
        [undefined, undefined, 2, undefined, undefined],
        [undefined, 2, 8, 1, 11],
        [undefined, 5, undefined, 1, true],
      ],
    );
  });
});

describe("mistakes in a scenario file", () => {
  const cases: readonly [what: string, text: string, expected: string][] = [
    ["an unknown key", "borad: x", '1:1: "borad" is no key of a scenario; expected name, board,'],
    ["a list", "- a", "1:1: A scenario: expected a mapping with name, board,"],
    [
      "no time",
      "steps:\n- wait: 1x",
      '2:9: "wait": expected a time such as 1.5s or 200ms, got "1x".',
    ],
    ["an empty step", "steps:\n- {}", "2:3: A step needs one of wait, input, load,"],
    [
      "two things in one step",
      "steps:\n- wait: 1s\n  console: a",
      '3:3: A step does one thing, and this one has "wait" already; begin "console" with a dash of its own.',
    ],
    [
      "within a wait",
      "steps:\n- wait: 1s\n  within: 1s",
      '3:3: "within" goes with what is waited for, not with "wait".',
    ],
    ["a light that is neither", "steps:\n- led0: 5", '2:9: "led0": expected on or off, got 5.'],
    [
      "text and pattern",
      "steps:\n- console: {text: a, regex: b}",
      '2:3: Expected either "text" or "regex".',
    ],
    [
      "a bad pattern",
      "steps:\n- console: {regex: (}",
      "2:13: Invalid regular expression: /(/m: Unterminated group.",
    ],
    [
      "an unknown driver",
      "steps:\n- syscall: {driver: Foo}",
      '2:13: Tock has no driver "Foo"; its number, such as 0x2, will do.',
    ],
    [
      "an input without a value",
      "steps:\n- input: button0",
      "2:10: Input button0: expected [TIME:]DEVICE=VALUE, for example 1.5s:button0=down or console=abc\\n.",
    ],
    [
      "a time in a step's input",
      "steps:\n- input: 1s:button0=down",
      '2:10: A step has its time in "at" or by a "wait" before it; "inputs" beside "steps" take times.',
    ],
    ["a policy", "fault-policy: explode", '1:1: "fault-policy": expected one of panic, stop,'],
    [
      "a number of bytes",
      "expect: {grant-bytes: {a: -1}}",
      '1:27: "a": expected a whole number from 0',
    ],
    [
      "counts",
      "expect: {syscalls: {count: 1, at-least: 2, driver: 0}}",
      '1:20: "count" says already how often.',
    ],
    ["broken YAML", "a: [", "1:5: Flow sequence in block collection must be"],
    ["a key twice", "seed: 1\nseed: 2", "2:1: Map keys must be unique."],
    ["nothing", "", "1:1: The file is empty; expected a scenario."],
    ["only a remark", "# later", "1:1: The file is empty; expected a scenario."],
    ["an empty document", "name: a\n---\n", "2:4: A scenario: expected a mapping with name,"],
  ];
  for (const [what, text, expected] of cases)
    it(`are told with their place: ${what}`, () => {
      const [first = "", ...others] = mistakes(text);
      assert.ok(first.startsWith(expected), first);
      assert.deepEqual(others, []);
    });

  it("are all told, in the order of their places", () => {
    const places = mistakes("expect: {no-fault: 3}\nseed: x\nsteps:\n- wait: 1x\n- led0: 1\n");
    assert.deepEqual(
      places.map(text => text.split(": ")[0]),
      ["1:20", "2:7", "4:9", "5:9"],
    );
  });

  it("are found in any text and any YAML without a throw", () => {
    const key = fc.constantFrom(
      ...["name", "board", "apps", "inputs", "time-limit", "seed", "wires", "steps", "expect"],
      ...["wait", "input", "load", "console", "led0", "shows", "syscall", "exit", "fault", "at"],
      ...["within", "text", "regex", "from", "no-fault", "syscalls", "grant-bytes", "driver"],
      ...["path", "__proto__", "constructor", "count", "kernel-config", "fault-policy"],
    );
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("1s", "on", "button0=down", "(", "0-1", "LED", "blink", null, true, 1e99),
        fc.integer(),
        fc.string(),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, held => {
        read(stringify(held));
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), text => void read(text)));
    const pieces = fc.constantFrom(
      "steps:",
      "- ",
      "  ",
      "\n",
      "a: ",
      "*x",
      "&x ",
      "[",
      "]",
      "{",
      "}",
      "---\n",
      "!!int ",
      "|\n",
      "'",
      "<<: ",
      "? ",
      "%TAG x",
      "\t",
      "1s",
    );
    fc.assert(
      fc.property(fc.array(pieces), parts => void read(parts.join(""))),
      { numRuns: 500 },
    );
  });

  it("end at nesting that is too deep, and at an anchor that holds itself", () => {
    assert.equal(read("[".repeat(10_000)).scenarios.length, 0);
    assert.equal(read("steps: &a [*a]").scenarios.length, 0);
  });
});
