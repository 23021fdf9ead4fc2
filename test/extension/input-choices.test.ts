import assert from "node:assert/strict";
import { inputChoices } from "../../extension/input-choices.js";

describe("the choices of Send Input", () => {
  it("are the devices of the board, console and buttons first", () => {
    const devices = ["temperature", "button1", "loader", "i2c0-registers", "console", "button0"];
    assert.deepEqual(
      inputChoices(devices).map(({ label, device }) => [label.replace(/^\$\(.*?\) /, ""), device]),
      [
        ["Type into the console…", "console"],
        ["Press button 2", "button1"],
        ["Press button 1", "button0"],
        ["Set temperature…", "temperature"],
        ["Set i2c0-registers…", "i2c0-registers"],
      ],
    );
  });

  it("are none where nothing takes an input", () => assert.deepEqual(inputChoices([]), []));
});
