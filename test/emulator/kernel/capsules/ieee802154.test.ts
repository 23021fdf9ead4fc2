import assert from "node:assert/strict";
import { Ieee802154RadioDevice } from "../../../../emulator/devices/ieee802154-radio.js";
import {
  IEEE802154_GRANT,
  Ieee802154Driver,
} from "../../../../emulator/kernel/capsules/ieee802154.js";
import { Mac } from "../../../../emulator/kernel/capsules/ieee802154-mac.js";
import {
  IEEE802154_RAW_GRANT,
  Ieee802154RawDriver,
} from "../../../../emulator/kernel/capsules/ieee802154-raw.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const FRAME = "41 98 01 cd ab 40 15 02 08 68 69";

function radioOn(bench: Bench) {
  const radio = bench.add(new Ieee802154RadioDevice(bench.clock, bench.trace));
  radio.setConfig({
    pan: 0xabcd,
    address: 0x1540,
    addressLong: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
  return radio;
}

function board() {
  const bench = new Bench();
  const radio = radioOn(bench);
  const mac = new Mac(radio);
  const grant = new FakeGrant(IEEE802154_GRANT);
  const driver = new Ieee802154Driver(mac.user(), grant);
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const share = (process: typeof a, length: number, ...bytes: number[]) => {
    const buffer = new Uint8Array(length);
    buffer.set(bytes);
    grant.allow("readWrite", process, 1, buffer);
    return buffer;
  };
  const send = (process: typeof a, payload = 2, level = 0) => {
    grant.allow("readOnly", process, 0, new Uint8Array(payload));
    share(process, 11, level);
    return driver.command(26, 0x0802, 0, process);
  };
  return { bench, radio, mac, grant, driver, run, share, send };
}

describe("IEEE 802.15.4 driver", () => {
  it("gets numbers plus one and sets addresses and network", () => {
    const { driver, radio, share } = board();
    assert.deepEqual(
      [0, 1, 8, 10].map(n => driver.command(n, 0, 0, a)),
      [[128], [128], [129, 0x1541], [129, 0xabce]],
    );
    driver.command(2, 0x11234, 0, a);
    driver.command(4, 0xffff, 0, a);
    assert.deepEqual(
      [driver.command(8, 0, 0, a), driver.command(10, 0, 0, a)],
      [
        [129, 0x1235],
        [129, 0x10000],
      ],
    );
    driver.command(28, 0x55667788, 0x11223344, a);
    assert.deepEqual(driver.command(29, 0, 0, a), [131, 0x55667788, 0x11223344]);
    const buffer = share(a, 8);
    assert.deepEqual(driver.command(9, 0, 0, a), [128]);
    assert.deepEqual([...buffer], [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
    share(a, 8, 9);
    assert.deepEqual(driver.command(3, 0, 0, a), [128]);
    assert.equal(radio.getConfig().addressLong[0], 9);
    share(a, 7);
    assert.deepEqual(
      [3, 9, 16, 17].map(n => driver.command(n, 0, 0, a)),
      Array(4).fill([0, 7]),
    );
    for (const n of [5, 6, 11, 12, 27, 31]) assert.deepEqual(driver.command(n, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(7, 0, 0, a), [128]);
  });

  it("keeps four neighbours, none twice", () => {
    const { driver, share } = board();
    for (let i = 0; i < 4; i++) {
      share(a, 8, i);
      assert.deepEqual(driver.command(17, i, 0, a), [129, i + 1]);
    }
    share(a, 8, 2);
    assert.deepEqual(driver.command(17, 2, 0, a), [129, 3]);
    assert.deepEqual(driver.command(17, 9, 0, a), [0, 6]);
    assert.deepEqual(
      [driver.command(13, 0, 0, a), driver.command(14, 0, 0, a)],
      [
        [129, 5],
        [129, 5],
      ],
    );
    assert.deepEqual(driver.command(18, 0, 0, a), [128]);
    assert.deepEqual(driver.command(15, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(18, 3, 0, a), [0, 6]);
    assert.deepEqual(driver.command(15, 3, 0, a), [0, 6]);
    const buffer = share(a, 8);
    driver.command(16, 2, 0, a);
    assert.equal(buffer[0], 3);
    assert.deepEqual(driver.command(16, 3, 0, a), [0, 6]);
  });

  it("keeps four keys and gives them back", () => {
    const { driver, share } = board();
    share(a, 27, 5, 1, 42, 99);
    assert.deepEqual(driver.command(24, 0, 0, a), [129, 1]);
    assert.deepEqual(driver.command(24, 0, 0, a), [129, 1]);
    assert.deepEqual(
      [19, 20, 21].map(n => driver.command(n, 0, 0, a)),
      [
        [129, 5],
        [129, 2],
        [129, 6],
      ],
    );
    const id = share(a, 10, 7, 7, 7);
    assert.deepEqual(driver.command(22, 0, 0, a), [128]);
    assert.deepEqual([...id], [1, 42, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(driver.command(22, 1, 0, a), [0, 6]);
    assert.equal(id[0], 0);
    share(a, 16);
    assert.deepEqual(driver.command(23, 0, 0, a), [128]);
    share(a, 27, 4);
    assert.deepEqual(driver.command(24, 0, 0, a), [0, 6]);
    share(a, 27, 5, 4);
    assert.deepEqual(driver.command(24, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(25, 0, 0, a), [128]);
    assert.deepEqual(driver.command(25, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(21, 0, 0, a), [0, 6]);
  });

  it("sends a frame to a short address once the radio is on", () => {
    const { driver, radio, run, send } = board();
    assert.deepEqual(send(a), [0, 4]);
    driver.command(30, 0, 0, a);
    assert.deepEqual(send(a), [128]);
    assert.deepEqual(run(), [[0, 1, 0, 0, 0]]);
    assert.equal(radio.save().sent?.frame, "61 98 00 cd ab 02 08 40 15 00 00");
  });

  it("frames of several apps wait for one another, one for each app", () => {
    const { driver, run, send } = board();
    driver.command(30, 0, 0, a);
    assert.deepEqual([send(a), send(b), send(b), send(a)], [[128], [128], [0, 2], [128]]);
    assert.deepEqual(run(), [
      [0, 1, 0, 0, 0],
      [0, 1, 0, 0, 0],
      [1, 1, 0, 0, 0],
    ]);
  });

  it("cannot secure a frame, and loses its buffer to one that is too long", () => {
    const { driver, grant, send } = board();
    driver.command(30, 0, 0, a);
    assert.deepEqual(send(a, 2, 4), [0, 6]);
    assert.deepEqual(send(a, 2, 5), [0, 1]);
    grant.allow("readWrite", a, 1, new Uint8Array(10));
    assert.deepEqual(driver.command(26, 1, 0, a), [0, 6]);
    assert.deepEqual(send(a, 118), [0, 7]);
    assert.deepEqual(send(a, 122), [0, 9]);
    assert.deepEqual(send(a, 2), [0, 9]);
  });

  it("a frame for the board comes into every ring, the oldest making room", () => {
    const { driver, radio, grant, run } = board();
    driver.command(30, 0, 0, a);
    const ring = new Uint8Array(2 + 2 * 130);
    grant.allow("readWrite", a, 0, ring);
    grant.allow("readWrite", b, 0, new Uint8Array(131));
    for (const app of [a, b]) driver.allocateGrant(app);
    for (const last of ["01", "02"]) radio.onInput(`${FRAME} ${last}`);
    assert.deepEqual(run(), Array(2).fill([0, 0, 255, 0, 0]));
    assert.deepEqual([...ring.subarray(0, 2)], [1, 0]);
    radio.onInput(`${FRAME} 03`);
    run();
    assert.deepEqual([...ring.subarray(0, 5)], [0, 1, 9, 3, 0]);
    assert.deepEqual([ring[5 + 11], ring[135 + 11]], [3, 2]);
    ring[0] = 2;
    radio.onInput(FRAME);
    assert.deepEqual(run(), []);
  });

  it("saved during a frame and loaded elsewhere, it knows whose it is", () => {
    const first = board();
    first.driver.command(30, 0, 0, a);
    first.send(b);
    const second = board();
    for (const part of ["radio", "mac", "driver", "grant"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[1, 1, 0, 0, 0]]);
  });
});

describe("raw IEEE 802.15.4 driver", () => {
  function raw() {
    const bench = new Bench();
    const radio = radioOn(bench);
    const grant = new FakeGrant(IEEE802154_RAW_GRANT);
    const driver = new Ieee802154RawDriver(radio, grant);
    const run = () => {
      bench.settle();
      return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
    };
    return { bench, radio, grant, driver, run };
  }

  it("sets and gets what the radio has", () => {
    const { driver } = raw();
    assert.deepEqual(
      [0, 1, 8, 10, 11, 12].map(n => driver.command(n, 0, 0, a)),
      [[128], [128], [129, 0x1541], [129, 0xabce], [129, 26], [129, 0]],
    );
    assert.deepEqual(driver.command(5, 10, 0, a), [0, 6]);
    assert.deepEqual(driver.command(5, 11, 0, a), [128]);
    assert.deepEqual(driver.command(11, 0, 0, a), [129, 11]);
    assert.deepEqual(driver.command(6, 0xf8, 0, a), [128]);
    assert.deepEqual(driver.command(12, 0, 0, a), [129, 0xfffffff8]);
    assert.deepEqual(driver.command(6, 1, 0, a), [0, 10]);
    driver.command(28, 2, 1, a);
    assert.deepEqual(driver.command(29, 0, 0, a), [131, 2, 1]);
    driver.command(31, 0, 0, a);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 4]);
    for (const n of [3, 9, 13, 26]) assert.deepEqual(driver.command(n, 0, 0, a), [0, 10]);
  });

  it("sends the app's frame as it is, and tells in the upcall when it cannot", () => {
    const { driver, radio, grant, run } = raw();
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2, 3));
    assert.deepEqual(driver.command(27, 0, 0, a), [128]);
    assert.deepEqual(run(), [[0, 1, 4, 0, 0]]);
    driver.command(30, 0, 0, a);
    driver.command(27, 0, 0, a);
    driver.command(27, 0, 0, b);
    driver.command(27, 0, 0, b);
    assert.deepEqual(run(), [
      [0, 1, 0, 0, 0],
      [1, 1, 0, 0, 0],
    ]);
    assert.equal(radio.save().sent?.frame, "");
    grant.allow("readOnly", a, 0, new Uint8Array(129));
    assert.throws(() => driver.command(27, 0, 0, a), {
      name: "KernelPanic",
      message: "range end index 131 out of range for slice of length 130",
    });
  });

  it("hears every frame, whomever it is for, without telling where its data begin", () => {
    const { driver, radio, grant, run } = raw();
    driver.command(30, 0, 0, a);
    const ring = new Uint8Array(132);
    grant.allow("readWrite", a, 0, ring);
    radio.onInput("01 02 03 04");
    assert.deepEqual(run(), []);
    driver.allocateGrant(a);
    radio.onInput("01 02 03 04");
    assert.deepEqual(run(), [[0, 0, 255, 0, 0]]);
    assert.deepEqual([...ring.subarray(0, 9)], [0, 0, 0, 4, 0, 1, 2, 3, 4]);
  });

  it("saved during a frame and loaded elsewhere, it knows whose it is", () => {
    const first = raw();
    first.driver.command(30, 0, 0, a);
    first.driver.command(27, 0, 0, b);
    const second = raw();
    for (const part of ["radio", "driver", "grant"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[1, 1, 0, 0, 0]]);
  });
});
