// The committed dispatch switch is what the encoding table generates.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { generateDispatch } from "./generate-dispatch.js";

describe("dispatch.ts", () => {
  it("is what the encoding table generates (UPDATE=1 accepts)", () => {
    const file = "emulator/cpu/armv7m/dispatch.ts";
    const generated = generateDispatch();
    if (process.env["UPDATE"] === "1") writeFileSync(file, generated);
    assert.equal(readFileSync(file, "utf8"), generated);
  });
});
