import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import { DebugWriter } from "../../../../emulator/kernel/capsules/debug-writer.js";
import { Bench, textOf } from "../../bench.js";

function board() {
  const bench = new Bench();
  const uart = bench.add(
    new ConsoleDevice(bench.clock, bench.trace, { name: "console", baud: 115200 }),
  );
  return { bench, writer: new DebugWriter(uart) };
}

describe("debug writer", () => {
  it("a line ends with CR LF and goes out in pieces of 64 bytes as the kernel's", () => {
    const { bench, writer } = board();
    writer.debug("x".repeat(70));
    bench.settle();
    assert.equal(bench.text, `${"x".repeat(70)}\r\n`);
    assert.deepEqual(
      bench.events.map(e => e.type === "uart" && [e.bytes.length, e.origin.from]),
      [
        [64, "kernel"],
        [8, "kernel"],
      ],
    );
  });

  it("what is not on the line yet can be asked for", () => {
    const { writer } = board();
    writer.debug("first");
    writer.debug("second");
    assert.equal(textOf(writer.pending), "second\r\n");
  });

  it("text beyond the 1983 free bytes of the ring is lost", () => {
    const { bench, writer } = board();
    writer.debug("a".repeat(2500));
    bench.settle();
    assert.equal(bench.text, "a".repeat(1983));
  });

  it("an overflow message takes its room from the text", () => {
    const { bench, writer } = board();
    writer.write("b".repeat(1983), "");
    writer.publish();
    writer.write("c".repeat(100), "\n*** DEBUG BUFFER FULL ***\n");
    bench.settle();
    assert.equal(bench.text, `${"b".repeat(1983)}${"c".repeat(37)}\n*** DEBUG BUFFER FULL ***\n`);
  });
});
