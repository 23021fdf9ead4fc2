import assert from "node:assert/strict";
import { Ieee802154RadioDevice } from "../../../emulator/devices/ieee802154-radio.js";
import { Bench } from "../bench.js";

function radio() {
  const bench = new Bench();
  const device = bench.add(new Ieee802154RadioDevice(bench.clock, bench.trace));
  const done: unknown[] = [];
  device.setTransmitClient({ sendDone: (acked, failure) => done.push(["sent", acked, failure]) });
  device.setReceiveClient({ receive: (frame, lqi) => done.push([...frame, lqi]) });
  const frames = () =>
    bench.events.flatMap(e => (e.type === "output" ? [(e.value as { frame: string }).frame] : []));
  return { bench, device, done, frames };
}

describe("IEEE 802.15.4 radio", () => {
  it("sends once it is started, 32 µs a byte, and every frame is an output", () => {
    const { bench, device, done, frames } = radio();
    assert.equal(device.isOn(), true);
    assert.equal(device.transmit(Uint8Array.of(1, 2, 3)), "OFF");
    device.start();
    assert.equal(device.transmit(Uint8Array.of(1, 2, 3)), undefined);
    assert.equal(bench.clock.next, (320 + 11 * 32) * 64);
    assert.equal(device.transmit(Uint8Array.of(4)), "BUSY");
    bench.settle();
    assert.deepEqual(done, [["sent", false, undefined]]);
    assert.deepEqual(frames(), ["01 02 03"]);
    assert.deepEqual(device.shown(), { channel: 26, power: 0, frame: "01 02 03" });
    assert.equal(device.transmit(new Uint8Array(127)), "SIZE");
  });

  it("hears others only while it is on, and acknowledges what asks for it", () => {
    const { bench, device, done, frames } = radio();
    device.onInput("01 00 05");
    bench.settle();
    device.start();
    device.onInput("01 00 06");
    device.onInput("21 00 07 aa");
    bench.settle();
    assert.deepEqual(done, [
      [1, 0, 6, 255],
      [0x21, 0, 7, 0xaa, 255],
    ]);
    assert.deepEqual(frames(), ["02 00 07"]);
    device.stop();
    assert.equal(device.isOn(), false);
    device.onInput("01 00 08");
    bench.settle();
    assert.equal(done.length, 2);
  });

  it("a frame sent after the radio was switched off never ends", () => {
    const { bench, device, done } = radio();
    device.start();
    device.transmit(Uint8Array.of(1));
    device.stop();
    bench.settle();
    assert.deepEqual(done, []);
    assert.equal(device.transmit(Uint8Array.of(1)), "BUSY");
  });

  it("knows the powers of its chip", () => {
    const { device } = radio();
    assert.equal(device.setTxPower(-8), undefined);
    assert.equal(device.setTxPower(5), "NOSUPPORT");
    assert.equal(device.getTxPower(), -8);
  });

  it("anything but a frame is refused with a sentence", () => {
    const { device } = radio();
    for (const value of ["", "01 02", "frame", "00 ".repeat(126), true])
      assert.throws(
        () => device.onInput(value),
        /^UserError: Input for radio must be a frame .* 3 to 125 bytes/,
      );
  });

  it("saved with a frame on the air each way and loaded elsewhere, both arrive", () => {
    const first = radio();
    first.device.start();
    first.device.transmit(Uint8Array.of(1));
    first.device.onInput("01 00 05");
    const second = radio();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [
      ["sent", false, undefined],
      [1, 0, 5, 255],
    ]);
  });
});
