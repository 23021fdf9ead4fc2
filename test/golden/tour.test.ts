// The main job, `npm start`: a whole debug session as a reader sees it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { assertGolden } from "./golden.js";

describe("tock-debug tour", () => {
  it("shows boot, breakpoint, stack, locals, registers, MPU, steps and grants, and ends", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["out/cli/main.js", "tour"], {
      encoding: "utf8",
      timeout: 30_000,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "" },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assertGolden("test/golden/tour.txt", stdout);
  });
});
