// What rustc writes: an optimised program with DWARF 4 and legacy symbols, and a debug build with DWARF 5 and v0 symbols.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { assign } from "../../../adapter/assign.js";
import { evaluate } from "../../../adapter/evaluate.js";
import type { Frame } from "../../../adapter/symbols/model.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import type { Value } from "../../../adapter/values.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { UserError } from "../../../emulator/index.js";
import { memoryOf } from "./elf-memory.js";

/** Static → its text. */
const TEXTS: Readonly<Record<string, string>> = {
  BOOL: "true",
  LETTER: "'é'",
  NEWLINE: "'\\n'",
  BYTE: "200",
  NEGATIVE: "-5",
  LARGE: "1512366075204170928972419503379277431",
  SMALL: "-170141183460469231731687303715884105728",
  FLOAT: "1.5",
  NOTHING: "()",
  SOME: "Some(5)",
  NONE: "None",
  SOME_REFERENCE: "Some(&5)",
  NO_REFERENCE: "None",
  NON_ZERO: "Some(9)",
  ZERO: "None",
  OK: "Ok(3)",
  ERROR: 'Err("x")',
  OPTIONAL_FLAG: "Some(None)",
  NO_LETTER: "None",
  WIDE: "Some(3)",
  BLUE: "Blue",
  MINUS: "Minus",
  LESS: "Some(Less)",
  EMPTY: "Empty",
  CIRCLE: "Circle(Point {x: 1, y: -2}, 9)",
  RECT: "Rect {a: Point {x: 0, y: 0}, b: Point {x: 3, y: 4}}",
  NESTED: 'Maybe(Some(Named("deep")))',
  NESTED_NONE: "Maybe(None)",
  TINTED: "Tinted(Green)",
  BARE: "Nothing",
  ONLY: "Only(77)",
  POINT: "Point {x: 1, y: 2}",
  UNIT: "Unit",
  PAIR: 'Pair(7, "seven")',
  TUPLE: '(1, "two", [3, 4])',
  SINGLE_TUPLE: "(1,)",
  MATRIX: "[[1, 2], [3, 4]]",
  SLICE: "&[2, 3]",
  NO_SLICE: "&[]",
  TEXT: '"grüß \\"dich\\"\\n"',
  POINTS: "&[Point {x: 5, y: 6}, Point {x: 7, y: 8}]",
  REFERENCE: "&&Point {x: 1, y: 2}",
  NULL: "Shared(0x0)",
  WORD: "Shared(Word {number: 16909060, bytes: [4, 3, 2, 1]})",
  BUFFER: 'Buffer {items: ["a", "b"], length: 2}',
  CAT: "Cat {lives: 9}",
  ANIMALS: "[&Cat {lives: 9}, &Bird {wings: 2}]",
  HEAD: "Node {value: 1, next: Some(&Node {value: 2, next: None})}",
  CELL: "Shared(Cell(5))",
  REF_CELL: "Shared(RefCell {borrow: Cell(0), value: Point {x: 1, y: 2}})",
  COUNTER: "41",
  READY: "true",
  RANGE: "1..4",
  INCLUSIVE: "1..=9",
  FULL: "..",
  UNINITIALIZED: "8",
  MANUAL: "6",
  WRAPPING: "250",
  PHANTOM: "PhantomData",
};

