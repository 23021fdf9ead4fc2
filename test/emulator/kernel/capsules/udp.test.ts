// The driver over its whole stack: headers, fragments, frames and the radio.
import assert from "node:assert/strict";
import { AlarmDevice, NRF52_RTC } from "../../../../emulator/devices/alarm.js";
import { Ieee802154RadioDevice } from "../../../../emulator/devices/ieee802154-radio.js";
import { Mac } from "../../../../emulator/kernel/capsules/ieee802154-mac.js";
import { UDP_GRANT, UdpDriver } from "../../../../emulator/kernel/capsules/udp.js";
import { UdpOverMac } from "../../../../emulator/kernel/capsules/udp-stack.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const linkLocal = (...id: number[]) => Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...id]);
const global = Uint8Array.from({ length: 16 }, (_, i) => i + 0x10);

/** A node with the identifier `id` eight times, and the link-local address made of it. */
function node(id: number, on = true) {
  const bench = new Bench();
  const radio = bench.add(new Ieee802154RadioDevice(bench.clock, bench.trace));
  const addressLong = new Uint8Array(8).fill(id);
  radio.setConfig({ pan: 0xabcd, address: id, addressLong });
  if (on) radio.start();
  const alarm = bench.add(new AlarmDevice(bench.clock, NRF52_RTC));
  const mac = new Mac(radio);
  const own = linkLocal(id ^ 2, ...Array(7).fill(id));
  const lines: string[] = [];
  const addresses = {
    source: own,
    sourceMac: { kind: "long", address: addressLong },
    gateway: { kind: "short", address: 0xbff2 },
  } as const;
  const stack = new UdpOverMac(mac.user(), alarm, addresses, line => lines.push(line));
  const grant = new FakeGrant(UDP_GRANT);
  const driver = new UdpDriver(stack, [own, global], grant);
  const endpoint = (address: Uint8Array, port: number) => [...address, port & 0xff, port >> 8];
  const bind = (process: typeof a, port: number, address = own) => {
    const buffer = Uint8Array.from([...Array(18).fill(0), ...endpoint(address, port)]);
    grant.allow("readWrite", process, 2, buffer);
    return driver.command(3, 0, 0, process);
  };
  const send = (process: typeof a, port: number, to: Uint8Array, payload: Uint8Array) => {
    const buffer = Uint8Array.from([...endpoint(own, port), ...endpoint(to, 500)]);
    grant.allow("readWrite", process, 1, buffer);
    grant.allow("readOnly", process, 0, payload);
    return driver.command(2, 0, 0, process);
  };
  const run = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const frames = () =>
    bench.events.flatMap(e => (e.type === "output" ? [(e.value as { frame: string }).frame] : []));
  return { bench, radio, alarm, mac, stack, grant, driver, own, lines, bind, send, run, frames };
}

const count = (length: number) => Uint8Array.from({ length }, (_, i) => i);

