import assert from "node:assert/strict";
import { DumpWatch } from "../../../extension/commands/dump-watch.js";

describe("a stream from a board", () => {
  it("has a dump from its first line on, though that comes in two pieces", () => {
    const watch = new DumpWatch();
    assert.equal(watch.push("Hello\r\npanic"), false);
    assert.equal(watch.push("ked at kernel/src/process.rs:1:2\r\n"), true);
    assert.equal(watch.push("\u001b[1mmore\u001b[0m"), true);
    assert.equal(watch.take(), "Hello\r\npanicked at kernel/src/process.rs:1:2\r\nmore");
    assert.equal(watch.push("Hello again"), false);
  });

  it("without a dump is not kept for ever", () => {
    const watch = new DumpWatch();
    for (let i = 0; i < 100; i++) assert.equal(watch.push("x".repeat(1000)), false);
    assert.ok(watch.take().length <= 4096);
  });
});
