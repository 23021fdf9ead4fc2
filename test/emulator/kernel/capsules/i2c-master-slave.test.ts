import assert from "node:assert/strict";
import { I2CBus, nrf52I2c } from "../../../../emulator/devices/i2c.js";
import { I2CMemory, registerFile } from "../../../../emulator/devices/i2c-memory.js";
import {
  I2C_MASTER_SLAVE_GRANT,
  I2CMasterSlaveDriver,
} from "../../../../emulator/kernel/capsules/i2c-master-slave.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board(sharedBuffer = false) {
  const bench = new Bench();
  const options = { ...nrf52I2c("i2c0"), sharedBuffer };
  const bus = bench.add(new I2CBus(bench.clock, bench.trace, options));
  bus.attach(0x20, new I2CMemory(registerFile("registers")));
  const grant = new FakeGrant(I2C_MASTER_SLAVE_GRANT);
  const driver = new I2CMasterSlaveDriver(bus, grant);
  const buffers = {
    masterTx: Uint8Array.of(5, 0xaa, 0xbb),
    masterRx: new Uint8Array(2),
    slaveTx: Uint8Array.of(1, 2, 3),
    slaveRx: new Uint8Array(2),
  };
  grant.allow("readOnly", a, 0, buffers.masterTx);
  grant.allow("readWrite", a, 1, buffers.masterRx);
  grant.allow("readOnly", a, 2, buffers.slaveTx);
  grant.allow("readWrite", a, 3, buffers.slaveRx);
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => u.arguments);
  };
  return { bench, bus, grant, driver, buffers, run };
}

describe("I2C master and slave driver", () => {
  it("writes, reads and writes then reads as master", () => {
    const { driver, buffers, run } = board();
    assert.deepEqual(driver.command(0, 0, 0, b), [128]);
    assert.deepEqual(driver.command(1, 0x20 | (3 << 16), 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 0]]);
    buffers.masterTx[0] = 5;
    driver.command(7, 0x20 | (2 << 8) | (1 << 16), 0, a);
    assert.deepEqual(run(), [[7, 0, 0]]);
    assert.deepEqual([...buffers.masterRx], [0xaa, 0xbb]);
    driver.command(2, 0x20 | (9 << 16), 0, a);
    assert.deepEqual(run(), [[1, 0, 0]]);
    assert.deepEqual([...buffers.masterRx], [0, 0]);
    driver.command(1, 0x21 | (3 << 16), 0, a);
    assert.deepEqual(run(), [[0, 13, 0]]);
    assert.deepEqual(driver.command(8, 0, 0, a), [0, 10]);
  });

  it("a request during another succeeds and does nothing", () => {
    const { driver, run } = board();
    driver.command(1, 0x20 | (3 << 16), 0, a);
    assert.deepEqual(driver.command(2, 0x20 | (1 << 16), 0, a), [128]);
    assert.deepEqual(run(), [[0, 0, 0]]);
  });

  it("belongs to the process that used it first, until that is gone", () => {
    const { driver, grant } = board();
    driver.command(6, 0x41, 0, a);
    assert.deepEqual(driver.command(6, 0x41, 0, b), [0, 9]);
    grant.kill(a);
    assert.deepEqual(driver.command(6, 0x41, 0, b), [128]);
    assert.deepEqual(driver.command(6, 0x80, 0, b), [0, 6]);
  });

  it("tells the length of what another master wrote, of which it copies what fits", () => {
    const { bus, driver, buffers, run } = board();
    driver.command(6, 0x41, 0, a);
    driver.command(3, 0, 0, a);
    bus.onInput("write 0x41 07 08 09");
    assert.deepEqual(run(), [[3, 3, 0]]);
    assert.deepEqual([...buffers.slaveRx], [7, 8]);
    // The buffer is given again when another master comes.
    bus.onInput("write 0x41 0a");
    assert.deepEqual(run(), [[3, 1, 0]]);
  });

  it("asks for bytes when another master reads, and tells how many were taken", () => {
    const { bus, driver, run } = board();
    driver.command(6, 0x41, 0, a);
    driver.command(3, 0, 0, a);
    bus.onInput("read 0x41 8");
    assert.deepEqual(run(), [[2, 0, 0]]);
    driver.command(4, 2, 0, a);
    assert.deepEqual(run(), [[4, 2, 0]]);
    assert.equal(bus.shown(), "asked 0x41: 01 02 00 00 00 00 00 00");
  });

  it("listens again after a transfer as master, unless it was told to stop", () => {
    const { bus, driver, run } = board();
    driver.command(6, 0x41, 0, a);
    driver.command(3, 0, 0, a);
    driver.command(1, 0x20 | (1 << 16), 0, a);
    run();
    bus.onInput("write 0x41 01");
    assert.deepEqual(run(), [[3, 1, 0]]);
    driver.command(5, 0, 0, a);
    bus.onInput("write 0x41 01");
    assert.deepEqual(run(), []);
  });

  it("on a chip whose driver keeps one buffer, it is deaf after a transfer as master", () => {
    const { bus, driver, run } = board(true);
    driver.command(6, 0x41, 0, a);
    driver.command(3, 0, 0, a);
    driver.command(1, 0x20 | (1 << 16), 0, a);
    run();
    bus.onInput("write 0x41 01");
    assert.deepEqual(run(), []);
  });

  it("a read that ends after its process loses the kernel's buffer", () => {
    const { driver, grant, run } = board();
    driver.command(2, 0x20 | (1 << 16), 0, a);
    grant.kill(a);
    run();
    grant.allow("readWrite", b, 1, new Uint8Array(1));
    assert.deepEqual(driver.command(2, 0x20 | (1 << 16), 0, b), [128]);
    assert.deepEqual(run(), []);
  });

  it("saved during a transfer and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.driver.command(2, 0x20 | (2 << 16), 0, a);
    const second = board();
    second.bus.load(structuredClone(first.bus.save()));
    second.driver.load(structuredClone(first.driver.save()));
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[1, 0, 0]]);
  });
});
