import assert from "node:assert/strict";
import { SegmentsDevice } from "../../../../emulator/devices/segments.js";
import { SevenSegment } from "../../../../emulator/kernel/capsules/seven-segment.js";
import { Bench } from "../../bench.js";

function board() {
  const bench = new Bench();
  const display = new SegmentsDevice(bench.trace, 4);
  return { bench, display, driver: new SevenSegment(display) };
}

describe("seven-segment driver", () => {
  it("shows digits, dots and patterns", () => {
    const { bench, display, driver } = board();
    assert.deepEqual(driver.command(0, 0, 0), [128]);
    assert.deepEqual(driver.command(5, 0, 0), [129, 4]);
    for (let digit = 0; digit < 4; digit++)
      assert.deepEqual(driver.command(1, digit + 1, digit + 6), [128]);
    assert.equal(display.shown(), "6789");
    driver.command(3, 2, 0);
    driver.command(3, 2, 0);
    driver.command(4, 4, 0x12b);
    assert.equal(display.shown(), "67.8{2b}");
    assert.deepEqual(driver.command(2, 0, 0), [128]);
    assert.equal(display.shown(), "    ");
    const told = bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
    assert.deepEqual(told, ["6   ", "67  ", "678 ", "6789", "67.89", "67.8{2b}", "    "]);
    assert.deepEqual(driver.command(6, 0, 0), [0, 10]);
  });

  it("a position beyond the last is INVAL, position 0 and no digit panic the kernel", () => {
    const { driver } = board();
    for (const command of [1, 3, 4]) {
      assert.deepEqual(driver.command(command, 5, 0), [0, 6]);
      assert.throws(() => driver.command(command, 0, 0), {
        name: "KernelPanic",
        message: "index out of bounds: the len is 4 but the index is 4294967295",
      });
    }
    assert.throws(() => driver.command(1, 1, 10), {
      message: "index out of bounds: the len is 10 but the index is 10",
    });
  });

  it("is dark after a reset, and shows the same when it is saved and loaded", () => {
    const first = board();
    first.driver.command(1, 1, 5);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.display.load(structuredClone(first.display.save()));
    second.driver.command(1, 2, 6);
    assert.equal(second.display.shown(), "56  ");
    first.display.reset();
    assert.equal(first.display.shown(), "    ");
  });
});
