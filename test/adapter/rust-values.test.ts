// Values of Rust from types made by hand: what lies on a heap, and what is damaged or was optimized out.
import assert from "node:assert/strict";
import type { Member, Type, ValueLocation } from "../../adapter/symbols/model.js";
import type { Value } from "../../adapter/values.js";
import { createValue } from "../../adapter/values.js";

const RAM = 0x20000000;
const bytes = new Uint8Array(256);
const view = new DataView(bytes.buffer);
const memory = {
  read: (address: number, length: number) =>
    address >= RAM && address + length <= RAM + bytes.length
      ? bytes.subarray(address - RAM, address - RAM + length)
      : undefined,
};

const number = (name: string, size: number): Type => ({
  kind: "base",
  name,
  size,
  encoding: "unsigned",
  rust: true,
});
const U8 = number("u8", 1);
const U16 = number("u16", 2);
const U32 = number("u32", 4);
const USIZE = number("usize", 4);
const pointer = (name: string, target: Type): Type => ({
  kind: "pointer",
  name,
  size: 4,
  target: () => target,
  rust: true,
});
const struct = (name: string, size: number, fields: [string, Type, number][], of?: Type): Type => ({
  kind: "struct",
  name,
  size,
  members: () => fields.map(([field, type, offset]): Member => ({ name: field, type, offset })),
  parameters: () => (of ? [of] : []),
  rust: true,
});

const BYTES = pointer("*const u8", U8);
const rawVec = struct("alloc::raw_vec::RawVecInner", 8, [
  ["ptr", struct("core::ptr::unique::Unique<u8>", 4, [["pointer", BYTES, 0]]), 0],
  ["cap", USIZE, 4],
]);
const vec = (of: Type): Type =>
  struct(
    `alloc::vec::Vec<${of.name}>`,
    12,
    [
      ["buf", struct(`alloc::raw_vec::RawVec<${of.name}>`, 8, [["inner", rawVec, 0]]), 0],
      ["len", USIZE, 8],
    ],
    of,
  );
const STRING = struct("alloc::string::String", 12, [["vec", vec(U8), 0]]);
const RC = struct("alloc::rc::Rc<u32>", 4, [
  [
    "ptr",
    struct("core::ptr::non_null::NonNull<alloc::rc::RcInner<u32>>", 4, [
      [
        "pointer",
        pointer(
          "*const alloc::rc::RcInner<u32>",
          struct("alloc::rc::RcInner<u32>", 12, [
            ["strong", USIZE, 0],
            ["weak", USIZE, 4],
            ["value", U32, 8],
          ]),
        ),
        0,
      ],
    ]),
    0,
  ],
]);
const SLICE = struct("&[u16]", 8, [
  ["data_ptr", pointer("*const u16", U16), 0],
  ["length", USIZE, 4],
]);
const POINT = struct("app::Point", 8, [
  ["x", U32, 0],
  ["y", U32, 4],
]);
/** Its `None` is a `flag` of 2. */
const OPTION: Type = {
  kind: "variants",
  name: "core::option::Option<app::Flagged>",
  size: 2,
  discriminant: () => ({ name: "", type: U8, offset: 1 }),
  variants: () => [
    { name: "None", type: struct("None", 2, []), offset: 0, values: [2n] },
    {
      name: "Some",
      type: struct("Some", 2, [["__0", struct("app::Flagged", 2, [["byte", U8, 0]]), 0]]),
      offset: 0,
      values: undefined,
    },
  ],
  rust: true,
};

const words = (...values: number[]): ValueLocation => {
  const buffer = new Uint8Array(4 * values.length);
  values.forEach((value, i) => {
    new DataView(buffer.buffer).setUint32(4 * i, value, true);
  });
  return { kind: "bytes", bytes: buffer };
};
const at = (type: Type, location: ValueLocation): Value =>
  createValue(type, location, { memory, registers: [1, 2, 3] }, "v");
const gone: ValueLocation = { kind: "optimizedOut", why: "the compiler keeps it nowhere" };

describe("a value of Rust", () => {
  before(() => {
    bytes.set([5, 0, 6, 0, 7, 0]);
    bytes.set(new TextEncoder().encode("größe"), 16);
    view.setUint32(32, 1, true);
    view.setUint32(40, 99, true);
  });

  it("that is a vector has its elements", () => {
    const value = at(vec(U16), words(RAM, 8, 3));
    assert.equal(value.text, "[5, 6, 7]");
    assert.equal(value.indexedCount, 3);
    assert.equal(value.children(1, 1)[0]?.value.evaluateName, "v[1]");
    assert.equal(value.memoryReference, RAM);
  });

  it("that is a string has its text", () => {
    assert.equal(at(STRING, words(RAM + 16, 7, 7)).text, '"größe"');
    assert.equal(at(STRING, words(1, 0, 0)).text, '""');
  });

  it("that is counted is what lies behind the counters", () => {
    const value = at(RC, words(RAM + 32));
    assert.equal(value.text, "99");
    assert.equal(value.children()[0]?.name, "*v");
  });

  it("that is not initialized says so, or that nothing lies there", () => {
    assert.match(at(SLICE, words(RAM, 0xffffffff)).text, /4294967295 elements cannot be/);
    assert.equal(at(SLICE, words(16, 1)).text, "&[<no memory at 0x10>]");
    assert.equal(at(pointer("&u32", U32), words(4)).text, "&<no memory at 0x4>");
    assert.equal(at(pointer("*const u32", U32), words(4)).namedCount, 0);
  });

  it("that is an enum without a tag is told by the niche of its data", () => {
    assert.equal(at(OPTION, { kind: "bytes", bytes: Uint8Array.of(7, 2) }).text, "None");
    const some = at(OPTION, { kind: "bytes", bytes: Uint8Array.of(7, 1) });
    assert.equal(some.text, "Some(Flagged {byte: 7})");
    assert.equal(some.children()[0]?.value.evaluateName, "v.0");
  });

  it("that lies in registers, and in part nowhere, shows the rest", () => {
    const pieces = (second: ValueLocation): ValueLocation => ({
      kind: "pieces",
      pieces: [
        { location: { kind: "register", register: 1 }, size: 4 },
        { location: second, size: 4 },
      ],
    });
    assert.equal(at(POINT, pieces({ kind: "register", register: 2 })).text, "Point {x: 2, y: 3}");
    assert.equal(at(POINT, pieces(gone)).text, "Point {x: 2, y: <optimized out>}");
    assert.match(at(POINT, gone).text, /^<optimized out: the compiler keeps it nowhere>$/);
  });

  it("of no size is known even if it lies nowhere", () => {
    assert.equal(at(struct("app::Unit", 0, []), gone).text, "Unit");
  });

  it("that refers to itself has a text that ends", () => {
    const node: Type = struct("app::Node", 4, [["next", pointer("&app::Node", POINT), 0]]);
    const loop: Type = { ...node } as Type;
    const members = [{ name: "next", type: pointer("&app::Node", loop), offset: 0 }];
    Object.assign(loop, { members: () => members });
    view.setUint32(64, RAM + 64, true);
    const text = at(loop, { kind: "memory", address: RAM + 64 }).text;
    assert.match(text, /^Node \{next: &Node \{next: .*\.\.\..*\}\}$/);
  });
});
