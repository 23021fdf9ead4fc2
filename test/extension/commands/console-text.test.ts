import assert from "node:assert/strict";
import { keysFor, Lines } from "../../../extension/commands/console-text.js";

describe("a terminal on the board's UART", () => {
  it("begins a line at its left edge after \\n alone, and changes nothing else", () => {
    const lines = new Lines();
    assert.equal(
      lines.shown("a\nb\r\n\u001b[1mc\u001b[0m\n\n"),
      "a\r\nb\r\n\u001b[1mc\u001b[0m\r\n\r\n",
    );
  });

  it("sees a \\r\\n that comes in two pieces", () => {
    const lines = new Lines();
    assert.equal(lines.shown("a\r") + lines.shown("\nb") + lines.shown("\n"), "a\r\nb\r\n");
  });

  it("sends Enter as an end of line and other keys as they are", () => {
    assert.equal(keysFor("list\r"), "list\n");
    assert.equal(keysFor("a\r\nb"), "a\nb");
    assert.equal(keysFor("\u001b[A\u0003\u007f"), "\u001b[A\u0003\u007f");
  });
});
