// One small app for each driver: what it prints on the board with all drivers is in NAME.expected; what the user does
// meanwhile is in NAME.input, one input or option of `run` a line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

describe("driver tests on the board with all drivers", () => {
  const names = readdirSync("examples/tests", { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);

  for (const name of names)
    it(`${name} prints what it expects`, () => {
      const base = `examples/tests/${name}/${name}`;
      const inputs = existsSync(`${base}.input`)
        ? readFileSync(`${base}.input`, "utf8").split("\n").filter(Boolean)
        : [];
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [
          ...["out/cli/main.js", "run", "--board", "everything", "--console=apps", "--for", "10"],
          ...inputs.flatMap(line => (line.startsWith("--") ? [line] : ["--input", line])),
          `${base}.tab`,
        ],
        { encoding: "utf8" },
      );
      assert.deepEqual([stderr, status], ["", 0]);
      assert.equal(stdout.replaceAll("\r\n", "\n"), readFileSync(`${base}.expected`, "utf8"));
    });
});
