// The symbols of the committed examples: gcc's DWARF 2 (-Os) and 5 (-O0) in one program.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { Dwarf } from "../../../adapter/dwarf/dwarf.js";
import type { Frame } from "../../../adapter/symbols/model.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { UserError } from "../../../emulator/base/errors.js";
import { parseElf } from "../../../emulator/formats/elf.js";

const placement = { appStart: 0x40080, memStart: 0x20008000 };
const load = (name: string) => {
  const file = `examples/${name}/${name}.elf`;
  return new DwarfSymbols(parseElf(readFileSync(file), file), placement);
};
const source = (name: string) => readFileSync(`examples/${name}/main.c`, "utf8").split("\n");
const lineOf = (name: string, text: string) => source(name).findIndex(l => l.includes(text)) + 1;

const memory = { read: (_: number, length: number) => new Uint8Array(length) };
const frameAt = (pc: number): Frame => ({
  pc,
  lookupPc: pc,
  cfa: 0x20008800,
  registers: Array.from({ length: 16 }, (_, i) => 0x20008000 + 8 * i),
  name: "",
  location: null,
  upcall: false,
  inlineDepth: 0,
});

describe("the symbols of examples/locals", () => {
  const symbols = load("locals");
  const main = symbols.functionsNamed("main")[0];
  assert.ok(main);

  it("put main where the app runs", () => {
    assert.ok(main.entry > placement.appStart && main.entry < placement.appStart + 0x10000);
    assert.equal(symbols.functionAt(main.entry + 4)?.name, "main");
    assert.deepEqual(symbols.symbolAt(main.entry), { name: "main", offset: 0 });
    assert.equal(symbols.locationAt(main.entry)?.line, lineOf("locals", "int main(void)"));
  });

  it("know nothing below the app, where the linker left dead code", () => {
    for (const pc of [0, 2, 0x100, placement.appStart - 2]) {
      assert.equal(symbols.functionAt(pc), undefined);
      assert.equal(symbols.locationAt(pc), null);
    }
  });

  it("break on a line where its code begins, and on a line without code at the next", () => {
    const path = symbols.locationAt(main.entry)?.path ?? "";
    const line = lineOf("locals", "*slot = measure(day)");
    const at = symbols.addressesOf(path, line);
    assert.equal(at?.line, line);
    assert.equal(symbols.locationAt(at?.addresses[0] ?? 0)?.line, line);
    const comment = lineOf("locals", "// Calls itself until");
    assert.equal(symbols.addressesOf(path, comment)?.line, comment + 1);
    assert.equal(symbols.addressesOf(path, 100_000), undefined);
  });

  it("break on a function behind its prologue", () => {
    const insert = symbols.functionsNamed("insert")[0];
    assert.ok(insert && insert.afterPrologue > insert.entry);
    const body = lineOf("locals", "if (tree == NULL) {");
    assert.equal(symbols.locationAt(insert.afterPrologue)?.line, body);
  });

  it("step over a line through all of its contiguous code", () => {
    const range = symbols.lineRangeAt(main.afterPrologue);
    assert.ok(range && range.low <= main.afterPrologue && range.high > main.afterPrologue);
    const line = symbols.locationAt(main.afterPrologue)?.line;
    assert.equal(symbols.locationAt(range.high - 2)?.line, line);
    assert.notEqual(symbols.locationAt(range.high)?.line, line);
  });

  it("list parameters and locals of the block, innermost first", () => {
    const path = symbols.locationAt(main.entry)?.path ?? "";
    const inLoop = symbols.addressesOf(path, lineOf("locals", "station.latest  = slot"));
    const names = symbols.variablesAt(inLoop?.addresses[0] ?? 0).map(v => v.name);
    assert.equal(names[0], "slot");
    assert.deepEqual([...names].sort(), ["best", "day", "slot", "total", "tree"]);
    const atEntry = symbols.variablesAt(main.afterPrologue).map(v => v.name);
    assert.deepEqual([...atEntry].sort(), ["best", "total", "tree"]);
  });

  it("place statics in the process's memory", () => {
    const ticks = symbols.globalNamed("ticks", main.entry);
    assert.equal(ticks?.kind, "static");
    assert.equal(ticks.type.size, 8);
    const location = ticks.locate(frameAt(main.entry), memory);
    const symbol = symbols.symbolNamed("ticks");
    assert.deepEqual(location, { kind: "memory", address: symbol?.address });
    assert.ok((symbol?.address ?? 0) >= placement.memStart);
  });

  it("describe types as C writes them", () => {
    const type = (name: string) => symbols.globalNamed(name, main.entry)?.type.name;
    assert.equal(type("grid"), "int32_t [2][3]");
    assert.equal(type("nodes"), "struct node [8]");
    assert.equal(type("sky_names"), "const char * const [4]");
    const station = symbols.globalNamed("station", main.entry)?.type;
    assert.ok(station?.kind === "struct");
    const bits = (name: string) => station.members().find(m => m.name === name);
    const { raining, wet } = { raining: bits("raining"), wet: bits("wet_days") };
    assert.deepEqual([raining?.bitSize, wet?.bitSize], [1, 7]);
    assert.equal(wet?.bitOffset, (raining?.bitOffset ?? 0) + 1);
  });
});