describe("UDP driver", () => {
  it("tells its interfaces and the longest datagram", () => {
    const { driver, grant, own } = node(1);
    const buffer = new Uint8Array(48);
    grant.allow("readWrite", a, 1, buffer);
    assert.deepEqual(driver.command(1, 2, 0, a), [0, 6]);
    assert.deepEqual(driver.command(1, 3, 0, a), [129, 2]);
    assert.deepEqual([...buffer], [...own, ...global, ...Array(16).fill(0)]);
    assert.deepEqual(
      [driver.command(0, 0, 0, a), driver.command(4, 0, 0, a), driver.command(5, 0, 0, a)],
      [[128], [129, 200], [0, 10]],
    );
  });

  it("binds a port of an interface once, until zeros are bound", () => {
    const { bind, driver, grant } = node(1);
    assert.deepEqual(bind(a, 7, linkLocal(9)), [0, 6]);
    assert.deepEqual(bind(a, 7), [128]);
    assert.deepEqual(bind(b, 7, global), [0, 2]);
    assert.deepEqual(bind(b, 8, global), [128]);
    grant.allow("readWrite", a, 2, new Uint8Array(36));
    assert.deepEqual(driver.command(3, 0, 0, a), [128]);
    assert.deepEqual(bind(b, 7), [128]);
    grant.allow("readWrite", a, 2, new Uint8Array(18));
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 6]);
  });

  it("sends from the bound endpoint only", () => {
    const { bind, send, driver, grant } = node(1);
    assert.deepEqual(send(a, 7, global, count(1)), [0, 5]);
    bind(a, 7);
    assert.deepEqual(send(a, 8, global, count(1)), [0, 6]);
    grant.allow("readWrite", a, 1, new Uint8Array(18));
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 6]);
    assert.deepEqual(send(a, 7, global, count(201)), [0, 7]);
    assert.deepEqual(send(a, 7, global, count(10)), [129, 1]);
  });

  it("a datagram off the link goes to the gateway, and its end is told 100 ms later", () => {
    const { bench, bind, send, run, frames } = node(1);
    bind(a, 7);
    send(a, 7, global, count(2));
    assert.deepEqual(run(), [[0, 1, 0, 0, 0]]);
    assert.ok(bench.clock.now >= 6.4e6 && bench.clock.now < 6.7e6);
    assert.match(
      frames()[0] as string,
      /^61 d8 00 cd ab f2 bf 01 01 01 01 01 01 01 01 7f 30 10 11/,
    );
  });

  it("datagrams of several apps wait for one another", () => {
    const { bind, send, run } = node(1);
    bind(a, 7);
    bind(b, 8);
    assert.deepEqual(send(a, 7, global, count(2)), [129, 1]);
    assert.deepEqual(send(b, 8, global, count(2)), [129, 0]);
    assert.deepEqual(send(b, 8, global, count(2)), [0, 2]);
    assert.deepEqual(run(), [
      [0, 1, 0, 0, 0],
      [1, 1, 0, 0, 0],
    ]);
  });

  for (const length of [0, 1, 80, 120, 150, 180])
    it(`a datagram of ${length} bytes arrives at the other node as it was`, () => {
      const [from, to] = [node(1), node(2)];
      from.bind(a, 7);
      to.bind(b, 500);
      const received = new Uint8Array(200);
      to.grant.allow("readWrite", b, 0, received);
      from.send(a, 7, to.own, count(length));
      assert.deepEqual(from.run(), [[0, 1, 0, 0, 0]]);
      for (const frame of from.frames()) to.radio.onInput(frame);
      assert.deepEqual(to.run(), [[1, 0, length, 0, 0]]);
      assert.deepEqual(received.subarray(0, length), count(length));
      const sender = to.grant.readWrite.get("1/2") as Uint8Array;
      assert.deepEqual([...sender], [...from.own, 0, 7, ...Array(18).fill(0)]);
    });

  it("a datagram goes to the app whose endpoint and buffer fit, and not with a wrong checksum", () => {
    const [from, to] = [node(1), node(2)];
    from.bind(a, 7);
    from.send(a, 7, to.own, count(5));
    from.run();
    const [frame] = from.frames() as [string];
    to.bind(a, 500, global);
    to.radio.onInput(frame);
    assert.deepEqual(to.run(), []);
    to.grant.allow("readWrite", a, 2, new Uint8Array(36));
    to.driver.command(3, 0, 0, a);
    to.bind(b, 500);
    to.grant.allow("readWrite", b, 0, new Uint8Array(4));
    to.radio.onInput(frame);
    assert.deepEqual(to.run(), []);
    to.grant.allow("readWrite", b, 0, new Uint8Array(5));
    to.radio.onInput(`${frame.slice(0, -2)}99`);
    assert.deepEqual(to.run(), []);
    assert.deepEqual(to.lines, ["cksum fail!: Err(FAIL)"]);
    to.radio.onInput(frame);
    assert.deepEqual(to.run(), [[1, 0, 5, 0, 0]]);
  });

  it("a fragment that comes twice ends the datagram, one that is late completes it", () => {
    const [from, to] = [node(1), node(2)];
    from.bind(a, 7);
    to.bind(b, 500);
    to.grant.allow("readWrite", b, 0, new Uint8Array(200));
    from.send(a, 7, to.own, count(150));
    from.run();
    const [first, second] = from.frames() as [string, string];
    for (const frame of [first, first, second]) to.radio.onInput(frame);
    assert.deepEqual(to.run(), []);
    const fresh = node(2);
    fresh.bind(b, 500);
    fresh.grant.allow("readWrite", b, 0, new Uint8Array(200));
    for (const frame of [second, first]) fresh.radio.onInput(frame);
    assert.deepEqual(fresh.run(), [[1, 0, 150, 0, 0]]);
  });

  it("after the radio refused a datagram, the next ones never end", () => {
    const { bind, send, run, driver, radio } = node(1, false);
    bind(a, 7);
    assert.deepEqual(send(a, 7, global, count(2)), [0, 1]);
    radio.start();
    assert.deepEqual(send(a, 7, global, count(2)), [129, 1]);
    assert.deepEqual(run(), []);
    assert.deepEqual(driver.command(4, 0, 0, a), [129, 200]);
  });

  it("a fragment that is too long for a frame ends the datagram", () => {
    const { bind, send, run } = node(1);
    bind(a, 7);
    send(a, 7, linkLocal(1, 2, 3, 4, 5, 6, 7, 8), count(200));
    assert.deepEqual(run(), [[0, 1, 9, 0, 0]]);
  });

  it("after a frame for the board that is no 6LoWPAN nothing is received", () => {
    const [from, to] = [node(1), node(2)];
    from.bind(a, 7);
    to.bind(b, 500);
    to.grant.allow("readWrite", b, 0, new Uint8Array(200));
    from.send(a, 7, to.own, count(5));
    from.run();
    to.bench.runMs(1000);
    to.radio.onInput("41 98 01 cd ab 02 00 01 00 00 00");
    to.radio.onInput(from.frames()[0] as string);
    assert.deepEqual(to.run(), []);
  });

  it("saved between two fragments and loaded elsewhere, it goes on", () => {
    const first = node(1);
    first.bind(a, 7);
    first.send(a, 7, global, count(150));
    first.bench.runMs(50);
    const second = node(1);
    for (const part of ["radio", "alarm", "mac", "stack", "driver", "grant"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.run(), [[0, 1, 0, 0, 0]]);
    assert.equal(second.frames().length, 1);
  });
});
