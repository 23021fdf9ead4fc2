import assert from "node:assert/strict";
import { nrf52Spi, SpiBus } from "../../../../emulator/devices/spi.js";
import {
  SPI_CONTROLLER_GRANT,
  SpiController,
} from "../../../../emulator/kernel/capsules/spi-controller.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const bus = bench.add(new SpiBus(bench.clock, bench.trace, nrf52Spi("spi0")));
  // Answers with the complement, so that what was received is told from what was sent.
  const chip = bus.chip({ spiTransfer: sent => sent.map(byte => ~byte) });
  const grant = new FakeGrant(SPI_CONTROLLER_GRANT);
  const driver = new SpiController(chip, grant);
  const share = (write: number[] | null, read: number | Uint8Array) => {
    const buffer = typeof read === "number" ? new Uint8Array(read) : read;
    grant.allow("readOnly", a, 0, Uint8Array.from(write ?? []));
    grant.allow("readWrite", a, 0, buffer);
    return buffer;
  };
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => u.arguments);
  };
  return { bench, bus, grant, driver, share, run };
}

describe("SPI controller driver", () => {
  it("sends, and receives as many bytes where there is a buffer", () => {
    const { driver, share, run } = board();
    assert.deepEqual(driver.command(0, 0, 0, b), [128]);
    share([1, 2, 3], 0);
    assert.deepEqual(driver.command(2, 3, 0, a), [128]);
    assert.deepEqual(run(), [[3, 0, 0]]);
    const read = share([1, 2, 3], 5);
    driver.command(2, 2, 0, a);
    assert.deepEqual(run(), [[2, 0, 0]]);
    assert.deepEqual([...read], [254, 253, 0, 0, 0]);
  });

  it("a short transfer leaves room for a longer one after it", () => {
    const { driver, share, run } = board();
    for (const length of [2, 4]) {
      const read = share([1, 2, 3, 4], length);
      driver.command(2, length, 0, a);
      assert.deepEqual(run(), [[length, 0, 0]]);
      assert.deepEqual([...read], [254, 253, 252, 251].slice(0, length));
    }
  });

  it("more than the kernel's 1024 bytes go in several transfers", () => {
    const { bench, driver, share, run } = board();
    const sent = Array.from({ length: 2500 }, (_, i) => i & 0xff);
    const read = share(sent, 2500);
    driver.command(2, 2500, 0, a);
    assert.deepEqual(run(), [[2500, 0, 0]]);
    assert.deepEqual(
      read,
      Uint8Array.from(sent, byte => ~byte),
    );
    assert.equal(bench.events.length, 3);
  });

  it("is INVAL for no bytes or more than a buffer has, BUSY during a transfer", () => {
    const { driver, share } = board();
    share([1, 2, 3], 2);
    assert.deepEqual(driver.command(2, 3, 0, a), [0, 6]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(11, 3, 0, a), [0, 6]);
    assert.deepEqual(driver.command(12, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(2, 2, 0, a), [128]);
    for (const command of [2, 11, 12]) assert.deepEqual(driver.command(command, 1, 0, a), [0, 2]);
    assert.deepEqual(driver.command(5, 1, 0, a), [0, 2]);
  });

  it("a read sends 0xff, an exchange in place the buffer itself; both clock all of the kernel's buffer", () => {
    const { bus, driver, share, run } = board();
    const read = share(null, 2);
    driver.command(11, 2, 0, a);
    assert.deepEqual(run(), [[2, 0, 0]]);
    assert.deepEqual([...read], [0, 0]);
    assert.equal(bus.shown().split(",")[0], `sent${" ff".repeat(1024)}`);
    const both = share(null, Uint8Array.of(1, 2));
    driver.command(12, 2, 0, a);
    assert.deepEqual(run(), [[2, 0, 0]]);
    assert.deepEqual([...both], [254, 253]);
  });

  it("a read of less than the buffer never ends", () => {
    const { bench, driver, grant, share } = board();
    share(null, 3);
    driver.command(11, 2, 0, a);
    bench.runMs(1000);
    assert.deepEqual(grant.takeUpcalls(), []);
    assert.ok(bench.events.length > 5);
  });

  it("keeps rate, phase and polarity, and knows no chip select", () => {
    const { driver } = board();
    for (const [set, get, value, read] of [
      [5, 6, 400_000, 400_000],
      [7, 8, 5, 1],
      [7, 8, 0, 0],
      [9, 10, 1, 1],
      [9, 10, 0, 0],
    ] as const) {
      assert.deepEqual(driver.command(set, value, 0, a), [128]);
      assert.deepEqual(driver.command(get, 0, 0, a), [129, read]);
    }
    for (const command of [1, 3, 4, 13])
      assert.deepEqual(driver.command(command, 0, 0, a), [0, 10]);
  });

  it("belongs to the process that used it first; one that dies during a transfer leaves it busy", () => {
    const { driver, grant, share, run } = board();
    share([1], 0);
    driver.command(2, 1, 0, a);
    assert.deepEqual(driver.command(6, 0, 0, b), [0, 9]);
    grant.kill(a);
    assert.deepEqual(run(), []);
    assert.deepEqual(driver.command(6, 0, 0, b), [129, 100_000]);
    assert.deepEqual(driver.command(2, 1, 0, b), [0, 2]);
  });

  it("saved during a transfer and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.share([1, 2], 2);
    first.driver.command(2, 2, 0, a);
    const second = board();
    const read = second.share([1, 2], 2);
    second.driver.load(structuredClone(first.driver.save()));
    second.bus.load(structuredClone(first.bus.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.grant.load({ ...first.grant.save(), readWrite: second.grant.save().readWrite });
    second.grant.allow("readWrite", a, 0, read);
    assert.deepEqual(second.run(), [[2, 0, 0]]);
    assert.deepEqual([...read], [254, 253]);
  });
});
