import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeScalar } from "../../adapter/format.js";
import type { Type, ValueLocation } from "../../adapter/symbols/model.js";
import { createValue, type Value, type ValueContext } from "../../adapter/values.js";

type BaseEncoding = Extract<Type, { kind: "base" }>["encoding"];
const base = (name: string, size: number, encoding: BaseEncoding): Type => ({
  kind: "base",
  name,
  size,
  encoding,
});
const INT = base("int", 4, "signed");
const UNSIGNED = base("unsigned int", 4, "unsigned");
const CHAR = base("char", 1, "unsignedChar");
const array = (element: Type, count: number): Type => ({
  kind: "array",
  name: `${element.name} [${count}]`,
  size: count * element.size,
  element: () => element,
  count,
});
const pointer = (target: () => Type): Type => ({ kind: "pointer", name: "*", size: 4, target });
const POINT: Type = {
  kind: "struct",
  name: "struct point",
  size: 8,
  members: () => [
    { name: "x", type: INT, offset: 0 },
    { name: "y", type: INT, offset: 4 },
  ],
};
const NODE: Type = {
  kind: "struct",
  name: "struct node",
  size: 8,
  members: () => [
    { name: "key", type: INT, offset: 0 },
    { name: "next", type: pointer(() => NODE), offset: 4 },
  ],
};

const RAM = 0x20000000;
const ram = new Uint8Array(0x400);
const view = new DataView(ram.buffer);
const context: ValueContext = {
  memory: {
    read: (address, length) =>
      address >= RAM && address + length <= RAM + ram.length
        ? ram.subarray(address - RAM, address - RAM + length)
        : undefined,
  },
  registers: Array.from({ length: 16 }, (_, i) => (i === 12 ? undefined : 0x11223340 + i)),
  symbols: {
    symbolAt: address =>
      address === 0x40100 ? { name: "handler", offset: 0 } : { name: "table", offset: 4 },
  },
};

const bytes = (...values: number[]): ValueLocation => ({
  kind: "bytes",
  bytes: Uint8Array.from(values),
});
const at = (offset: number): ValueLocation => ({ kind: "memory", address: RAM + offset });
const shown = (type: Type, location: ValueLocation) => createValue(type, location, context).text;
const names = (value: Value, start?: number, count?: number) =>
  value.children(start, count).map(c => [c.name, c.value.text, c.value.evaluateName]);

