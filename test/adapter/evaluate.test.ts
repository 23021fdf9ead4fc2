// Expressions over examples/locals: its real types, with memory as the program's start-up leaves it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { assign } from "../../adapter/assign.js";
import { type EvaluationContext, evaluate } from "../../adapter/evaluate.js";
import type { Frame } from "../../adapter/symbols/model.js";
import { DwarfSymbols } from "../../adapter/symbols/table.js";
import { parseElf } from "../../emulator/formats/elf.js";
import { UserError } from "../../emulator/index.js";

const file = "examples/locals/locals.elf";
const elf = parseElf(readFileSync(file), file);
const placement = { appStart: 0x40080, memStart: 0x20008000 };
const symbols = new DwarfSymbols(elf, placement);
const ram = new Uint8Array(0x4000);
const view = new DataView(ram.buffer);
for (const name of [".data", ".got"]) {
  const section = elf.section(name);
  if (section) ram.set(section.data(), section.address);
}

const memory = {
  read: (address: number, length: number) => {
    const at = address - placement.memStart;
    return at >= 0 && at + length <= ram.length ? ram.subarray(at, at + length) : undefined;
  },
};
const main = symbols.functionsNamed("main")[0];
assert.ok(main);
const frame: Frame = {
  pc: main.afterPrologue,
  lookupPc: main.afterPrologue,
  cfa: placement.memStart + 0x400,
  registers: Array.from({ length: 16 }, (_, i) => (i === 15 ? main.afterPrologue : 100 + i)),
  name: "main",
  location: null,
  upcall: false,
  inlineDepth: 0,
};
const context: EvaluationContext = { symbols, frame, memory };

/** What an assignment writes: `address or register: bytes or number`. */
const written = (target: string, value: string): string => {
  const result = assign(target, value, context);
  if (result instanceof UserError) return result.message;
  return result.writes
    .map(w =>
      w.kind === "memory"
        ? `${w.address - addressOf("nodes")}: ${w.bytes}`
        : `r${w.register}: ${w.value}`,
    )
    .join(", ");
};

const text = (expression: string): string => {
  const result = evaluate(expression, context);
  return result instanceof UserError ? result.message : result.text;
};
const typeOf = (expression: string): string => {
  const result = evaluate(expression, context);
  return result instanceof UserError ? result.message : result.type.name;
};

const addressOf = (name: string): number => symbols.symbolNamed(name)?.address ?? 0;
const nodes = addressOf("nodes");
view.setInt32(nodes - placement.memStart, 70, true);
view.setUint32(nodes - placement.memStart + 4, nodes + 12, true);
view.setInt32(nodes - placement.memStart + 12, -5, true);

