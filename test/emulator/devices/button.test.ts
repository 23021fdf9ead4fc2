import assert from "node:assert/strict";
import { ButtonDevice } from "../../../emulator/devices/button.js";
import { Bench } from "../bench.js";

function button() {
  const bench = new Bench();
  const device = bench.add(new ButtonDevice(bench.clock, 1));
  const fired: [number, boolean][] = [];
  device.setInterruptClient({ fired: value => fired.push([value, device.read()]) }, 1);
  return { bench, device, fired };
}

describe("button device", () => {
  it("every edge interrupts when both are wanted", () => {
    const { bench, device, fired } = button();
    device.enableInterrupts("EitherEdge");
    for (const value of ["down", "down", "up", true, 0]) {
      device.onInput(value);
      bench.settle();
    }
    assert.deepEqual(fired, [
      [1, true],
      [1, false],
      [1, true],
      [1, false],
    ]);
  });

  it("only the wanted edge interrupts", () => {
    const { bench, device, fired } = button();
    device.enableInterrupts("FallingEdge");
    device.onInput("down");
    bench.settle();
    assert.deepEqual(fired, []);
    device.onInput("up");
    bench.settle();
    assert.deepEqual(fired, [[1, false]]);
  });

  it("a press that nobody waits for schedules nothing but is seen by a read", () => {
    const { bench, device } = button();
    device.onInput(1);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.equal(device.read(), true);
  });

  it("two edges before the interrupt is served are one interrupt", () => {
    const { bench, device, fired } = button();
    device.enableInterrupts("EitherEdge");
    device.onInput("down");
    device.onInput("up");
    bench.settle();
    assert.deepEqual(fired, [[1, false]]);
  });

  it("anything but down and up is refused with a sentence", () => {
    const { device } = button();
    assert.throws(() => device.onInput("press"), {
      name: "UserError",
      message: 'Input for button1 must be "down" or "up", not "press".',
    });
  });

  it("is still held after a reset, and no longer interrupts", () => {
    const { bench, device, fired } = button();
    device.enableInterrupts("EitherEdge");
    device.onInput("down");
    bench.clock.clear();
    device.reset();
    device.onInput("up");
    device.onInput("down");
    bench.settle();
    assert.deepEqual([fired, device.read()], [[], true]);
  });
});
