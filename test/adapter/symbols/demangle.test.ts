// Symbols back to names: c++filt of binutils is the oracle for whole programs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { demangle, withoutParameters } from "../../../adapter/symbols/demangle.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { requireTool } from "../../tools.js";

const CASES: Readonly<Record<string, string>> = {
  main: "main",
  _start: "_start",
  _Z3addii: "add(int, int)",
  _ZN3zoo3Cat4feedEi: "zoo::Cat::feed(int)",
  _ZNK3zoo3Cat4nameEv: "zoo::Cat::name() const",
  _ZN3zoo3CatC1ERKS0_: "zoo::Cat::Cat(zoo::Cat const&)",
  _ZN3zoo3CatD0Ev: "zoo::Cat::~Cat()",
  _Z3maxIiET_S0_S0_: "int max<int>(int, int)",
  _ZN3BoxIiLj3EE4pushEOi: "Box<int, 3u>::push(int&&)",
  _Z4callPFivE: "call(int (*)())",
  _Z5firstRA3_Kc: "first(char const (&) [3])",
  _Z6memberM3zooKFivE: "member(int (zoo::*)() const)",
  _ZN3zoolsERNS_3CatE: "zoo::operator<<(zoo::Cat&)",
  _ZZ4mainE5count: "main::count",
  _ZZ4mainENKUlvE_clEv: "main::{lambda()#1}::operator()() const",
  _ZTVN3zoo3CatE: "vtable for zoo::Cat",
  _ZGVZ4mainE5count: "guard variable for main::count",
  _ZThn8_N3zoo3Cat4feedEi: "non-virtual thunk to zoo::Cat::feed(int)",
  "_Z3addii.constprop.0": "add(int, int) [clone .constprop.0]",
  _ZN12_GLOBAL__N_15localEv: "(anonymous namespace)::local()",
  _Z4packIJicEEvDpT_: "void pack<int, char>(int, char)",
  _ZN3BoxIiEcvbEv: "Box<int>::operator bool()",
  _ZN3app4main17h0123456789abcdefE: "app::main",
  "_ZN40_$LT$app..Cat$u20$as$u20$app..Animal$GT$4legs17h0123456789abcdefE":
    "<app::Cat as app::Animal>::legs",
  _ZN3app4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE: "app::main::{{closure}}",
  "_ZN3app4main17h0123456789abcdefE.llvm.123": "app::main",
  _RNvC3app4main: "app::main",
  _RNvXs_C3appNtB4_3CatNtB4_6Animal4legs: "<app::Cat as app::Animal>::legs",
  _RINvC3app4keepReEB2_: "app::keep::<&str>",
  _RNCNvC3app4main0: "app::main::{closure#0}",
  _RINvC3app4keepAhj3_EB2_: "app::keep::<[u8; 3]>",
  _RINvC3app4keepRDNtB2_6AnimalEL_EB2_: "app::keep::<&dyn app::Animal>",
  _RINvC3app4keepFUKCmEuEB2_: 'app::keep::<unsafe extern "C" fn(u32)>',
  _RNvC3appu8gdel_5qa: "app::gödel",
  _RINvC3app4keepKb1_Knnff_EB2_: "app::keep::<true, -255>",
  _Z: "_Z",
  _R: "_R",
  _ZN3ap: "_ZN3ap",
  _RNvC3appB99_: "_RNvC3appB99_",
};