describe("an expression", () => {
  const values: [string, string][] = [
    ["ticks", "4294967280"],
    ["ticks + 16", "4294967296"],
    ["station.name", '"Palo Alto"'],
    ["station.name[1]", "97 'a'"],
    ["grid", "{{1, 2, 3}, {-1, -2, -3}}"],
    ["grid[1][2]", "-3"],
    ["*grid[1]", "-1"],
    ["nodes[0].left->key", "-5"],
    ["(*nodes[0].left).key", "-5"],
    ["nodes[0].left == &nodes[1]", "1"],
    ["*&nodes[0].key", "70"],
    ["(nodes + 1)->key", "-5"],
    ["&nodes[2] - nodes", "2"],
    ["station.history[0].sky", "CLEAR"],
    ["station.history[0].sample.bytes", '""'],
    ["1 + 2 * 3", "7"],
    ["(1 + 2) * 3", "9"],
    ["7 / -2", "-3"],
    ["0xffffffff + 1", "0"],
    ["1 << 4 | 3", "19"],
    ["!used && 2 > 1", "1"],
    ["'a' + 1", "98"],
    ["$r3", "103"],
    ["$sp", "0x71"],
    ["main", "main"],
    ["SNOW", "SNOW"],
    ["(enum sky)2 == RAIN", "1"],
    ["sizeof(struct node)", "12"],
    ["sizeof nodes / sizeof(*nodes)", "8"],
    ["sizeof(unsigned long long)", "8"],
    ["(uint8_t)0x141", "65 'A'"],
    ["(int8_t)200 < 0", "1"],
    ["(grid[0][2]) - 1", "2"],
    ["-(int)grid[0][2]", "-3"],
    ["((struct node*)&nodes[0])->key", "70"],
    ["*(int32_t *)nodes", "70"],
    ["(_Bool)4", "true"],
    ["grid[0][0]@3", "{1, 2, 3}"],
    ["(*grid@2)[1][0]", "-1"],
    ["(nodes[0].key@1)[0]", "70"],
    ["used ? 1 : ticks ? 2 : 3", "2"],
    ["0 ? zebra : 4", "4"],
    ["nodes[1].left == NULL", "1"],
    ["grid[0][2],x", "0x3"],
    ["grid, x", "{{0x1, 0x2, 0x3}, {0xffffffff, 0xfffffffe, 0xfffffffd}}"],
  ];
  for (const [expression, value] of values) {
    it(`${expression} is ${value}`, () => assert.equal(text(expression), value));
  }

  it("names the function a program counter lies in", () => {
    assert.match(text("$pc"), /^0x40/);
    assert.equal(text("&main"), `0x${main.entry.toString(16)} → main`);
  });

  it("has a C type", () => {
    assert.equal(typeOf("&nodes[0]"), "struct node *");
    assert.equal(typeOf("nodes[0].left"), "struct node *");
    assert.equal(typeOf("&nodes[0].left"), "struct node **");
    assert.equal(typeOf("ticks + 1"), "unsigned long long");
  });

  it("keeps a path by which it can be asked again", () => {
    const value = evaluate("nodes[0].left", context);
    assert.ok(!(value instanceof UserError));
    assert.equal(value.evaluateName, "nodes[0].left");
    assert.equal(value.children()[0]?.value.evaluateName, "nodes[0].left->key");
  });

  it("that is computed can be asked again, and so can its parts", () => {
    const value = evaluate("*(nodes + 1)", context);
    assert.ok(!(value instanceof UserError));
    assert.equal(value.evaluateName, "*(nodes + 1)");
    assert.equal(text(value.children()[0]?.value.evaluateName ?? ""), "-5");
  });

  const problems: [string, string][] = [
    ["(zebra)1", "there is no type zebra in this app"],
    ["(struct node)1", "a value cannot be cast to struct node here"],
    ["main()", "functions of the app are not called from here"],
    ["used = 3", 'nothing is assigned here, so "= 3" has no meaning'],
    ["1.5", "floating-point numbers are shown, but not computed with"],
    ["zebra", "there is no variable zebra here"],
    ["station.zebra", "struct {...} has no member zebra"],
    ["1@2", "in front of @ stands what lies in memory"],
    ["ticks@0", "behind @ stands a number of elements from 1 to 65536"],
    ["1 ? 2", 'expected ":", found the end'],
    ["ticks.x", "ticks is of type uint64_t, which has no members"],
    ["ticks[0]", "ticks is of type uint64_t and has no elements"],
    ["*ticks", "ticks is of type uint64_t, which is no pointer"],
    ["nodes[1].left->key", "nodes[1].left is 0x0, where no struct node can be read"],
    ["1 +", "expected a name or a number, found the end"],
    ["(1", 'expected ")", found the end'],
    ["1 2", 'expected an operator, found "2"'],
    ["a ` b", 'the expression cannot be read at "` b"'],
    ["1 / 0", "division by zero"],
    ["$r99", "there is no register $r99; there are $r0 to $r15, $sp, $lr and $pc"],
    ["&$r1", "$r1 has no address: it is kept in r1"],
    ["&1", "the value has no address: it is a computed value"],
    ["station + 1", "station is of type struct {...}, which is no integer"],
    ["", "expected a name or a number, found the end"],
  ];
  for (const [expression, message] of problems) {
    it(`"${expression}" is refused: ${message}`, () => assert.equal(text(expression), message));
  }

  it("of any text ends with a value or a sentence", () => {
    const word = fc.constantFrom(
      ...["nodes", "ticks", "tree", "$r0", "1", "(", ")", "[", "]", "*", "&", "-", "->", ".left"],
      ...["+", "/", "<<", "key", "'x'", "station", "grid", "0x7fffffff", "!", "~", "==", "&&"],
      ...["sizeof", "(int)", "struct", "node", "(uint8_t*)", ",x"],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), words => {
        assert.equal(typeof text(words.join(" ")), "string");
      }),
      { numRuns: 2000 },
    );
    assert.match(text(`${"-".repeat(900)}1`), /nested too deeply/);
    assert.match(text(`${"1+".repeat(600)}1`), /longer than 1000/);
  });
});

describe("an assignment", () => {
  const cases: [string, string, string][] = [
    ["nodes[1].key", "-2", "12: 254,255,255,255"],
    ["nodes[1].key", "nodes[0].key + 1", "12: 71,0,0,0"],
    ["nodes[1].left", "0", "16: 0,0,0,0"],
    ["*(uint8_t*)&nodes[0].key", "'A'", "0: 65"],
    ["nodes[1].key", "SNOW", "12: 3,0,0,0"],
    ["nodes[0]", "nodes[1]", "0: 251,255,255,255,0,0,0,0,0,0,0,0"],
    ["$r3", "0x12345678", "r3: 305419896"],
    ["$r4", "grid[1][2]", "r4: 4294967293"],
    ["nodes[1].key", "0x1ffffffff", "12: 255,255,255,255"],
    ["nodes[1].key", "zebra", "zebra is no value of type int32_t"],
    ["nodes[1]", "3", "a value of type int cannot be assigned to one of type struct node"],
    ["1 + 2", "3", "1 + 2 cannot be changed: it is a computed value, which lies nowhere"],
    ["zebra", "1", "there is no variable zebra here"],
  ];
  for (const [target, value, expected] of cases) {
    it(`of ${value} to ${target} writes ${expected}`, () => {
      assert.equal(written(target, value), expected);
    });
  }

  it("keeps the bytes that it changes in reading them back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), number => {
        const result = assign("nodes[2].key", String(number), context);
        assert.ok(!(result instanceof UserError));
        const { bytes } = result;
        assert.equal(new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true), number);
      }),
    );
  });
});
