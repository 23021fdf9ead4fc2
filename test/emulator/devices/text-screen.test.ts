import assert from "node:assert/strict";
import { TextScreenDevice } from "../../../emulator/devices/text-screen.js";
import { Bench, bytesOf } from "../bench.js";

function display() {
  const bench = new Bench();
  const device = bench.add(new TextScreenDevice(bench.clock, bench.trace));
  const done: unknown[] = [];
  device.setClient({
    commandComplete: () => done.push("command"),
    writeComplete: (_, length) => done.push(length),
  });
  const print = (text: string) => {
    device.print(bytesOf(text), text.length);
    bench.settle();
  };
  const text = () => (device.shown() as { text: string }).text.replaceAll(" ", ".");
  return { bench, device, done, print, text };
}

describe("text screen device", () => {
  it("prints from the cursor on, the part of a line beyond 16 characters out of sight", () => {
    const { bench, device, print, text } = display();
    device.displayOn();
    bench.settle();
    print("hello");
    device.setCursor(14, 7);
    bench.settle();
    print("abc");
    assert.equal(text(), "hello...........\n..............ab");
    device.setCursor(39, 0);
    bench.settle();
    print("xy");
    assert.equal(text(), "hello...........\ny.............ab");
    device.clear();
    bench.settle();
    assert.equal(text(), "................\n................");
  });

  it("understands nothing before it was switched on, and shows nothing when it is off", () => {
    const { bench, device, print, text, done } = display();
    print("lost");
    device.displayOn();
    bench.settle();
    assert.equal(text(), "................\n................");
    print("x");
    device.displayOff();
    bench.settle();
    assert.equal(text(), "");
    device.displayOn();
    bench.settle();
    assert.equal(text()[0], "x");
    assert.deepEqual(done, [4, "command", 1, "command", "command"]);
  });

  it("does one thing at a time, a character in 8 ms", () => {
    const { bench, device } = display();
    device.print(bytesOf("abc"), 3);
    assert.equal(bench.clock.next, 24 * 64_000);
    assert.equal(device.clear(), "BUSY");
    assert.equal(device.print(bytesOf("abc"), 3), "BUSY");
  });

  it("every change is an output, which is what it shows", () => {
    const { bench, device } = display();
    for (const change of ["displayOn", "showCursor", "blinkCursorOn", "hideCursor"] as const) {
      device[change]();
      bench.settle();
      const last = bench.events.at(-1);
      assert.deepEqual(last?.type === "output" && last.value, device.shown());
    }
    assert.equal(bench.events.length, 4);
  });

  it("saved during a print and loaded elsewhere, it finishes it", () => {
    const first = display();
    first.device.displayOn();
    first.bench.settle();
    first.device.print(bytesOf("hi"), 2);
    const second = display();
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [2]);
    assert.ok(second.text().startsWith("hi."));
  });
});
