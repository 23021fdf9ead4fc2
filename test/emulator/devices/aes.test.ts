import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv } from "node:crypto";
import fc from "fast-check";
import { AesDevice } from "../../../emulator/devices/aes.js";
import type { AuthenticatedRequest } from "../../../emulator/hil/aes.js";
import { Bench } from "../bench.js";

const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });

function unit(key: Uint8Array) {
  const bench = new Bench();
  const device = bench.add(new AesDevice(bench.clock, 16));
  const done: { bytes: Uint8Array; valid: boolean | string | null }[] = [];
  device.setAesClient({
    cryptDone: output => done.push({ bytes: output, valid: null }),
    authenticatedCryptDone: (buffer, failure, valid) =>
      done.push({ bytes: buffer, valid: failure ?? valid }),
  });
  assert.equal(device.setKey(key), undefined);
  const crypt = (data: Uint8Array) => {
    const output: number[] = [];
    for (let at = 0; at < data.length; at += 16) {
      assert.equal(device.crypt(data.subarray(at, at + 16)), undefined);
      bench.settle();
      output.push(...(done.pop()?.bytes ?? []));
    }
    return Buffer.from(output).toString("hex");
  };
  const authenticate = (mode: "Ccm" | "Gcm", request: AuthenticatedRequest) => {
    assert.equal(device.cryptAuthenticated(mode, request), undefined);
    bench.settle();
    return done.pop() as { bytes: Uint8Array; valid: boolean | string };
  };
  return { bench, device, done, crypt, authenticate };
}

const hex = (b: Uint8Array) => Buffer.from(b).toString("hex");

describe("AES device", () => {
  it("CTR, CBC and ECB are Node's, both ways, over messages of several blocks", () => {
    fc.assert(
      fc.property(bytes(16), bytes(16), bytes(64), fc.boolean(), (key, iv, data, encrypting) => {
        for (const [mode, name] of [
          ["Ctr", "aes-128-ctr"],
          ["Cbc", "aes-128-cbc"],
          ["Ecb", "aes-128-ecb"],
        ] as const) {
          const { device, crypt } = unit(key);
          device.setMode(mode, encrypting);
          device.setIv(iv);
          const create = encrypting ? createCipheriv : createDecipheriv;
          const node = create(name, key, mode === "Ecb" ? null : iv).setAutoPadding(false);
          assert.equal(crypt(data), hex(Buffer.concat([node.update(data), node.final()])), name);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("the counter of CTR carries through all its bytes", () => {
    const key = new Uint8Array(16);
    const { device, crypt } = unit(key);
    const iv = new Uint8Array(16).fill(0xff);
    device.setMode("Ctr", true);
    device.setIv(iv);
    const node = createCipheriv("aes-128-ctr", key, iv).update(new Uint8Array(32));
    assert.equal(crypt(new Uint8Array(32)), hex(node));
  });

  it("CCM is Node's, and a changed byte makes its tag invalid", () => {
    const parts = fc.tuple(bytes(16), bytes(13), fc.nat(20), fc.nat(40), fc.constantFrom(4, 8, 16));
    fc.assert(
      fc.property(parts, ([key, nonce, associated, length, tagLength]) => {
        const { device, authenticate } = unit(key);
        device.setNonce(nonce);
        const plain = Uint8Array.from({ length: associated + length + tagLength }, (_, i) => i);
        const end = associated + length;
        const request = {
          associatedOffset: 0,
          messageOffset: associated,
          messageLength: length,
          tagLength,
          confidential: true,
        };
        const sealed = authenticate("Ccm", { ...request, buffer: plain, encrypting: true }).bytes;
        const node = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: tagLength });
        node.setAAD(plain.subarray(0, associated), { plaintextLength: length });
        const cipher = node.update(plain.subarray(associated, end));
        node.final();
        assert.equal(hex(sealed.subarray(associated, end)), hex(cipher));
        assert.equal(hex(sealed.subarray(end)), hex(node.getAuthTag()));
        const opened = authenticate("Ccm", { ...request, buffer: sealed, encrypting: false });
        assert.equal(opened.valid, true);
        assert.deepEqual(opened.bytes.subarray(0, end), plain.subarray(0, end));
        sealed[end] ^= 1;
        const forged = authenticate("Ccm", { ...request, buffer: sealed, encrypting: false });
        assert.equal(forged.valid, false);
      }),
      { numRuns: 30 },
    );
  });

  it("GCM is Node's, with the message at the start of the buffer and its tag behind it", () => {
    fc.assert(
      fc.property(
        bytes(16),
        bytes(13),
        fc.nat(20),
        fc.nat(40),
        (key, nonce, associated, length) => {
          const { device, authenticate } = unit(key);
          device.setNonce(nonce);
          const plain = Uint8Array.from({ length: 96 }, (_, i) => i);
          const end = associated + length;
          const request = {
            associatedOffset: 0,
            messageOffset: associated,
            messageLength: length,
            tagLength: 16,
            confidential: false,
            encrypting: true,
            buffer: plain,
          };
          const sealed = authenticate("Gcm", request).bytes;
          const node = createCipheriv("aes-128-gcm", key, nonce.subarray(0, 12));
          node.setAAD(plain.subarray(0, associated));
          const cipher = node.update(plain.subarray(associated, end));
          node.final();
          assert.equal(hex(sealed.subarray(end, end + 16)), hex(node.getAuthTag()));
          assert.equal(hex(sealed.subarray(0, length)), hex(cipher));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("refuses keys, vectors and pieces of other lengths, and what does not fit", () => {
    const { device, authenticate } = unit(new Uint8Array(16));
    assert.equal(device.setKey(new Uint8Array(32)), "INVAL");
    assert.equal(device.setIv(new Uint8Array(12)), "INVAL");
    assert.equal(device.setNonce(new Uint8Array(16)), "INVAL");
    assert.equal(device.crypt(new Uint8Array(15)), "INVAL");
    const request = {
      buffer: new Uint8Array(112),
      associatedOffset: 0,
      messageOffset: 0,
      messageLength: 97,
      tagLength: 15,
      confidential: true,
      encrypting: true,
    };
    assert.equal(authenticate("Ccm", request).valid, "NOMEM");
    assert.equal(device.cryptAuthenticated("Gcm", request), "INVAL");
    assert.equal(device.cryptAuthenticated("Ccm", { ...request, tagLength: 16 }), "INVAL");
    assert.equal(device.cryptAuthenticated("Ccm", { ...request, associatedOffset: 1 }), "INVAL");
    device.crypt(new Uint8Array(16));
    assert.equal(device.crypt(new Uint8Array(16)), "BUSY");
    assert.equal(device.cryptAuthenticated("Ccm", request), "BUSY");
  });

  it("saved in the middle of a message and loaded elsewhere, it goes on", () => {
    const first = unit(new Uint8Array(16).fill(1));
    first.device.setMode("Cbc", true);
    first.device.crypt(new Uint8Array(16));
    const second = unit(new Uint8Array(16));
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    for (const { bench } of [first, second]) bench.settle();
    assert.deepEqual(first.done.pop(), second.done.pop());
    assert.equal(first.crypt(new Uint8Array(16)), second.crypt(new Uint8Array(16)));
  });
});
