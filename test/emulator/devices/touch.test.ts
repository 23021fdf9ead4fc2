import assert from "node:assert/strict";
import { TouchDevice } from "../../../emulator/devices/touch.js";
import { Bench } from "../bench.js";

function panel(touches: number) {
  const bench = new Bench();
  const device = bench.add(new TouchDevice(bench.clock, touches));
  const heard: string[] = [];
  const text = (e: { id: number; status: string; x: number; y: number }) =>
    `${e.id} ${e.status} ${e.x},${e.y}`;
  device.setTouchClient({
    touchEvent: event => heard.push(text(event)),
    touchEvents: events => heard.push(events.map(text).join("; ")),
    gestureEvent: gesture => heard.push(gesture),
  });
  const act = (...inputs: string[]) => {
    for (const input of inputs) device.onInput(input);
    bench.settle();
  };
  return { bench, device, heard, act };
}

describe("touch device", () => {
  it("one finger presses, moves and releases", () => {
    const { device, heard, act } = panel(1);
    act("press 10 20", "move 11 21");
    assert.equal(device.shown(), "11,21");
    act("release");
    assert.deepEqual(heard, ["0 Pressed 10,20", "0 Moved 11,21", "0 Released 11,21"]);
    assert.equal(device.shown(), "");
  });

  it("with several fingers every report tells of all", () => {
    const { device, heard, act } = panel(2);
    act("press 10 20", "press 30 40 1", "release");
    assert.deepEqual(heard, [
      "0 Pressed 10,20",
      "1 Pressed 30,40; 0 Moved 10,20",
      "0 Released 10,20; 1 Moved 30,40",
    ]);
    assert.equal(device.shown(), "30,40");
  });

  it("knows gestures", () => {
    const { heard, act } = panel(1);
    act("swipe up", "zoom out");
    assert.deepEqual(heard, ["SwipeUp", "ZoomOut"]);
  });

  it("what fingers cannot do is refused with a sentence", () => {
    const { device } = panel(1);
    for (const value of ["move 1 2", "release", "press 1 2 1", "press 70000 1", "tap", 3])
      assert.throws(() => device.onInput(value), {
        name: "UserError",
        message: `Input for touch must be "press X Y", "move X Y" or "release", with the number of a finger behind if it is not 0, or a gesture such as "swipe up" or "zoom in", not "${value}".`,
      });
    device.onInput("press 1 2");
    assert.throws(() => device.onInput("press 3 4"));
  });

  it("saved before a report and loaded elsewhere, it makes it; a reset leaves the fingers", () => {
    const first = panel(1);
    first.device.onInput("press 1 2");
    const second = panel(1);
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.heard, ["0 Pressed 1,2"]);
    first.bench.clock.clear();
    first.device.reset();
    assert.equal(first.device.shown(), "1,2");
  });
});
