import assert from "node:assert/strict";
import { AlarmDevice, SAM4L_AST } from "../../../../emulator/devices/alarm.js";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import {
  CONSOLE_ORDERED_GRANT,
  ConsoleOrdered,
} from "../../../../emulator/kernel/capsules/console-ordered.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import { Bench, bytesOf, textOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const OPTIONS = { atomicSize: 20, retryTimer: 5, writeTimer: 5 };
const SIZE = 100;

/** The buffer of `debug!`, which the test empties. */
class Queue {
  text = "";
  /** What of it has left. */
  sent = 0;

  get available(): number {
    return SIZE - (this.text.length - this.sent);
  }

  queue(bytes: Uint8Array): void {
    assert.ok(bytes.length <= this.available);
    this.text += textOf(bytes);
  }
}

function board() {
  const bench = new Bench();
  const { clock, trace } = bench;
  const uart = bench.add(new ConsoleDevice(clock, trace, { name: "console", baud: 115200 }));
  const mux = bench.add(new UartMux(clock, uart));
  const alarms = new AlarmMux(bench.add(new AlarmDevice(clock, SAM4L_AST)));
  const grant = new FakeGrant(CONSOLE_ORDERED_GRANT);
  const queue = new Queue();
  const parts = { uart: new UartDevice(mux, true), queue, alarm: new VirtualAlarm(alarms) };
  const driver = new ConsoleOrdered(parts, grant, OPTIONS);
  const write = (process: typeof a, text: string, length = text.length) => {
    grant.allow("readOnly", process, 1, bytesOf(text));
    return driver.command(1, length, 0, process);
  };
  const read = (process: typeof a, size: number, length = size) => {
    const buffer = new Uint8Array(size);
    grant.allow("readWrite", process, 1, buffer);
    return { buffer, returned: driver.command(2, length, 0, process) };
  };
  return { bench, uart, grant, queue, driver, write, read };
}

describe("ordered console driver", () => {
  it("exists, and knows no command beyond 3", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("queues a write behind what the kernel has written, and tells the app later", () => {
    const { bench, grant, queue, write } = board();
    queue.queue(bytesOf("kernel "));
    assert.deepEqual(write(a, "app"), [128]);
    assert.equal(queue.text, "kernel app");
    assert.deepEqual(grant.takeUpcalls(), []);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 1, arguments: [3, 0, 0] }]);
  });

  it("refuses a write of nothing, and a second one while the first is under way", () => {
    const { write } = board();
    assert.deepEqual(write(a, "", 5), [0, 9]);
    write(a, "first");
    assert.deepEqual(write(a, "second"), [0, 2]);
  });

  it("writes a long text in pieces as there is room, and lets nobody in between", () => {
    const { bench, grant, queue, write } = board();
    const long = "0123456789".repeat(25);
    write(a, long);
    write(b, "second");
    for (let i = 0; i < 5; i++) {
      queue.sent = queue.text.length;
      bench.runMs(10);
    }
    assert.equal(queue.text, `${long}second`);
    assert.deepEqual(grant.takeUpcalls(), [
      { process: 0, subscribe: 1, arguments: [250, 0, 0] },
      { process: 1, subscribe: 1, arguments: [6, 0, 0] },
    ]);
  });

  it("waits while there is no room for the smallest piece", () => {
    const { bench, queue, write } = board();
    queue.queue(bytesOf("x".repeat(SIZE - 10)));
    write(a, "y".repeat(30));
    bench.runMs(100);
    assert.equal(queue.available, 10);
    queue.sent = queue.text.length;
    bench.runMs(100);
    assert.ok(queue.text.endsWith("y".repeat(30)));
  });

  it("goes on with others when the writer has died", () => {
    const { bench, grant, queue, write } = board();
    write(a, "z".repeat(150));
    write(b, "second");
    grant.kill(a);
    queue.sent = queue.text.length;
    bench.settle();
    assert.ok(queue.text.endsWith("second"));
  });

  it("reads what is typed, one process at a time", () => {
    const { bench, uart, grant, driver, read } = board();
    const first = read(a, 3);
    assert.deepEqual(first.returned, [128]);
    assert.deepEqual(driver.command(2, 3, 0, a), [0, 2]);
    assert.deepEqual(read(b, 4).returned, [128]);
    uart.onInput("abcdefgh");
    bench.settle();
    assert.equal(textOf(first.buffer), "abc");
    // As upstream, the queued read never starts.
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 2, arguments: [0, 3, 0] }]);
  });

  it("refuses a read of nothing and one beyond its buffer, and aborts one", () => {
    const { bench, grant, driver, read } = board();
    assert.deepEqual(read(a, 5, 0).returned, [0, 6]);
    assert.deepEqual(read(a, 65).returned, [0, 6]);
    read(a, 5);
    assert.deepEqual(driver.command(3, 0, 0, b), [128]);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 2, arguments: [8, 0, 0] }]);
  });

  it("goes on from its state in another driver", () => {
    const one = board();
    one.write(a, "first");
    one.write(b, "second");
    const state = structuredClone(one.driver.save());
    one.driver.load(state);
    assert.deepEqual(one.driver.save(), state);
    one.bench.settle();
    assert.equal(one.queue.text, "firstsecond");
  });
});
