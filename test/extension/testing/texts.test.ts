import assert from "node:assert/strict";
import {
  endText,
  failureText,
  forTerminal,
  mistakesText,
} from "../../../extension/testing/texts.js";

const failure = {
  line: 3,
  column: 5,
  text: "console: Ready",
  message: '"Ready" did not come; nothing came.',
  virtualSeconds: 0.3,
};

describe("texts of the Testing view", () => {
  it("end each line of a terminal with a carriage return, once", () => {
    assert.equal(forTerminal("a\nb\r\nc"), "a\r\nb\r\nc");
  });

  it("tell a failure with its step and its virtual time", () => {
    assert.equal(
      failureText(failure),
      'console: Ready\n0.3 s: "Ready" did not come; nothing came.',
    );
  });

  it("say behind the console how the scenario ended, in virtual time, and what failed", () => {
    const outcome = { virtualSeconds: 0.502, instructions: 12_345, coverage: [], profiles: [] };
    assert.equal(
      endText("failed", { ...outcome, failures: [failure], notices: ["blink has no symbols."] }),
      'failed after 0.502 s of virtual time and 12,345 instructions\n  console: Ready\n    0.3 s: "Ready" did not come; nothing came.\n  blink has no symbols.\n\n',
    );
  });

  it("name the line of each mistake", () => {
    assert.equal(mistakesText([{ line: 2, column: 1, message: "No." }]), "Line 2: No.");
  });
});
