import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { decryptBlock, encryptBlock, expandAesKey } from "../../../emulator/base/aes.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

describe("AES", () => {
  it("has the examples of FIPS 197, appendix C", () => {
    const plain = bytes("00112233445566778899aabbccddeeff");
    for (const [length, cipher] of [
      [16, "69c4e0d86a7b0430d8cdb78070b4c55a"],
      [24, "dda97ca4864cdfe06eaf70a0ec0d7191"],
      [32, "8ea2b7ca516745bfeafc49904b496089"],
    ] as const) {
      const key = expandAesKey(Uint8Array.from({ length }, (_, i) => i));
      assert.equal(hex(encryptBlock(key, plain)), cipher);
      assert.equal(hex(decryptBlock(key, bytes(cipher))), hex(plain));
    }
  });

  it("expands the key of FIPS 197, appendix A.1", () => {
    const key = expandAesKey(bytes("2b7e151628aed2a6abf7158809cf4f3c"));
    assert.equal(hex(key.slice(160)), "d014f9a8c9ee2589e13f0cc8b6630ca6");
  });

  it("any block with any key is Node's, and comes back", () => {
    const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const key = fc
      .constantFrom(16, 24, 32)
      .chain(n => fc.uint8Array({ minLength: n, maxLength: n }));
    fc.assert(
      fc.property(key, block, (k, plain) => {
        const node = createCipheriv(`aes-${8 * k.length}-ecb`, k, null).update(plain);
        const expanded = expandAesKey(k);
        const cipher = encryptBlock(expanded, plain);
        assert.equal(hex(cipher), hex(node));
        assert.equal(hex(decryptBlock(expanded, cipher)), hex(plain));
      }),
    );
  });
});
