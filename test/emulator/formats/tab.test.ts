import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../emulator/base/errors.js";
import { chooseTbf, readTab, writeTab } from "../../../emulator/formats/tab.js";
import { looksLikeTar, readTar, writeTar } from "../../../emulator/formats/tar.js";
import { tbfChecksum } from "../../../emulator/formats/tbf.js";
import { parseFlash, parseTbf } from "../../../emulator/formats/tbf-file.js";

/** A TBF of 64 bytes; with `fixed`, linked for these addresses. */
function tbf(fixed?: { flash: number; ram: number }): Uint8Array {
  const bytes = new Uint8Array(64);
  const data = new DataView(bytes.buffer);
  data.setUint16(0, 2, true);
  data.setUint16(2, fixed ? 44 : 32, true);
  data.setUint32(4, 64, true);
  data.setUint32(8, 1, true);
  data.setUint32(16, 1 | (12 << 16), true);
  data.setUint32(28, 1000, true);
  if (fixed) {
    data.setUint32(32, 5 | (8 << 16), true);
    data.setUint32(36, fixed.ram, true);
    data.setUint32(40, fixed.flash, true);
  }
  data.setUint32(12, tbfChecksum(bytes.subarray(0, fixed ? 44 : 32)), true);
  return bytes;
}
const tab = (...variants: [string, Uint8Array][]) =>
  readTab(
    writeTab(
      { name: "app" },
      variants.map(([variant, bytes]) => ({ variant, bytes })),
    ),
    "app.tab",
  );
const refuses = (act: () => unknown, message: RegExp) =>
  assert.throws(act, error => error instanceof UserError && message.test(error.message));

describe("tab", () => {
  it("what is written is read again", () => {
    const metadata = { name: 'a "b" \\c', "minimum-tock-kernel-version": "2.1" };
    const bytes = writeTab(metadata, [{ variant: "cortex-m4", bytes: tbf() }]);
    const read = readTab(bytes, "x.tab");
    assert.deepEqual(read.metadata, metadata);
    assert.deepEqual(read.binaries, [
      { variant: "cortex-m4", architecture: "cortex-m4", bytes: tbf() },
    ]);
  });

  it("a board runs its own architecture's code first and that of smaller ones else", () => {
    const both = tab(["cortex-m0", tbf()], ["cortex-m3", tbf()], ["cortex-m7", tbf()]);
    assert.equal(chooseTbf(both, "cortex-m4").variant, "cortex-m3");
    assert.equal(chooseTbf(both, "cortex-m0").variant, "cortex-m0");
    assert.equal(chooseTbf(both, "cortex-m7").variant, "cortex-m7");
  });

  it("a TAB without code for the board says what it holds and what the board runs", () => {
    const riscv = tab(["rv32imac.0x20040080.0x80002800", tbf()]);
    refuses(
      () => chooseTbf(riscv, "cortex-m4"),
      /^app\.tab: holds code for rv32imac\.0x20040080\.0x80002800; the board runs cortex-m4, cortex-m3, cortex-m0\./,
    );
  });

  it("of fixed-address variants the first that lies in the board's room is chosen", () => {
    const fixed = tab(
      ["cortex-m4.0x00010000.0x20008000", tbf({ flash: 0x10000, ram: 0x20008000 })],
      ["cortex-m4.0x00040080.0x20010000", tbf({ flash: 0x40080, ram: 0x20010000 })],
    );
    const board = {
      flash: { start: 0x40000, end: 0x100000 },
      ram: { start: 0x20006000, end: 0x20040000 },
    };
    assert.equal(chooseTbf(fixed, "cortex-m4", board).variant, "cortex-m4.0x00040080.0x20010000");
    board.flash.start = 0x50000;
    refuses(() => chooseTbf(fixed, "cortex-m4", board), /no variant fits .*0x00040080/);
  });

  it("a damaged TBF in a TAB is told with the member's name", () => {
    const bytes = tbf();
    bytes[20] ^= 1;
    refuses(
      () => chooseTbf(tab(["cortex-m4", bytes]), "cortex-m4"),
      /^app\.tab \(cortex-m4\.tbf\): the TBF header checksum at offset 0xc is /,
    );
  });

  it("archives that are no TAB are refused in one sentence", () => {
    const member = (name: string, text = "") => ({ name, bytes: new TextEncoder().encode(text) });
    const toml = member("metadata.toml", "tab-version = 1\n");
    refuses(() => readTab(writeTar([member("a")]), "x.tab"), /^x\.tab: no member metadata\.toml/);
    refuses(() => readTab(writeTar([toml]), "x.tab"), /holds no \.tbf file/);
    refuses(
      () => readTab(writeTar([toml, member("../a.tbf")]), "x.tab"),
      /"\.\.\/a\.tbf" lies in a folder/,
    );
    refuses(
      () => readTab(writeTar([member("metadata.toml", "tab-version = 2"), member("a.tbf")]), "x"),
      /tab-version in metadata\.toml is 2, expected 1/,
    );
    refuses(() => readTab(new Uint8Array(600).fill(7), "x.tab"), /no tar header .* offset 0x0/);
  });

  it("a member that claims more than the file holds is refused", () => {
    const bytes = writeTar([{ name: "metadata.toml", bytes: new Uint8Array(10) }]);
    bytes.set(new TextEncoder().encode("77777777777"), 124);
    let sum = 0;
    for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : bytes[i];
    bytes.set(new TextEncoder().encode(sum.toString(8).padStart(6, "0")), 148);
    refuses(() => readTar(bytes, "x.tab"), /claims 8589934591 bytes, but 1536 follow/);
    assert.equal(looksLikeTar(bytes), true);
  });

  it("a flash image is walked object by object and stops at erased flash", () => {
    const image = new Uint8Array(300).fill(0xff);
    image.set(tbf(), 0);
    image.set(tbf(), 64);
    assert.deepEqual(
      parseFlash(image, "flash.bin").map(t => t.offset),
      [0, 64],
    );
  });

  it("any change of a TAB gives the same app, another one, or one UserError", () => {
    const good = writeTab({ name: "app" }, [{ variant: "cortex-m4", bytes: tbf() }]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice(0, length || good.length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            const { header } = chooseTbf(readTab(bytes, "x.tab"), "cortex-m4");
            assert.ok(header.totalSize <= bytes.length);
          } catch (error) {
            assert.ok(error instanceof UserError, String(error));
            assert.match(error.message, /^x\.tab[^\n]*\.$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a header with any bytes and a right checksum parses or gives one UserError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 120 }), bytes => {
        const data = new DataView(bytes.buffer);
        const size = bytes.length & ~3;
        data.setUint16(0, 2, true);
        data.setUint16(2, size, true);
        data.setUint32(4, bytes.length, true);
        if (size >= 20) data.setUint16(16, 1 + (bytes[16] % 11), true);
        data.setUint32(12, tbfChecksum(bytes.subarray(0, size)), true);
        try {
          assert.ok(parseTbf(bytes, "x.tbf").header.headerSize === size);
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
    );
  });
});
