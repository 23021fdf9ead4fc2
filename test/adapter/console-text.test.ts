import assert from "node:assert/strict";
import { ConsoleText } from "../../adapter/console-text.js";

const app = { from: "process", process: 0 } as const;
const kernel = { from: "kernel" } as const;

describe("console text", () => {
  it("a character cut between two chunks comes out whole", () => {
    const text = new ConsoleText();
    const bytes = new TextEncoder().encode("a€b");
    for (const byte of bytes) text.push(Uint8Array.of(byte), app);
    assert.deepEqual(text.take(), [{ origin: app, text: "a€b" }]);
    assert.deepEqual(text.take(), []);
  });

  it("a cut character waits for its rest, also over a take", () => {
    const text = new ConsoleText();
    const bytes = new TextEncoder().encode("€");
    text.push(bytes.subarray(0, 2), app);
    assert.deepEqual(text.take(), []);
    text.push(bytes.subarray(2), app);
    assert.deepEqual(text.take(), [{ origin: app, text: "€" }]);
  });

  it("writers keep their order and do not disturb each other's characters", () => {
    const text = new ConsoleText();
    const bytes = new TextEncoder().encode("é");
    text.push(bytes.subarray(0, 1), app);
    text.push(new TextEncoder().encode("k"), kernel);
    text.push(bytes.subarray(1), app);
    assert.deepEqual(text.take(), [
      { origin: kernel, text: "k" },
      { origin: app, text: "é" },
    ]);
  });

  it("bytes that are no UTF-8 become replacement characters", () => {
    const text = new ConsoleText();
    text.push(Uint8Array.of(0xff, 0x41), kernel);
    assert.equal(text.take()[0]?.text, "\ufffdA");
  });
});
