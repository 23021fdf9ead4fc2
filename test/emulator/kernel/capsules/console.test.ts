import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../../../../emulator/kernel/capsules/console.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import { Bench, bytesOf, textOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };
const c = { index: 2, pid: 2 };

function board() {
  const bench = new Bench();
  const uart = bench.add(
    new ConsoleDevice(bench.clock, bench.trace, { name: "console", baud: 115200 }),
  );
  const mux = bench.add(new UartMux(bench.clock, uart));
  const grant = new FakeGrant(CONSOLE_GRANT);
  const driver = new ConsoleDriver(new UartDevice(mux, true), grant);
  const write = (process: typeof a, text: string, length = text.length) => {
    grant.allow("readOnly", process, 1, bytesOf(text));
    return driver.command(1, length, 0, process);
  };
  const read = (process: typeof a, size: number, length = size) => {
    const buffer = new Uint8Array(size);
    grant.allow("readWrite", process, 1, buffer);
    return { buffer, returned: driver.command(2, length, 0, process) };
  };
  return { bench, uart, mux, grant, driver, write, read };
}

describe("console driver", () => {
  it("exists, and knows no command beyond 3", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("a write becomes transfers of at most 64 bytes and one upcall with the length", () => {
    const { bench, grant, write } = board();
    const text = "0123456789".repeat(15);
    assert.deepEqual(write(a, text), [128]);
    assert.deepEqual(grant.takeUpcalls(), []);
    bench.settle();
    assert.equal(bench.text, text);
    assert.deepEqual(
      bench.events.map(e => e.type === "uart" && e.bytes.length),
      [64, 64, 22],
    );
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 1, arguments: [150, 0, 0] }]);
  });

  it("a write without a buffer succeeds and its upcall says 0 bytes at once", () => {
    const { grant, driver } = board();
    assert.deepEqual(driver.command(1, 5, 0, a), [128]);
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 1, arguments: [0, 0, 0] }]);
  });

  it("a length beyond the buffer is cut", () => {
    const { bench, grant, write } = board();
    write(a, "abc", 100);
    bench.settle();
    assert.equal(bench.text, "abc");
    assert.deepEqual(grant.takeUpcalls()[0]?.arguments, [3, 0, 0]);
  });

  it("messages are not interleaved; the waiting processes follow in the order of their slots", () => {
    const { bench, grant, write } = board();
    const long = "a".repeat(100);
    write(b, long);
    write(c, "[c]");
    write(a, "[a]");
    bench.settle();
    assert.equal(bench.text, `${long}[a][c]`);
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.process),
      [1, 0, 2],
    );
  });

  it("a second write of the same process replaces the first one's lengths and has one upcall", () => {
    const { bench, grant, write } = board();
    write(a, "x".repeat(100));
    write(a, "second");
    bench.settle();
    assert.equal(bench.text, `${"x".repeat(64)}second`);
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 1, arguments: [6, 0, 0] }]);
  });

  it("a buffer that shrinks under a write ends it with the bytes sent", () => {
    const { bench, grant, write } = board();
    write(a, "x".repeat(100));
    grant.allow("readOnly", a, 1, bytesOf("short"));
    bench.settle();
    assert.equal(bench.text, "x".repeat(64));
    assert.deepEqual(grant.takeUpcalls()[0]?.arguments, [64, 0, 0]);
  });

  it("a writer that dies does not keep the others from writing", () => {
    const { bench, grant, write } = board();
    write(a, "a".repeat(100));
    write(b, "[b]");
    grant.kill(a);
    bench.settle();
    assert.equal(bench.text, `${"a".repeat(64)}[b]`);
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.process),
      [1],
    );
  });

  it("how far a write got is in the app's grant only", () => {
    const { bench, grant, driver, write } = board();
    write(a, "y".repeat(100));
    grant.enter(a, view => {
      const { writeLen, writeRemaining, pendingWrite } = view.data;
      assert.deepEqual([writeLen, writeRemaining, pendingWrite], [100, 36, false]);
      view.data.writeRemaining = 6;
    });
    assert.deepEqual(driver.save(), {
      transmitting: a,
      receiving: null,
      receiveBufferTaken: false,
    });
    bench.settle();
    assert.equal(bench.text.length, 70);
  });

  it("a read ends when exactly the wanted bytes arrived", () => {
    const { bench, uart, grant, read } = board();
    const { buffer, returned } = read(a, 4);
    assert.deepEqual(returned, [128]);
    uart.onInput("abcde");
    bench.settle();
    assert.equal(textOf(buffer), "abcd");
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 2, arguments: [0, 4, 0] }]);
  });

  it("one process reads at a time, at most 64 bytes", () => {
    const { read } = board();
    assert.deepEqual(read(b, 65).returned, [0, 6]);
    assert.deepEqual(read(a, 64).returned, [128]);
    assert.deepEqual(read(b, 4).returned, [0, 2]);
  });

  it("any process may abort the read; the reader hears CANCEL and keeps its bytes", () => {
    const { bench, uart, grant, driver, read } = board();
    const { buffer } = read(a, 4);
    uart.onInput("ab");
    bench.settle();
    assert.deepEqual(driver.command(3, 0, 0, b), [128]);
    bench.settle();
    assert.equal(textOf(buffer.subarray(0, 2)), "ab");
    assert.deepEqual(grant.takeUpcalls(), [{ process: 0, subscribe: 2, arguments: [8, 2, 0] }]);
    assert.deepEqual(read(b, 1).returned, [128]);
  });

  it("a read buffer that shrank is filled and the upcall says SIZE", () => {
    const { bench, uart, grant, read } = board();
    read(a, 4);
    const small = new Uint8Array(2);
    grant.allow("readWrite", a, 1, small);
    uart.onInput("wxyz");
    bench.settle();
    assert.equal(textOf(small), "wx");
    assert.deepEqual(grant.takeUpcalls()[0]?.arguments, [7, 2, 0]);
  });

  it("a reader that dies leaves the buffer to the next one", () => {
    const { bench, uart, grant, read } = board();
    read(a, 1);
    grant.kill(a);
    uart.onInput("q");
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), []);
    assert.deepEqual(read(b, 1).returned, [128]);
  });
});
