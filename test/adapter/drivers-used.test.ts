// Which drivers an app asks for, told from its code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { driversUsed } from "../../adapter/drivers-used.js";
import { nrf52840dk, parseElf } from "../../emulator/index.js";
import { appsIn } from "../../examples/build.js";

const { isa } = nrf52840dk.build().machine.cpu;

function used(path: string): number[] {
  return [...driversUsed(parseElf(readFileSync(path), path), isa)].sort((a, b) => a - b);
}

describe("the drivers that an app's code asks for", () => {
  it("are found through the functions that wrap system calls", () => {
    assert.deepEqual(used("examples/hello/hello.elf"), [0x1]);
    assert.deepEqual(used("examples/blink/blink.elf"), [0x0, 0x1, 0x2]);
    assert.deepEqual(used("examples/grants/grants.elf"), [0x0, 0x1, 0x3]);
  });

  it("hold the one that each driver's test is about, and no number that is no driver", () => {
    const oracleOfTutorials = 0x99999;
    const exists = (driver: number) =>
      driver <= 0x10 || (driver >= 0x10000 && driver < 0x91000) || driver === oracleOfTutorials;
    for (const { folder, name } of appsIn("."))
      for (const driver of used(`examples/${folder}/${name}.elf`))
        assert.ok(exists(driver), `${name}: ${driver}`);
    assert.ok(used("examples/tests/temperature/temperature.elf").includes(0x60000));
  });

  it("are none in a program that is no Tock app", () => {
    assert.deepEqual(used("examples/bare/bare-cortex-m4.elf"), []);
  });
});
