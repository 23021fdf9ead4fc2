// The columns of a unit's entries and of its line table, from hand-made sections.
import assert from "node:assert/strict";
import * as C from "../../../adapter/dwarf/constants.js";
import { Dwarf } from "../../../adapter/dwarf/dwarf.js";
import { Types } from "../../../adapter/symbols/types.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { buildElf } from "../../emulator/formats/elf-builder.js";

const u32 = (value: number) => [value, value >> 8, value >> 16, value >> 24];

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

const unitOf = (...dies: number[]) => {
  const body = [4, 0, ...u32(0), 4, ...dies];
  return [...u32(body.length), ...body];
};

const ABBREVIATIONS = [
  ...[1, C.DW_TAG_compile_unit, 1, C.DW_AT_stmt_list, C.DW_FORM_sec_offset, 0, 0],
  ...[2, C.DW_TAG_structure_type, 1, C.DW_AT_name, C.DW_FORM_string],
  ...[C.DW_AT_byte_size, C.DW_FORM_data1, 0, 0],
  ...[3, C.DW_TAG_member, 0, C.DW_AT_name, C.DW_FORM_strp, C.DW_AT_type, C.DW_FORM_ref4],
  ...[C.DW_AT_data_member_location, C.DW_FORM_sdata, 0, 0],
  ...[4, C.DW_TAG_base_type, 0, C.DW_AT_byte_size, C.DW_FORM_data1, C.DW_AT_name],
  ...[C.DW_FORM_strp, 0, 0, 0],
];
/** A struct whose two members are of the type behind it. */
const DIES = [
  ...[1, ...u32(0)],
  ...[2, 0x73, 0, 8, 3, ...u32(0), ...u32(41), 0, 3, ...u32(2), ...u32(41), 4, 0],
  ...[4, 4, ...u32(4), 0],
];
const STRINGS = [...Buffer.from("a\0b\0int\0")];

describe("entries of a unit", () => {
  const read = (...dies: number[]) =>
    dwarfOf({ abbrev: ABBREVIATIONS, info: unitOf(...dies), str: STRINGS });

  it("know parent, children, names, numbers and references", () => {
    const { units, problems } = read(...DIES);
    const [struct, int] = units[0]?.tree()?.children ?? [];
    assert.deepEqual(problems, []);
    assert.deepEqual([struct?.name, struct?.number(C.DW_AT_byte_size), int?.name], ["s", 8, "int"]);
    const members = struct?.children.map(m => [m.name, m.number(C.DW_AT_data_member_location)]);
    assert.deepEqual(members, [
      ["a", 0],
      ["b", 4],
    ]);
    for (const member of struct?.children ?? []) {
      assert.equal(member.parent, struct);
      assert.equal(member.reference(C.DW_AT_type), int);
    }
  });

  it("are as before when their code is written with more bytes than it needs", () => {
    const padded = DIES.with(5, 0x82);
    padded.splice(6, 0, 0);
    const [struct] = read(...padded).units[0]?.tree()?.children ?? [];
    assert.deepEqual([struct?.name, struct?.number(C.DW_AT_byte_size)], ["s", 8]);
  });

  it("end where one is damaged, and keep what lies before it", () => {
    const dwarf = read(...DIES.slice(0, 19), 9);
    const [struct, ...others] = dwarf.units[0]?.tree()?.children ?? [];
    assert.deepEqual([struct?.name, struct?.children.length, others.length], ["s", 1, 0]);
    assert.match(dwarf.problems.join(), /expected a known abbreviation code, not 9/);
  });

  it("that are pointers of a damaged size are as long as an address", () => {
    const abbreviations = [
      ...[1, C.DW_TAG_compile_unit, 1, C.DW_AT_stmt_list, C.DW_FORM_sec_offset, 0, 0],
      ...[2, C.DW_TAG_pointer_type, 0, C.DW_AT_byte_size, C.DW_FORM_data1, 0, 0, 0],
    ];
    const info = unitOf(1, ...u32(0), 2, 200, 2, 4, 0);
    const dies = dwarfOf({ abbrev: abbreviations, info }).units[0]?.tree()?.children ?? [];
    const types = new Types(
      () => undefined,
      () => undefined,
    );
    assert.deepEqual(
      dies.map(die => types.at(die).size),
      [4, 4],
    );
  });

  it("that lie one in another by the thousand are read to the innermost", () => {
    const depth = 20_000;
    const nested = Array.from({ length: depth }, () => [2, 0, 0]).flat();
    const dwarf = read(1, ...u32(0), ...nested);
    const entries = dwarf.units[0]?.entries;
    assert.equal(entries?.offsets.length, depth + 1);
    assert.equal(entries?.parents[depth], depth - 1);
    assert.ok(entries?.ends.every(end => end === depth + 1));
  });
});

describe("line tables", () => {
  const program = (...opcodes: number[]) => {
    const header = [1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0];
    const body = [3, 0, ...u32(header.length), ...header, ...opcodes];
    return [...u32(body.length), ...body];
  };
  const address = (value: number) => [0, 5, C.DW_LNE_set_address, ...u32(value)];
  const END = [0, 1, C.DW_LNE_end_sequence];
  const rowsOf = (dwarf: Dwarf, unit: number) =>
    dwarf
      .lineProgram(dwarf.units[unit] as never)
      ?.sequences.map(({ rows, first, end, high }) => [
        ...Array.from({ length: end - first }, (_, i) => [
          rows.addressOf(first + i),
          rows.lineOf(first + i),
        ]),
        high,
      ]);
  const filler = new Array(40).fill(C.DW_LNS_set_basic_block);
  const first = program(
    ...filler,
    ...address(0x80001000),
    20,
    34,
    C.DW_LNS_advance_pc,
    4,
    ...END,
    0,
    200,
  );
  const second = program(...address(0x40), 21, 21, C.DW_LNS_copy, ...address(0x20), 22, ...END);
  const dwarf = dwarfOf({
    abbrev: ABBREVIATIONS,
    info: [...unitOf(1, ...u32(0), 0), ...unitOf(1, ...u32(first.length), 0)],
    line: [...first, ...second],
  });

  it("keep what was read before the damage, also after others are read", () => {
    assert.equal(rowsOf(dwarf, 0)?.length, 1);
    assert.equal(dwarf.problems.length, 1);
    rowsOf(dwarf, 1);
    assert.deepEqual(rowsOf(dwarf, 0), [[[0x80001000, 3], [0x80001001, 5], 0x80001005]]);
  });

  it("are in the order of addresses", () => {
    assert.deepEqual(rowsOf(dwarf, 1), [[[0x20, 11], [0x40, 4], [0x40, 7], [0x40, 7], 0x20]]);
  });
});
