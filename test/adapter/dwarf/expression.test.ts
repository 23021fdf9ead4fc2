import assert from "node:assert/strict";
import fc from "fast-check";
import * as C from "../../../adapter/dwarf/constants.js";
import { type ExpressionContext, evaluate } from "../../../adapter/dwarf/expression.js";

const context: ExpressionContext = {
  referenceSize: 4,
  register: r => (r < 16 ? 0x1000 + r : undefined),
  read: (address, length) =>
    address >= 0x100 ? Uint8Array.from({ length }, (_, i) => address + i) : undefined,
  frameBase: () => 0x2000,
  cfa: () => 0x3000,
  relocate: linked => linked + 0x40000,
  indexedAddress: index => (index === 1 ? 0x77 : undefined),
  entryValue: () => ({ bits: 5n, type: undefined }),
  baseType: offset =>
    offset === 8 ? { size: 8, encoding: "signed" } : { size: 4, encoding: "float" },
  subexpression: () => Uint8Array.of(C.DW_OP_lit31),
};

const memory = (address: number) => ({ kind: "memory", address });
const value = (...bytes: number[]) => ({ kind: "bytes", bytes: Uint8Array.from(bytes) });

describe("a DWARF expression", () => {
  const cases: [string, number[], unknown][] = [
    ["fbreg adds to the frame base", [C.DW_OP_fbreg, 0x70], memory(0x1ff0)],
    ["breg7 adds to r7", [C.DW_OP_breg0 + 7, 8], memory(0x100f)],
    ["reg3 is r3 itself", [C.DW_OP_reg0 + 3], { kind: "register", register: 3 }],
    ["addr is moved to where the program runs", [C.DW_OP_addr, 4, 0, 0, 0], memory(0x40004)],
    ["addrx goes through .debug_addr", [C.DW_OP_addrx, 1], memory(0x40077)],
    ["call_frame_cfa is the CFA", [C.DW_OP_call_frame_cfa], memory(0x3000)],
    ["stack_value is a value", [C.DW_OP_lit0 + 9, C.DW_OP_stack_value], value(9, 0, 0, 0)],
    [
      "entry values come from the caller",
      [C.DW_OP_GNU_entry_value, 1, C.DW_OP_reg0, C.DW_OP_stack_value],
      value(5, 0, 0, 0),
    ],
    ["deref reads memory", [C.DW_OP_const2u, 0, 2, C.DW_OP_deref], memory(0x03020100)],
    ["call4 runs another expression", [C.DW_OP_call4, 0, 0, 0, 0], memory(31)],
    [
      "a division is signed",
      [C.DW_OP_const1s, 0xf7, C.DW_OP_lit0 + 2, C.DW_OP_div, C.DW_OP_stack_value],
      value(0xfc, 0xff, 0xff, 0xff),
    ],
    [
      "bra jumps when the top is not zero",
      [C.DW_OP_lit0 + 1, C.DW_OP_bra, 1, 0, C.DW_OP_lit0 + 3, C.DW_OP_lit0 + 4],
      memory(4),
    ],
    [
      "a conversion widens with the sign of what it leaves",
      [C.DW_OP_const1s, 0xff, C.DW_OP_convert, 8, C.DW_OP_stack_value],
      value(255, 255, 255, 255, 255, 255, 255, 255),
    ],
    [
      "a conversion to float keeps the number",
      [C.DW_OP_lit0 + 1, C.DW_OP_convert, 4, C.DW_OP_stack_value],
      value(0, 0, 0x80, 0x3f),
    ],
  ];
  for (const [name, bytes, expected] of cases) {
    it(name, () => assert.deepEqual(evaluate(Uint8Array.from(bytes), context), expected));
  }

  it("has pieces, of which some may be nowhere", () => {
    const bytes = [C.DW_OP_reg0, C.DW_OP_piece, 4, C.DW_OP_piece, 4];
    assert.deepEqual(evaluate(Uint8Array.from(bytes), context), {
      kind: "pieces",
      pieces: [
        { size: 4, location: { kind: "register", register: 0 } },
        {
          size: 4,
          location: {
            kind: "unavailable",
            why: "the compiler keeps it nowhere; build with -Og to see it",
          },
        },
      ],
    });
  });

  const unavailable: [string, number[], RegExp][] = [
    ["of nothing", [], /keeps it nowhere/],
    ["of a lost register", [C.DW_OP_bregx, 20, 0], /in r20, whose value .* is lost/],
    ["that divides by zero", [C.DW_OP_lit31, C.DW_OP_lit0, C.DW_OP_div], /divides by zero/],
    [
      "that divides by a fraction, as a whole number",
      [C.DW_OP_lit31, C.DW_OP_const_type, 9, 2, 0, 1, C.DW_OP_div],
      /divides by zero/,
    ],
    ["that ends early", [C.DW_OP_const4u, 1], /damaged/],
    ["that loops", [C.DW_OP_skip, 0xfd, 0xff], /does not end/],
    ["with an unknown operation", [0xee], /unknown operation 0xee/],
    ["of unreadable memory", [C.DW_OP_lit0, C.DW_OP_deref], /memory at 0x0 cannot be read/],
  ];
  for (const [name, bytes, why] of unavailable) {
    it(`${name} says why it has no value`, () => {
      const result = evaluate(Uint8Array.from(bytes), context);
      assert.ok(result.kind === "unavailable", result.kind);
      assert.match(result.why, why);
    });
  }

  it("that calls itself for ever ends", () => {
    const self: ExpressionContext = {
      ...context,
      subexpression: () => Uint8Array.of(C.DW_OP_call2, 0, 0),
    };
    const result = evaluate(Uint8Array.of(C.DW_OP_call2, 0, 0), self);
    assert.equal(result.kind === "unavailable" && result.why, "its location calls itself");
  });

  it("of any bytes ends without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        assert.ok(evaluate(bytes, context).kind);
      }),
      { numRuns: 5000 },
    );
  });
});
