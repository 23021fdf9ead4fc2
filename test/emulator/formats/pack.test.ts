import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { UserError } from "../../../emulator/base/errors.js";
import {
  type Elf,
  type ElfSection,
  type ElfSegment,
  EM_RISCV,
  parseElf,
} from "../../../emulator/formats/elf.js";
import { type PackOptions, pack } from "../../../emulator/formats/pack.js";
import { parseTbf, type Tbf } from "../../../emulator/formats/tbf-file.js";
import { groupPermissions, writePadding } from "../../../emulator/formats/tbf-write.js";

interface Piece {
  address: number;
  load?: number;
  bytes: number[];
  /** Bytes of RAM beyond the bytes in the file. */
  more?: number;
  flags?: number;
  sections?: { name: string; at?: number; size: number; write?: boolean }[];
}

/** An ELF with one loadable segment per piece; `relocations` are sections outside of them. */
function elf(
  pieces: readonly Piece[],
  rest: {
    entry?: number;
    machine?: number;
    symbols?: Record<string, number>;
    relocations?: Record<string, number[]>;
    stack?: number;
  } = {},
): Elf {
  const sections: ElfSection[] = [];
  const segments: ElfSegment[] = [];
  const section = (name: string, fields: Partial<ElfSection>): void => {
    const base = { index: sections.length, type: 1, flags: 0, address: 0, offset: 0, size: 0 };
    const more = { link: 0, info: 0, entrySize: 0, data: () => new Uint8Array() };
    sections.push({ name, ...base, ...more, ...fields });
  };
  let offset = 0x1000;
  for (const { address, load = address, bytes, more = 0, flags = 5, sections: own } of pieces) {
    segments.push({
      type: 1,
      flags,
      offset,
      virtualAddress: address,
      physicalAddress: load,
      fileSize: bytes.length,
      memorySize: bytes.length + more,
      data: () => Uint8Array.from(bytes),
    });
    for (const { name, at = 0, size, write } of own ?? [{ name: ".text", size: bytes.length }])
      section(name, { address: address + at, offset: offset + at, size, flags: write ? 3 : 2 });
    offset += 0x1000;
  }
  for (const [name, bytes] of Object.entries(rest.relocations ?? {}))
    section(name, { type: 9, size: bytes.length, data: () => Uint8Array.from(bytes) });
  if (rest.stack) section(".stack", { type: 8, flags: 3, size: rest.stack });
  return {
    fileName: "app.elf",
    bytes: new Uint8Array(),
    type: 2,
    machine: rest.machine ?? 40,
    flags: 0,
    entry: rest.entry ?? (pieces[0]?.address ?? 0) + 1,
    sections,
    segments,
    symbols: Object.entries(rest.symbols ?? {}).map(([name, value]) => ({
      name,
      value,
      size: 0,
      type: 0,
      binding: 1,
      section: 0xfff1,
    })),
    notes: [],
    section: name => sections.find(s => s.name === name),
  };
}

const flash = (bytes: number[], more: Partial<Piece> = {}): Piece => ({
  address: 0x80000000,
  bytes,
  ...more,
});
const filled = (length: number, value = 1) => new Array<number>(length).fill(value);
function packed(source: Elf, options: PackOptions = {}): Tbf {
  const { tbf } = pack(source, options);
  return parseTbf(tbf, "app.tbf");
}
const main = 16 + 16 + 24;

