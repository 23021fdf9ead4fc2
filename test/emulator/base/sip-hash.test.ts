import assert from "node:assert/strict";
import fc from "fast-check";
import { sipHash24 } from "../../../emulator/base/sip-hash.js";

describe("SipHash-2-4", () => {
  it("the paper's algorithm gives the paper's value for its key and message", () => {
    const message = Uint8Array.from({ length: 15 }, (_, i) => i);
    assert.equal(reference(message, 0x0706050403020100n, 0x0f0e0d0c0b0a0908n), 0xa129ca6149be45e5n);
  });

  it("ours is the same with a key of zeros", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), message => {
        const hash = Buffer.from(sipHash24(message)).readBigUInt64LE();
        assert.equal(hash, reference(message, 0n, 0n));
      }),
    );
  });
});

/** Straight from the paper, over words of 64 bits in an array. */
function reference(message: Uint8Array, k0: bigint, k1: bigint): bigint {
  const bytes = [...message];
  while (bytes.length % 8 !== 7) bytes.push(0);
  bytes.push(message.length % 256);
  const m = (x: bigint) => x & 0xffffffffffffffffn;
  const rotl = (x: bigint, n: bigint) => m(x << n) | (x >> (64n - n));
  const v = [
    0x736f6d6570736575n ^ k0,
    0x646f72616e646f6dn ^ k1,
    0x6c7967656e657261n ^ k0,
    0x7465646279746573n ^ k1,
  ];
  const half = (a: number, b: number, n: bigint) => {
    v[a] = m((v[a] as bigint) + (v[b] as bigint));
    v[b] = rotl(v[b] as bigint, n) ^ (v[a] as bigint);
  };
  const rounds = (n: number) => {
    for (let i = 0; i < n; i++) {
      half(0, 1, 13n);
      v[0] = rotl(v[0] as bigint, 32n);
      half(2, 3, 16n);
      half(0, 3, 21n);
      half(2, 1, 17n);
      v[2] = rotl(v[2] as bigint, 32n);
    }
  };
  for (let at = 0; at < bytes.length; at += 8) {
    let word = 0n;
    for (let i = 7; i >= 0; i--) word = (word << 8n) | BigInt(bytes[at + i] as number);
    v[3] = (v[3] as bigint) ^ word;
    rounds(2);
    v[0] = (v[0] as bigint) ^ word;
  }
  v[2] = (v[2] as bigint) ^ 0xffn;
  rounds(4);
  return v.reduce((a, b) => a ^ b);
}
