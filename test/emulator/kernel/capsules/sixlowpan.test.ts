import assert from "node:assert/strict";
import fc from "fast-check";
import type { MacAddress } from "../../../../emulator/hil/radio.js";
import {
  checksum,
  compress,
  type Datagram,
  decompress,
  encodeHeaders,
} from "../../../../emulator/kernel/capsules/sixlowpan.js";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const mac: MacAddress = { kind: "long", address: bytes("02 01 02 03 04 05 06 07") };
const other: MacAddress = { kind: "short", address: 0x1234 };
const ownAddress = bytes("fe80 0000 0000 0000 0001 0203 0405 0607");

const datagram = (change: Partial<Datagram> = {}): Datagram => ({
  source: ownAddress,
  destination: bytes("fe80 0000 0000 0000 0000 00ff fe00 abcd"),
  sourcePort: 0x1234,
  destinationPort: 0x5678,
  payload: bytes("68 69"),
  ...change,
});
const compressed = (change: Partial<Datagram> = {}) =>
  Buffer.from(compress(datagram(change), mac, other)).toString("hex");

describe("6LoWPAN headers", () => {
  it("an address made of the link's is left out, one like a short one has two bytes, others more", () => {
    assert.match(compressed(), /^7f32abcdf012345678/);
    const source = bytes("fe80 0000 0000 0000 1101 0203 0405 0607");
    assert.match(compressed({ source }), /^7f121101020304050607abcdf0/);
    const destination = bytes("2001 0db8 0000 0000 0000 0000 0000 0001");
    assert.match(compressed({ destination }), /^7f3020010db8000000000000000000000001f0/);
    assert.match(compressed({ source: new Uint8Array(16) }), /^7f42abcdf0/);
  });

  it("multicast addresses have one, four, six or all bytes", () => {
    const to = (destination: string) => compressed({ destination: bytes(destination) });
    assert.match(to("ff02 0000 0000 0000 0000 0000 0000 0002"), /^7f3b02f0/);
    assert.match(to("ff05 0000 0000 0000 0000 0000 0001 0203"), /^7f3a05010203f0/);
    assert.match(to("ff05 0000 0000 0000 0000 0001 0203 0405"), /^7f39050102030405f0/);
    assert.match(
      to("ff05 0001 0000 0000 0000 0000 0000 0001"),
      /^7f38ff050001000000000000000000000001f0/,
    );
  });

  it("ports are shortened where upstream shortens them, by their lower byte", () => {
    assert.match(compressed({ sourcePort: 0xb1f0, destinationPort: 0xb2f0 }), /^7f32abcdf312/);
    assert.match(compressed({ sourcePort: 0x12f0 }), /^7f32abcdf2125678/);
    assert.match(
      compressed({ sourcePort: 0xf0b1, destinationPort: 0xf0b2 }),
      /^7f32abcdf0f0b1f0b2/,
    );
    // Upstream loses the byte that is left of such a destination.
    assert.match(compressed({ destinationPort: 0x56f0 }), /^7f32abcdf1123400/);
  });

  it("what was compressed comes back, with its checksum right", () => {
    const address = fc.oneof(
      fc.constant(ownAddress),
      fc.constant(bytes("fe80 0000 0000 0000 0000 00ff fe00 abcd")),
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map(a => {
        a[0] = 0x20;
        return a;
      }),
      fc
        .uint8Array({ minLength: 8, maxLength: 8 })
        .map(a => Uint8Array.from([...ownAddress.subarray(0, 8), ...a])),
      fc.uint8Array({ minLength: 15, maxLength: 15 }).map(a => Uint8Array.from([0xff, ...a])),
    );
    const port = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        address,
        address,
        port,
        port,
        fc.uint8Array({ maxLength: 60 }),
        (source, destination, sourcePort, destinationPort, payload) => {
          fc.pre(source[0] !== 0xff && (destinationPort & 0xff) !== 0xf0);
          const value = { source, destination, sourcePort, destinationPort, payload };
          const packet = Uint8Array.from([...compress(value, mac, other), ...payload]);
          const headers = encodeHeaders(value);
          assert.deepEqual(
            decompress(packet, mac, other),
            Uint8Array.from([...headers, ...payload]),
          );
          assert.equal(checksum(headers, payload), 0);
        },
      ),
    );
  });

  it("traffic class, flow label, hop limit and a checksum left out are understood", () => {
    const packet = bytes("63 33 c5 0a bb cc f4 12 34 56 78 68 69");
    packet[0] = 0x60 | 0x04 | 0x02;
    const got = decompress(packet, mac, other) as Uint8Array;
    assert.deepEqual([...got.subarray(0, 8)], [0x61, 0x7a, 0xbb, 0xcc, 0, 10, 17, 64]);
    assert.equal(checksum(got.subarray(0, 48), got.subarray(48)), 0);
  });

  it("addresses in the context begin with a zero byte", () => {
    const got = decompress(bytes("7f 76 00 07 f0 00 01 00 02 00 00"), mac, other) as Uint8Array;
    assert.deepEqual(
      Buffer.from(got.subarray(8, 24)).toString("hex"),
      `${"00".repeat(8)}0001020304050607`,
    );
    assert.deepEqual(
      Buffer.from(got.subarray(24, 40)).toString("hex"),
      `${"00".repeat(8)}000000fffe000007`,
    );
  });

  it("what is cut off or unknown is given up", () => {
    for (const packet of [
      "",
      "7f",
      "7f 33",
      "7f 33 f0 12 34",
      "ff 33 10 f0 00 00 00 00 00 00",
      "7f 34 f0 00 00 00 00 00 00",
      "7f 33 e0 00 00",
    ])
      assert.equal(decompress(bytes(packet), mac, other), undefined, packet);
  });
});
