import assert from "node:assert/strict";
import { RngDevice } from "../../../../emulator/devices/rng.js";
import { RNG_GRANT, RngDriver } from "../../../../emulator/kernel/capsules/rng.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const device = bench.add(new RngDevice(bench.clock, 42));
  const grant = new FakeGrant(RNG_GRANT);
  const driver = new RngDriver(device, grant);
  const share = (process: typeof a, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    grant.allow("readWrite", process, 0, bytes);
    return bytes;
  };
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  return { bench, device, grant, driver, share, upcalls };
}

describe("rng driver", () => {
  it("command 0 tells that it exists, any but 0 and 1 is NOSUPPORT", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("fills as many bytes as asked for, the last word cut", () => {
    const { bench, driver, share, upcalls } = board();
    const buffer = share(a, 16);
    assert.deepEqual(driver.command(1, 10, 0, a), [128]);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 10, 0]]);
    assert.ok(new Set(buffer.subarray(0, 10)).size > 5);
    assert.deepEqual([...buffer.subarray(10)], [0, 0, 0, 0, 0, 0]);
  });

  it("fills no more than the buffer takes", () => {
    const { bench, driver, share, upcalls } = board();
    share(a, 5);
    driver.command(1, 100, 0, a);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 5, 0]]);
  });

  it("without a buffer reports no bytes", () => {
    const { bench, driver, upcalls } = board();
    driver.command(1, 4, 0, a);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
  });

  it("a request for no bytes makes no upcall and leaves nothing pending", () => {
    const { bench, driver, share, upcalls } = board();
    share(a, 4);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    bench.settle();
    assert.deepEqual(upcalls(), []);
  });

  it("two apps that ask at once are served one after the other, with different bytes", () => {
    const { bench, driver, share, upcalls } = board();
    const [first, second] = [share(a, 8), share(b, 8)];
    driver.command(1, 8, 0, b);
    driver.command(1, 8, 0, a);
    bench.settle();
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 8, 0],
      [1, 0, 0, 8, 0],
    ]);
    assert.notDeepEqual(first, second);
  });

  it("a new request replaces the old one", () => {
    const { bench, driver, share, upcalls } = board();
    share(a, 64);
    driver.command(1, 64, 0, a);
    bench.runMs(0.5);
    driver.command(1, 4, 0, a);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 4, 0]]);
  });

  it("a buffer swapped for one shorter than what is written ends the request with no bytes", () => {
    const { bench, driver, share, upcalls } = board();
    share(a, 64);
    driver.command(1, 64, 0, a);
    bench.runMs(0.5);
    const shorter = share(a, 8);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual([...shorter], [0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("a buffer swapped for a shorter one that takes what is written is filled to its end", () => {
    const { bench, driver, share, upcalls } = board();
    share(a, 64);
    driver.command(1, 64, 0, a);
    bench.runMs(0.5);
    const shorter = share(a, 20);
    bench.settle();
    assert.deepEqual(upcalls(), [[0, 0, 0, 20, 0]]);
    assert.notDeepEqual([...shorter.subarray(16)], [0, 0, 0, 0]);
  });

  it("an app that dies while it waits leaves the generator free for others", () => {
    const { bench, driver, grant, share, upcalls } = board();
    share(a, 64);
    driver.command(1, 64, 0, a);
    grant.kill(a);
    bench.settle();
    share(b, 4);
    driver.command(1, 4, 0, b);
    bench.settle();
    assert.deepEqual(upcalls(), [[1, 0, 0, 4, 0]]);
    assert.deepEqual(driver.command(1, 4, 0, a), [0, 6]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });

  it("saved in the middle of a request and loaded elsewhere, it goes on as the first", () => {
    const prepare = () => {
      const parts = board();
      parts.share(a, 32);
      return parts;
    };
    const [first, second] = [prepare(), prepare()];
    first.driver.command(1, 32, 0, a);
    first.bench.runMs(0.4);
    second.driver.load(structuredClone(first.driver.save()));
    second.device.load(first.device.save());
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    second.driver.command(0, 0, 0, a);
    first.bench.settle();
    second.bench.settle();
    assert.deepEqual(second.grant.save(), first.grant.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 32, 0]]);
  });
});
