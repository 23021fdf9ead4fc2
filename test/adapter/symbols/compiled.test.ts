// What gcc for Arm writes today: C++, and calls that optimisation has changed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assign } from "../../../adapter/assign.js";
import { evaluate } from "../../../adapter/evaluate.js";
import type { Frame } from "../../../adapter/symbols/model.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { type Elf, parseElf } from "../../../emulator/formats/elf.js";
import { UserError } from "../../../emulator/index.js";
import { requireTool } from "../../tools.js";
import { memoryOf } from "./elf-memory.js";

/** Compiled and linked with code from 0x8000 and data from 0x20000000. */
function compile(compiler: string, name: string, source: string, flags: readonly string[]): Elf {
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  try {
    const file = join(folder, name);
    writeFileSync(file, source);
    const place = ["-nostdlib", "-Wl,-Ttext=0x8000,-Tdata=0x20000000,--entry=main"];
    const target = ["-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-fno-exceptions"];
    const output = join(folder, "app.elf");
    execFileSync(compiler, [...target, ...flags, ...place, file, "-o", output], { stdio: "pipe" });
    return parseElf(readFileSync(output), "app.elf");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const emptyFrame: Frame = {
  pc: 0,
  lookupPc: 0,
  cfa: undefined,
  registers: [],
  name: "",
  location: null,
  upcall: false,
  inlineDepth: 0,
};

const ZOO = `
namespace zoo {
struct Animal { int legs = 4; };
struct Cat : Animal {
  unsigned lives : 4;
  static int born;
  Cat() : lives(9) {}
  __attribute__((noinline)) int feed(int more) { return legs += more; }
};
int Cat::born = 3;
enum class Colour : unsigned char { Red, Green };
Colour colour = Colour::Green;
}
zoo::Cat tom;
zoo::Cat& cat = tom;
int numbers[] = {5, 6, 7};
int& second = numbers[1];
const int& third = numbers[2];
int main() { return tom.feed(zoo::Cat::born); }
`;

describe("a C++ program", () => {
  let symbols: DwarfSymbols;
  let elf: Elf;
  before(function () {
    requireTool(this, "arm-none-eabi-g++");
    elf = compile("arm-none-eabi-g++", "zoo.cpp", ZOO, [
      "-Og",
      "-gdwarf-5",
      "-fno-threadsafe-statics",
    ]);
    symbols = new DwarfSymbols(elf);
  });

  const text = (expression: string, pc: number, registers: number[] = []): string => {
    const frame: Frame = {
      pc,
      lookupPc: pc,
      cfa: undefined,
      registers,
      name: "",
      location: null,
      upcall: false,
      inlineDepth: 0,
    };
    const value = evaluate(expression, { symbols, frame, memory: memoryOf(elf) });
    return value instanceof UserError ? value.message : value.text;
  };
  const entryOf = (name: string): number => symbols.functionsNamed(name)[0]?.entry ?? 0;

  it("has functions named with their namespaces and classes, and found without", () => {
    assert.equal(symbols.functionAt(entryOf("zoo::Cat::feed"))?.name, "zoo::Cat::feed");
    assert.equal(entryOf("feed"), entryOf("zoo::Cat::feed"));
    assert.equal(symbols.functionsNamed("Cat::feed").length, 1);
  });

  it("shows a reference as what it refers to", () => {
    assert.equal(text("second", entryOf("main")), "6");
    assert.equal(text("third + 1", entryOf("main")), "8");
    assert.equal(text("&second == &numbers[1]", entryOf("main")), "1");
    assert.equal(text("sizeof(cat) == sizeof(tom)", entryOf("main")), "1");
  });

  it("has static members and enumerators of scoped enumerations", () => {
    assert.equal(text("zoo::Cat::born", entryOf("main")), "3");
    assert.equal(text("born + 1", entryOf("main")), "4");
    assert.equal(text("zoo::colour", entryOf("main")), "Green");
  });

  it("finds members, inherited ones too, by their bare name in a member function", () => {
    const numbers = symbols.symbolNamed("numbers")?.address ?? 0;
    assert.equal(text("legs", entryOf("feed"), [numbers]), "5");
    assert.equal(text("this->lives", entryOf("feed"), [numbers]), "6");
    assert.equal(text("lives", entryOf("feed"), [numbers]), "6");
  });
});

const CALLS = `
volatile int sink;
__attribute__((noinline)) int last(int x) { sink = x; return x + 1; }
__attribute__((noinline)) int middle(int x) { sink = x + 2; return last(x ^ 1); }
__attribute__((noinline)) int first(int x) { sink = x + 3; return middle(x + 7); }
__attribute__((noinline)) int either(int x) { if (x) { sink = 1; return middle(x); } sink = 2; return last(3); }
int main(void) { int a = first(sink); sink = a; a = either(sink); sink = a; return 0; }
`;

for (const version of [4, 5]) {
  describe(`functions that ended with a jump, in DWARF ${version}`, () => {
    let stacks: string[];
    before(function () {
      requireTool(this, "arm-none-eabi-gcc");
      const elf = compile("arm-none-eabi-gcc", "calls.c", CALLS, ["-O2", `-gdwarf-${version}`]);
      const symbols = new DwarfSymbols(elf);
      const unwinder = new DwarfUnwinder(symbols);
      const pc = symbols.functionsNamed("last")[0]?.entry ?? 0;
      const main = symbols.functionsNamed("main")[0]?.ranges[0] ?? { low: 0, high: 0 };
      stacks = [];
      // In last(), called from each instruction of main() in turn.
      for (let address = main.low + 2; address < main.high; address += 2) {
        const registers = Array.from({ length: 16 }, (_, i) =>
          i === 15 ? pc : i === 14 ? address | 1 : i === 13 ? 0x20001000 : 0,
        );
        const frames = unwinder.frames(registers, { read: () => undefined }, 4);
        stacks.push(frames.map(f => `${f.name}${f.tailCall ? "*" : ""}`).join(" < "));
      }
    });

    it("are frames where the call sites leave one way only", () => {
      assert.ok(stacks.includes("last < middle* < first* < main"), stacks.join("\n"));
    });

    it("are left out where there are two ways", () => {
      const direct = stacks.filter(stack => stack === "last < main").length;
      assert.equal(direct, stacks.length - 1);
    });
  });
}

const RETURN = `
__asm__(".text\\n.syntax unified\\n.thumb_func\\n.global wrong\\n.type wrong, %function\\nwrong:\\n"
        ".cfi_sections .debug_frame\\n.cfi_startproc\\n.cfi_def_cfa_offset 64\\nnop\\nbx lr\\n.cfi_endproc\\n"
        ".size wrong, .-wrong");
void wrong(void);
int main(void) { wrong(); return 0; }
`;

describe("a return", () => {
  it("leads to the caller even if the call frame information errs there", function () {
    requireTool(this, "arm-none-eabi-gcc");
    const elf = compile("arm-none-eabi-gcc", "return.c", RETURN, ["-O1", "-g"]);
    const symbols = new DwarfSymbols(elf);
    const wrong = symbols.symbolNamed("wrong")?.address ?? 0;
    const main = symbols.functionsNamed("main")[0]?.ranges[0] ?? { low: 0, high: 0 };
    const registers = new Array(16).fill(0);
    const stack = (pc: number) => {
      const at = registers
        .with(13, 0x20001000)
        .with(14, (main.low + 6) | 1)
        .with(15, pc);
      return new DwarfUnwinder(symbols).frames(at, memoryOf(elf), 2);
    };
    const [inner, outer] = stack((wrong & ~1) + 2);
    assert.deepEqual([inner?.name, outer?.name], ["wrong+0x2", "main"]);
    assert.equal(inner?.cfa, 0x20001000);
    assert.equal(outer?.registers[13], 0x20001000);
    assert.equal(stack(wrong & ~1)[1]?.registers[13], 0x20001040);
  });
});

const LENGTHS = `
volatile int sink;
__attribute__((noinline)) int fill(int n) {
  int squares[n];
  for (int i = 0; i < n; i++) squares[i] = i * i;
  sink = squares[n - 1];
  return squares[0];
}
int main(void) { return fill(4 + sink); }
`;

describe("an array of variable length", () => {
  for (const version of [2, 4, 5]) {
    it(`has as many elements as its frame says, in DWARF ${version}`, function () {
      requireTool(this, "arm-none-eabi-gcc");
      const elf = compile("arm-none-eabi-gcc", "fill.c", LENGTHS, ["-O0", `-gdwarf-${version}`]);
      const symbols = new DwarfSymbols(elf);
      const pc = symbols.functionsNamed("fill")[0]?.afterPrologue ?? 0;
      const frame: Frame = {
        pc: pc + 8,
        lookupPc: pc + 8,
        cfa: 0x20001000,
        registers: new Array(16).fill(0x20001000),
        name: "fill",
        location: null,
        upcall: false,
        inlineDepth: 0,
      };
      // Every word is 3: the array lies at 3, and its last element is number 3.
      const memory = {
        read: (_: number, length: number) => new Uint8Array(length).map((_, i) => (i % 4 ? 0 : 3)),
      };
      const value = evaluate("squares", { symbols, frame, memory });
      assert.ok(!(value instanceof UserError));
      assert.equal(value.indexedCount, 4);
      assert.equal(value.text, "{3, 3, 3, 3}");
    });
  }
});

const POINTERS = `
struct point { int x, y; };
volatile int sink;
static inline __attribute__((always_inline)) int sum(const struct point *p, const char *label) {
  sink = p->x;
  sink = label[0];
  return p->x + p->y;
}
__attribute__((noinline)) int both(int a) {
  struct point q = { a, a + 1 };
  int r = sum(&q, "lbl");
  sink = r;
  return r;
}
int main(void) { return both(sink + 1); }
`;

describe("a pointer that optimisation has removed", () => {
  for (const version of [2, 4, 5]) {
    it(`is shown by what it points to, in DWARF ${version}`, function () {
      requireTool(this, "arm-none-eabi-gcc");
      const elf = compile("arm-none-eabi-gcc", "p.c", POINTERS, ["-O2", `-gdwarf-${version}`]);
      const symbols = new DwarfSymbols(elf);
      const { low, high } = symbols.functionsNamed("both")[0]?.ranges[0] ?? { low: 0, high: 0 };
      const unwinder = new DwarfUnwinder(symbols);
      const memory = memoryOf(elf);
      const seen = new Set<string>();
      for (let pc = low; pc < high; pc += 2) {
        const registers = new Array(16).fill(7).with(15, pc);
        const [frame] = unwinder.frames(registers, memory, 1);
        if (frame?.name !== "sum") continue;
        for (const expression of ["p", "p->y", "(*p).x", "label"]) {
          const value = evaluate(expression, { symbols, frame, memory });
          seen.add(`${expression}: ${value instanceof UserError ? value.message : value.text}`);
        }
      }
      for (const text of ["p->y: 8", "(*p).x: 7", 'label: <no address> → "lbl"']) {
        assert.ok(seen.has(text), [...seen].join("\n"));
      }
      assert.ok(seen.has("p: <no address> → {x = 7, y = 8}"), [...seen].join("\n"));
    });
  }
});

const FIELDS = `
struct flags { unsigned low : 3; int middle : 7; unsigned long long wide : 40; _Bool on : 1; };
struct flags flags = { 5, -3, 0xabcdef0123, 1 };
int main(void) { return flags.low; }
`;

describe("a bit-field", () => {
  for (const version of [2, 4, 5]) {
    it(`is assigned without its neighbours, in DWARF ${version}`, function () {
      requireTool(this, "arm-none-eabi-gcc");
      const elf = compile("arm-none-eabi-gcc", "f.c", FIELDS, ["-O0", `-gdwarf-${version}`]);
      const symbols = new DwarfSymbols(elf);
      const pc = symbols.functionsNamed("main")[0]?.entry ?? 0;
      const frame = { ...emptyFrame, pc, lookupPc: pc };
      const { address: start = 0, size = 0 } = symbols.symbolNamed("flags") ?? {};
      const bytes = memoryOf(elf).read(start, size)?.slice() ?? new Uint8Array();
      const read = (address: number, length: number) =>
        bytes.subarray(address - start, address - start + length);
      const context = { symbols, frame, memory: { read } };
      const set = (target: string, value: string): string => {
        const result = assign(target, value, context);
        if (result instanceof UserError) return result.message;
        for (const write of result.writes) {
          assert.ok(write.kind === "memory");
          bytes.set(write.bytes, write.address - start);
        }
        const whole = evaluate("flags", context);
        return whole instanceof UserError ? whole.message : whole.text;
      };
      assert.equal(set("flags.low", "2"), "{low = 2, middle = -3, wide = 737894400291, on = true}");
      assert.equal(
        set("flags.middle", "-64"),
        "{low = 2, middle = -64, wide = 737894400291, on = true}",
      );
      assert.equal(set("flags.wide", "1"), "{low = 2, middle = -64, wide = 1, on = true}");
      assert.equal(set("flags.on", "0"), "{low = 2, middle = -64, wide = 1, on = false}");
      assert.match(set("flags.middle", "64"), /64 does not fit into its 7 bits$/);
      assert.match(set("flags.low", "8"), /8 does not fit into its 3 bits$/);
    });
  }
});
