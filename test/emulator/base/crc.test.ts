import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CRC32_POSIX,
  type CrcParameters,
  crc32Posix,
  crcFinish,
  crcUpdate,
} from "../../../emulator/base/crc.js";

const CHECK = new TextEncoder().encode("123456789");
const crc = (parameters: CrcParameters, bytes: Uint8Array) =>
  crcFinish(parameters, crcUpdate(parameters, parameters.initial, bytes));

describe("cyclic redundancy checks", () => {
  it("the catalogue's check values come out", () => {
    const zip: CrcParameters = {
      width: 32,
      polynomial: 0x04c11db7,
      initial: 0xffffffff,
      reflectInput: true,
      reflectOutput: true,
      finalXor: 0xffffffff,
    };
    assert.equal(crc(zip, CHECK), 0xcbf43926);
    assert.equal(crc({ ...zip, polynomial: 0x1edc6f41 }, CHECK), 0xe3069283);
    const ccitt = { ...zip, width: 16, polynomial: 0x1021, initial: 0xffff, finalXor: 0 } as const;
    assert.equal(crc({ ...ccitt, reflectInput: false, reflectOutput: false }, CHECK), 0x29b1);
    assert.equal(crc(ccitt, CHECK), 0x6f91);
    assert.equal(crc32Posix(CHECK), 0x765e7680);
  });

  it("bytes given in pieces give the same checksum", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const whole = crc32Posix(Uint8Array.from([...a, ...b]));
        const first = crcUpdate(CRC32_POSIX, CRC32_POSIX.initial, a);
        assert.equal(crcFinish(CRC32_POSIX, crcUpdate(CRC32_POSIX, first, b)), whole);
      }),
    );
  });
});
