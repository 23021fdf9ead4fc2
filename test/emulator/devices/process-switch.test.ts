import assert from "node:assert/strict";
import { Clock } from "../../../emulator/base/clock.js";
import { ProcessSwitch } from "../../../emulator/devices/process-switch.js";

function recording() {
  const clock = new Clock(1000);
  const done: string[] = [];
  const note = (what: string) => (index: number) => void done.push(`${what} ${index}`);
  const device = new ProcessSwitch(clock, {
    terminate: note("terminate"),
    stop: note("stop"),
    resume: note("resume"),
    setFault: note("fault"),
    boot: note("boot"),
  });
  return { clock, done, device };
}

describe("the process switch", () => {
  it("does the process console's words when the event of its input is due", () => {
    const { clock, done, device } = recording();
    for (const verb of ["terminate", "stop", "start", "fault", "boot"]) device.onInput(`${verb} 3`);
    assert.deepEqual(done, []);
    for (let event = clock.takeDue(); event !== undefined; event = clock.takeDue()) {
      assert.equal(event.device, "processes");
      device.onEvent(event.tag);
    }
    assert.deepEqual(done, ["terminate 3", "stop 3", "resume 3", "fault 3", "boot 3"]);
  });

  it("refuses other values in one sentence", () => {
    const { device } = recording();
    for (const value of ["terminate", "terminate x", "restart 1", "stop 1000", 1, true]) {
      assert.throws(() => device.onInput(value), /expected "terminate N"/);
    }
  });
});
