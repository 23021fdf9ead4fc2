import assert from "node:assert/strict";
import { Ieee802154RadioDevice } from "../../../../emulator/devices/ieee802154-radio.js";
import type { MacAddress } from "../../../../emulator/hil/radio.js";
import {
  decodeHeader,
  encodeDataFrame,
} from "../../../../emulator/kernel/capsules/ieee802154-frame.js";
import { Mac } from "../../../../emulator/kernel/capsules/ieee802154-mac.js";
import { Bench } from "../../bench.js";

const short = (address: number): MacAddress => ({ kind: "short", address });
const long = (...bytes: number[]): MacAddress => ({
  kind: "long",
  address: Uint8Array.from(bytes),
});
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const text = (frame: Uint8Array) => Buffer.from(frame).toString("hex");

describe("IEEE 802.15.4 header", () => {
  it("is written with its numbers lowest byte first", () => {
    const payload = bytes("68 69");
    const frame = encodeDataFrame(
      { source: short(0x1540), destination: short(0x0802), pan: 0xabcd },
      7,
      payload,
    );
    assert.equal(text(frame), "619807cdab020840156869");
    const wide = encodeDataFrame(
      { source: long(1, 2, 3, 4, 5, 6, 7, 8), destination: short(0xffff), pan: 1 },
      0,
      payload,
    );
    assert.equal(text(wide), "61d8000100ffff08070605040302016869");
  });

  it("is read as it was written", () => {
    const frame = bytes("61 dc 00 01 00 18 17 16 15 14 13 12 11 08 07 06 05 04 03 02 01 aa");
    assert.deepEqual(decodeHeader(frame), {
      length: 21,
      destinationPan: 1,
      destination: long(0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18),
      source: long(1, 2, 3, 4, 5, 6, 7, 8),
      secured: false,
    });
  });

  it("networks are left out as the version and the addresses say", () => {
    const length = (frame: string) => decodeHeader(bytes(`${frame} ${"00 ".repeat(24)}`))?.length;
    assert.equal(length("01 88"), 11, "2003, both networks");
    assert.equal(length("41 88"), 9, "2003, one network");
    assert.equal(length("01 a8"), 11, "2015, both networks");
    assert.equal(length("01 28"), 7, "2015, destination and its network");
    assert.equal(length("41 28"), 5, "2015, destination alone");
    assert.equal(length("01 a0"), 7, "2015, source and its network");
    assert.equal(length("41 20"), 5, "2015, a network alone");
    assert.equal(length("01 29"), 6, "2015, no sequence number");
  });

  it("information elements are passed over", () => {
    const frame = "41 8a 01 cd ab 02 08 40 15";
    const lengthWith = (elements: string) => decodeHeader(bytes(`${frame} ${elements} ff`))?.length;
    assert.equal(lengthWith("02 02 aa bb 80 3f"), 15);
    assert.equal(lengthWith("00 3f 01 88 cc 00 f8"), 16);
    assert.equal(lengthWith("00 80"), undefined);
  });

  it("what is no frame has no header", () => {
    for (const frame of ["", "61", "61 98 00 cd", "04 00 00", "01 84 00", "01 b0 00"])
      assert.equal(decodeHeader(bytes(frame)), undefined, frame);
  });
});

function board() {
  const bench = new Bench();
  const radio = bench.add(new Ieee802154RadioDevice(bench.clock, bench.trace));
  radio.setConfig({
    pan: 0xabcd,
    address: 0x1540,
    addressLong: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
  radio.start();
  const mac = new Mac(radio);
  const users = [mac.user(), mac.user()] as const;
  const done: unknown[] = [];
  users.forEach((user, i) => {
    user.setClient({
      sendDone: (_, failure) => done.push([i, failure]),
      receiveFrame: (frame, header) => done.push([i, text(frame.subarray(header.length))]),
    });
  });
  const send = (user: 0 | 1, length = 2) =>
    users[user].transmit(short(0x1540), short(0x0802), new Uint8Array(length));
  const frames = () =>
    bench.events.flatMap(e => (e.type === "output" ? [(e.value as { frame: string }).frame] : []));
  return { bench, radio, mac, done, send, frames };
}

describe("IEEE 802.15.4 data frames", () => {
  it("of several users follow one another and are numbered when they are made", () => {
    const { bench, done, send, frames } = board();
    assert.equal(send(0), undefined);
    assert.equal(send(0), "BUSY");
    assert.equal(send(1), undefined);
    bench.settle();
    assert.deepEqual(done, [
      [0, undefined],
      [1, undefined],
    ]);
    assert.equal(send(1), undefined);
    bench.settle();
    assert.deepEqual(
      frames().map(frame => frame.slice(6, 8)),
      ["00", "00", "02"],
    );
  });

  it("beyond what buffers and radio take are refused", () => {
    const { radio, send } = board();
    const refusals = [120, 119, 118].map(length => send(0, length));
    assert.deepEqual(refusals, ["NOMEM", "INVAL", "SIZE"]);
    assert.equal(send(0, 117), undefined);
    assert.ok(radio.save().sending);
  });

  it("reach every user when they are for the board", () => {
    const { bench, radio, done } = board();
    for (const destination of ["40 15", "ff ff", "02 08"])
      radio.onInput(`41 98 01 cd ab ${destination} 02 08 99`);
    radio.onInput("41 9c 01 cd ab 08 07 06 05 04 03 02 01 02 08 77");
    radio.onInput("49 98 01 cd ab 40 15 02 08 99");
    bench.settle();
    assert.deepEqual(done, [
      [0, "99"],
      [1, "99"],
      [0, "99"],
      [1, "99"],
      [0, "77"],
      [1, "77"],
    ]);
  });

  it("saved while two wait and loaded elsewhere, both are sent", () => {
    const first = board();
    first.send(0);
    first.send(1);
    const second = board();
    second.mac.load(structuredClone(first.mac.save()));
    second.radio.load(structuredClone(first.radio.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.equal(second.done.length, 2);
  });
});