describe("a value", () => {
  const texts: [string, Type, ValueLocation, string][] = [
    ["a negative int", INT, bytes(0xfe, 255, 255, 255), "-2"],
    ["the same bytes unsigned", UNSIGNED, bytes(0xfe, 255, 255, 255), "4294967294"],
    ["a char", CHAR, bytes(97), "97 'a'"],
    ["a newline", CHAR, bytes(10), "10 '\\n'"],
    ["a signed char", base("signed char", 1, "char"), bytes(0xfb), "-5 '\\373'"],
    ["a bool", base("_Bool", 1, "boolean"), bytes(1), "true"],
    ["a bool that is none", base("_Bool", 1, "boolean"), bytes(7), "7"],
    ["a float", base("float", 4, "float"), bytes(0xcd, 0xcc, 0xcc, 0x3d), "0.1"],
    ["a double", base("double", 8, "float"), bytes(0, 0, 0, 0, 0, 0, 10, 0x40), "3.25"],
    [
      "64 bits",
      base("uint64_t", 8, "unsigned"),
      bytes(255, 255, 255, 255, 255, 255, 255, 255),
      "18446744073709551615",
    ],
    ["a register", UNSIGNED, { kind: "register", register: 3 }, String(0x11223343)],
    [
      "a lost register",
      INT,
      { kind: "register", register: 12 },
      "<optimized out: it was in r12, whose value in this frame is lost>",
    ],
    ["the low byte of a register", CHAR, { kind: "register", register: 1 }, "65 'A'"],
    ["nothing", INT, { kind: "optimizedOut", why: "no reason" }, "<optimized out: no reason>"],
    ["what lies nowhere", INT, { kind: "memory", address: 16 }, "<no memory at 0x10>"],
    ["a function pointer", pointer(() => FUNCTION), bytes(1, 1, 4, 0), "0x40101 → handler"],
    ["a null pointer", pointer(() => CHAR), bytes(0, 0, 0, 0), "0x0"],
  ];
  const FUNCTION: Type = {
    kind: "function",
    name: "void (void)",
    size: 1,
    parameters: () => [],
    returns: () => INT,
  };
  for (const [name, type, location, text] of texts) {
    it(`of ${name} is shown as ${text}`, () => assert.equal(shown(type, location), text));
  }

  it("of an enum is its enumerator, flags or a number", () => {
    const enumerators = [
      { name: "A", value: 1 },
      { name: "B", value: 2 },
    ];
    const type: Type = { kind: "enum", name: "enum e", size: 1, enumerators, signed: false };
    assert.deepEqual(
      [1, 2, 3, 4].map(n => shown(type, bytes(n))),
      ["A", "B", "A | B", "4"],
    );
  });

  it("of a char array is a string without its trailing zeros", () => {
    const text = [...new TextEncoder().encode('a\t"é')];
    assert.equal(shown(array(CHAR, 8), bytes(...text, 0, 0, 0)), '"a\\t\\"é"');
    assert.equal(shown(array(CHAR, 3), bytes(97, 0, 98)), '"a\\000b"');
  });

  it("of a char pointer shows the string behind it", () => {
    ram.set(new TextEncoder().encode("hello\0"), 0x80);
    assert.equal(
      shown(
        pointer(() => CHAR),
        bytes(0x80, 0, 0, 0x20),
      ),
      '0x20000080 → "hello"',
    );
    assert.equal(
      shown(
        pointer(() => CHAR),
        bytes(0x80, 0, 0, 0x30),
      ),
      "0x30000080",
    );
  });

  it("of a struct shows and lists its members", () => {
    view.setInt32(0, 1, true);
    view.setInt32(4, -2, true);
    const value = createValue(POINT, at(0), context, "p");
    assert.equal(value.text, "{x = 1, y = -2}");
    assert.deepEqual(names(value), [
      ["x", "1", "p.x"],
      ["y", "-2", "p.y"],
    ]);
    assert.deepEqual([value.namedCount, value.indexedCount, value.memoryReference], [2, 0, RAM]);
  });

  it("in pieces shows the pieces that are there", () => {
    const location: ValueLocation = {
      kind: "pieces",
      pieces: [
        { location: { kind: "register", register: 4 }, size: 4 },
        { location: { kind: "optimizedOut", why: "gone" }, size: 4 },
      ],
    };
    assert.equal(shown(POINT, location), `{x = ${0x11223344}, y = <optimized out: gone>}`);
  });

  it("of a bit-field is cut out of its bytes, with its sign", () => {
    const type: Type = {
      kind: "struct",
      name: "struct bits",
      size: 4,
      members: () => [
        { name: "a", type: UNSIGNED, offset: 0, bitSize: 3, bitOffset: 0 },
        { name: "b", type: INT, offset: 0, bitSize: 5, bitOffset: 3 },
        { name: "c", type: UNSIGNED, offset: 0, bitSize: 20, bitOffset: 8 },
      ],
    };
    const word = 5 | ((-3 & 31) << 3) | (12345 << 8);
    assert.equal(
      shown(type, bytes(word & 255, (word >> 8) & 255, (word >> 16) & 255, word >> 24)),
      "{a = 5, b = -3, c = 12345}",
    );
  });

  it("with an anonymous union lists its members among its own", () => {
    const union: Type = {
      kind: "union",
      name: "union {...}",
      size: 4,
      members: () => [
        { name: "i", type: INT, offset: 0 },
        { name: "u", type: UNSIGNED, offset: 0 },
      ],
    };
    const type: Type = {
      kind: "struct",
      name: "struct s",
      size: 8,
      members: () => [
        { name: "kind", type: INT, offset: 0 },
        { name: "", type: union, offset: 4 },
      ],
    };
    const value = createValue(type, bytes(1, 0, 0, 0, 255, 255, 255, 255), context, "s");
    assert.equal(value.text, "{kind = 1, {i = -1, u = 4294967295}}");
    assert.deepEqual(
      names(value).map(([name, , path]) => [name, path]),
      [
        ["kind", "s.kind"],
        ["i", "s.i"],
        ["u", "s.u"],
      ],
    );
  });

  it("of an array is paged", () => {
    for (let i = 0; i < 50; i++) view.setInt32(0x100 + 4 * i, i, true);
    const value = createValue(array(INT, 50), at(0x100), context, "a");
    assert.equal(value.indexedCount, 50);
    assert.deepEqual(names(value, 48, 10), [
      ["[48]", "48", "a[48]"],
      ["[49]", "49", "a[49]"],
    ]);
    assert.equal(value.text, "{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...}");
    const matrix = createValue(array(array(INT, 3), 2), at(0x100), context);
    assert.equal(matrix.text, "{{0, 1, 2}, {3, 4, 5}}");
  });

  it("that points to itself opens as deep as one likes", () => {
    view.setInt32(0x200, 7, true);
    view.setUint32(0x204, RAM + 0x200, true);
    let value: Value = createValue(
      pointer(() => NODE),
      bytes(0, 2, 0, 0x20),
      context,
      "n",
    );
    for (let depth = 0; depth < 20; depth++) {
      assert.equal(value.children()[0]?.value.text, "7");
      value = value.children()[1]?.value as Value;
    }
    assert.ok(value.evaluateName?.startsWith("n->next->next"));
  });

  it("of a pointer to nowhere has no children", () => {
    const value = createValue(
      pointer(() => NODE),
      bytes(0, 0, 0, 0x90),
      context,
      "n",
    );
    assert.equal(value.namedCount, 0);
  });

  it("of a pointer to a number has what it points to as its child", () => {
    view.setInt32(0x300, 42, true);
    const value = createValue(
      pointer(() => INT),
      bytes(0, 3, 0, 0x20),
      context,
      "p",
    );
    assert.deepEqual(names(value), [["*p", "42", "*p"]]);
    assert.equal(value.memoryReference, RAM + 0x300);
  });

  it("in hexadecimal keeps its bits", () => {
    const hex = { ...context, hex: true };
    assert.equal(createValue(INT, bytes(0xfe, 255, 255, 255), hex).text, "0xfffffffe");
  });

  it("of an integer type is what was written as its text", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(INT, UNSIGNED, base("uint64_t", 8, "unsigned"), base("s", 2, "signed")),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (type, random) => {
          const written = random.slice(0, type.size);
          const text = shown(type, { kind: "bytes", bytes: written });
          assert.deepEqual(encodeScalar(type, text), written);
        },
      ),
    );
  });

  it("that does not fit its type is refused with one sentence", () => {
    assert.deepEqual(encodeScalar(base("uint8_t", 1, "unsigned"), "256"), {
      why: "256 does not fit into 1 bytes of uint8_t",
    });
    assert.deepEqual(encodeScalar(INT, "zebra"), { why: "zebra is no value of type int" });
    assert.deepEqual(encodeScalar(INT, ""), { why: '"" is no value of type int' });
    assert.deepEqual(encodeScalar(INT, "a\nb"), { why: '"a\\nb" is no value of type int' });
  });
});
