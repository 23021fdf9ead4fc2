import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DigestDevice } from "../../../../emulator/devices/digest.js";
import { SHA_GRANT, ShaDriver } from "../../../../emulator/kernel/capsules/sha.js";
import { Bench, bytesOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

function board() {
  const bench = new Bench();
  const device = bench.add(new DigestDevice(bench.clock, "sha"));
  const grant = new FakeGrant(SHA_GRANT);
  const driver = new ShaDriver(device, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const share = (process: typeof a, text: string, room = 32) => {
    const digest = new Uint8Array(room);
    grant.allow("readOnly", process, 0, bytesOf(text));
    grant.allow("readWrite", process, 0, digest);
    return digest;
  };
  return { bench, device, grant, driver, upcalls, share };
}

const hash = (text: string) => Uint8Array.from(createHash("sha256").update(text).digest());

describe("SHA driver", () => {
  it("tells that it exists, and knows SHA-256", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 1, 0, a), [0, 10]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 10]);
  });

  it("hashes data of any length", () => {
    const { driver, share, upcalls } = board();
    for (const text of ["", "abc", "x".repeat(64), "y".repeat(1000)]) {
      const digest = share(a, text);
      assert.deepEqual(driver.command(2, 0, 0, a), [128]);
      assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
      assert.deepEqual(digest, hash(text));
    }
  });

  it("a buffer of another size than the hash's gets nothing, and NOMEM", () => {
    const { driver, share, upcalls } = board();
    for (const room of [0, 31, 33]) {
      const digest = share(a, "abc", room);
      driver.command(2, 0, 0, a);
      assert.deepEqual(upcalls(), [[0, 0, 9, 0, 0]]);
      assert.deepEqual(digest, new Uint8Array(room));
    }
  });

  it("apps wait for one another, and one app for itself not at all", () => {
    const { driver, share, upcalls } = board();
    const first = share(a, "a".repeat(100));
    const second = share(b, "b");
    driver.command(2, 0, 0, a);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 9]);
    assert.deepEqual(driver.command(2, 0, 0, b), [128]);
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    assert.deepEqual([first, second], [hash("a".repeat(100)), hash("b")]);
  });

  it("when the app of a hash ends, the next one's is right", () => {
    const { driver, share, grant, upcalls } = board();
    share(a, "a".repeat(100));
    const second = share(b, "b");
    driver.command(2, 0, 0, a);
    grant.kill(a);
    driver.command(2, 0, 0, b);
    assert.deepEqual(upcalls(), [[1, 0, 0, 0, 0]]);
    assert.deepEqual(second, hash("b"));
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 6]);
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = board();
    first.share(a, "a".repeat(100));
    first.driver.command(2, 0, 0, a);
    const second = board();
    second.device.load(first.device.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual(second.grant.readWrite.get("0/0"), hash("a".repeat(100)));
  });
});