describe("every example's symbols", () => {
  const names = readdirSync("examples", { withFileTypes: true })
    .filter(e => e.isDirectory() && readdirSync(`examples/${e.name}`).includes(`${e.name}.elf`))
    .map(e => e.name);

  for (const name of names) {
    it(`of ${name} can be read without a problem`, () => {
      const symbols = load(name);
      exercise(symbols);
      assert.deepEqual(symbols.problems, []);
      assert.ok(symbols.files.some(f => f.endsWith(`${name}/main.c`)));
    });
  }
});

/** Asks everything there is to ask. */
function exercise(symbols: DwarfSymbols): void {
  const unwinder = new DwarfUnwinder(symbols);
  for (const path of symbols.files) symbols.addressesOf(path, 1);
  for (const unit of symbols.dwarf.units) {
    unit.tree();
    symbols.dwarf.lineProgram(unit)?.sequences;
  }
  for (const { name, value } of symbols.image.elf.symbols.slice(0, 60)) {
    const pc = symbols.image.toRuntime(value);
    symbols.functionsNamed(name);
    symbols.lineRangeAt(pc);
    const [frame] = unwinder.frames(frameAt(pc).registers.with(15, pc), memory);
    for (const variable of [...symbols.variablesAt(pc), ...symbols.staticsAt(pc)]) {
      variable.locate(frame ?? frameAt(pc), memory);
      const { type } = variable;
      assert.ok(type.name.length < 1_000_000 && type.size >= 0);
      if (type.kind === "struct" || type.kind === "union") type.members();
    }
  }
}

describe("damaged debug information", () => {
  const file = "examples/locals/locals.elf";
  const bytes = new Uint8Array(readFileSync(file));
  const debug = parseElf(bytes, file).sections.filter(s => s.name.startsWith(".debug_"));

  it("never throws anything but a UserError and never hangs", () => {
    const change = fc
      .tuple(fc.nat(debug.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))
      .map(([section, at, value]) => {
        const { offset, size } = debug[section] as { offset: number; size: number };
        return { at: offset + Math.floor(at * (size - 1)), value };
      });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), changes => {
        const damaged = bytes.slice();
        for (const { at, value } of changes) damaged[at] = value;
        try {
          exercise(new DwarfSymbols(parseElf(damaged, file), placement));
        } catch (error) {
          assert.ok(error instanceof UserError, `${error instanceof Error ? error.stack : error}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("loses only the unit it is in", () => {
    const damaged = bytes.slice();
    const whole = new Dwarf(parseElf(bytes, file));
    const [first] = whole.units;
    const info = debug.find(s => s.name === ".debug_info");
    assert.ok(first && info);
    damaged.fill(0xff, info.offset + first.offset + 11, info.offset + first.end);
    const symbols = new DwarfSymbols(parseElf(damaged, file), placement);
    assert.equal(symbols.functionsNamed("main").length, 1);
    assert.ok(symbols.globalNamed("ticks"));
    assert.match(symbols.problems[0] ?? "", /locals.elf, section .debug_info/);
  });
});
