import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chooseTbf, type Machine, nrf52840dk, readTab } from "../../../../emulator/index.js";

const { appFlash, architecture } = nrf52840dk;

function board(example: string): Machine {
  const path = `examples/${example}/${example}.tab`;
  const placement = {
    flash: { start: appFlash.address, end: appFlash.address + appFlash.size },
    ram: { start: 0, end: 2 ** 32 },
  };
  const { bytes } = chooseTbf(readTab(readFileSync(path), path), architecture, placement);
  return nrf52840dk.build({ apps: [bytes] }).machine;
}

function counting(machine: Machine): Uint32Array {
  const counts = new Uint32Array(machine.memory.map.flash.size / 2);
  machine.cpu.counts = counts;
  return counts;
}

const sum = (counts: Uint32Array): number => counts.reduce((a, b) => a + b, 0);
const SECOND = 64_000_000;

describe("counts of executed instructions", () => {
  it("add up to all instructions, and leave the machine as it is without them", () => {
    const counted = board("blink");
    const counts = counting(counted);
    const plain = board("blink");
    for (const machine of [counted, plain]) machine.run(2 * SECOND);
    assert.equal(sum(counts), counted.cpu.instructions);
    assert.ok(sum(counts) > 1_000);
    assert.deepEqual(counted.save(), plain.save());
  });

  it("are the same however the run is cut", () => {
    const whole = board("hello");
    const wholeCounts = counting(whole);
    whole.run(SECOND);
    const cut = board("hello");
    const cutCounts = counting(cut);
    for (let now = 0; now < SECOND / 100; now += 17) cut.run(now);
    cut.run(SECOND);
    assert.deepEqual(cutCounts, wholeCounts);
  });

  it("hold an instruction once that a breakpoint or a watchpoint stopped before", () => {
    const plain = board("hello");
    const expected = counting(plain);
    plain.run(SECOND);
    const machine = board("hello");
    const { cpu, memory } = machine;
    const counts = counting(machine);
    const { address } = memory.map.flash;
    const executed = expected.findIndex(count => count > 3) * 2 + address;
    cpu.addBreakpoint(executed);
    cpu.setWatchpoints([{ ...memory.map.ram, length: memory.map.ram.size, access: "readWrite" }]);
    const stops = new Set<string>();
    for (;;) {
      const stop = machine.run(SECOND);
      if (stop.reason !== "breakpoint" && stop.reason !== "watchpoint") break;
      stops.add(stop.reason);
      cpu.resumeAddress = cpu.readRegister(15);
    }
    assert.deepEqual([...stops].sort(), ["breakpoint", "watchpoint"]);
    assert.deepEqual(counts, expected);
  });
});