const TEMPLATES = `
template <class T, unsigned N> struct Box {
  T items[N];
  Box() {}
  Box(const Box &) {}
  virtual ~Box() {}
  T &operator[](unsigned i) { return items[i]; }
  bool operator<(const Box &o) const { return items[0] < o.items[0]; }
  operator bool() const { return items[0] != T(); }
  template <class U> U as(U (*f)(const T &)) const { return f(items[0]); }
};
template <class... T> int count(T &&...t) { return sizeof...(t); }
template <class F> int apply(F f, int (&list)[3]) { return f(list[0]); }
namespace zoo { namespace { struct Local { int x; }; } enum class Colour { Red };
template <Colour C> int tint(int (Local::*member)(volatile char *) const) { return (int)C; }
int feed(unsigned char, signed char, long long, unsigned long, float, double, bool, wchar_t, char32_t, const void *const *) { return 0; } }
static int twice(const int &x) { return 2 * x; }
template struct Box<int, 3>;
template struct Box<Box<char, 1> *, 2>;
int main() {
  Box<int, 3> box;
  static Box<short, 2> still;
  int list[3] = {};
  return box.as<int>(twice) + count(1, 'c', box) + count() + apply([&](int x) { return x + box[0]; }, list) +
    zoo::tint<zoo::Colour::Red>(nullptr) + (still < still);
}
`;

/** What c++filt makes of symbols, in the spelling of today. */
function filtered(symbols: readonly string[]): string[] {
  const input = `${symbols.join("\n")}\n`;
  const text = execFileSync("arm-none-eabi-c++filt", ["-i"], { input, encoding: "utf8" });
  return text.split("\n").map(line => line.replaceAll(/ >/g, ">").replace(/::h[0-9a-f]{16}$/, ""));
}

function assertSame(symbols: readonly string[], atLeast: number): void {
  assert.ok(symbols.length >= atLeast, `${symbols.length} symbols`);
  const expected = filtered(symbols);
  for (const [i, symbol] of symbols.entries()) {
    assert.equal(demangle(symbol).replaceAll(" >", ">"), expected[i], symbol);
  }
}

describe("demangling", () => {
  for (const [symbol, name] of Object.entries(CASES)) {
    it(`makes ${name} of ${symbol}`, () => assert.equal(demangle(symbol), name));
  }

  it("gives what c++filt gives for a program with templates", function () {
    requireTool(this, "arm-none-eabi-g++");
    requireTool(this, "arm-none-eabi-c++filt");
    const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
    try {
      const source = join(folder, "box.cpp");
      const object = join(folder, "box.o");
      writeFileSync(source, TEMPLATES);
      const flags = ["-std=c++17", "-O0", "-fno-exceptions", "-fno-rtti", "-c"];
      execFileSync("arm-none-eabi-g++", [...flags, source, "-o", object], { stdio: "pipe" });
      const elf = parseElf(readFileSync(object), "box.o");
      const names = elf.symbols.map(s => s.name).filter(n => n.startsWith("_Z"));
      assertSame([...new Set(names)], 30);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const version of [4, 5]) {
    it(`gives what c++filt gives for a program of rustc, DWARF ${version}`, function () {
      requireTool(this, "arm-none-eabi-c++filt");
      const file = `test/fixtures/rust/values-${version}.elf`;
      const names = parseElf(readFileSync(file), file).symbols.map(s => s.name);
      assertSame(
        names.filter(n => /^_[RZ]/.test(n)),
        60,
      );
    });
  }

  it("never fails and always ends, whatever is in a symbol", () => {
    const known = Object.keys(CASES);
    const changed = fc
      .tuple(fc.constantFrom(...known), fc.nat(60), fc.string({ maxLength: 4 }), fc.nat(4))
      .map(([name, at, text, length]) => name.slice(0, at) + text + name.slice(at + length));
    const made = fc
      .array(
        fc.constantFrom("S_", "S0_", "T_", "I", "E", "N", "P", "Dp", "J", "B_", "R", "1a", "X"),
      )
      .map(parts => `_Z1f${parts.join("")}`);
    fc.assert(
      fc.property(
        fc.oneof(
          changed,
          made,
          made.map(n => n.replace("_Z", "_RNvC")),
        ),
        symbol => {
          assert.equal(typeof demangle(symbol), "string");
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("a name without its parameters", () => {
  it("ends before the last pair of brackets", () => {
    assert.equal(withoutParameters("zoo::Cat::feed(int (*)(char))"), "zoo::Cat::feed");
    assert.equal(withoutParameters("Box::operator()(int) const"), "Box::operator()");
    assert.equal(withoutParameters("app::main"), "app::main");
  });
});
