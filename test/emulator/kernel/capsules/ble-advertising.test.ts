import assert from "node:assert/strict";
import { AlarmDevice, NRF52_RTC } from "../../../../emulator/devices/alarm.js";
import { BleRadioDevice } from "../../../../emulator/devices/ble-radio.js";
import {
  BLE_ADVERTISING_GRANT,
  BleAdvertisingDriver,
} from "../../../../emulator/kernel/capsules/ble-advertising.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 5 };
const b = { index: 1, pid: 6 };
const PACKET = "42 09 01 02 03 04 05 c6 02 01 06";

function board() {
  const bench = new Bench();
  const alarm = bench.add(new AlarmDevice(bench.clock, NRF52_RTC));
  const radio = bench.add(new BleRadioDevice(bench.clock, bench.trace));
  const grant = new FakeGrant(BLE_ADVERTISING_GRANT);
  const lines: string[] = [];
  const debug = (line: string) => lines.push(line);
  const driver = new BleAdvertisingDriver({ radio, alarm, debug }, grant);
  const scanned = new Uint8Array(39);
  grant.allow("readOnly", a, 0, Uint8Array.of(2, 1, 6));
  grant.allow("readWrite", a, 0, scanned);
  const sent = () =>
    bench.events.flatMap(e =>
      e.type === "output" && typeof e.value === "object" ? [{ ...e.value, at: e.cycle }] : [],
    ) as unknown as { at: number; channel: number; address: string; data: string; type: string }[];
  return { bench, alarm, radio, grant, driver, lines, scanned, sent };
}

describe("BLE advertising driver", () => {
  it("sends on three channels at the interval, with the address of the process", () => {
    const { bench, driver, sent } = board();
    // The chance of an app begins with the time; at 0 there is none.
    bench.runMs(5);
    assert.deepEqual(driver.command(0, 2, 100, a), [128]);
    bench.runMs(1000);
    const packets = sent();
    assert.deepEqual(
      packets.slice(0, 3).map(p => p.channel),
      [37, 38, 39],
    );
    const { type, address, data } = packets[0] as (typeof packets)[number];
    assert.deepEqual([type, address, data], ["ADV_NONCONN_IND", "f0:00:00:00:05:f0", "02 01 06"]);
    const starts = packets.filter(p => p.channel === 37).map(p => p.at / 64_000);
    for (const [i, at] of starts.entries()) {
      const wait = at - (starts[i - 1] ?? 5);
      assert.ok(wait >= 99.9 && wait < 112, `${wait}`);
    }
    assert.ok(starts.length >= 8);
    const waits = starts.slice(1).map((at, i) => Math.round(at - (starts[i] as number)));
    assert.ok(new Set(waits).size > 1, "the interval varies");
  });

  it("sends at most every 20 ms, and at most 31 bytes", () => {
    const { bench, grant, driver, sent } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(40));
    driver.command(0, 0, 0, a);
    bench.runMs(100);
    const packets = sent();
    assert.ok(packets.length <= 15 && packets.length >= 6);
    assert.equal(packets[0]?.data.split(" ").length, 31);
  });

  it("takes types 0, 2 and 6, and one request until it is stopped", () => {
    const { bench, driver, lines, sent } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(0, 1, 100, a), [0, 6]);
    assert.deepEqual(driver.command(0, 6, 100, a), [128]);
    assert.deepEqual(driver.command(0, 6, 100, a), [0, 2]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    bench.runMs(500);
    assert.deepEqual(sent(), []);
    // The alarm of the stopped app still comes.
    assert.deepEqual(lines, ["app: 5 \t invalid state Some(Idle)"]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 10]);
  });

  it("sets the power that the chip has, while idle", () => {
    const { driver } = board();
    const got = [0x04, 0xec, 0x01, 0x0b, 0xd8].map(power => driver.command(2, power, 0, a));
    assert.deepEqual(got, [[128], [128], [0, 10], [0, 6], [0, 6]]);
    driver.command(0, 0, 100, a);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 2]);
  });

  it("a scan brings every packet, and goes on over the channels", () => {
    const { bench, radio, grant, driver, scanned } = board();
    assert.deepEqual(driver.command(5, 0, 0, a), [128]);
    for (let i = 0; i < 4; i++) radio.onInput(PACKET);
    bench.runMs(220);
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.arguments),
      [
        [0, 11, 0],
        [0, 11, 0],
        [0, 11, 0],
      ],
    );
    assert.deepEqual([...scanned.subarray(0, 11)], [0x42, 9, 1, 2, 3, 4, 5, 0xc6, 2, 1, 6]);
    bench.runMs(300);
    assert.equal(grant.takeUpcalls().length, 1);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
  });

  it("a packet longer than an advertiser's is passed over, one longer than the buffer a panic", () => {
    const { bench, radio, grant, driver } = board();
    driver.command(5, 0, 0, a);
    radio.onInput(`42 26 ${"00 ".repeat(38)}`);
    bench.runMs(300);
    assert.deepEqual(grant.takeUpcalls(), []);
    grant.allow("readWrite", a, 0, new Uint8Array(10));
    radio.onInput(PACKET);
    assert.throws(() => bench.runMs(300), {
      name: "KernelPanic",
      message: "range end index 11 out of range for slice of length 10",
    });
  });

  it("an app whose time comes while another has the radio is put off, and says so", () => {
    const { bench, driver, lines, sent } = board();
    driver.command(5, 0, 0, b);
    bench.runMs(300);
    driver.command(0, 0, 50, a);
    bench.runMs(60);
    assert.deepEqual(lines, ["BLE: operation delayed for app 5"]);
    assert.deepEqual(sent(), []);
  });

  it("saved between two packets and loaded elsewhere, it goes on", () => {
    const first = board();
    first.driver.command(0, 0, 100, a);
    first.bench.runMs(50);
    const second = board();
    for (const part of ["alarm", "radio", "driver", "grant"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    for (const each of [first, second]) each.bench.runMs(200);
    assert.deepEqual(second.sent(), first.sent());
    assert.ok(first.sent().length > 0);
  });
});
