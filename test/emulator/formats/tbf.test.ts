import assert from "node:assert/strict";
import {
  commandPermissions,
  parseTbfFooters,
  parseTbfHeader,
  parseTbfHeaderLengths,
  type TbfHeader,
  type TbfParseError,
  tbfChecksum,
  tbfParseErrorText,
} from "../../../emulator/formats/tbf.js";

const u16 = (...values: number[]) => values.flatMap(v => [v & 0xff, (v >> 8) & 0xff]);
const u32 = (...values: number[]) =>
  values.flatMap(v => [v & 0xff, (v >>> 8) & 0xff, (v >>> 16) & 0xff, v >>> 24]);
const tlv = (type: number, value: number[], length = value.length) => [
  ...u16(type, length),
  ...value,
  ...new Array((4 - (value.length % 4)) % 4).fill(0),
];

/** A header with these TLVs and a right checksum. */
function header(tlvs: number[][], { totalSize = 4096, flags = 1 } = {}): Uint8Array {
  const body = tlvs.flat();
  const bytes = Uint8Array.from([
    ...u16(2, 16 + body.length),
    ...u32(totalSize, flags, 0),
    ...body,
  ]);
  new DataView(bytes.buffer).setUint32(12, tbfChecksum(bytes), true);
  return bytes;
}

const main = (init: number, trailer: number, ram: number) => tlv(1, u32(init, trailer, ram));
const program = (init: number, trailer: number, ram: number, end = 3000, version = 7) =>
  tlv(9, u32(init, trailer, ram, end, version));

function parse(bytes: Uint8Array): TbfHeader {
  const result = parseTbfHeader(bytes);
  assert.equal(result.error, undefined);
  return (result as { value: TbfHeader }).value;
}
const errorOf = (bytes: Uint8Array): TbfParseError => {
  const { error } = parseTbfHeader(bytes);
  assert.ok(error);
  return error;
};

