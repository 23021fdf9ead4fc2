import assert from "node:assert/strict";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { buildElf } from "../../emulator/formats/elf-builder.js";

const FLASH = 0x80000000;
const [START, MAIN, YIELD, UPCALL, LEAF] = [0x00, 0x20, 0x40, 0x60, 0x80];
const [NAKED, NEXT] = [0xa0, 0xc0];
const APP = 0x40080;
const STACK = 0x20008000;

const words = (...values: number[]) => values.flatMap(v => [v, v >> 8, v >> 16, v >> 24]);

/** CFA is sp; the return address is r14; code in halfwords, data downwards in words. */
const CIE = [0xff, 0xff, 0xff, 0xff, 1, 0, 2, 0x7c, 14, 0x0c, 13, 0];

/** A function that pushes {`register`, lr} with its first instruction. */
const fde = (at: number, register: number) => [
  ...words(0, FLASH + at, 0x20),
  0x41, // advance by one halfword
  0x0e, // def_cfa_offset 8
  8,
  0x80 | register,
  2,
  0x8e,
  1,
];

const entry = (bytes: number[]) => {
  const padded = [...bytes, ...new Array(-bytes.length & 3).fill(0)];
  return [...words(padded.length), ...padded];
};

const text = new Uint8Array(0xe0);
const code = new DataView(text.buffer);
code.setUint16(YIELD, 0xb510, true); // push {r4, lr}
code.setUint16(YIELD + 2, 0xdf00, true); // svc 0
// A `bl` whose second half looks like `svc`.
code.setUint16(MAIN + 2, 0xf000, true);
code.setUint16(MAIN + 4, 0xdf0c, true);

const symbol = (name: string, at: number) => ({
  name,
  value: FLASH + at + 1,
  size: 0x20,
  type: 2,
  binding: 1,
  section: 1,
});

const elf = buildElf({
  sections: [
    { name: ".text", type: 1, flags: 6, address: FLASH, data: text },
    {
      name: ".debug_frame",
      type: 1,
      flags: 0,
      address: 0,
      data: Uint8Array.from([
        ...entry(CIE),
        ...entry(fde(MAIN, 7)),
        ...entry(fde(YIELD, 4)),
        ...entry(fde(UPCALL, 7)),
        ...entry(words(0, FLASH + NAKED, 0x20)),
        ...entry(fde(NEXT, 7)),
        // Dead code stays at 0.
        ...entry([...words(0, 0, 0x10000), 0x0e, 64]),
      ]),
    },
  ],
  symbols: [
    symbol("_start", START),
    symbol("main", MAIN),
    symbol("yield", YIELD),
    symbol("on_alarm", UPCALL),
    symbol("leaf", LEAF),
    symbol("naked", NAKED),
    symbol("next", NEXT),
  ],
});

const unwinder = new DwarfUnwinder(
  new DwarfSymbols(parseElf(elf, "app.elf"), { appStart: APP, memStart: STACK }),
);

/** Memory with `stack` from STACK on, and the program's code. */
const memoryWith = (stack: number[]) => {
  const bytes = Uint8Array.from(words(...stack));
  return {
    read: (address: number, length: number) => {
      const [base, from] = address >= STACK ? [STACK, bytes] : [APP, text];
      const at = address - base;
      return at >= 0 && at + length <= from.length ? from.subarray(at, at + length) : undefined;
    },
  };
};

const registers = (set: Record<number, number>) =>
  Array.from({ length: 16 }, (_, i) => set[i] ?? 0x1000 + i);

describe("the unwinder", () => {
  const stack = [
    ...[0xaa07, APP + YIELD + 4 + 1], // pushed by on_alarm
    ...[0xbb04, APP + MAIN + 6 + 1], // pushed by yield
    ...[0xcc07, APP + START + 8 + 1], // pushed by main
    ...[1, 2, 3, 4],
  ];
  const inUpcall = registers({ 13: STACK, 14: 0, 15: APP + UPCALL + 2 });

  it("goes through an upcall and the yield it runs on to the first function", () => {
    const frames = unwinder.frames(inUpcall, memoryWith(stack));
    assert.deepEqual(
      frames.map(f => f.name),
      ["on_alarm+0x2", "yield+0x4", "main+0x6", "_start+0x8"],
    );
    assert.deepEqual(
      frames.map(f => f.cfa),
      [STACK + 8, STACK + 16, STACK + 24, undefined],
    );
  });

  it("marks the upcall and no other frame", () => {
    const frames = unwinder.frames(inUpcall, memoryWith(stack));
    assert.deepEqual(
      frames.map(f => f.upcall),
      [true, false, false, false],
    );
  });

  it("restores saved registers, keeps the callee-saved and knows nothing of the others", () => {
    const [, yielding, main] = unwinder.frames(inUpcall, memoryWith(stack));
    assert.equal(yielding?.registers[7], 0xaa07);
    assert.equal(yielding?.registers[4], 0x1004);
    assert.equal(main?.registers[4], 0xbb04);
    assert.equal(main?.registers[13], STACK + 16);
    assert.equal(main?.registers[0], undefined);
  });

  it("links each frame to its caller", () => {
    const frames = unwinder.frames(inUpcall, memoryWith(stack));
    assert.equal(frames[0]?.caller?.(), frames[1]);
    assert.equal(frames.at(-1)?.caller?.(), undefined);
  });

  it("knows the caller of the last frame that it was asked for", () => {
    const [frame] = unwinder.frames(inUpcall, memoryWith(stack), 1);
    assert.equal(frame?.caller?.()?.name, "yield+0x4");
    assert.equal(frame?.upcall, true);
  });

  it("takes lr for a leaf function without call frame information", () => {
    const leaf = registers({ 13: STACK + 8, 14: APP + YIELD + 3, 15: APP + LEAF + 6 });
    const names = unwinder.frames(leaf, memoryWith(stack)).map(f => f.name);
    assert.deepEqual(names.slice(0, 2), ["leaf+0x6", "yield+0x2"]);
  });

  it("finds a caller without a frame whose last instruction is the call to what lies behind it", () => {
    const called = registers({ 13: STACK, 14: APP + NEXT + 1, 15: APP + NEXT });
    const names = unwinder.frames(called, memoryWith(stack)).map(f => f.name);
    assert.deepEqual(names, ["next", "naked+0x20"]);
  });

  it("finds the caller of a call to where there is no code", () => {
    const lost = registers({ 13: STACK + 8, 14: APP + YIELD + 3, 15: 0 });
    const names = unwinder.frames(lost, memoryWith(stack)).map(f => f.name);
    assert.deepEqual(names.slice(0, 2), ["0x00000000", "yield+0x2"]);
  });

  it("ends where the stack cannot be read", () => {
    const overflow = registers({ 13: STACK - 64, 14: 0, 15: APP + UPCALL + 2 });
    const frames = unwinder.frames(overflow, memoryWith(stack));
    assert.deepEqual(
      frames.map(f => f.name),
      ["on_alarm+0x2"],
    );
  });

  it("ends at the limit, and where a stack does not grow", () => {
    assert.equal(unwinder.frames(inUpcall, memoryWith(stack), 2).length, 2);
    const circular = memoryWith(stack.map((w, i) => (i % 2 ? APP + MAIN + 7 : w)));
    assert.ok(unwinder.frames(inUpcall, circular).length < 10);
  });
});
