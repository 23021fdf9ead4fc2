import assert from "node:assert/strict";
import { BleRadioDevice } from "../../../emulator/devices/ble-radio.js";
import { Bench } from "../bench.js";

const PACKET = "42 09 01 02 03 04 05 c6 02 01 06";

function radio() {
  const bench = new Bench();
  const device = bench.add(new BleRadioDevice(bench.clock, bench.trace));
  const done: unknown[] = [];
  device.setTransmitClient({ transmitEvent: buffer => done.push(["sent", buffer.length]) });
  device.setReceiveClient({ receiveEvent: packet => done.push([...packet]) });
  return { bench, device, done };
}

describe("BLE radio", () => {
  it("a packet that is sent is an output, with the address as people write it", () => {
    const { bench, device, done } = radio();
    device.setTxPower(0xfc);
    const buffer = Uint8Array.of(0x42, 7, 1, 2, 3, 4, 5, 0xc6, 0x99, 0);
    device.transmitAdvertisement(buffer, 9, 38);
    assert.equal(bench.clock.next, (140 + 17 * 8) * 64);
    bench.settle();
    assert.deepEqual(done, [["sent", 10]]);
    assert.deepEqual(device.shown(), {
      channel: 38,
      type: "ADV_NONCONN_IND",
      address: "c6:05:04:03:02:01",
      data: "99",
      power: -4,
    });
    const [event] = bench.events;
    assert.deepEqual(event?.type === "output" && event.value, device.shown());
  });

  it("a packet of another waits until the board listens, and comes once", () => {
    const { bench, device, done } = radio();
    device.onInput(PACKET);
    bench.settle();
    assert.deepEqual(done, []);
    device.receiveAdvertisement(37);
    bench.settle();
    device.receiveAdvertisement(38);
    bench.settle();
    assert.deepEqual(done, [[0x42, 9, 1, 2, 3, 4, 5, 0xc6, 2, 1, 6]]);
    device.onInput(PACKET);
    bench.settle();
    assert.equal(done.length, 2);
  });

  it("knows the powers of its chip", () => {
    const { device } = radio();
    assert.equal(device.setTxPower(4), undefined);
    assert.equal(device.setTxPower(1), "NOSUPPORT");
  });

  it("anything but a whole packet is refused with a sentence", () => {
    const { device } = radio();
    for (const value of ["", "42 09", "hello", true])
      assert.throws(() => device.onInput(value), /^UserError: Input for ble must be a packet/);
    assert.throws(() => device.onInput(PACKET.slice(0, -3)), {
      name: "UserError",
      message: "Input for ble: the second byte must be the number of bytes behind it, 8, not 9.",
    });
  });

  it("saved while a packet arrives and loaded elsewhere, it gets it; a reset forgets all but the others", () => {
    const first = radio();
    first.device.onInput(PACKET);
    first.device.receiveAdvertisement(37);
    const second = radio();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.equal(second.done.length, 1);
    first.bench.clock.clear();
    first.device.reset();
    first.device.receiveAdvertisement(37);
    first.bench.settle();
    assert.equal(first.done.length, 1);
  });
});
