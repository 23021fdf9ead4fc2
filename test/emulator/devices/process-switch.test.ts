import assert from "node:assert/strict";
import { Clock } from "../../../emulator/base/clock.js";
import { ProcessSwitch } from "../../../emulator/devices/process-switch.js";

describe("the process switch", () => {
  it("ends a process when the event of its input is due", () => {
    const clock = new Clock(1000);
    const ended: number[] = [];
    const device = new ProcessSwitch(clock, { terminate: index => void ended.push(index) });
    device.onInput("terminate 3");
    assert.deepEqual(ended, []);
    const event = clock.takeDue();
    assert.equal(event?.device, "processes");
    device.onEvent(event?.tag ?? -1);
    assert.deepEqual(ended, [3]);
  });

  it("refuses other values in one sentence", () => {
    const device = new ProcessSwitch(new Clock(1000), { terminate() {} });
    for (const value of ["terminate", "terminate x", "stop 1", 1, true]) {
      assert.throws(() => device.onInput(value), /expected "terminate N"/);
    }
  });
});