/** Expression → its text, or the sentence that says why it has none. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  "TUPLE.1": '"two"',
  "TUPLE.2[1] + 1": "5",
  "SOME.0 == 5": "true",
  "NONE.0": "values::values::NONE is None, which has no field 0",
  "REFERENCE.y": "2",
  "*REFERENCE": "&Point {x: 1, y: 2}",
  "RECT.b.x": "3",
  "POINTS[1].y": "8",
  "POINTS[2]": "index 2 lies outside of values::values::POINTS, &[values::Point]",
  "SLICE.length": "2",
  "ANIMALS[0].lives": "9",
  "HEAD.next.0.value": "2",
  "RAW.0.x": "1",
  "*RAW.0": "Point {x: 1, y: 2}",
  "COUNTER + 1": "42",
  "CELL.0 == 5": "true",
  "!BYTE": "55",
  "!BOOL": "false",
  "LARGE + 1": "1512366075204170928972419503379277432",
  "BYTE as i8": "-56",
  "BLUE as u8": "7",
  "BLUE == Colour::Blue": "true",
  "values::Colour::Green": "Green",
  "values::values::FIVE": "5",
  "*SOME_REFERENCE.0 * 2": "10",
  "LETTER == 'é'": "true",
  "1_000u32 + 0b1_1": "1003",
  "&FIVE": "&5",
};

const frameAt = (pc: number): Frame => ({
  pc,
  lookupPc: pc,
  cfa: undefined,
  registers: [],
  name: "",
  location: null,
  upcall: false,
  inlineDepth: 0,
});

for (const version of [4, 5]) {
  describe(`a program of rustc with DWARF ${version}`, () => {
    const file = `test/fixtures/rust/values-${version}.elf`;
    const elf = parseElf(readFileSync(file), file);
    const symbols = new DwarfSymbols(elf);
    const start = symbols.functionsNamed("start")[0]?.entry ?? 0;
    const context = { symbols, frame: frameAt(start), memory: memoryOf(elf) };
    const inspect = (expression: string): Value => {
      const value = evaluate(expression, context);
      assert.ok(!(value instanceof UserError), `${expression}: ${(value as UserError).message}`);
      return value;
    };

    for (const [name, text] of Object.entries(TEXTS)) {
      it(`shows ${name} as ${text}`, () => assert.equal(inspect(name).text, text));
    }

    for (const [expression, text] of Object.entries(EXPRESSIONS)) {
      it(`evaluates ${expression} to ${text}`, () => {
        const value = evaluate(expression, context);
        assert.equal(value instanceof UserError ? value.message : value.text, text);
      });
    }

    it("has children that can be evaluated again, and are the same then", () => {
      let compared = 0;
      const compare = (value: Value, depth: number): void => {
        for (const child of value.children()) {
          const name = child.value.evaluateName;
          assert.ok(name !== undefined, child.name);
          const again = inspect(name);
          assert.equal(again.text, child.value.text, name);
          assert.deepEqual(again.location, child.value.location, name);
          compared++;
          if (depth > 0) compare(child.value, depth - 1);
        }
      };
      for (const name of Object.keys(TEXTS)) compare(inspect(name), 4);
      assert.ok(compared > 60, `${compared}`);
    });

    it("names the fields of tuples by number, and those of structs", () => {
      const names = (expression: string) =>
        inspect(expression)
          .children()
          .map(c => c.name);
      assert.deepEqual(names("TUPLE"), ["0", "1", "2"]);
      assert.deepEqual(names("RECT"), ["a", "b"]);
      assert.deepEqual(names("REFERENCE"), ["x", "y"]);
      assert.deepEqual(names("SLICE"), ["[0]", "[1]"]);
      assert.deepEqual(names("NULL.0"), []);
    });

    it("shows pointers to functions with their names", () => {
      assert.match(inspect("FUNCTION").text, /^0x[0-9a-f]+ → values::deep::dig$/);
    });

    it("names types as Rust writes them", () => {
      const named = (expression: string) => inspect(expression).type.name;
      assert.equal(named("MATRIX"), "[[u8; 2]; 2]");
      assert.equal(named("SLICE"), "&[u16]");
      assert.equal(named("SOME"), "core::option::Option<u32>");
      assert.equal(named("FUNCTION"), "fn(u32) -> u32");
    });

    it("has functions called with or without their paths and type arguments", () => {
      const entries = (name: string) => symbols.functionsNamed(name).map(f => f.name);
      assert.deepEqual(entries("values::deep::dig"), ["values::deep::dig"]);
      assert.deepEqual(entries("dig"), ["values::deep::dig"]);
      assert.ok(entries("keep").length >= 3);
      assert.deepEqual(entries("Buffer::first").length, 1);
      assert.deepEqual(entries("Cat::legs"), ["<values::Cat as values::Animal>::legs"]);
      assert.deepEqual(entries("Animal::legs").length, 2);
      assert.deepEqual(entries("nowhere"), []);
    });

    it("writes numbers, flags, letters and variants without data", () => {
      const written = (target: string, value: string) => {
        const result = assign(target, value, context);
        if (result instanceof UserError) return result.message;
        return [...result.bytes].join(" ");
      };
      assert.equal(written("POINT.x", "-2"), "254 255 255 255");
      assert.equal(written("REFERENCE.y", "POINT.x + 2"), "3 0 0 0");
      assert.equal(written("BOOL", "false"), "0");
      assert.equal(written("LETTER", "'ß'"), "223 0 0 0");
      assert.equal(written("BLUE", "Green"), "1");
      assert.equal(written("BLUE", "Colour::Red"), "0");
      assert.equal(written("MINUS", "Sign::Plus"), "1 0");
      assert.equal(written("COUNTER", "7"), "7 0 0 0");
      assert.match(written("*SOME_REFERENCE.0", "6"), /^6 0 0 0$/);
      assert.match(written("SOME_REFERENCE.0", "6"), /int cannot be assigned to one of type &u32/);
      assert.match(written("SOME_REFERENCE.0", "&FIVE"), /^\d+ \d+ \d+ \d+$/);
      assert.match(written("SOME", "3"), /cannot be (written|assigned)/);
    });
  });
}

describe("damaged debug information of rustc", () => {
  it("never makes a value fail", () => {
    const file = "test/fixtures/rust/values-5.elf";
    const whole = new Uint8Array(readFileSync(file));
    const debug = parseElf(whole, file).sections.filter(({ name }) => name.startsWith(".debug_"));
    const place = fc
      .tuple(fc.constantFrom(...debug), fc.double({ min: 0, max: 0.999, noNaN: true }))
      .map(([section, part]) => section.offset + Math.floor(part * section.size));
    const damage = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 20 });
    let read = 0;
    fc.assert(
      fc.property(damage, changes => {
        const bytes = whole.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const elf = parseElf(bytes, file);
        const symbols = new DwarfSymbols(elf);
        const context = { symbols, frame: frameAt(0x8000), memory: memoryOf(elf) };
        for (const name of Object.keys(TEXTS)) {
          const value = evaluate(name, context);
          if (value instanceof UserError) continue;
          for (const child of value.children(0, 4)) read += child.value.text.length;
        }
      }),
      { numRuns: 30 },
    );
    assert.ok(read > 1000);
  });
});
