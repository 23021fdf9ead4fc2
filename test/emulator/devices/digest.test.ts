import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { DigestDevice } from "../../../emulator/devices/digest.js";
import { Bench, bytesOf } from "../bench.js";

function unit() {
  const bench = new Bench();
  const device = bench.add(new DigestDevice(bench.clock, "digest"));
  const done: unknown[] = [];
  device.setDigestClient({
    addDataDone: failure => done.push(failure ?? "data"),
    hashDone: (failure, digest) => done.push(failure ?? Buffer.from(digest).toString("hex")),
    verificationDone: (failure, equal) => done.push(failure ?? equal),
  });
  const step = (request: () => unknown) => {
    assert.equal(request(), undefined);
    bench.settle();
    return done.pop();
  };
  return { bench, device, done, step };
}

describe("digest device", () => {
  it("its hashes and codes are Node's", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 });
    fc.assert(
      fc.property(pieces, fc.option(fc.uint8Array({ maxLength: 64 })), (data, key) => {
        const { device, step } = unit();
        const whole = Buffer.concat(data);
        if (key !== null) device.setModeHmac("Sha256", key);
        step(() => device.addData(new Uint8Array()));
        for (const piece of data) step(() => device.addData(piece));
        const node = key === null ? createHash("sha256") : createHmac("sha256", key);
        assert.equal(
          step(() => device.run()),
          node.update(whole).digest("hex"),
        );
      }),
    );
  });

  it("verifies a code, and forgets the message afterwards", () => {
    const { device, step } = unit();
    const code = createHash("sha256").update("abc").digest();
    for (const [text, equal] of [
      ["abc", true],
      ["abd", false],
      ["abc", true],
    ] as const) {
      step(() => device.addData(bytesOf(text)));
      assert.equal(
        step(() => device.verify(code)),
        equal,
      );
    }
  });

  it("knows SHA-256 only, and keys up to a block", () => {
    const { device } = unit();
    assert.equal(device.setModeSha("Sha256"), undefined);
    assert.equal(device.setModeSha("Sha512"), "NOSUPPORT");
    assert.equal(device.setModeHmac("Sha1", new Uint8Array(4)), "NOSUPPORT");
    assert.equal(device.setModeHmac("Sha256", new Uint8Array(65)), "SIZE");
  });

  it("takes one operation at a time", () => {
    const { device } = unit();
    device.addData(bytesOf("a"));
    assert.equal(device.addData(bytesOf("b")), "BUSY");
    assert.equal(device.run(), "BUSY");
    assert.equal(device.verify(new Uint8Array(32)), "BUSY");
  });

  it("what is under way when its data is cleared ends with CANCEL, and counts no more", () => {
    const { device, step, bench, done } = unit();
    device.addData(bytesOf("never mind"));
    device.clearData();
    bench.settle();
    assert.deepEqual(done.splice(0), ["CANCEL"]);
    device.run();
    device.clearData();
    bench.settle();
    assert.deepEqual(done.splice(0), ["CANCEL"]);
    step(() => device.addData(bytesOf("abc")));
    assert.equal(
      step(() => device.run()),
      createHash("sha256").update("abc").digest("hex"),
    );
  });

  it("a key that is set again in a message goes in front of the next data, as upstream's does", () => {
    const { device, step } = unit();
    const key = bytesOf("key");
    for (const text of ["one", "two"]) {
      device.setModeHmac("Sha256", key);
      step(() => device.addData(bytesOf(text)));
    }
    const block = Buffer.alloc(64);
    block.set(key);
    const inner = Buffer.from(block.map(byte => byte ^ 0x36));
    const outer = Buffer.from(block.map(byte => byte ^ 0x5c));
    const hash = (...parts: Uint8Array[]) =>
      createHash("sha256").update(Buffer.concat(parts)).digest();
    const expected = hash(outer, hash(inner, bytesOf("one"), inner, bytesOf("two")));
    assert.equal(
      step(() => device.run()),
      expected.toString("hex"),
    );
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = unit();
    first.device.setModeHmac("Sha256", bytesOf("key"));
    first.device.addData(bytesOf("abc"));
    const second = unit();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done.splice(0), ["data"]);
    const code = createHmac("sha256", "key").update("abc").digest("hex");
    assert.equal(
      second.step(() => second.device.run()),
      code,
    );
  });
});
