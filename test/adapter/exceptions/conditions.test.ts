import assert from "node:assert/strict";
import { Condition, type FieldValues } from "../../../adapter/exceptions/conditions.js";
import { filters } from "../../../adapter/exceptions/filters.js";

const fields = filters.find(({ id }) => id === "syscallError")?.fields ?? {};
const CALL: FieldValues = {
  app: "blink",
  process: "blink",
  restarts: 0,
  class: 2,
  driver: 1,
  command: 1,
  argument0: 14,
  argument1: 0xffffffff,
  returned: 9,
};

/** Judges a condition that asks nothing of the app. */
function judged(text: string, values: FieldValues = CALL): boolean {
  const condition = Condition.read(text, fields);
  assert.ok(condition instanceof Condition, JSON.stringify(condition));
  return condition.isTrue(values, expression => assert.fail(JSON.stringify(expression)));
}

const mistake = (text: string): string => {
  const condition = Condition.read(text, fields);
  assert.ok(!(condition instanceof Condition), text);
  return condition.why;
};

describe("a condition of an exception filter", () => {
  for (const text of [
    "driver == 0x1 && command == 1 && returned == NOMEM",
    "driver == Console",
    'driver == "Console"',
    'NOMEM == returned && "console" == driver',
    "returned != BUSY",
    "returned >= NOMEM",
    "class == command",
    'class == "Command"',
    'app == "blink"',
    'process != "hello"',
    "app == blink",
    "!(driver == LED)",
    "driver == LED || argument0 > 13",
    "argument1 == -1",
    "argument0 & 2",
    "(argument0 >> 1) == 7 ? command == 1 : 0",
    "command",
  ])
    it(`is true: ${text}`, () => assert.equal(judged(text), true));

  for (const text of [
    "driver == 0x1 && command == 1 && returned == BUSY",
    "returned == success",
    "app == hello",
    "subscribe == 0",
    "subscribe != 0",
    "allow",
    "command == 1 && !(driver == Console)",
    "0",
  ])
    it(`is false: ${text}`, () => assert.equal(judged(text), false));

  it("takes errors as the kernel and both libraries spell them, and arguments by the kernel's name", () => {
    for (const name of ["NOMEM", "ENOMEM", "RETURNCODE_ENOMEM", "NoMem", '"nomem"'])
      assert.equal(judged(`returned == ${name}`, { ...CALL, returned: 9 }), true, name);
    assert.equal(judged("arg0 == 7", { ...CALL, argument0: 7 }), true);
    assert.equal(judged("arg0 == 7", { ...CALL, argument0: 8 }), false);
  });

  it("takes the words of all drivers, whatever stands between them", () => {
    for (const name of ["Low_level_debug", "LowLevelDebug", '"Low-level debug"'])
      assert.equal(judged(`driver == ${name}`, { ...CALL, driver: 8 }), true, name);
  });

  it("asks the app only for what it needs, with numbers in the place of fields", () => {
    const condition = Condition.read("driver == Console && count + command > 3", fields);
    assert.ok(condition instanceof Condition);
    const asked: unknown[] = [];
    const ofApp = (expression: unknown) => asked.push(expression) > 0;
    assert.equal(condition.isTrue({ ...CALL, driver: 2 }, ofApp), false);
    assert.deepEqual(asked, []);
    assert.equal(condition.isTrue(CALL, ofApp), true);
    const sum = {
      kind: "binary",
      operator: "+",
      left: { kind: "name", name: "count" },
      right: { kind: "integer", value: 1n },
    };
    assert.deepEqual(asked, [
      { kind: "binary", operator: ">", left: sum, right: { kind: "integer", value: 3n } },
    ]);
  });

  for (const [text, why] of [
    ["driver ==", "expected a name or a number, found the end"],
    ["driver = 1", 'nothing is assigned here, so "= 1" has no meaning'],
    [
      "returned == NOMEN",
      "NOMEN is no error code that Tock knows; expected success, or FAIL, BUSY, NOMEM and the other names of Tock",
    ],
    [
      "driver == Consle",
      'Consle is no driver that Tock knows; expected a number such as 0x1, or a name such as Console or "Console"',
    ],
    [
      "class == call",
      "call is no class of system calls that Tock knows; expected yield, subscribe, command, read_write_allow, read_only_allow, memop or exit",
    ],
    ["app", 'app is text: compare it with == or !=, as in app == "blink"'],
    ['app < "a"', "text is compared with == or !=, not with <"],
    ["app == 1", 'text can only be compared with text, as in app == "blink"'],
    [
      'command == "one"',
      '"one" is text, which only a field can be compared with, as in app == "blink"',
    ],
  ] as const)
    it(`is wrong: ${text}`, () => assert.equal(mistake(text), why));
});