describe("pack", () => {
  it("puts flash, the images of RAM and the relocations of writeable sections behind the header", () => {
    const source = elf(
      [
        flash([1, 2, 3, 4, 5, 6, 7, 8]),
        {
          address: 0x800,
          load: 0x80000008,
          bytes: [9, 10, 11, 12],
          flags: 6,
          sections: [{ name: ".data", size: 4, write: true }],
        },
      ],
      { relocations: { ".rel.data": [0, 8, 0, 0, 2, 0, 0, 0], ".rel.text": filled(8) } },
    );
    const { header, bytes } = packed(source);
    assert.equal(header.protectedSize, main);
    assert.deepEqual(
      [...bytes.subarray(main, main + 24)],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0, 0, 0, 8, 0, 0, 2, 0, 0, 0],
    );
    assert.equal(header.binaryEnd, main + 24);
  });

  it("counts the entry point from the end of the header and keeps its Thumb bit", () => {
    const { header } = packed(elf([flash(filled(64))], { entry: 0x80000031 }));
    assert.equal(header.main?.initFunctionOffset, 0x31);
    assert.equal(header.program?.initFunctionOffset, 0x31);
    assert.equal(header.fixedAddressFlash, undefined);
  });

  it("asks for the RAM of writeable segments that lie elsewhere in flash, stack and heaps", () => {
    const data = { address: 0x800, load: 0x80000010, bytes: filled(10), more: 90, flags: 6 };
    const source = elf([flash(filled(16)), data], { stack: 3001 });
    assert.equal(packed(source).header.minimumRamSize, 100 + 3008 + 1024 + 1024);
    const options = { stack: 2050, appHeap: 10, kernelHeap: 1 };
    assert.equal(packed(source, options).header.minimumRamSize, 100 + 2056 + 12 + 4);
    assert.equal(packed(elf([flash(filled(16))])).header.minimumRamSize, 2048 + 2048);
  });

  it("fills an Arm TBF to a power of two of at least 512 with a reserved credential", () => {
    for (const [size, total] of [
      [8, 512],
      [500, 1024],
      [3000, 4096],
    ]) {
      const { header, footers, bytes } = packed(elf([flash(filled(size))]));
      assert.equal(header.totalSize, total);
      assert.equal(bytes.length, total);
      assert.equal(header.binaryEnd, main + size + 4);
      assert.deepEqual(
        footers.map(f => [f.format, f.offset + 4 + f.length]),
        [[0, total]],
      );
    }
  });

  it("leaves a size that is a power of two, and fills less than 8 bytes with zeros", () => {
    const exact = packed(elf([flash(filled(512 - main - 4))]));
    assert.deepEqual([exact.header.totalSize, exact.footers], [512, []]);
    const close = packed(elf([flash(filled(508 - main - 4))]));
    assert.deepEqual([close.header.totalSize, close.footers], [512, []]);
    assert.deepEqual([...close.bytes.subarray(508)], [0, 0, 0, 0]);
  });

  it("keeps the footer as large as asked for", () => {
    const { header, footers } = packed(elf([flash(filled(400))]), { minimumFooterSize: 3000 });
    assert.equal(header.totalSize, 4096);
    assert.equal(footers[0]?.length, 4096 - main - 404 - 4);
    const riscv = elf([flash(filled(400))], { machine: EM_RISCV });
    assert.equal(packed(riscv, { minimumFooterSize: 3001 }).header.totalSize, main + 404 + 3004);
  });

  it("a RISC-V TBF is filled to a multiple of 4 only", () => {
    const { header } = packed(elf([flash(filled(401))], { machine: EM_RISCV }));
    assert.equal(header.totalSize, main + 405 + 3);
  });

  it("an app linked for fixed addresses says so and starts at a multiple of 256", () => {
    const source = elf([{ address: 0x40080, bytes: filled(8) }], {
      symbols: { _sram_origin: 0x20010000 },
    });
    const { header, bytes } = packed(source);
    assert.equal(header.fixedAddressFlash, 0x40080);
    assert.equal(header.fixedAddressRam, 0x20010000);
    assert.equal(header.protectedSize, 0x80);
    assert.equal(header.initFunctionOffset, 0x81);
    assert.deepEqual([...bytes.subarray(0x80, 0x88)], filled(8));
  });

  it("the symbol _flash_origin wins over the segments, and what lies before it is cut off", () => {
    const source = elf([{ address: 0x40000, bytes: [...filled(0x80, 7), 1, 2, 3, 4] }], {
      symbols: { _flash_origin: 0x40080 },
      entry: 0x40081,
    });
    const { header, bytes } = packed(source);
    assert.equal(header.fixedAddressFlash, 0x40080);
    assert.deepEqual([...bytes.subarray(0x80, 0x88)], [1, 2, 3, 4, 0, 0, 0, 0]);
  });

  it("the symbol tbf_protected_region_size wins over the option", () => {
    const symbols = { tbf_protected_region_size: 0x100 };
    const source = elf([flash(filled(8))], { symbols });
    assert.equal(packed(source, { protectedRegionSize: 0x200 }).header.protectedSize, 0x100);
    const option = elf([flash(filled(8))]);
    assert.equal(packed(option, { protectedRegionSize: 0x200 }).header.protectedSize, 0x200);
  });

  it("a protected region below the header's size is refused", () => {
    assert.throws(
      () => pack(elf([flash(filled(8))]), { protectedRegionSize: 32 }),
      (error: unknown) =>
        error instanceof UserError && /32 bytes is too small .* header of 56/.test(error.message),
    );
  });

  it("each section named .wfr becomes a writeable flash region at its place", () => {
    const sections = [
      { name: ".text", size: 8 },
      { name: ".wfr.app_state", at: 8, size: 16, write: true },
    ];
    const { header } = packed(elf([flash(filled(24), { sections })]));
    const region = { offset: header.protectedSize + 8, size: 16 };
    assert.deepEqual(header.writeableFlashRegions, [region]);
  });

  it("gaps between segments are zeros, and a large one is worth a warning", () => {
    const at = (offset: number): Piece => ({ address: 0x80000000 + offset, bytes: filled(4) });
    const { tbf } = pack(elf([at(0), at(6)]), {});
    assert.deepEqual([...tbf.subarray(main, main + 10)], [1, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
    assert.match(pack(elf([at(0), at(5000)]), {}).warnings[0] ?? "", /a gap of 4996 bytes/);
    assert.match(pack(elf([at(8), at(0)]), {}).warnings[0] ?? "", /not in the order/);
  });

  it("an image that no flash can hold is refused before it is made", () => {
    const far: Piece = { address: 0xf0000000, bytes: filled(4) };
    assert.throws(
      () => pack(elf([flash(filled(4)), far]), {}),
      (error: unknown) =>
        error instanceof UserError && /look at the load addresses/.test(error.message),
    );
  });

  it("sizes that no flash can hold are refused before anything is made", () => {
    const source = elf([flash(filled(4))]);
    for (const options of [
      { minimumFooterSize: 0xffffffff },
      { protectedRegionSize: 0xffffffff },
      { name: "x".repeat(70_000) },
    ])
      assert.throws(() => pack(source, options), UserError);
  });

  it("any change of a real ELF gives a TBF that parses, or one UserError", () => {
    const good = readFileSync("examples/locals/locals.elf");
    const elfHeader = fc.nat(51);
    const tables = fc.nat(40 * 32).map(at => good.length - 1 - at);
    const programHeaders = fc.nat(4 * 32).map(at => 52 + at);
    const place = fc.oneof(elfHeader, programHeaders, tables, fc.nat(good.length - 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 4 }), changes => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tbf } = pack(parseElf(bytes, "x.elf"), { name: "x" });
          assert.equal(parseTbf(tbf, "x.tbf").header.totalSize, tbf.length);
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.message, /^x\.elf[^\n]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("two segments with the entry point are refused unless the app is disabled", () => {
    const source = elf([flash(filled(8)), flash(filled(8))]);
    assert.throws(() => pack(source, {}), UserError);
    assert.equal(packed(source, { disabled: true }).header.enabled, false);
  });

  it("every entry of the header is written in elf2tab's order and read again", () => {
    const options: PackOptions = {
      name: "héllo",
      permissions: groupPermissions([
        [1, 1],
        [1, 2],
        [2, 70],
      ]),
      storagePermissions: { writeId: 5, readIds: [1, 2], modifyIds: [3] },
      kernelVersion: { major: 2, minor: 1 },
      shortId: 99,
      appVersion: 12,
    };
    const source = elf([flash(filled(8))], { symbols: { _sram_origin: 0x20000000 } });
    const { header } = packed(source, options);
    assert.deepEqual(
      header.tlvs.map(tlv => tlv.type),
      [1, 9, 3, 5, 6, 7, 8, 10],
    );
    assert.equal(header.name, "héllo");
    assert.equal(header.fixedAddressFlash, undefined);
    assert.deepEqual(header.permissions?.entries, [
      { driver: 1, offset: 0, allowedCommands: 6n },
      { driver: 2, offset: 1, allowedCommands: 64n },
    ]);
    assert.deepEqual(header.storagePermissions, options.storagePermissions);
    assert.deepEqual(header.kernelVersion, options.kernelVersion);
    assert.equal(header.shortId, 99);
    assert.equal(header.binaryVersion, 12);
  });

  it("a credential covers everything up to the end of the binary and comes first", () => {
    let covered = 0;
    const make = (bytes: Uint8Array) => {
      covered = bytes.length;
      return Uint8Array.from(filled(32, 0xcc));
    };
    const { header, footers } = packed(elf([flash(filled(100))]), {
      credentials: [{ format: 3, length: 32, make }],
    });
    assert.equal(covered, header.binaryEnd);
    assert.deepEqual(
      footers.map(f => f.format),
      [3, 0],
    );
    assert.deepEqual([...(footers[0]?.data ?? [])], filled(32, 0xcc));
  });

  it("a padding object parses as padding", () => {
    const { header } = parseTbf(writePadding(512), "padding");
    assert.deepEqual([header.isPadding, header.totalSize], [true, 512]);
  });
});
