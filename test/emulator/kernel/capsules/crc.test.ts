import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { CrcDevice } from "../../../../emulator/devices/crc.js";
import { CRC_GRANT, CrcDriver } from "../../../../emulator/kernel/capsules/crc.js";
import { Bench, bytesOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

function board() {
  const bench = new Bench();
  const device = bench.add(new CrcDevice(bench.clock));
  const grant = new FakeGrant(CRC_GRANT);
  const driver = new CrcDriver(device, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, device, grant, driver, upcalls };
}

const CHECK = bytesOf("123456789");

describe("CRC driver", () => {
  it("tells that it exists, knows one command and three algorithms", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(1, 3, 0, a), [0, 6]);
  });

  it("the upcall has the checksum and the algorithm's number", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, CHECK);
    for (const [algorithm, value] of [
      [0, 0xcbf43926],
      [1, 0xe3069283],
      // 0x6f91 of the catalogue, which reflects the output.
      [2, 0x89f6],
    ] as const) {
      assert.deepEqual(driver.command(1, algorithm, 9, a), [128]);
      assert.deepEqual(upcalls(), [[0, 0, 0, value, algorithm]]);
    }
  });

  it("a buffer longer than the kernel's is taken in pieces", () => {
    const { driver, grant, upcalls } = board();
    const zeros = new Uint8Array(1000);
    grant.allow("readOnly", a, 0, zeros);
    driver.command(1, 0, 1000, a);
    assert.deepEqual(upcalls(), [[0, 0, 0, crc32(zeros), 0]]);
  });

  it("SIZE beyond the buffer; no bytes fail, and make an upcall with SIZE", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, CHECK);
    assert.deepEqual(driver.command(1, 0, 10, a), [0, 7]);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 1]);
    assert.deepEqual(upcalls(), [[0, 0, 7, 0, 0]]);
  });

  it("apps wait for one another, and one app for itself not at all", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, CHECK);
    grant.allow("readOnly", b, 0, CHECK);
    driver.command(1, 0, 9, a);
    assert.deepEqual(driver.command(1, 0, 9, a), [0, 2]);
    assert.deepEqual(driver.command(1, 1, 9, b), [128]);
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0xcbf43926, 0],
      [1, 0, 0, 0xe3069283, 1],
    ]);
  });

  it("a buffer taken away in the middle ends the computation where it is", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(1000));
    driver.command(1, 0, 1000, a);
    grant.allow("readOnly", a, 0, new Uint8Array());
    assert.deepEqual(upcalls(), [[0, 0, 0, crc32(new Uint8Array(256)), 0]]);
  });

  it("when the app of a computation ends, later ones never start", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, CHECK);
    grant.allow("readOnly", b, 0, CHECK);
    driver.command(1, 0, 9, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(1, 0, 9, b), [128]);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(1, 0, 9, a), [0, 6]);
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = board();
    first.grant.allow("readOnly", a, 0, CHECK);
    first.driver.command(1, 0, 9, a);
    const second = board();
    second.device.load(first.device.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0xcbf43926, 0]]);
  });
});
