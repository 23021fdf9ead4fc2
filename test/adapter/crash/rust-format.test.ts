// Texts of Rust's `fmt::Arguments` in both layouts, from bytes as the compiler lays them out.
import assert from "node:assert/strict";
import { argumentsText, type RustSource } from "../../../adapter/crash/rust-format.js";
import type { FunctionInfo, SymbolTable, Type } from "../../../adapter/symbols/model.js";

const BASE = 0x1000;
const bytes = new Uint8Array(512);
let used = 0;

function place(...parts: (string | number[])[]): number {
  const start = BASE + used;
  for (const part of parts) {
    const data = typeof part === "string" ? [...new TextEncoder().encode(part)] : part;
    bytes.set(data, used);
    used += data.length;
  }
  used = (used + 3) & ~3;
  return start;
}

const word = (value: number): number[] => [0, 8, 16, 24].map(shift => (value >>> shift) & 0xff);
const names = new Map([
  [0x8000, "<u32 as core::fmt::Display>::fmt"],
  [0x8100, "core::fmt::num::imp::<impl core::fmt::Display for i8>::fmt"],
  [0x8200, "<&str as core::fmt::Display>::fmt"],
  [0x8400, "<&dyn core::fmt::Debug as core::fmt::Debug>::fmt"],
  [0x8500, "<u32 as core::fmt::UpperHex>::fmt"],
  [0x8600, "<i64 as core::fmt::Display>::fmt"],
  [0x8700, "<&str as core::fmt::Debug>::fmt"],
  [0x8800, "<core::cell::BorrowMutError as core::fmt::Display>::fmt"],
  [0x8300, "<app::Thing as core::fmt::Debug>::fmt"],
]);

const source: RustSource = {
  symbols: {
    functionAt: (at: number) => {
      const name = names.get(at);
      return name === undefined ? undefined : ({ name } as FunctionInfo);
    },
    symbolAt: () => undefined,
    typeNamed: () => undefined,
  } as unknown as SymbolTable,
  memory: {
    read: (at, length) =>
      at >= BASE && at + length <= BASE + bytes.length
        ? bytes.subarray(at - BASE, at - BASE + length)
        : undefined,
  },
};

const pointer: Type = { kind: "unknown", name: "pointer", size: 4 };
const struct = (...members: (readonly [string, number])[]): Type => ({
  kind: "struct",
  name: "core::fmt::Arguments",
  size: 24,
  members: () => members.map(([name, offset]) => ({ name, offset, type: pointer })),
});
const fresh = struct(["template", 0], ["args", 4]);
const slices = struct(["pieces", 0], ["args", 8], ["fmt", 16]);
const text = (type: Type, ...words: number[]) =>
  argumentsText(source, { type, bytes: Uint8Array.from(words.flatMap(word)) });

const seven = place(word(7));
const minus = place([0xfe]);
const blink = place("blink");
const name = place(word(blink), word(5));

describe("Rust's fmt::Arguments", () => {
  it("without placeholders is its literal, whose length stands in the other word", () => {
    const literal = place("nothing to send");
    assert.equal(text(fresh, literal, (15 << 1) | 1), "nothing to send");
  });

  it("with placeholders formats numbers and strings by their formatting functions", () => {
    const template = place([4], "bad ", [0xc0, 4], " of ", [0xc0, 2], ", ", [0xc0, 0]);
    const args = place(
      word(seven),
      word(0x8001),
      word(minus),
      word(0x8101),
      word(name),
      word(0x8201),
    );
    assert.equal(text(fresh, template, args), "bad 7 of -2, blink");
  });

  it("leaves open what only running code could format, options and chosen arguments passed over", () => {
    const template = place([0xc1, 0, 0, 0, 0, 3], " / ", [0xc8, 0, 0, 0]);
    const args = place(word(seven), word(0x8301));
    assert.equal(text(fresh, template, args), "… / …");
  });

  it("formats numbers by base, sign and width", () => {
    const [hex, wide] = [place(word(0xbee)), place(word(-5 >>> 0), word(0xffffffff))];
    const options = word(0x69800020);
    const template = place([0xc3], options, [8, 0, 1], "|", [0xc2, 4, 0, 0]);
    assert.equal(
      text(fresh, template, place(word(hex), word(0x8501), word(wide), word(0x8601))),
      "0x000BEE|  -5",
    );
  });

  it("pads and cuts strings", () => {
    const centred = word((2 << 29) | 0x2a);
    const template = place([0xc3], centred, [9, 0], [0xce, 6, 0, 2, 0, 0, 0, 1], "|", [0]);
    assert.equal(text(fresh, template, place(word(name), word(0x8201))), "**blink**bl    |");
  });

  it("takes a width from an argument", () => {
    const template = place([0xd2, 1, 0, 0]);
    const args = place(word(seven), word(0x8001), word(0), word(4));
    assert.equal(text(fresh, template, args), "   7");
  });

  it("follows references to what any type may be behind", () => {
    const table = place(word(0), word(4), word(4), word(0x8001));
    const fat = place(word(seven), word(table));
    const loop = place(word(0), word(0));
    const itself = place(word(0), word(4), word(4), word(0x8401));
    bytes.set([...word(loop), ...word(itself)], loop - BASE);
    const template = place([0xc0, 1], ",", [0xc0, 1], ",", [0xc0, 1], ",", [0xc0, 0]);
    const args = place(
      ...[word(fat), word(0x8401), word(loop), word(0x8401)],
      ...[word(name), word(0x8701), word(seven), word(0x8801)],
    );
    assert.equal(text(fresh, template, args), '7,…,"blink",RefCell already borrowed');
  });

  it("of older compilers is made of slices of pieces and arguments", () => {
    const [first, second] = [place("bad "), place(" sensors")];
    const pieces = place(word(first), word(4), word(second), word(8));
    const args = place(word(seven), word(0x8001));
    assert.equal(text(slices, pieces, 2, args, 1, 0, 0), "bad 7 sensors");
    assert.equal(text(slices, pieces, 2, args, 1, BASE, 1), "bad … sensors", "with options");
  });

  it("that is damaged has no text", () => {
    assert.equal(text(fresh, 0xdead0000, 0x1000), undefined);
    assert.equal(text(slices, 0xdead0000, 3, 0, 0, 0, 0), undefined);
    assert.equal(text(slices, BASE, 0xffffffff, 0, 0, 0, 0), undefined);
  });
});
