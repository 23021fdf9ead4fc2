// Range lists, location lists and indexed forms of DWARF 5, and their DWARF 4 ancestors, from hand-made sections.
import assert from "node:assert/strict";
import * as C from "../../../adapter/dwarf/constants.js";
import { Dwarf } from "../../../adapter/dwarf/dwarf.js";
import { locationOf } from "../../../adapter/dwarf/locations.js";
import { rangesOf } from "../../../adapter/dwarf/ranges.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { buildElf } from "../../emulator/formats/elf-builder.js";

const u32 = (...values: number[]) => values.flatMap(v => [v, v >> 8, v >> 16, v >> 24]);
const u16 = (value: number) => [value, value >> 8];

function dwarfOf(sections: Record<string, number[]>): Dwarf {
  const elf = buildElf({
    sections: Object.entries(sections).map(([name, bytes]) => ({
      name: `.debug_${name}`,
      type: 1,
      flags: 0,
      address: 0,
      data: Uint8Array.from(bytes),
    })),
  });
  return new Dwarf(parseElf(elf, "app.elf"));
}

const unit5 = (dies: number[]) => {
  const body = [...u16(5), C.DW_UT_compile, 4, ...u32(0), ...dies];
  return [...u32(body.length), ...body];
};
const unit4 = (dies: number[]) => {
  const body = [...u16(4), ...u32(0), 4, ...dies];
  return [...u32(body.length), ...body];
};
const abbreviation = (code: number, tag: number, children: number, ...attributes: number[]) => [
  code,
  tag,
  children,
  ...attributes,
  0,
  0,
];
const uleb16 = (value: number) => [(value & 0x7f) | 0x80, value >> 7];

describe("lists of DWARF 5", () => {
  const dwarf = dwarfOf({
    abbrev: [
      ...[1, C.DW_TAG_compile_unit, 1],
      ...[C.DW_AT_low_pc, C.DW_FORM_addrx, C.DW_AT_ranges, C.DW_FORM_rnglistx],
      ...[...uleb16(C.DW_AT_loclists_base), C.DW_FORM_sec_offset],
      ...[C.DW_AT_rnglists_base, C.DW_FORM_sec_offset, C.DW_AT_addr_base, C.DW_FORM_sec_offset],
      ...[C.DW_AT_str_offsets_base, C.DW_FORM_sec_offset, C.DW_AT_name, C.DW_FORM_strx1, 0, 0],
      ...abbreviation(2, C.DW_TAG_variable, 0, C.DW_AT_location, C.DW_FORM_loclistx),
      0,
    ],
    info: unit5([1, 1, 0, ...u32(12), ...u32(12), ...u32(8), ...u32(8), 1, 2, 0, 0]),
    addr: [...u32(12), 5, 0, 4, 0, ...u32(0x9000, 0x80001000)],
    str_offsets: [...u32(12), 5, 0, 0, 0, ...u32(0, 4)],
    str: [...Buffer.from("one\0two.c\0")],
    rnglists: [
      ...[...u32(0), 5, 0, 4, 0, ...u32(1), ...u32(4)],
      ...[C.DW_RLE_offset_pair, 0x10, 0x20, C.DW_RLE_startx_length, 0, 8],
      ...[C.DW_RLE_base_address, ...u32(0x80002000), C.DW_RLE_offset_pair, 0, 4],
      ...[C.DW_RLE_start_end, ...u32(0x80003000, 0x80003008), C.DW_RLE_end_of_list],
    ],
    loclists: [
      ...[...u32(0), 5, 0, 4, 0, ...u32(1), ...u32(4)],
      ...[C.DW_LLE_GNU_view_pair, 1, 2, C.DW_LLE_offset_pair, 0, 4, 1, C.DW_OP_reg0],
      ...[C.DW_LLE_startx_length, 0, 4, 1, C.DW_OP_reg0 + 1],
      ...[C.DW_LLE_base_addressx, 0, C.DW_LLE_offset_pair, 8, 10, 1, C.DW_OP_reg0 + 2],
      ...[C.DW_LLE_start_end, ...u32(16, 20), 1, C.DW_OP_reg0 + 3],
      ...[C.DW_LLE_default_location, 1, C.DW_OP_reg0 + 4, C.DW_LLE_end_of_list],
    ],
  });
  const [unit] = dwarf.units;
  const variable = unit?.tree()?.children[0];
  assert.ok(unit?.root && variable, dwarf.problems.join());

  it("take names and addresses by index", () => {
    assert.equal(unit.name, "two.c");
    assert.equal(unit.lowPc, 0x80001000);
  });

  it("give the ranges of an entry", () => {
    assert.ok(unit.root);
    assert.deepEqual(rangesOf(unit.root), [
      { low: 0x80001010, high: 0x80001020 },
      { low: 0x9000, high: 0x9008 },
      { low: 0x80002000, high: 0x80002004 },
      { low: 0x80003000, high: 0x80003008 },
    ]);
  });

  const places: [number, number][] = [
    [0x80001000, 0],
    [0x80001003, 0],
    [0x9002, 1],
    [0x9008, 2],
    [18, 3],
    [0x80001004, 4],
  ];
  for (const [address, register] of places) {
    it(`locate a variable at 0x${address.toString(16)} in r${register}`, () => {
      assert.deepEqual(locationOf(variable, C.DW_AT_location, address), {
        kind: "expression",
        bytes: Uint8Array.of(C.DW_OP_reg0 + register),
      });
    });
  }

  it("were read without a problem", () => assert.deepEqual(dwarf.problems, []));
});

describe("lists of DWARF 4 and before", () => {
  const dwarf = dwarfOf({
    abbrev: [
      ...abbreviation(
        1,
        C.DW_TAG_compile_unit,
        1,
        ...[C.DW_AT_low_pc, C.DW_FORM_addr, C.DW_AT_ranges, C.DW_FORM_data4],
      ),
      ...abbreviation(2, C.DW_TAG_variable, 0, C.DW_AT_location, C.DW_FORM_data4),
      0,
    ],
    info: unit4([1, ...u32(0x1000), ...u32(0), 2, ...u32(0), 0]),
    ranges: u32(0x10, 0x20, 0x30, 0x30, 0xffffffff, 0x5000, 0, 8, 0, 0),
    loc: [
      ...[...u32(0, 4), ...u16(1), C.DW_OP_reg0],
      ...[...u32(0xffffffff, 0x5000), ...u32(0, 4), ...u16(1), C.DW_OP_reg0 + 1, ...u32(0, 0)],
    ],
  });
  const root = dwarf.units[0]?.tree();
  assert.ok(root?.children[0]);
  const [variable] = root.children;

  it("give ranges from the unit's or a selected base, without empty ones", () => {
    assert.deepEqual(rangesOf(root), [
      { low: 0x1010, high: 0x1020 },
      { low: 0x5000, high: 0x5008 },
    ]);
  });

  it("locate a variable, or leave a gap", () => {
    const kinds = [0x1003, 0x1004, 0x5000].map(at => locationOf(variable, C.DW_AT_location, at));
    assert.deepEqual(
      kinds.map(choice => (choice.kind === "expression" ? choice.bytes[0] : choice.kind)),
      [C.DW_OP_reg0, "gap", C.DW_OP_reg0 + 1],
    );
  });
});
