import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../emulator/base/errors.js";
import { EM_ARM, parseElf, SHT_NOBITS } from "../../../emulator/formats/elf.js";
import { buildElf } from "./elf-builder.js";

const text = (s: string) => new TextEncoder().encode(s);

describe("ELF", () => {
  const bytes = buildElf({
    sections: [
      { name: ".text", type: 1, flags: 6, address: 0x80000000, data: text("code") },
      {
        name: ".bss",
        type: SHT_NOBITS,
        flags: 3,
        address: 0x800,
        data: new Uint8Array(),
        size: 64,
      },
    ],
    symbols: [{ name: "main", value: 0x80000001, size: 4, type: 2, binding: 1, section: 1 }],
    entry: 0x80000001,
  });

  it("has header, sections and symbols", () => {
    const elf = parseElf(bytes, "app.elf");
    assert.equal(elf.machine, EM_ARM);
    assert.equal(elf.entry, 0x80000001);
    assert.deepEqual(elf.section(".text")?.data(), text("code"));
    assert.equal(elf.section(".bss")?.size, 64);
    assert.equal(elf.section(".bss")?.data().length, 0);
    assert.deepEqual(elf.symbols, [
      { name: "main", value: 0x80000001, size: 4, type: 2, binding: 1, section: 1 },
    ]);
  });

  const refused: [string, Uint8Array, RegExp][] = [
    ["text", text("hello world"), /app.elf, offset 0x0: expected the ELF magic/],
    ["an empty file", new Uint8Array(), /app.elf, offset 0x0: expected the ELF magic/],
    ["a lone magic", bytes.slice(0, 20), /app.elf, offset 0x14: expected an ELF header of 52/],
    ["a 64-bit ELF", bytes.with(4, 2), /offset 0x4: expected class 1 \(32-bit\), found 2/],
    ["a big-endian ELF", bytes.with(5, 2), /offset 0x5: expected data encoding 1/],
    ["a cut-off ELF", bytes.slice(0, bytes.length - 30), /section header table ends at .* cut off/],
  ];
  for (const [name, garbage, message] of refused) {
    it(`refuses ${name} with one sentence`, () => {
      assert.throws(
        () => parseElf(garbage, "app.elf"),
        (error: unknown) => error instanceof UserError && message.test(error.message),
      );
    });
  }

  it("throws nothing but a UserError on damaged bytes", () => {
    const byte = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 8 }), fc.nat(), (changes, cut) => {
        const damaged = bytes.slice(0, cut % 3 ? undefined : cut % bytes.length);
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        try {
          const elf = parseElf(damaged, "app.elf");
          for (const part of [...elf.sections, ...elf.segments]) part.data();
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
