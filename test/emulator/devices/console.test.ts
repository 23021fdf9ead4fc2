import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../emulator/devices/console.js";
import { Bench, bytesOf, textOf } from "../bench.js";

const kernel = { from: "kernel" } as const;
/** Cycles of ten bits at 115200 baud on a 64 MHz clock. */
const byteCycles = (64_000_000 * 10) / 115200;

function terminal(typedPerSecond = Number.POSITIVE_INFINITY) {
  const bench = new Bench();
  const device = bench.add(
    new ConsoleDevice(bench.clock, bench.trace, { name: "console", baud: 115200, typedPerSecond }),
  );
  const sent: number[] = [];
  const received: { text: string; failure: string | undefined; cycle: number }[] = [];
  device.setTransmitClient({ transmittedBuffer: length => sent.push(length) });
  device.setReceiveClient({
    receivedBuffer: (bytes, failure) =>
      received.push({ text: textOf(bytes), failure, cycle: bench.clock.now }),
  });
  return { bench, device, sent, received };
}

describe("console device", () => {
  it("a transfer takes ten bit times per byte and then becomes one event", () => {
    const { bench, device, sent } = terminal();
    device.transmitBuffer(bytesOf("hello"), { from: "process", process: 2 });
    bench.runTo(Math.ceil(5 * byteCycles) - 1);
    assert.deepEqual([bench.events, sent], [[], []]);
    bench.runTo(Math.ceil(5 * byteCycles));
    assert.deepEqual(bench.events, [
      {
        cycle: Math.ceil(5 * byteCycles),
        type: "uart",
        bytes: bytesOf("hello"),
        origin: { from: "process", process: 2 },
      },
    ]);
    assert.deepEqual(sent, [5]);
  });

  it("a second transfer is refused while one is under way, and so is an empty one", () => {
    const { device } = terminal();
    assert.equal(device.transmitBuffer(new Uint8Array(), kernel), "SIZE");
    assert.equal(device.transmitBuffer(bytesOf("a"), kernel), undefined);
    assert.equal(device.transmitBuffer(bytesOf("b"), kernel), "BUSY");
  });

  it("a user types no faster than 100 bytes per second", () => {
    const { bench, device, received } = terminal(100);
    device.onInput("abc");
    device.receiveBuffer(3);
    bench.runMs(10);
    assert.equal(device.save().receiving?.bytes.length, 1);
    bench.settle();
    const cycle = Math.ceil(byteCycles) + 2 * 640_000;
    assert.deepEqual(received, [{ text: "abc", failure: undefined, cycle }]);
    bench.runMs(1000);
    device.onInput("d");
    device.receiveBuffer(1);
    const before = bench.clock.now;
    bench.settle();
    assert.equal(bench.clock.now - before, Math.ceil(byteCycles));
  });

  it("pasted bytes wait without any event until somebody reads, then arrive at line speed", () => {
    const { bench, device, received } = terminal();
    device.onInput("abc");
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    bench.runTo(1000);
    device.receiveBuffer(2);
    bench.settle();
    const cycle = 1000 + 2 * Math.ceil(byteCycles);
    assert.deepEqual(received, [{ text: "ab", failure: undefined, cycle }]);
    device.receiveBuffer(1);
    bench.settle();
    assert.equal(received[1]?.text, "c");
  });

  it("a read without input keeps nothing scheduled", () => {
    const { bench, device, received } = terminal();
    device.receiveBuffer(1);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    device.onInput(Uint8Array.of(0xff));
    bench.settle();
    assert.equal(received.length, 1);
  });

  it("an aborted read ends soon with the bytes so far and CANCEL; the others keep waiting", () => {
    const { bench, device, received } = terminal();
    assert.equal(device.receiveAbort(), undefined);
    device.receiveBuffer(4);
    device.onInput("xyz");
    bench.runTo(Math.ceil(byteCycles) + 10);
    assert.equal(device.receiveAbort(), "BUSY");
    bench.settle();
    assert.deepEqual(
      received.map(r => [r.text, r.failure]),
      [["x", "CANCEL"]],
    );
    device.receiveBuffer(2);
    bench.settle();
    assert.equal(received[1]?.text, "yz");
  });

  it("panic output comes at once, after the transfer that was under way", () => {
    const { bench, device, sent } = terminal();
    device.transmitBuffer(bytesOf("half a line"), kernel);
    device.writePanic(bytesOf("panicked"));
    assert.equal(bench.text, "half a linepanicked");
    bench.settle();
    assert.deepEqual(sent, []);
  });

  it("a number is no input", () => {
    const { device } = terminal();
    assert.throws(() => device.onInput(7), /Input for console must be text or bytes, not 7\./);
  });

  it("a device loaded in the middle of a transfer and a read goes on as the saved one", () => {
    const { bench, device } = terminal();
    device.transmitBuffer(bytesOf("tail"), kernel);
    device.receiveBuffer(3);
    device.onInput("pqr");
    bench.runTo(Math.ceil(byteCycles) + 1);
    const [clock, state] = structuredClone([bench.clock.save(), device.save()]);
    const other = terminal();
    other.bench.clock.load(clock);
    other.device.load(state);
    bench.settle();
    other.bench.settle();
    assert.deepEqual(other.bench.events, bench.events);
    assert.deepEqual(other.received[0]?.text, "pqr");
  });

  it("after a reset what has been typed still waits, and nothing is under way", () => {
    const { bench, device, sent, received } = terminal();
    device.transmitBuffer(bytesOf("lost"), kernel);
    device.receiveBuffer(3);
    device.onInput("ab");
    bench.clock.clear();
    device.reset();
    assert.equal(device.receiveBuffer(2), undefined);
    assert.equal(device.transmitBuffer(bytesOf("new"), kernel), undefined);
    bench.settle();
    assert.deepEqual([sent, received.map(r => r.text)], [[3], ["ab"]]);
  });
});
