import assert from "node:assert/strict";
import { KeyboardDevice } from "../../../emulator/devices/keyboard.js";
import { UsbDevice } from "../../../emulator/devices/usb.js";
import { Bench } from "../bench.js";

function keyboard() {
  const bench = new Bench();
  const device = bench.add(new KeyboardDevice(bench.clock, bench.trace));
  let taken = 0;
  device.setClient({ packetReceived: () => {}, packetTransmitted: () => taken++ });
  const report = (...bytes: number[]) => {
    const packet = new Uint8Array(64);
    packet.set(bytes);
    device.sendBuffer(packet);
    bench.settle();
  };
  const outputs = () => bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
  return { bench, device, report, outputs, taken: () => taken };
}

describe("keyboard", () => {
  it("keys become text, with shift other text", () => {
    const { device, report, outputs, taken } = keyboard();
    report(2, 0, 0x0b);
    report(0, 0, 0);
    report(0, 0, 0x0c);
    report(0x20, 0, 0x1e);
    report(0, 0, 0x28);
    assert.equal(device.shown(), "Hi!\n");
    assert.deepEqual(outputs(), ["H", "Hi", "Hi!", "Hi!\n"]);
    assert.equal(taken(), 5);
  });

  it("a key that is held is one character, several keys are several", () => {
    const { device, report } = keyboard();
    report(0, 0, 4);
    report(0, 0, 4, 5);
    report(0, 0, 5, 6, 0x3a);
    assert.equal(device.shown(), "abc<key 0x3a>");
  });

  it("a backspace removes a character, and the text outlives a reset", () => {
    const { device, report } = keyboard();
    report(0, 0, 4);
    report(0, 0, 5);
    report(0, 0, 0x2a);
    device.reset();
    report(0, 0, 0x2a);
    assert.equal(device.shown(), "");
    report(0, 0, 0x27);
    assert.equal(device.shown(), "0");
  });

  it("the host asks every 10 ms", () => {
    const { bench, device } = keyboard();
    device.sendBuffer(new Uint8Array(64));
    assert.equal(bench.clock.next, 640_000);
  });

  it("saved during a packet and loaded elsewhere, it finishes it", () => {
    const first = keyboard();
    const packet = new Uint8Array(64);
    packet[2] = 4;
    first.device.sendBuffer(packet);
    const second = keyboard();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual([second.device.shown(), second.taken()], ["a", 1]);
  });
});

describe("USB controller", () => {
  it("is attached once it is enabled, and tells so once", () => {
    const bench = new Bench();
    const device = new UsbDevice(bench.trace);
    device.attach();
    assert.equal(device.shown(), false);
    device.enable();
    device.attach();
    device.attach();
    assert.equal(device.shown(), true);
    assert.equal(bench.events.length, 1);
  });
});
