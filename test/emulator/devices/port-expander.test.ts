import assert from "node:assert/strict";
import { PortExpander } from "../../../emulator/devices/port-expander.js";
import { Bench } from "../bench.js";

function expander() {
  const bench = new Bench();
  const device = bench.add(new PortExpander(bench.clock, bench.trace, { index: 0, pins: 8 }));
  const done: number[] = [];
  const fired: number[][] = [];
  device.setPortClient(
    { done: value => done.push(value), fired: (pin, port) => fired.push([port, pin]) },
    5,
  );
  const told = () => bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
  return { bench, device, done, fired, told };
}

describe("port expander", () => {
  it("an output has the level of its latch, an input what is applied or that of its resistor", () => {
    const { bench, device, done, told } = expander();
    device.set(0);
    bench.settle();
    assert.equal(device.shown(), "00000000");
    for (const operate of [
      () => device.makeOutput(0),
      () => device.makeInput(1, "PullUp"),
      () => device.toggle(0),
    ]) {
      operate();
      bench.settle();
    }
    device.onInput("1 low");
    device.onInput("1 open");
    device.disable(0);
    bench.settle();
    assert.deepEqual(told(), ["10000000", "11000000", "01000000", "00000000", "01000000"]);
    assert.deepEqual(done, [0, 0, 0, 0, 0]);
  });

  it("has one operation at a time, each of which takes its while", () => {
    const { bench, device, done } = expander();
    assert.equal(device.read(8), "INVAL");
    assert.equal(device.read(0), undefined);
    assert.equal(device.set(1), "BUSY");
    bench.runMs(0.24);
    assert.deepEqual(done, []);
    bench.runMs(0.02);
    assert.deepEqual(done, [0]);
    device.onInput("0 high");
    device.read(0);
    bench.settle();
    assert.deepEqual(done, [0, 1]);
  });

  it("an edge that was asked for fires", () => {
    for (const [edge, count] of [
      ["RisingEdge", 2],
      ["FallingEdge", 1],
      ["EitherEdge", 3],
    ] as const) {
      const { bench, device, fired } = expander();
      device.enableInterrupt(3, edge);
      for (const level of ["high", "low", "high"]) {
        bench.settle();
        device.onInput(`3 ${level}`);
      }
      bench.settle();
      assert.deepEqual(fired, Array(count).fill([5, 3]));
      device.disableInterrupt(3);
      device.onInput("3 low");
      bench.settle();
      assert.equal(fired.length, count);
    }
  });

  it("anything but a pin and a level is refused with a sentence", () => {
    const { device } = expander();
    for (const value of ["8 high", "1", "1 up", 1])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for port0, which has pins 0 to 7, must be a pin and its level, such as "3 high", "3 low" or "3 open", not "${value}".`,
      });
  });

  it("lets go of its pins at a reset, but not of what is applied; saved and loaded it goes on", () => {
    const { bench, device } = expander();
    device.makeInput(1, "PullUp");
    const second = expander();
    second.device.load(structuredClone(device.save()));
    second.bench.clock.load(bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [0]);
    assert.equal(second.device.shown(), "01000000");
    bench.settle();
    device.onInput("2 high");
    device.reset();
    assert.equal(device.shown(), "00100000");
  });
});
