import assert from "node:assert/strict";
import type { InstallPlanBody } from "../../../adapter/protocol.js";
import { planText } from "../../../extension/commands/plan-text.js";

const plan: InstallPlanBody = {
  schema: 1,
  name: "blink",
  version: 3,
  variant: "cortex-m4",
  flash: 2048,
  ram: 4124,
  kernelVersion: "2.1",
  address: 0x41000,
  warnings: [],
};

describe("what is asked before an app is installed", () => {
  it("tells what it needs and where it goes", () => {
    const { message, detail, action } = planText(plan);
    assert.equal(message, "Install blink at 0x00041000?");
    assert.equal(action, "Install");
    assert.equal(
      detail,
      "Flash: 2,048 bytes\nRAM: at least 4,124 bytes\nKernel: 2.1 or later\nBinary: cortex-m4",
    );
  });

  it("tells which version is replaced", () => {
    const app = { name: "blink", address: 0x40000, size: 1, enabled: true, sticky: false };
    const { message, action } = planText({ ...plan, replaces: { ...app, version: 2 } });
    assert.equal(message, "blink version 2 is installed. Replace it by version 3?");
    assert.equal(action, "Replace");
  });

  it("offers nothing where the app cannot be installed, and says why", () => {
    const { address: _, ...rest } = plan;
    const { message, action } = planText({ ...rest, refusal: "It does not fit.", fixedRam: 16 });
    assert.equal(message, "It does not fit.");
    assert.equal(action, undefined);
  });

  it("tells fixed addresses and warnings, with nothing invisible in names", () => {
    const { message, detail } = planText({
      ...plan,
      name: "a\u202eb",
      fixedFlash: 0x30040,
      warnings: ["blink uses Screen."],
    });
    assert.equal(message, "Install a\\u{202e}b at 0x00041000?");
    assert.match(detail, /Flash: 2,048 bytes at 0x00030040 and nowhere else/);
    assert.match(detail, /\n\nblink uses Screen\.$/);
  });
});
