import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import { Bench, bytesOf, textOf } from "../../bench.js";

const kernel = { from: "kernel" } as const;

function board(clients: number) {
  const bench = new Bench();
  const uart = bench.add(
    new ConsoleDevice(bench.clock, bench.trace, { name: "console", baud: 115200 }),
  );
  const mux = bench.add(new UartMux(bench.clock, uart));
  const reads: [number, string, string | undefined][] = [];
  const devices = Array.from({ length: clients }, (_, i) => {
    const device = new UartDevice(mux, true);
    device.setTransmitClient({ transmittedBuffer() {} });
    device.setReceiveClient({
      receivedBuffer: (bytes, failure) => reads.push([i, textOf(bytes), failure]),
    });
    return device;
  });
  return { bench, uart, mux, devices: devices as [UartDevice, UartDevice, UartDevice], reads };
}

describe("UART multiplexer", () => {
  it("of the waiting clients the most recently registered is served first", () => {
    const { bench, devices } = board(3);
    devices[0].transmitBuffer(bytesOf("0"), kernel);
    bench.runTo(100);
    devices[1].transmitBuffer(bytesOf("1"), kernel);
    devices[2].transmitBuffer(bytesOf("2"), kernel);
    bench.settle();
    assert.equal(bench.text, "021");
  });

  it("a transfer starts after the caller has returned, so the latest of a moment wins", () => {
    const { bench, devices } = board(3);
    devices.forEach((device, i) => {
      device.transmitBuffer(bytesOf(String(i)), kernel);
    });
    bench.settle();
    assert.equal(bench.text, "210");
  });

  it("a client has one transfer at a time", () => {
    const { devices } = board(3);
    assert.equal(devices[0].transmitBuffer(bytesOf(""), kernel), "SIZE");
    devices[0].transmitBuffer(bytesOf("x"), kernel);
    assert.equal(devices[0].transmitBuffer(bytesOf("y"), kernel), "BUSY");
  });

  it("every received byte goes to every outstanding read", () => {
    const { bench, uart, devices, reads } = board(3);
    devices[0].receiveBuffer(4);
    devices[1].receiveBuffer(1);
    uart.onInput("abcd");
    bench.settle();
    assert.deepEqual(reads, [
      [1, "a", undefined],
      [0, "abcd", undefined],
    ]);
  });

  it("a shorter read that comes later cuts the hardware's read short and gets what it had, as upstream's", () => {
    const { bench, uart, devices, reads } = board(3);
    devices[0].receiveBuffer(10);
    devices[1].receiveBuffer(1);
    bench.settle();
    uart.onInput("a");
    bench.settle();
    assert.deepEqual(reads, [[1, "a", undefined]]);
    uart.onInput("b");
    bench.settle();
    devices[1].receiveBuffer(1);
    bench.settle();
    assert.deepEqual(reads[1], [1, "b", "CANCEL"]);
    uart.onInput("cdefghij");
    bench.settle();
    assert.deepEqual(reads[2], [0, "abcdefghij", undefined]);
  });

  it("an abort ends the aborted client's read only", () => {
    const { bench, uart, devices, reads } = board(3);
    devices[0].receiveBuffer(3);
    devices[1].receiveBuffer(2);
    uart.onInput("x");
    bench.settle();
    devices[0].receiveAbort();
    bench.settle();
    assert.deepEqual(reads, [[0, "x", "CANCEL"]]);
    uart.onInput("y");
    bench.settle();
    assert.deepEqual(reads[1], [1, "xy", undefined]);
  });

  it("saved in the middle of two reads and two transfers, it goes on after a load", () => {
    const run = (reload: boolean) => {
      const board1 = board(2);
      const { bench, uart, mux, devices } = board1;
      devices[0].transmitBuffer(bytesOf("first"), kernel);
      devices[1].transmitBuffer(bytesOf("second"), kernel);
      devices[0].receiveBuffer(3);
      devices[1].receiveBuffer(2);
      uart.onInput("pqr");
      bench.runTo(8000);
      if (!reload) {
        bench.settle();
        return [board1.bench.text, board1.reads];
      }
      const states = structuredClone([bench.clock.save(), uart.save(), mux.save()] as const);
      const board2 = board(2);
      board2.bench.clock.load(states[0]);
      board2.uart.load(states[1]);
      board2.mux.load(states[2]);
      board2.bench.settle();
      return [board2.bench.text, board2.reads];
    };
    assert.deepEqual(run(true), run(false));
  });
});