describe("tbf", () => {
  it("the lengths of an object with another version than 2 end the list", () => {
    const erased = new Uint8Array(8).fill(0xff);
    assert.deepEqual(parseTbfHeaderLengths(erased).error, { kind: "UnableToParse" });
  });

  it("a header size below 16 or above the total is skipped by the total size", () => {
    for (const size of [15, 101]) {
      const bytes = Uint8Array.from([...u16(2, size), ...u32(100)]);
      const expected = { kind: "InvalidHeader", totalSize: 100 };
      assert.deepEqual(parseTbfHeaderLengths(bytes).error, expected);
    }
  });

  it("a header of 16 bytes is padding", () => {
    const padding = parse(header([], { totalSize: 512, flags: 0 }));
    assert.equal(padding.isPadding, true);
    assert.equal(padding.enabled, false);
    assert.equal(padding.checksum, 0x00100002 ^ 512);
  });

  it("Program is preferred to Main and offsets count from the end of the header", () => {
    const parsed = parse(header([program(0x31, 8, 5000), main(0x11, 4, 100)]));
    assert.equal(parsed.headerSize, 16 + 24 + 16);
    assert.equal(parsed.minimumRamSize, 5000);
    assert.equal(parsed.protectedSize, parsed.headerSize + 8);
    assert.equal(parsed.initFunctionOffset, parsed.headerSize + 0x31);
    assert.equal(parsed.binaryEnd, 3000);
    assert.equal(parsed.binaryVersion, 7);
  });

  it("with Main alone the binary ends at the total size and has version 0", () => {
    const parsed = parse(header([main(0x11, 0, 100)]));
    assert.deepEqual([parsed.binaryEnd, parsed.binaryVersion], [4096, 0]);
  });

  it("without Main and Program the derived values are 0", () => {
    const parsed = parse(header([tlv(3, [0x61])]));
    assert.deepEqual(
      [parsed.minimumRamSize, parsed.protectedSize, parsed.initFunctionOffset],
      [0, 0, 0],
    );
  });

  it("of several Main entries the first counts, and a second one's length is not checked", () => {
    const parsed = parse(header([main(1, 0, 100), tlv(1, u32(9))]));
    assert.equal(parsed.minimumRamSize, 100);
  });

  it("of several writeable flash region entries the last counts", () => {
    const parsed = parse(header([tlv(2, u32(1, 2)), tlv(2, u32(3, 4, 5, 6))]));
    assert.deepEqual(parsed.writeableFlashRegions, [
      { offset: 3, size: 4 },
      { offset: 5, size: 6 },
    ]);
  });

  it("an address of 0xffffffff is not fixed, and short id 0 is none", () => {
    const parsed = parse(header([tlv(5, u32(0xffffffff, 0x40080)), tlv(10, u32(0))]));
    assert.equal(parsed.fixedAddressRam, undefined);
    assert.equal(parsed.fixedAddressFlash, 0x40080);
    assert.equal(parsed.shortId, undefined);
  });

  it("kernel version, short id and name are read, and unknown entries are skipped", () => {
    const name = [...new TextEncoder().encode("blïnk")];
    const parsed = parse(
      header([tlv(99, [1, 2, 3]), tlv(3, name), tlv(8, u16(2, 1)), tlv(10, u32(77))]),
    );
    assert.equal(parsed.name, "blïnk");
    assert.deepEqual(parsed.kernelVersion, { major: 2, minor: 1 });
    assert.equal(parsed.shortId, 77);
    assert.deepEqual(
      parsed.tlvs.map(entry => entry.type),
      [99, 3, 8, 10],
    );
  });

  it("entries of a wrong length are refused with their type and place", () => {
    for (const type of [1, 2, 5, 8, 9, 10]) {
      const error = errorOf(header([tlv(3, [0x61]), tlv(type, [1, 2, 3, 4, 5])]));
      assert.deepEqual(error, { kind: "BadTlvEntry", at: 24, type });
      assert.equal(tbfParseErrorText(error), `TLV entry type ${type} is invalid`);
    }
  });

  it("an entry that reaches beyond the header is refused", () => {
    const error = errorOf(header([tlv(99, [1, 2, 3, 4], 40)]));
    assert.equal(tbfParseErrorText(error), "Buffer too short to parse TBF header");
  });

  it("the padding of the last entry must lie inside the header", () => {
    const whole = header([tlv(3, [0x61])]);
    const cut = whole.slice(0, whole.length - 2);
    new DataView(cut.buffer).setUint32(12, tbfChecksum(cut), true);
    assert.equal(errorOf(cut).kind, "NotEnoughFlash");
  });

  it("a wrong checksum and a name that is not UTF-8 are told in the kernel's words", () => {
    const bytes = header([main(1, 0, 100)]);
    const right = new DataView(bytes.buffer).getUint32(12, true);
    new DataView(bytes.buffer).setUint32(12, 0xabc, true);
    assert.equal(
      tbfParseErrorText(errorOf(bytes)),
      `Checksum verification failed: app:0xabc, calc:0x${right.toString(16)}`,
    );
    assert.equal(
      tbfParseErrorText(errorOf(header([tlv(3, [0xc3, 0x28])]))),
      "Process name not UTF-8",
    );
  });

  it("permissions allow a driver's commands by mask and offset", () => {
    const entry = (driver: number, offset: number, mask: number) => u32(driver, offset, mask, 0);
    const parsed = parse(
      header([tlv(6, [...u16(2), ...entry(1, 0, 0b110), ...entry(1, 2, 1)]), main(1, 0, 0)]),
    );
    assert.deepEqual(commandPermissions(parsed, 1, 0), { kind: "Mask", mask: 6n });
    assert.deepEqual(commandPermissions(parsed, 1, 1), { kind: "Mask", mask: 0n });
    assert.deepEqual(commandPermissions(parsed, 2, 0), { kind: "NoPermsThisDriver" });
    assert.deepEqual(commandPermissions(parse(header([main(1, 0, 0)])), 1, 0), {
      kind: "NoPermsAtAll",
    });
  });

  it("permissions that declare more entries than they hold count as none at all", () => {
    const parsed = parse(header([tlv(6, [...u16(5), ...u32(1, 0, 2, 0)])]));
    assert.deepEqual(commandPermissions(parsed, 1, 0), { kind: "Mask", mask: 2n });
    assert.deepEqual(commandPermissions(parsed, 3, 0), { kind: "NoPermsAtAll" });
  });

  it("storage permissions list the ids, and more than 8 of a kind void both lists", () => {
    const acl = (read: number[], modify: number[]) =>
      tlv(7, [
        ...u32(5),
        ...u16(read.length),
        ...u32(...read),
        ...u16(modify.length),
        ...u32(...modify),
      ]);
    assert.deepEqual(parse(header([acl([1, 2], [3])])).storagePermissions, {
      writeId: 5,
      readIds: [1, 2],
      modifyIds: [3],
    });
    const nine = Array.from({ length: 9 }, (_, i) => i);
    assert.deepEqual(parse(header([acl([1], nine)])).storagePermissions, { writeId: 5 });
  });

  it("footers are read up to the first that is none", () => {
    const hash = new Array(32).fill(0xaa);
    const bytes = Uint8Array.from([
      ...tlv(128, [...u32(3), ...hash]),
      ...tlv(128, [...u32(0), 9, 9, 9, 9]),
      ...tlv(1, u32(0)),
    ]);
    const footers = parseTbfFooters(bytes, 0);
    assert.deepEqual(
      footers.map(f => [f.format, f.offset, f.length, f.data.length]),
      [
        [3, 0, 36, 32],
        [0, 40, 8, 0],
      ],
    );
  });

  it("a credential shorter than its format calls for ends the footers", () => {
    const bytes = Uint8Array.from(tlv(128, [...u32(3), 1, 2, 3, 4]));
    assert.deepEqual(parseTbfFooters(bytes, 0), []);
  });
});
