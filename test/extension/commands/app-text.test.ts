import assert from "node:assert/strict";
import {
  boardReport,
  describe as describeApp,
  titleOf,
} from "../../../extension/commands/app-text.js";

const app = {
  name: "blink",
  address: 0x40000,
  size: 2048,
  version: 1,
  enabled: true,
  sticky: true,
};

describe("an installed app in a list", () => {
  it("is told by version, place, state and stickiness, as far as they are known", () => {
    assert.equal(
      describeApp({ ...app, threadId: 1, state: "Yielded" }),
      "version 1 · 2,048 bytes at 0x00040000 · Yielded · sticky",
    );
    assert.equal(describeApp({ ...app, enabled: false, sticky: false }).endsWith("disabled"), true);
    assert.equal(describeApp({ name: "blink" }), "");
    assert.equal(titleOf({ ...app, name: "" }), "0x00040000");
  });

  it("stands in the report of its board", () => {
    const text = boardReport(
      {
        schema: 1,
        name: "hail",
        description: "Hail: Cortex-M4.",
        architecture: "cortex-m4",
        kernelVersion: "2.3",
        running: true,
        appFlash: { address: 0x30000, size: 1024 },
        drivers: [{ number: 2, name: "LED" }],
        inputs: ["console"],
      },
      [app],
    );
    assert.match(text, /^Board: +hail$/m);
    assert.match(text, /^Flash for apps: 1,024 bytes at 0x00030000$/m);
    assert.match(text, /^ {2}blink: version 1 · /m);
    assert.match(text, /^ {2}0x2 +LED$/m);
  });
});
