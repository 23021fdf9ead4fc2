import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../extension/commands/run.node.js";

describe("a program beside the extension host", () => {
  if (process.platform === "win32") return;
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock run "));
  });
  after(() => rmSync(folder, { recursive: true }));

  function script(text: string, mode = 0o755): string {
    const path = join(folder, `program ${mode}`);
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode });
    return path;
  }

  it("gives its exit code and what it prints, its words as they are and its folder", async () => {
    const path = script('printf "%s|" "$@"; pwd; echo wrong >&2; exit 3');
    const ended = await run(path, ["a b", "$HOME", ""], { folder });
    assert.deepEqual(ended, { code: 3, output: `a b|$HOME||${folder}\n`, errors: "wrong\n" });
  });

  it("that is not there has no exit code", async () => {
    assert.equal((await run(join(folder, "none"), [])).code, undefined);
  });

  it("that may not be started is told of in one sentence", async () => {
    const path = script("exit 0", 0o644);
    await assert.rejects(run(path, []), {
      message: `${path} cannot be started (EACCES): make the file executable.`,
    });
  });

  it("is ended when the user has waited enough, with what it has started", async () => {
    const stops: (() => void)[] = [];
    const waiting = run(script("sleep 60; echo late"), [], { onStop: stop => stops.push(stop) });
    setTimeout(() => stops[0]?.(), 100);
    const before = Date.now();
    const { code, output } = await waiting;
    assert.ok(Date.now() - before < 10_000);
    assert.notEqual(code, 0);
    assert.equal(output, "");
  });
});
