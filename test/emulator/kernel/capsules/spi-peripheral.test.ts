import assert from "node:assert/strict";
import { SpiSlave } from "../../../../emulator/devices/spi-slave.js";
import {
  SPI_PERIPHERAL_GRANT,
  SpiPeripheralDriver,
} from "../../../../emulator/kernel/capsules/spi-peripheral.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const bus = bench.add(new SpiSlave(bench.clock, bench.trace));
  const grant = new FakeGrant(SPI_PERIPHERAL_GRANT);
  const driver = new SpiPeripheralDriver(bus, grant);
  const share = (write: number[], length: number) => {
    const read = new Uint8Array(length);
    grant.allow("readOnly", a, 0, Uint8Array.from(write));
    grant.allow("readWrite", a, 0, read);
    return read;
  };
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, bus, grant, driver, share, run };
}

describe("SPI peripheral driver", () => {
  it("exchanges bytes with a master that selects the chip", () => {
    const { bench, bus, driver, share, run } = board();
    assert.deepEqual(driver.command(0, 0, 0, b), [128]);
    const read = share([0x33, 0x34], 2);
    assert.deepEqual(driver.command(1, 2, 0, a), [128]);
    assert.deepEqual(run(), []);
    bus.onInput("01 02 03");
    assert.deepEqual(run(), [
      [0, 1, 2, 0, 0],
      [0, 0, 2, 0, 0],
    ]);
    assert.deepEqual([...read], [1, 2]);
    assert.equal(bus.shown(), "received 01 02 03, sent 33 34 ff");
    assert.equal(bench.clock.now, (100 + 24) * 64);
  });

  it("a master that comes while nothing is prepared gets 0xff, one after the other", () => {
    const { bus, driver, run } = board();
    driver.command(2, 0, 0, a);
    bus.onInput("01");
    bus.onInput("02");
    assert.deepEqual(run(), [
      [0, 1, 0, 0, 0],
      [0, 1, 0, 0, 0],
    ]);
    assert.equal(bus.shown(), "received 02, sent ff");
  });

  it("more than the kernel's 1024 bytes take several selections", () => {
    const { bus, driver, share, run } = board();
    const read = share(Array(1500).fill(7), 1500);
    driver.command(1, 1500, 0, a);
    bus.onInput(new Uint8Array(1024).fill(1));
    assert.deepEqual(run(), [[0, 1, 1500, 0, 0]]);
    bus.onInput(new Uint8Array(476).fill(2));
    assert.deepEqual(run(), [
      [0, 1, 1500, 0, 0],
      [0, 0, 1500, 0, 0],
    ]);
    // Upstream cuts at the length of the kernel's buffer, counted from the start of the app's.
    assert.deepEqual([read[1023], read[1024]], [1, 0]);
  });

  it("is INVAL for no bytes or more than a buffer has, BUSY during an exchange", () => {
    const { driver, share } = board();
    share([1, 2, 3], 2);
    assert.deepEqual(
      [driver.command(1, 3, 0, a), driver.command(1, 0, 0, a)],
      [
        [0, 6],
        [0, 6],
      ],
    );
    assert.deepEqual([driver.command(1, 2, 0, a), driver.command(1, 2, 0, a)], [[128], [0, 2]]);
  });

  it("keeps phase and polarity, and has one select line", () => {
    const { driver } = board();
    for (const [set, get, value, read] of [
      [3, 4, 5, 1],
      [3, 4, 0, 0],
      [5, 6, 1, 1],
    ] as const) {
      assert.deepEqual(driver.command(set, value, 0, a), [128]);
      assert.deepEqual(driver.command(get, 0, 0, a), [129, read]);
    }
    assert.deepEqual(driver.command(2, 0, 0, a), [129, 0]);
    assert.deepEqual(driver.command(7, 0, 0, a), [0, 10]);
  });

  it("belongs to the process that used it first; one that dies during an exchange leaves it busy", () => {
    const { bus, driver, grant, share, run } = board();
    share([1], 1);
    driver.command(1, 1, 0, a);
    assert.deepEqual(driver.command(2, 0, 0, b), [0, 9]);
    grant.kill(a);
    bus.onInput("01");
    assert.deepEqual(run(), []);
    assert.deepEqual(driver.command(2, 0, 0, b), [129, 0]);
    assert.deepEqual(driver.command(1, 1, 0, b), [0, 2]);
  });

  it("anything but bytes is refused with a sentence", () => {
    const { bus } = board();
    assert.throws(() => bus.onInput("bytes"), {
      name: "UserError",
      message: `Input for spiPeripheral must be bytes that a master sends, in hexadecimal: "01 02 ff", not "bytes".`,
    });
  });

  it("saved while a master waits and loaded elsewhere, the exchange ends", () => {
    const first = board();
    first.share([1], 1);
    first.driver.command(1, 1, 0, a);
    first.bus.onInput("05");
    const second = board();
    const read = second.share([1], 1);
    second.driver.load(structuredClone(first.driver.save()));
    second.bus.load(structuredClone(first.bus.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.grant.load({ ...first.grant.save(), readWrite: new Map() });
    second.grant.allow("readWrite", a, 0, read);
    assert.deepEqual(second.run(), [
      [0, 1, 1, 0, 0],
      [0, 0, 1, 0, 0],
    ]);
    assert.equal(read[0], 5);
  });
});
