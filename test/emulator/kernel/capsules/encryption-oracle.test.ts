import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { AesDevice } from "../../../../emulator/devices/aes.js";
import {
  ENCRYPTION_ORACLE_GRANT,
  EncryptionOracle,
} from "../../../../emulator/kernel/capsules/encryption-oracle.js";
import { Bench, bytesOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const IV = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);

function setUp() {
  const bench = new Bench();
  const grant = new FakeGrant(ENCRYPTION_ORACLE_GRANT);
  const driver = new EncryptionOracle(bench.add(new AesDevice(bench.clock, 16)), grant);
  const request = (process: typeof a, source: Uint8Array, size = source.length, iv = IV) => {
    const destination = new Uint8Array(size);
    grant.allow("readOnly", process, 0, iv);
    grant.allow("readOnly", process, 1, source);
    grant.allow("readWrite", process, 0, destination);
    return { returned: driver.command(1, 0, 0, process), destination };
  };
  return { bench, grant, driver, request };
}

/** What the counter mode makes of the first block again and again. */
function expected(source: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / 16);
  const block = new Uint8Array(16);
  block.set(source.subarray(0, Math.min(16, length)));
  const cipher = createCipheriv("aes-128-ctr", "InsecureAESKey12", IV);
  const repeated = Buffer.concat(Array.from({ length: blocks }, () => block));
  return Uint8Array.from(cipher.update(repeated)).subarray(0, length);
}

describe("encryption oracle", () => {
  it("exists, and knows no command beyond 1", () => {
    const { driver } = setUp();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("decrypts one block, and of a longer source its first block with each counter", () => {
    for (const length of [16, 48, 40, 5]) {
      const { bench, grant, request } = setUp();
      const source = Uint8Array.from({ length }, (_, i) => i);
      const { returned, destination } = request(a, source);
      assert.deepEqual(returned, [128]);
      bench.settle();
      assert.deepEqual(destination, expected(source, length));
      assert.deepEqual(grant.takeUpcalls(), [
        { process: 0, subscribe: 0, arguments: [0, length, 0] },
      ]);
    }
  });

  it("stops at the end of the shorter buffer", () => {
    const { bench, grant, request } = setUp();
    const { destination } = request(a, bytesOf("0123456789abcdef0123456789abcdef"), 20);
    bench.settle();
    assert.equal(grant.takeUpcalls()[0]?.arguments[1], 20);
    assert.notEqual(destination[19], 0);
  });

  it("tells a second process that it is busy, and refuses buffers that are not there", () => {
    const { bench, grant, request } = setUp();
    request(a, new Uint8Array(32));
    // The first process has been served its turn: the second one waits until it is done.
    request(b, new Uint8Array(0));
    bench.settle();
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, u.arguments[0]]),
      [
        [0, 0],
        [1, 9],
      ],
    );
    request(a, new Uint8Array(16), 16, new Uint8Array(3));
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 0, arguments: [6, 0, 0] }]);
  });

  it("goes on from its state", () => {
    const { bench, driver, request } = setUp();
    const source = Uint8Array.from({ length: 32 }, (_, i) => i);
    const { destination } = request(a, source);
    driver.load(structuredClone(driver.save()));
    bench.settle();
    assert.deepEqual(destination, expected(source, 32));
  });
});
