// `tock-debug boards` tells what the boards themselves say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { boards } from "../../emulator/index.js";

const call = (...args: string[]) =>
  spawnSync(process.execPath, ["out/cli/main.js", "boards", ...args], { encoding: "utf8" });

describe("tock-debug boards", () => {
  it("lists every board with its drivers and inputs as one object", () => {
    const { stdout, status } = call("--json");
    assert.equal(status, 0);
    const told = JSON.parse(stdout) as {
      schema: number;
      boards: { name: string; drivers: { number: number }[]; inputs: { takes: string }[] }[];
    };
    assert.equal(told.schema, 1);
    assert.deepEqual(
      told.boards.map(b => b.name),
      boards.map(b => b.name),
    );
    for (const [i, { drivers, inputs }] of told.boards.entries()) {
      const built = boards[i]!.build();
      assert.deepEqual(new Set(drivers.map(d => d.number)), new Set(built.drivers.keys()));
      for (const { takes } of inputs) assert.notEqual(takes, "");
    }
  });

  it("tells of one board, ranges of devices and all within a terminal's width", () => {
    const { stdout } = call("nrf52840dk");
    assert.match(stdout, /^nrf52840dk\n {2}Nordic nRF52840 DK/);
    assert.match(stdout, /gpio0…7,10…13/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 104, line);
  });

  it("says in one sentence which boards there are when asked for another", () => {
    const { stderr, status } = call("nrf52");
    assert.equal(status, 2);
    assert.match(stderr, /^tock-debug: .*nrf52.*nrf52840dk.*\n$/);
  });
});
